# A role that somebody has is not taken from under them; the lead moves it. The handover says what still runs.
14:00 team dora Dora responder
14:00 ana declare "Checkout is slow" --sev 3 --service checkout
14:01 bob role take communications
14:02 dora role take communications
      refused conflict
      expect because "Bob has the role communications."
      expect or "Ask the lead to move it."
14:03 ana role give --role communications --who dora
      expect said "Ana gave the role communications to Dora"
14:04 ana role take communications
      expect said "Ana took the role communications from Dora."
14:05 ana evidence add "Queue length" --text "900 waiting"
14:06 ana mitigation propose "Restart the workers" --kind restart --service checkout --undo "They start by themselves"
14:07 ana mitigation start
14:08 ana role hand bob
      expect said "1. Restart the workers (running). No hypothesis is open."
