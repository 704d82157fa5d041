# Nothing here ever stops a rollback; it is on the timeline of each incident that froze.
14:00 ana declare "Checkout is slow" --sev 2 --service checkout
14:01 ana freeze "we are looking"
14:02 bob declare "Mails are late" --sev 2 --service mail --because "another one"
14:03 bob freeze "mail is looked at"
14:04 gate checkout,mail "back to v230" who=octocat
      refused gate-closed
14:05 gate checkout,mail "back to v230" rollback who=octocat
      expect said "octocat rolled back through the freeze: back to v230 on checkout, mail. A rollback always passes."
      expect state gate.2.verdict is "rolled-back"
14:06 gate mail "back to v6" rollback
      expect said "A pipeline rolled back through the freeze: back to v6 on mail."
      expect state gate.3.verdict is "rolled-back"
