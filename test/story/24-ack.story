# One person looks after an alert.
14:00 alert DiskFull service=db summary="95 %"
14:01 ana ack DiskFull
      expect said "Ana looks after the alert DiskFull."
      expect state desk.acknowledged.1.by is "ana"
14:02 bob ack DiskFull
      refused conflict
      expect because "Ana acknowledged DiskFull at 14:01 UTC."
14:03 bob ack Nothing
      refused bad-field
