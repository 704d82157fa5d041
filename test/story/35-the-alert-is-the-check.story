# An alert that stays quiet is a check by itself; when it fires again, what it verified is void.
14:02 alert HighLatency service=checkout summary="p99 above 1 s"
14:03 ana declare "Checkout is slow" --sev 2 --alerts HighLatency
14:04 ana recovery check "The alert is quiet" --kind alert
      refused bad-field
14:04 ana recovery check "The alert is quiet" --alert HighLatency --hold 10m
      expect state checks.1.kind is "alert"
14:05 ana recovery held 1
      refused conflict
      expect because "nobody needs to look"
14:10 alert HighLatency service=checkout resolved
14:11 tick
      expect timeline "holds since 14:10; 10 min are needed."
14:19 ana resolve
      refused verified-first
      expect because "holds since 14:10 UTC and needs 10 min."
14:21 tick
      expect state checks.1.held is "14:20"
14:22 alert HighLatency service=checkout summary="p99 above 1 s"
14:23 tick
      expect timeline "no longer holds: its alert fired again."
      expect state checks.1.held is ""
14:23 ana resolve
      refused verified-first
      expect because "does not hold yet and must for 10 min."
14:30 alert HighLatency service=checkout resolved
14:41 ana resolve "The pool is large again"
      expect phase "resolved"
