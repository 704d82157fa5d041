# Changes stop while we look; the fix itself may pass; the freeze runs out by itself.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout,db
14:01 ana freeze "we are looking" --lasts 30m --allow rollback
      expect said "Ana froze changes to checkout, db until 14:31: we are looking. Allowed: rollback."
      expect rhythm Freeze is done
14:05 bob freeze "me too" --service db
      refused conflict
      expect because "Changes to checkout, db are frozen until 14:31 UTC already."
14:06 bob freeze "the mail queue too" --service mail --lasts 5m
      expect made 2
14:11 tick
      expect timeline "The freeze of changes to mail ran out at 14:11."
14:20 ana freeze extend 1 --lasts 15m
      expect said "until 14:46"
14:32 tick
      expect state freezes.1.ended is ""
14:47 tick
      expect state freezes.1.ended is "14:46"
      expect timeline "The freeze of changes to checkout, db ran out at 14:46."
14:48 ana freeze extend
      refused conflict
