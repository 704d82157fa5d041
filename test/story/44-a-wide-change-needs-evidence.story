# A change that names no service touches all of the incident's: evidence is kept first.
14:00 ana declare "Shop is slow" --sev 3 --service shop --service search
14:01 ana evidence add "Pool size 5" --text "5"
14:02 ana hypothesis open "The pool is too small" --prediction "Waits for a connection"
14:03 ana hypothesis test "Waits grow" supports --evidence 1
14:04 ana hypothesis confirm
14:05 ana evidence retract 1 "Wrong host"
14:06 ana mitigation propose "Set the pool to 50" --undo "Set it to 5"
14:07 ana mitigation start
      refused evidence-first
      expect because "this change touches more than one service"
14:08 ana mitigation propose "Set the pool to 50 for the shop" --service shop --undo "Set it to 5"
14:09 ana mitigation start --mitigation 2
      expect said "started mitigation 2"
