# A change goes out although changes are frozen: it is told and counted. Then the freeze is lifted.
14:00 ana declare "All is slow" --sev 1
14:01 ana freeze "we are looking"
      expect said "Ana froze changes until 15:01: we are looking."
14:10 bob freeze bypass "the new certificate" --service mail
      refused bad-field
14:11 bob freeze bypass "the new certificate" --service mail --reason "it expires at 14:30"
      expect said "Bob let the new certificate pass the freeze of mail: it expires at 14:30."
      expect state freezes.1.bypasses is "1"
14:20 ana freeze lift --reason "the cause is known"
      expect said "Ana lifted the freeze of changes: the cause is known."
14:21 bob freeze bypass "another" --reason "now"
      refused conflict
14:22 ana freeze lift
      refused conflict
14:23 ana freeze "x" --lasts 25h
      refused bad-field
