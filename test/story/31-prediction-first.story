# What is expected is written down before anybody looks, and a verdict rests on evidence.
14:03 ana declare "Payments slow" --sev 2 --service payments
14:05 ana hypothesis open "Connection pool too small"
14:06 ana hypothesis test "Looked at the pool" supports
      refused bad-field
      expect because "needs the number of the evidence"
14:06 ana hypothesis test "Looked at the pool" nothing
      refused prediction-first
      expect or "Write down what you expect to see"
14:07 ana hypothesis predict "Waits for a connection grow"
      expect said "wrote down what hypothesis 1 predicts"
14:08 ana hypothesis confirm "I am sure"
      refused bad-field
14:09 ana evidence add "Pool waits 4 s" --text "wait=4.0"
14:10 ana hypothesis test "Looked at the pool" supports --evidence 1
14:10 ana hypothesis predict "Something else"
      refused conflict
14:11 ana hypothesis confirm "The waits explain the latency"
      expect state hypotheses.1.state is "confirmed"
      expect state hypotheses.1.verdict is "The waits explain the latency"
14:12 ana hypothesis park
      refused not-found
