# Two alerts, one incident: the start and the services come from the alerts.
14:00 alert HighLatency service=checkout summary="p99 above 1 s"
14:02 alert PoolTimeout service=db summary="pool timeout"
14:03 ana declare "Checkout is slow" --sev 2 --alerts HighLatency,PoolTimeout
      expect said "Ana declared: Checkout is slow (sev2)."
      expect said "attached the alert PoolTimeout of db: pool timeout."
      expect state lead is "ana"
      expect state started is "14:00"
      expect state services is "checkout, db"
      expect phase "investigating"
      expect rhythm Lead is done
14:05 bob edit --sev 1 --title "Checkout is down"
      expect said "Title: Checkout is down. Severity: sev1."
14:06 bob edit --sev 1
      refused bad-field
      expect because "changes nothing"
14:20 alert PoolTimeout resolved
      expect said "The alert PoolTimeout has stopped firing."
      expect state alerts.2.firing is "no"
      expect state alerts.2.changed is "14:20"
14:25 alert PoolTimeout
      expect said "The alert PoolTimeout fires again."
