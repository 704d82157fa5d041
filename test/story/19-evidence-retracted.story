# A wrong piece of evidence is taken back, not deleted, and no longer counts.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 bob evidence add "db cpu" --kind metric --text "22 %" --source db-3
14:05 ana evidence retract 1 --reason "that was another host"
      expect said "Ana retracted evidence 1: that was another host."
      expect state evidence.1.retracted is "yes"
      expect timeline "kept evidence 1"
14:06 ana evidence retract 1 --reason "again"
      refused conflict
14:07 ana evidence retract 4 --reason "x"
      refused not-found
      expect because "There is no evidence 4. The newest is 1."
