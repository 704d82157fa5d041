# A deploy goes out, latency rises, alerts fire, everybody suspects the database. It is not the
# database: a config change cut its pool. Rolled back, verified, told in time, reviewed, closed.
02:20 team ana Ana responder
02:20 team bob Bob responder
02:20 team cleo Cleo responder
02:41 alert CheckoutLatency service=checkout summary="p99 3.4 s, limit 1 s"
02:43 alert CheckoutErrors service=checkout summary="9 % of payments fail"
02:44 ana declare "Checkout is slow for about 1 in 5 customers" --sev 2 --alert CheckoutLatency --alert CheckoutErrors
      expect state started is "02:41"
      expect state services is "checkout"
      expect rhythm Lead is done
      expect rhythm Symptoms is current
02:45 bob symptom --fails "Paying, saving the cart" --works "Browsing, login, the app" --changed "Deploy v142 at 02:20" --spread partial --radius "1 in 5 customers"
      expect rhythm Symptoms is done
      expect next "Freeze changes."
02:46 ana freeze "Nothing moves while we look" --allow rollback
      expect rhythm Freeze is done
      expect next "Send a first update."
02:47 bob role take communications
02:48 bob update send --happened "Paying is slow" --impact "About 1 in 5 customers cannot pay" --doing "We look for the cause" --next 03:15
      expect state updates.1.customers has "About 1 in 5 customers cannot pay"
      expect state promised is "03:15"
      expect next "Keep one piece of evidence"
02:50 cleo evidence add "Database CPU" --kind metric --text "22 %, as every night" --source grafana
      expect made 1
02:51 ana hypothesis open "The database is overloaded"
      expect said "The database is overloaded"
      expect next "Write down what you expect"
02:52 ana hypothesis test "CPU is at 22 %" contradicts --evidence 1
      refused prediction-first
02:53 ana hypothesis predict "Database CPU above 80 % since 02:41" --test "Read the CPU graph"
      expect next "Test the one open hypothesis."
02:54 ana hypothesis test "CPU is at 22 %" contradicts --evidence 1
      expect next "Refute the hypothesis"
02:55 ana hypothesis refute "The database is bored" --evidence 1
      expect state hypotheses.1.state is "refuted"
      expect next "Open one hypothesis."
02:57 cleo evidence add "Log search: pool timeout" --kind log --text "02:39:04 pool timeout after 5000 ms\n1,204 lines since 02:39"
02:58 cleo evidence add "Config change 881" --kind config-diff --text "db.pool: 50 -> 5, at 02:38" --at 02:38
      expect state evidence.3.at is "02:38"
03:00 ana hypothesis open "Config 881 cut the pool from 50 to 5" --prediction "Pool timeouts begin right after 02:38" --test "Search the log"
      expect made 2
03:01 cleo hypothesis test "First timeout at 02:39:04, none before" supports --evidence 2,3
      expect next "Confirm the hypothesis"
03:02 ana hypothesis confirm "The timeouts begin a minute after the change" --evidence 2,3
      expect state hypotheses.2.state is "confirmed"
      expect next "Propose one change"
03:03 cleo mitigation propose "Roll back config 881" --kind rollback --service checkout
      expect next "Approve or withdraw: Roll back config 881."
03:03 cleo mitigation start 1
      refused approval-first
03:04 cleo mitigation approve 1
      refused lead-approves
03:04 ana mitigation approve 1
03:05 cleo mitigation start 1
      expect phase "mitigating"
      expect state mitigations.1.run_by is "cleo"
03:08 cleo mitigation done "Pool is at 50 on all nodes"
      expect next "State how you will know"
03:09 ana resolve
      refused verified-first
03:10 ana recovery check "p99 of checkout below 1 s" --hold 10m --every 5m
03:10 ana recovery check "CheckoutErrors is quiet" --kind alert --alert CheckoutErrors --hold 10m
03:11 cleo recovery held 1 "0.31 s"
03:12 alert CheckoutErrors resolved
03:13 alert CheckoutLatency resolved
03:14 bob update send --happened "A setting was wrong; it is undone" --impact "Paying works again for most" --doing "We watch it" --next 03:30
      expect state updates.1.promise is "kept"
03:16 cleo recovery held 1 "0.30 s"
03:21 cleo recovery held 1 "0.29 s"
      expect state checks.1.held is "03:21"
      expect next "Wait for it to hold: CheckoutErrors is quiet."
03:22 tick
      expect state checks.2.held is "03:22"
      expect phase "verifying"
      expect next "Resolve the incident."
03:23 ana resolve "Config 881 is rolled back; the pool is at 50"
      expect phase "resolved"
      expect next "Tell everybody that it is over."
03:25 bob update send --happened "Paying works again" --impact "Nobody is affected any more" --doing "We will publish what we learned"
      expect state updates.2.promise is "kept"
      expect next "Draft the review."
09:00 ana review draft
      expect state review_summary has "Checkout is slow for about 1 in 5 customers."
      expect state review_summary has "From onset to recovery: 42 min."
      expect state review_root_cause has "Config 881 cut the pool from 50 to 5"
      expect state review_factors has "Looked likely and was not: The database is overloaded"
      expect state review_went_well has "Every promised update came in time (2 of 2)."
      expect state review_went_well has "1 wrong idea was ruled out by evidence"
      expect state review_owner is "ana"
09:05 ana action add "Check the pool's size in CI" --owner cleo --due 2026-03-16
09:06 ana action add "Alert on pool timeouts, not only on latency"
      expect next "Give action 2 an owner"
09:07 ana review publish
      refused conflict
      expect because "Action 2 has no owner."
09:08 ana action edit 2 --owner bob --due 14d
09:09 ana review edit --lessons "Config changes deserve a canary like code does"
09:10 ana review publish
      expect said "Ana published the review"
      expect phase "resolved"
      expect rhythm Review is done
      expect next "Finish action 1: Check the pool's size in CI."
10:00 cleo action done 1 "Merged, and it caught one already"
16:00 bob action done 2 "PoolTimeouts pages since today"
      expect said "The incident is closed"
      expect phase "closed"
      expect next "Nothing is left to do."
16:01 ana note "too late"
      refused conflict
