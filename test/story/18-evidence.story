# What was seen is kept before anything is touched.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:02 bob evidence "it is slow"
      refused bad-field
      expect or "user-report"
14:03 bob evidence add "pool timeouts" --kind log --text "13:39 pool timeout after 5 s" --source loki --at 13:39
      expect said "Bob kept evidence 1, log: pool timeouts. From loki."
      expect state evidence.1.at is "13:39"
      expect state evidence.1.kept is "14:03"
      expect made 1
14:04 bob evidence add "a customer cannot pay" --kind user-report
      expect made 2
14:05 bob evidence add "graph" --link "javascript:alert(1)"
      refused bad-field
