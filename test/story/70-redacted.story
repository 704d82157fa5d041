# A secret on the timeline is removed for good, by an admin and with a reason; the reason stays.
13:00 ana declare "Login is slow" --sev 4
13:01 bob note "The token is in the wiki"
13:02 ana entry redact 2 "a token"
      refused forbidden
13:03 root entry redact 99 "no such"
      refused not-found
13:04 root entry redact 2
      refused bad-field
13:05 root entry redact 2 "a token in a note"
      expect timeline "a token in a note"
13:06 root redact box:7 --because "no such thing"
      refused bad-field
13:07 bob note "We go on"
      expect said "Bob noted: We go on."
