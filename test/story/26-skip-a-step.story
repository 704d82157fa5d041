# A step is left out, with a reason of a few words.
02:00 ana declare "Import hangs" --sev 3 --service import
02:01 ana incident skip Freeze
      refused bad-field
02:02 ana incident skip Freeze --reason "nothing deploys at night"
      expect said "Ana skipped the step Freeze: nothing deploys at night."
      expect rhythm Freeze is skipped
02:03 ana incident skip Freeze --reason "again"
      refused conflict
02:04 ana incident skip Panic --reason "x"
      refused bad-field
      expect or "The steps are: Lead, Freeze"
