# An alert that stays quiet long enough verifies; one that fires again takes it back.
03:00 alert DiskFull service=db summary="96 % full"
03:01 ana declare "Disk is full" --sev 3 --alert DiskFull
03:02 ana recovery check "DiskFull is quiet" --kind alert --alert DiskFull --hold 10m
03:05 alert DiskFull resolved
      expect timeline "The alert DiskFull"
      expect state alerts.1.firing is "no"
03:14 tick
      expect state checks.1.held is ""
03:15 tick
      expect state checks.1.held is "03:15"
03:16 alert DiskFull
03:17 tick
      expect state checks.1.held is ""
03:18 ana resolve
      refused verified-first
03:20 alert DiskFull resolved
03:31 ana resolve "Old logs were deleted"
      expect phase "resolved"
