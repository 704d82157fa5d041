# Two people want to change things at once; the second one hears who is at it, since when, and what to do.
14:03 ana declare "Payments slow" --sev 2 --service payments
14:04 bob evidence add "p99 graph" --text "1.4 s"
14:05 bob mitigation propose "Roll back api v231" --kind rollback --service payments
14:06 bob mitigation approve 1
      refused lead-approves
14:06 bob mitigation start 1
      refused approval-first
14:07 ana mitigation approve 1
      expect state mitigations.1.state is "approved"
14:08 bob mitigation start 1
      expect phase "mitigating"
      expect said "It holds its place until 14:38."
14:09 cleo mitigation propose "Scale out" --kind scale --undo "Scale in"
14:09 ana mitigation approve 2
14:10 cleo mitigation start 2
      refused one-change
      expect because "has been at \"Roll back api v231\" since 14:08 UTC."
14:10 cleo mitigation start 2 --because "The roll back only helps new traffic"
      expect state mitigations.2.state is "running"
      expect timeline "The roll back only helps new traffic"
14:12 bob mitigation done "v230 is out" --mitigation 1
      expect state mitigations.1.state is "done"
14:15 cleo mitigation undo "No effect"
      expect state mitigations.2.state is "undone"
