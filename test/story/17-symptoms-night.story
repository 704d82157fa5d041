# What was known at night is corrected in the morning.
23:50 ana declare "Import hangs" --sev 3 --service import
23:55 ana symptom record --changed "Config 881" --started 23:40
      expect said "Started at 23:40. Changed before: Config 881."
00:20 bob symptom record --changed "Nothing on this host"
      expect state symptoms_changed is "Nothing on this host"
      expect state started is "23:40"
