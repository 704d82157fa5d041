# It was not over: everything that was verified must hold again.
14:03 ana declare "Payments slow" --sev 2 --service payments
14:04 ana reopen "What?"
      refused conflict
14:10 ana recovery check "Customers can pay" --hold 5m
14:11 ana recovery held
14:16 ana recovery held
14:17 ana resolve "Restarted by itself"
14:17 ana resolve
      refused conflict
14:40 bob reopen "Cards are refused again"
      expect said "reopened the incident: Cards are refused again."
      expect state resolution is ""
      expect state checks.1.held is ""
14:41 ana resolve
      refused verified-first
14:42 ana resolve --because "Moved to the card provider's own incident"
      expect phase "resolved"
      expect state overridden.1.guard is "verified-first"
