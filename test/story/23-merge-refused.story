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
