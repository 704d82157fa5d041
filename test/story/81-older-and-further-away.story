# What set it off is half an hour old and two calls away; the newest change is the site's own.
13:00 root service set "web" --depends checkout
13:00 root service set "checkout" --depends payments
13:00 root service set "payments" --depends ledger
13:00 root service set "newsletter"
13:22 ana change send "payments v812" --service payments --kind config --differs "pool 50 to 5" --undo "deploy payments v811"
13:30 ben change send "newsletter v3" --service newsletter
13:40 ana change send "ledger v90" --service ledger --environment staging
13:50 ben change send "web v55" --service web
13:51 alert Slow service=checkout summary="p99 above 1 s"
13:52 alert PoolEmpty service=payments summary="no connection is free"
13:53 ana declare "Checkout is slow" --sev 2 --service checkout --alert Slow --alert PoolEmpty
      expect suspect 1 is "payments v812"
13:55 ana hypothesis open "payments v812 cut the pool" --prediction "If we undo it, PoolEmpty stops within 10 min"
14:20 ana recovery check "p99 under 1 s" --hold 5m --every 5m
14:21 ana recovery held
14:26 ana recovery held
14:27 ana resolve "v811 runs again" --cause 1
      expect timeline "Ana named the cause:"
      expect state cause_change is 1
