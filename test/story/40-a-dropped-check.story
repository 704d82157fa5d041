# A person sees it fail although it held; a check that looks at the wrong thing is dropped with a reason.
14:03 ana declare "Checkout is slow" --sev 2 --service checkout
14:04 ana recovery check "Customers can pay" --hold 5m
14:05 ana recovery held 1 --saw "paid for a book"
14:10 ana recovery held 1
      expect state checks.1.held is "14:10"
14:12 ana recovery failed "Card refused" --check 1
      expect state checks.1.held is ""
14:13 ana recovery drop 1
      refused bad-field
14:13 ana recovery drop 1 "The card had expired"
      expect state checks.1.dropped is "yes"
14:14 ana recovery held 1
      refused conflict
14:15 ana resolve
      refused verified-first
      expect because "No recovery check is stated."
