# Clocks go over midnight; promises, leases and freezes do too.
23:40 ana declare "Backups hang" --sev 2 --service backup
23:41 ana freeze "Look first" --lasts 40m
23:42 ana update send --happened "Backups hang" --impact "None yet" --doing "We look" --next 00:10
      expect state promised is "00:10"
00:05 tick
      expect no timeline "is late"
00:15 tick
      expect timeline "is late"
00:25 tick
      expect timeline "ran out"
00:30 bob update send --happened "Backups hang" --impact "None yet" --doing "We restart them" --next 1h
      expect state updates.1.promise is "late"
      expect state promised is "01:30"
