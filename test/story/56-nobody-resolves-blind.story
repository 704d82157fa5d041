# A finished rollback is not recovery: no resolving before a check has held.
14:00 ana declare "Uploads fail" --sev 3 --service upload
14:00 ana symptom "Uploads over 1 MB" --works "Small uploads"
14:00 ana update send --happened "Uploads fail" --impact "Large files only" --doing "We look" --next 4h
14:01 ana incident resolve "It looks fine"
      refused verified-first
14:02 ana evidence add "Errors" --kind metric --text "40 a second"
14:03 ana mitigation propose "Roll back upload v3" --kind rollback --service upload
14:04 ana mitigation start 1
14:05 ana resolve
      refused change-in-flight
14:06 ana mitigation done "v2 is out"
14:06 ana resolve
      refused verified-first
      expect because "A finished rollback is not recovery."
14:07 ana recovery check "Errors below 1 a second" --hold 10m --every 5m
      expect next "Look again: Errors below 1 a second."
14:08 ana recovery held 1 "0.1"
14:12 bob recovery held 1 "0.2"
14:13 ana resolve
      refused verified-first
14:16 bob recovery failed "7 a second" 1
      expect state checks.1.since is ""
14:18 bob recovery held 1 "0.1"
14:23 bob recovery held 1 "0"
14:28 ana recovery held 1 "0"
      expect next "Resolve the incident."
      expect rhythm Verify is done
14:29 ana resolve "Rolled back to v2"
      expect phase "resolved"
      expect next "Tell everybody that it is over."
