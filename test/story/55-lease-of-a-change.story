# Somebody starts a change and vanishes: after its lease it blocks nobody.
14:00 ana declare "Mail is stuck" --sev 3 --service mail
14:01 ana evidence add "Queue length" --kind metric --text "12,000"
14:02 bob mitigation propose "Roll back the mailer" --kind rollback --service mail
14:03 bob mitigation start 1 --lasts 20m
14:10 bob mitigation renew 15m
14:24 tick
      expect state mitigations.1.state is "running"
14:26 tick
      expect state mitigations.1.state is "lapsed"
14:27 ana mitigation propose "Roll it back by hand" --kind rollback --service mail
14:28 ana mitigation start 2
      expect state mitigations.2.state is "running"
14:30 ana mitigation undo "It made it worse"
      expect state mitigations.2.state is "undone"
