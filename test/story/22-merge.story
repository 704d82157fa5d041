# Two incidents are one; the alerts go over, the work goes on in one place.
14:00 alert HighLatency service=checkout
14:00 alert PoolTimeout service=db
14:01 ana declare "Checkout is slow" --sev 2 --alerts HighLatency
14:03 bob declare "Database refuses connections" --sev 2 --alerts PoolTimeout,HighLatency --because "not sure yet"
14:10 bob merge --into 1 --reason "one pool" -i 2
      expect said "Bob merged this incident into INC-1: one pool."
      expect said "Bob merged INC-2 \"Database refuses connections\" into this incident, with db."
      expect phase "merged"
      expect state merged_into is "1"
14:11 bob note "going on" -i 2
      refused conflict
      expect because "INC-2 was merged into INC-1."
      expect or "Go on in INC-1."
14:12 ana note "they were one" -i 1
      expect state merged is "2"
      expect state services is "checkout, db"
      expect state alerts.2.name is "PoolTimeout"
