# The same six questions; a better answer replaces the one before, and the timeline keeps both.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 ana symptom
      refused bad-field
14:02 ana symptom record --fails "Paying" --works "Browsing" --spread partial
      expect said "Fails: Paying. Works: Browsing. Spread: partial."
14:10 bob symptom record --fails "Paying by card" --radius "1 in 5 customers" --started 13:38
      expect state symptoms_fails is "Paying by card"
      expect state symptoms_works is "Browsing"
      expect state symptoms_entries is "2"
      expect state started is "13:38"
      expect timeline "Fails: Paying."
