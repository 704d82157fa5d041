# Who may only look on changes nothing.
14:00 team vic Vic viewer
14:01 vic declare "Checkout is slow" --sev 2
      refused forbidden
14:02 ana declare "Checkout is slow" --sev 2 --service checkout
14:03 vic note "hello"
      refused forbidden
14:04 ana role give --role scribe --who vic
      refused bad-field
      expect because "Vic may look on only"
