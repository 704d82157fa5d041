# A finished rollback is not recovery: resolving asks for a check that has held, or for a reason.
14:03 ana declare "Payments slow" --sev 2 --service payments
14:04 ana freeze "Nothing moves until we know" --lasts 2h
14:05 ana evidence add "p99 graph" --text "1.4 s"
14:06 ana mitigation propose "Roll back api v231" --kind rollback --service payments
14:07 ana mitigation approve 1
14:08 ana mitigation start 1
14:09 ana resolve
      refused change-in-flight
14:12 ana mitigation done "v230 is out"
      expect phase "verifying"
14:13 ana resolve
      refused verified-first
      expect because "A finished rollback is not recovery."
14:14 ana recovery check "Customers can pay" --hold 5m
14:15 ana recovery held
14:16 ana resolve
      refused verified-first
      expect because "holds since 14:15 UTC and needs 5 min."
14:20 ana recovery held
14:21 ana resolve "Back on v230"
      expect phase "resolved"
      expect said "No longer frozen: payments."
      expect state resolution is "Back on v230"
