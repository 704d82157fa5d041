# Someone starts a change and falls silent; it stops blocking the others, and its end can still be told.
22:50 ana declare "Mail is stuck" --sev 3 --service mail
22:51 ana mitigation propose "Restart the relay" --kind restart
22:52 ana mitigation start 1
      refused undo-known
22:52 ana mitigation start 1 --undo "Nothing to undo"
      refused evidence-first
      expect because "this change wipes out traces"
22:53 ana evidence add "Queue listing" --text "4012 mails"
22:54 ana mitigation start 1 --undo "Nothing to undo" --lasts 10m
      expect state mitigations.1.undo is "Nothing to undo"
23:00 ana mitigation renew --lasts 10m
23:05 tick
      expect state mitigations.1.state is "running"
23:10 tick
      expect state mitigations.1.state is "lapsed"
      expect timeline "nobody has said how it went"
23:12 bob mitigation propose "Fail over" --kind failover --undo "Fail back"
23:13 bob mitigation start 2
      expect state mitigations.2.state is "running"
23:14 ana mitigation done "The relay is up again" --mitigation 1
      expect state mitigations.1.state is "done"
