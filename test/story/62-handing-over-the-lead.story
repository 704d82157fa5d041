# A night shift ends: the lead goes on with a note, and only one person leads.
05:00 team dora Dora responder
05:00 ana declare "Payments are slow" --sev 2 --service payments
05:10 bob role take lead
      refused one-lead
05:30 ana symptom "Card payments" --works "Invoices"
05:50 ana role leave lead
      refused conflict
05:55 ana role hand dora
      expect said "Ana handed the lead to Dora"
06:00 dora mitigation propose "Fail over to the second provider" --kind failover --service payments --undo "Fail back"
06:01 ana mitigation approve 1
      refused lead-approves
06:01 dora mitigation approve 1
06:02 ana role hand nobody
      refused bad-field
