# Looking once and again an hour later proves nothing in between.
14:00 ana declare "Images are broken" --sev 4
14:01 ana recovery check "Thumbnails load" --hold 30m --every 10m
14:02 ana recovery held "ok"
      expect state checks.1.since is "14:02"
14:30 tick
      expect state checks.1.since is ""
14:31 ana recovery held "ok"
      expect state checks.1.since is "14:31"
14:45 ana recovery held "ok"
14:55 ana recovery held "ok"
15:02 ana recovery held "ok"
      expect state checks.1.held is "15:02"
      expect next "Record what fails"
15:03 ana resolve "It came back"
      expect phase "resolved"
