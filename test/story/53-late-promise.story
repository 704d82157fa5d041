# A promise that passes is late once, loudly, and comes before everything else.
14:00 ana declare "Login is slow" --sev 2 --service login
      expect rhythm Update is todo
14:04 ana update send --happened "Login is slow" --impact "1 in 10 people wait" --doing "We look" --next 14:30
      expect state promised is "14:30"
      expect rhythm Update is done
14:29 tick
      expect no timeline "is late"
14:34 tick
      expect timeline "14:30 is late"
      expect rhythm Update is late
      expect next "Write the update that was promised for 14:30 UTC."
15:30 tick
      expect rhythm Update is late
15:31 bob update send --happened "Login is slow" --impact "1 in 10 people wait" --doing "We still look" --next 30m
      expect state updates.1.promise is "late"
      expect state promised is "16:01"
      expect rhythm Update is done
15:55 bob update promise 16:20 --reason "The vendor calls back at 16:15"
      expect state promised is "16:20"
16:19 ana update send --happened "Login is slow" --impact "1 in 10 people wait" --doing "The vendor looks" --next 30m
      expect state updates.2.promise is "kept"
