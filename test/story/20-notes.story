# A note may tell of earlier.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:10 bob note "DB CPU is normal" --at 14:05
      expect said "Bob noted: DB CPU is normal."
      expect state notes is "1"
      expect rhythm Timeline is done
14:11 bob note add "from tomorrow" --at "2030-01-01 10:00"
      refused bad-field
14:12 bob note ""
      refused bad-field
