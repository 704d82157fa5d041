# The freeze does not stop its own end: what it allows, what a person lets pass, and the change under way.
14:00 ana declare "Checkout is slow" --sev 3 --service checkout
14:01 ana freeze "we are looking" --allow v232
14:02 gate checkout "deploy v232" who=octocat
      expect said "The gate let octocat through the freeze: deploy v232 on checkout; the freeze allows \"v232\"."
14:03 gate checkout "deploy v2321" who=octocat
      refused gate-closed
14:04 bob freeze bypass "new certificate" --service checkout --reason "it ends at 14:30"
14:05 gate checkout "new certificate" who=octocat
      expect said "Bob let it pass: it ends at 14:30."
14:06 ana evidence add "pool is full" --kind metric --text "50 of 50"
14:07 ana mitigation propose "deploy v233 with a larger pool" --undo "deploy v232"
14:08 gate checkout "deploy v233" who=octocat
      refused gate-closed
14:09 ana mitigation start
14:10 gate checkout "deploy v233" who=octocat
      expect said "it is mitigation 1, which Ana is at."
14:11 ana mitigation done "p99 is under 1 s"
14:12 gate checkout "deploy v233" who=octocat
      refused gate-closed
