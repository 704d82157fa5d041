# It comes back after the review: reopened, checked anew, and reviewed again.
14:00 ana declare "Video stutters" --sev 3 --service video
14:01 ana recovery check "Buffering below 1 %" --hold 5m --every 5m
14:02 ana recovery held "0.2 %"
14:07 ana recovery held "0.2 %"
14:08 ana reopen "x"
      refused conflict
14:08 ana resolve "It calmed down"
14:09 ana review draft
14:10 ana review edit --root-cause "A bad route"
14:11 ana review publish
      expect phase "closed"
14:12 ana action add "Too late"
      refused conflict
14:30 bob reopen "It stutters again"
      expect phase "verifying"
      expect state checks.1.held is ""
      expect rhythm Review is todo
14:31 bob resolve
      refused verified-first
14:32 bob recovery held 1 "0.1 %"
14:37 bob recovery held 1 "0.1 %"
14:38 bob resolve "The route is back"
      expect next "Tell everybody that it is over."
14:39 ana review draft
      refused conflict
14:39 ana update send --happened "It came back once" --impact "None now" --doing "We watch the route"
      expect state review_state is "draft"
      expect state review_root_cause is "A bad route"
      expect next "Add what would have prevented it"
14:40 ana review edit --root-cause "A bad route, announced twice"
14:41 ana review publish
      expect phase "closed"
