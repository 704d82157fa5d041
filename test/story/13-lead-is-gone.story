# The lead is out of reach: taking over needs a reason, and the reason stays.
02:00 ana declare "Checkout is down" --sev 1 --service checkout
02:40 bob role take --role lead --because "Ana does not answer since 02:20"
      expect said "Bob took the role lead from Ana."
      expect timeline "Bob went on although: Ana leads since 02:00 UTC. Reason: Ana does not answer since 02:20."
      expect state overridden.1.guard is "one-lead"
02:41 bob role give --role scribe --who cleo
      expect said "Bob gave the role scribe to Cleo."
02:45 cleo role leave --role scribe
      expect state scribe is ""
02:46 cleo role leave --role scribe
      refused conflict
