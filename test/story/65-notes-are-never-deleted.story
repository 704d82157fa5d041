# A wrong note is taken back by a new entry; both stay.
14:00 ana declare "Feed is empty" --sev 4
14:10 bob note "Feed was empty for a while" --at 13:30
      expect said "Bob noted: Feed was empty for a while."
14:11 bob note retract 2 "It was the test system"
      expect timeline "Bob took back entry 2"
      expect timeline "Feed was empty for a while"
      expect state retracted is "2"
14:12 bob note retract 2 "again"
      refused conflict
14:13 bob note retract 99 "no such"
      refused not-found
14:14 ana note "From the future" --at +2h
      refused bad-field
14:15 ana evidence add "Screenshot" --kind screenshot --link https://example.org/feed.png
14:16 ana evidence retract 1 "Wrong system"
      expect state evidence.1.retracted is "yes"
14:17 ana resolve --because "It was the test system"
14:18 ana review draft
      expect state review_timeline has "1, 3"
14:19 ana review pick 3 --hidden
14:20 ana review pick 3 --hidden
      refused conflict
