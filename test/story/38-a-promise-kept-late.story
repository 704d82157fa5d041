# Each update promises the next one; a late one is said once, and how late it came is kept.
14:00 ana declare "Payments slow" --sev 2 --service payments
14:04 ana update "p99 is 1.4 s" --impact "Paying is slow" --doing "Looking at the database"
      refused bad-field
      expect because "Say when the next update comes."
14:04 ana update "p99 is 1.4 s" --impact "Paying is slow" --doing "Looking at the database" --next 26m
      expect said "The next one is promised for 14:30."
      expect state promised is "14:30"
14:30 tick
      expect no timeline "is late"
14:34 tick
      expect timeline "The update promised 14:30 is late."
14:40 ana update "Same as before" --impact "Paying is slow" --doing "Testing the pool" --next 15:10
      expect said "10 min after it was promised"
      expect state updates.1.promise is "late"
      expect state updates.2.promise is "open"
15:00 ana update promise --next 15:30 --reason "The vendor calls back at 15:20"
      expect said "promised the next update for 15:30 instead of 15:10"
15:25 ana update "Pool is large again" --impact "Paying works" --doing "Watching" --next 30m
      expect state updates.2.promise is "kept"
