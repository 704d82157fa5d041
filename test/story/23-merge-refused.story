# Merging needs another incident that is open.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 ana merge --into 1
      refused bad-field
14:02 ana merge --into 9
      refused not-found
      expect phase "investigating"
14:03 bob declare "Mail is late" --sev 3 --service mail
14:04 bob merge --into 1 -i 2
14:05 ana merge --into 2 -i 1
      refused conflict
# A change that runs is told of first.
14:06 ana declare "Nobody can upload" --sev 3 --service uploads
14:07 ana evidence "p99 doubled" --text "3.1 s" -i 3
14:08 ana mitigation propose "roll back uploads v9" --kind rollback --services uploads -i 3
14:09 ana mitigation start 1 -i 3
14:10 ana merge --into 1 -i 3
      refused change-in-flight
14:11 ana mitigation done "v8 is out" -i 3
14:12 ana merge --into 1 -i 3
      expect phase "merged"
