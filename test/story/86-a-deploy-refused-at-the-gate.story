# While we look, a deploy asks and is refused; the incident hears who wanted what, once, however often it is asked.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 gate checkout "deploy v231" who=octocat
      expect no timeline "octocat"
14:02 ana freeze "we are looking" --lasts 30m
14:03 gate checkout "deploy v231" who=octocat
      refused gate-closed
      expect because "Changes to checkout are frozen until 14:32 UTC: we are looking (INC-1, Checkout is slow)."
      expect or "Wait until the freeze is lifted, then run this again."
      expect said "octocat was refused at the gate: deploy v231 on checkout. Changes are frozen until 14:32: we are looking."
      expect state gate.1.verdict is "refused"
14:08 gate checkout "deploy v231" who=octocat
      refused gate-closed
      expect no timeline "again"
14:09 gate mail "deploy v7" who=octocat
      expect no timeline "deploy v7"
14:19 gate checkout "deploy v231" who=octocat
      refused gate-closed
      expect said "octocat was refused again at the gate: deploy v231 on checkout."
      expect state gate.1.told is "2"
14:20 gate - "deploy of all"
      refused gate-closed
14:32 gate checkout "deploy v231" who=octocat
      expect timeline "ran out at 14:32"
      expect state gate.1.told is "2"
