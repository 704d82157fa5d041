# They roll back the deploy, it does not help, and the checks say so.
14:00 ana declare "API is slow" --sev 3 --service api
14:01 ana symptom "GET /orders" --works "GET /users" --changed "Deploy v231 at 13:40"
14:02 bob update send --happened "The API is slow" --impact "1 in 20 calls" --doing "We look" --next 2h
14:02 bob evidence add "p99 graph" --kind metric --text "2.2 s since 13:52"
14:03 ana hypothesis open "v231 is slow" --prediction "p99 rises at 13:40"
14:04 ana hypothesis test "p99 rises at 13:52, not at 13:40" nothing
      expect next "Test it another way"
14:05 bob mitigation propose "Roll back v231" --kind rollback --service api
14:05 bob mitigation start 1
14:10 bob mitigation done "v230 is out"
14:11 ana recovery check "p99 below 1 s" --hold 10m --every 5m
14:12 bob recovery failed "Still 2.2 s"
14:13 ana hypothesis open "The report job at 13:52 takes the locks" --prediction "Locks held since 13:52"
      expect state hypotheses.1.state is "parked"
      expect state hypotheses.2.state is "open"
14:14 bob evidence add "Lock table" --kind output --text "report-job 13:52"
14:15 ana hypothesis test "report-job holds 4 locks since 13:52" supports --evidence 2
14:16 ana hypothesis confirm "Seen" --evidence 2
14:17 bob mitigation propose "Stop the report job" --kind other --service api --undo "Start it again"
14:18 bob mitigation start 2
14:20 bob mitigation done "Stopped"
14:21 bob recovery held 1 "0.2 s"
14:26 bob recovery held 1 "0.2 s"
14:31 bob recovery held 1 "0.2 s"
      expect next "Resolve the incident."
14:32 ana resolve "The report job is stopped"
14:33 ana review draft
      expect state review_root_cause has "The report job at 13:52 takes the locks"
      expect state review_factors has "Never settled: v231 is slow"
