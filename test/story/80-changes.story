# A deploy begins, ends and is told of twice; an older word about it changes nothing.
14:00 ana change send "payments v812" --service payments --state running --key ci-812 --version v812 --who "Deploy bot"
      expect said "deploy \"payments v812\" of payments by Deploy bot, running."
      expect made 1
14:04 ana change send "payments v812" --service payments --state done --key ci-812 --link https://ci.example.org/812
      expect said "\"payments v812\" is done now."
      expect made 1
14:05 ana change send "payments v812" --state running --key ci-812
      expect nothing
      expect made 1
14:06 ben change send "Pool size 50 to 5" --service db --kind config --differs "db.pool 50 to 5" --undo "git revert 4f0ba3e"
      expect said "config \"Pool size 50 to 5\" of db, done."
      expect made 2
14:07 ana change send "payments v812" --state undone --key ci-812
      expect said "\"payments v812\" is undone now."
14:08 ana change send "later" --began +2h
      refused bad-field
