# What people type when they are tired: short verbs, shorthands, slips.
09:00 ana note "nothing is declared yet"
      refused not-found
09:00 ana declrae "Search is down" --sev 1
      refused usage
      expect because "Did you mean 'declare'?"
09:01 ana declare "Search is down" --severty 1
      refused usage
      expect because "Did you mean '--severity'?"
09:01 ana declare "Search is down" --sev=1 --service search --service "web,api"
      expect state severity is "sev1"
      expect state services is "search, web, api"
09:02 bob mitigation strat 1
      refused usage
      expect because "Did you mean 'mitigation start'?"
09:02 bob hypothesis "Index is broken"
      expect made 1
09:03 bob freeze lfit
      refused usage
      expect because "Did you mean 'freeze lift'?"
09:03 bob note two words
      refused usage
      expect or "quotes"
09:04 bob freeze "We look" --lasts forever
      refused bad-field
09:05 bob note
      refused bad-field
09:06 bob frobnicate
      refused usage
      expect because "There is no 'frobnicate' here."
