# Four audiences, four texts; customers read no name of a service or person of ours.
14:00 ana declare "Payments slow" --sev 2 --service payments-api
14:02 ana symptom --works "Paying by invoice" --fails "Paying by card"
14:04 ana update "Bob sees timeouts in payments-api" --impact "payments-api is slow for cards" --doing "Rolling back" --next 30m
      expect state updates.1.audiences has "customers"
      expect state updates.1.customers has "What you may notice: our service is slow for cards"
      expect state updates.1.support has "What still works: Paying by invoice"
      expect state updates.1.engineers has "Services: payments-api"
      expect state updates.1.leadership has "Impact: payments-api is slow for cards"
14:10 ana update "x" --impact "y" --doing "z" --next 30m --to support,press
      refused bad-field
14:11 ana update "x" --impact "y" --doing "z" --next 30m --to support --support "Please tell them we are on it."
      expect state updates.2.support is "Please tell them we are on it."
      expect state updates.2.customers is ""
      expect said "to support."
