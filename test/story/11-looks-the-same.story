# A second person declares what is open already.
14:00 alert HighLatency service=checkout
14:01 ana declare "Checkout is slow" --sev 2 --alerts HighLatency
14:02 bob declare "Payments fail" --sev 2 --service checkout
      refused looks-the-same
      expect because "INC-1 \"Checkout is slow\" is open and names checkout too."
      expect or "Join INC-1"
14:03 bob declare "Errors in the shop" --sev 2 --service shop --alerts HighLatency
      refused looks-the-same
14:04 bob declare "Checkout slow" --sev 3 --service mail
      refused looks-the-same
      expect because "sounds the same"
14:05 bob declare "Mail is late" --sev 3 --service mail
      expect said "Bob declared: Mail is late (sev3)."
14:06 cleo declare "Checkout fails in another region" --sev 2 --service checkout --because "another region"
      expect timeline "Reason: another region."
14:07 cleo declare "Login is slow" --sev 3 --alerts NoSuchAlert
      refused bad-field
