# An alert is given back, taken by another, and at last declared.
14:00 alert DiskFull service=db summary="95 %"
14:01 bob alert unack DiskFull
      refused conflict
14:02 ana ack DiskFull
14:10 ana alert unack DiskFull
      expect said "Ana no longer looks after the alert DiskFull."
      expect state desk.acknowledged.1.withdrawn is "yes"
14:11 bob ack DiskFull
      expect state desk.acknowledged.1.by is "bob"
14:20 bob declare "The disk of db-3 fills" --sev 3 --alerts DiskFull
      expect said "attached the alert DiskFull of db: 95 %."
