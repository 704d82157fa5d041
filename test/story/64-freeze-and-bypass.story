# A freeze is on until it runs out; what passes it is written down.
14:00 ana declare "Stock counts are wrong" --sev 2 --service stock
14:01 ana freeze "Nothing moves" --lasts 30m
      expect state freezes.1.until is "14:31"
14:02 bob freeze "Me too"
      refused conflict
14:03 bob freeze bypass "Price fix v7" --service stock --reason "Prices are wrong by law"
      expect said "Price fix v7"
      expect state freezes.1.bypasses is "1"
14:20 ana freeze extend 30m
      expect timeline "extended the freeze"
15:30 tick
      expect timeline "ran out"
      expect rhythm Freeze is done
15:31 ana freeze lift
      refused conflict
