# A pause stops the rush: no change starts before the four questions are answered.
10:00 ana declare "Orders are lost" --sev 3 --service orders
10:01 ana symptom "Orders vanish" --works "Browsing" --changed "v41 at 09:50"
10:02 bob evidence add "Log of the order queue" --kind log --text "queue full"
10:03 bob mitigation propose "Restart the queue" --kind restart --service orders --undo "It starts by itself"
10:04 cleo reset "Three people try three things"
      expect said "Cleo called a pause: Three people try three things."
      expect next "End the pause"
10:05 bob mitigation start 1
      refused paused
      expect because "Cleo called a pause at 10:04 UTC"
10:05 ana reset
      refused conflict
      expect because "Cleo has called a pause already."
10:08 ana reset end "Read the queue's log first" --changed "v41 went out at 09:50" --broken "The queue" --radius "All orders"
      expect said "Next step: Read the queue's log first."
      expect state pauses.1.ended is "10:08"
      expect state pauses.1.reason is "Three people try three things"
10:08 ana reset end
      refused conflict
10:09 bob mitigation start 1
      expect phase "mitigating"
