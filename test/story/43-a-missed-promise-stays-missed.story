# Moving a promise before its time is honest; moving it afterwards does not make it kept.
14:00 ana declare "Checkout is slow" --sev 3 --service checkout
14:05 ana update "It is slow" --impact "Some" --doing "Looking" --next +30m
14:20 ana update promise 15:00 "the rollback takes longer"
14:55 ana update "Still slow" --impact "Some" --doing "Looking" --next +30m
      expect state updates.1.promise is "kept"
15:26 tick
15:40 ana update promise +30m "late, moved"
      expect state updates.2.promise is "late"
15:50 ana update "Better" --impact "Few" --doing "Watching" --next +30m
      expect said "25 min after it was promised"
      expect state updates.2.promise is "late"
      expect state updates.2.late_by is "25m"
16:00 ana update "Good" --impact "None" --doing "Watching" --next +30m
      expect state updates.3.promise is "kept"
