# Two people declare the same thing; the second is told, and one is merged into the other.
11:00 alert ApiErrors service=api summary="5 %"
11:01 ana declare "API errors" --sev 2 --alert ApiErrors
11:02 bob declare "Errors in the API" --sev 3 --service api
      refused looks-the-same
11:03 bob declare "Errors in the API" --sev 3 --service api --because "I think it is another cause"
      expect state title is "Errors in the API"
11:04 bob note "It is the same cause after all"
11:05 bob merge 9
      refused not-found
11:06 bob merge 1 --reason "Same cause"
      expect phase "merged"
11:07 bob note "still here" -i 2
      refused conflict
11:08 bob note "on the right one"
      expect state title is "API errors"
      expect timeline "merged INC-2"
      expect state merged is "2"
