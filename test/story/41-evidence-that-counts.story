# A hypothesis is settled by evidence that speaks for the verdict and was not taken back.
14:00 ana declare "Checkout is slow" --sev 3 --service checkout
14:02 bob hypothesis open "Database overloaded" --prediction "CPU above 90 %"
14:03 bob evidence add "Database CPU at 22 %" --kind metric --text "22 %"
14:04 bob hypothesis test "Looked at the CPU graph" contradicts --evidence 1
14:05 bob hypothesis confirm "I am sure all the same"
      refused bad-field
      expect because "no test that supports it names any"
      expect or "Keep what you saw as evidence first"
14:06 ana evidence retract 1 "It was the graph of another host"
14:07 bob hypothesis refute "The CPU was idle"
      refused bad-field
      expect because "no test that contradicts it names any"
14:08 bob evidence add "CPU of the right host at 25 %" --kind metric --text "25 %"
14:09 bob hypothesis refute "The CPU is idle" --evidence 2
      expect state hypotheses.1.state is "refuted"
