# A step may be skipped, with a few words why; the review says so.
22:00 ana declare "Report is late" --sev 2 --service report
22:01 ana symptom "Nightly report" --works "Everything else"
      expect next "Freeze changes."
22:02 ana incident skip Freeze "Nobody deploys on Sunday night"
      expect rhythm Freeze is skipped
      expect next "Send a first update."
22:03 ana incident skip Nonsense "x"
      refused bad-field
22:04 ana resolve "It finished" --because "The report is there, I see it"
      expect rhythm Verify is skipped
22:05 ana update send --happened "The report was late" --impact "None now" --doing "Nothing more"
22:06 ana review draft
      expect state review_went_poorly has "The step Freeze was skipped: Nobody deploys on Sunday night"
      expect state review_went_poorly has "Reason: The report is there, I see it"
22:07 ana review publish
      refused bad-field
22:08 ana review edit --root-cause "The source system was late"
22:09 ana review publish
      expect phase "closed"
