# Who only looks on changes nothing.
12:00 team vic Vic viewer
12:00 vic declare "I see something" --sev 4
      refused forbidden
12:01 ana declare "Something is off" --sev 4
12:02 vic note "me too"
      refused forbidden
12:03 root note "Root may"
      expect said "Root noted: Root may."
