# One person leads; the lead goes over with a note.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 bob role take --role lead
      refused one-lead
      expect because "Ana leads since 14:00 UTC."
      expect or "Ask Ana to hand over"
14:02 bob role take --role communications
      expect said "Bob took the role communications."
14:03 ana symptom record --fails "Paying by card" --works "Browsing"
14:04 ana hypothesis open "The pool is too small"
14:30 ana role hand --who bob
      expect said "Ana handed the lead to Bob. What we know: Fails: Paying by card. Works: Browsing."
      expect said "Open hypothesis: The pool is too small."
      expect state lead is "bob"
      expect state lead_since is "14:30"
14:31 bob role leave --role lead
      refused conflict
14:32 ana role hand --who bob
      refused conflict
14:33 bob role hand --who nobody
      refused bad-field
