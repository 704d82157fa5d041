# It works again when it has held: looks in time count, a gap starts the hold again.
14:03 ana declare "Payments slow" --sev 2 --service payments
14:20 bob recovery check "p99 under 1 s" --hold 10m --every 5m
      expect said "stated recovery check 1: p99 under 1 s, for 10 min."
14:21 bob recovery held
14:26 bob recovery held 1 --saw "0.4 s"
      expect said "check 1 holds (p99 under 1 s): 0.4 s."
14:37 tick
      expect timeline "starts again: nobody has looked since 14:26"
      expect state checks.1.since is ""
14:40 bob recovery held
14:45 bob recovery failed "2 s at the moment"
      expect said "does not hold"
14:50 bob recovery held
15:00 bob recovery held
      expect said "has held for 10 min."
      expect state checks.1.held is "15:00"
15:01 ana resolve "The pool is large again"
      expect phase "resolved"
