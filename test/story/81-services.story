# A service is put into the catalogue, changed by its owner, and leaves it; what is said twice is no news.
14:00 ana service set payments --owner payments-team --tier 1 --depends ledger,kafka
      expect said "Ana added the service payments, owned by payments-team."
      expect state desk.services.1.tier is "tier1"
14:01 bob service set payments --owner core-team --depends kafka,mail
      expect said "Bob changed the service payments: owner payments-team -> core-team; depends + mail, - ledger."
      expect state desk.services.1.by is "bob"
14:02 bob service set payments --owner core-team
      expect nothing
14:03 ana service set "a,b"
      refused bad-field
14:04 ana service set ledger --runbook wiki
      refused bad-field
      expect because "The runbook is a web address, as https://wiki.example/payments."
14:05 ana service set payments --tier - --owner -
      expect said "Ana changed the service payments: owner core-team -> nothing; tier tier1 -> nothing."
14:07 ana service remove payments
      expect said "Ana removed the service payments from the catalogue."
14:08 ana service remove payments
      refused not-found
