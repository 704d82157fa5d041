# A wrong entry is retracted by a new entry.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 bob note "It was the deploy"
14:02 ana note retract 2 --reason "nobody looked at the deploy yet"
      expect said "Ana took back entry 2: nobody looked at the deploy yet."
      expect state retracted is "2"
      expect timeline "It was the deploy"
14:03 ana note retract 2 --reason "again"
      refused conflict
14:04 ana note retract 9 --reason "x"
      refused not-found
      expect because "There is no entry 9. The newest is 3."
