# Two people with two ideas: the second change waits, or says why it cannot.
14:00 ana declare "Cart is empty" --sev 3 --service cart
14:01 ana evidence add "Carts before" --kind metric --text "4,100 carts"
14:02 ana mitigation propose "Roll back cart v9" --kind rollback --service cart
14:02 bob mitigation propose "Flush the cache" --kind other --service cart --undo "It fills by itself"
14:03 ana mitigation start 1
      expect state mitigations.1.state is "running"
      expect next "Say how it went: Roll back cart v9."
14:04 bob mitigation start 2
      refused one-change
      expect because "Ana has been at \"Roll back cart v9\" since 14:03 UTC."
14:05 bob mitigation start 2 --because "Ana lost her connection"
      expect timeline "Ana lost her connection"
14:06 bob mitigation done "Nothing changed" --mitigation 2
14:07 ana mitigation done "Carts are back" --mitigation 1
      expect state mitigations.1.outcome is "Carts are back"
      expect next "Record what fails"
