# A silence says why, holds for a time, and ends by itself or by hand.
14:00 ana silence add alertname=DiskFull --comment "disks are being swapped"
      refused bad-field
      expect because "Say for how long, such as 2h: a silence ends by itself."
14:01 ana silence add alertname=DiskFull 'instance=~"db-.*"' --for 40d --comment "disks are being swapped"
      refused bad-field
14:02 ana silence add alertname=DiskFull 'instance=~"db-.*"' --for 30m --comment "disks are being swapped"
      expect said "Ana silenced alertname=\"DiskFull\", instance=~\"db-.*\" until 14:32: disks are being swapped."
      expect state desk.silences.1.by is "ana"
14:10 bob silence add service=web --for 2h --comment "planned work"
14:32 tick
      expect said "The silence of alertname=\"DiskFull\", instance=~\"db-.*\" ran out."
14:40 bob silence expire 2
      expect said "Bob ended the silence of service=\"web\"."
14:41 bob silence expire 2
      refused conflict
