# A disk fills up. What was changed lately is far away in time, or elsewhere, or was undone before.
08:00 ana change send "archive v3" --service archive --key archive-3
08:20 ana change send "archive v3" --key archive-3 --state undone
11:45 ben change send "search v9" --service search --environment staging
12:00 root service set "web" --depends archive --depends search
13:00 alert DiskFull service=archive summary="2 % are free"
13:01 ana declare "The archive is full" --sev 3 --service archive --alert DiskFull
      expect no suspect
13:02 ben change send "archive retention 30 to 90 days" --service archive --kind config --began -20m
      expect suspect 1 is "archive retention 30 to 90 days"
13:30 ana resolve "Old logs are gone" --cause none --because "The disk has room again"
      expect timeline "Ana named the cause: no change."
