# The smallest incident: somebody declares, leads, and writes one thing down.
14:02 alert HighLatency service=checkout summary="p99 above 1 s"
14:03 ana declare "Checkout is slow" --sev 3 --alert HighLatency
      expect timeline "Ana declared: Checkout is slow (sev3)."
      expect timeline "attached the alert HighLatency of checkout: p99 above 1 s."
      expect state services is "checkout"
      expect state started is "14:02"
      expect phase "investigating"
      expect rhythm Lead is done
      expect next "Record what fails"
14:04 ana note "Looking at the graphs"
      expect said "Ana noted: Looking at the graphs."
      expect state notes is "1"
      expect rhythm Timeline is done
