# One suspected cause is worked on at a time; opening another parks the first, with what it predicted.
14:03 ana declare "Payments slow" --sev 2 --service payments
14:05 bob hypothesis open "Database overloaded" --prediction "CPU above 90 %"
      expect made 1
      expect state hypotheses.1.state is "open"
14:07 bob hypothesis suggest "Connection pool too small"
      expect said "suggested hypothesis 2: Connection pool too small."
14:09 bob evidence add "Database CPU at 22 %" --text "22 %"
14:10 bob hypothesis test "Looked at the CPU graph" contradicts --evidence 1
      expect said "Result: contradicts, see evidence 1."
14:11 bob hypothesis refute "CPU is idle"
      expect state hypotheses.1.state is "refuted"
      expect said "refuted hypothesis 1: Database overloaded. Why: CPU is idle."
14:12 bob hypothesis open --hypothesis 2 --prediction "Waits for a connection grow"
      expect state hypotheses.2.state is "open"
14:13 cleo hypothesis open "DNS is slow"
      expect state hypotheses.2.state is "parked"
      expect state hypotheses.3.state is "open"
      expect timeline "another was opened first"
14:14 ana hypothesis open --hypothesis 2
      expect state hypotheses.3.state is "parked"
      expect state hypotheses.2.prediction is "Waits for a connection grow"
