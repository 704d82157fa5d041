# SPDX-License-Identifier: Apache-2.0
"""100,000 alerts of 50,000 fingerprints in 60 s, and one critical alert from a quiet source in their midst

Paced, batches of 1 to 64, eight connections; a POST is timed from when it was due."""
import json
import time

import house

CRITICAL = "BillingDatabaseDown"


def until_shown(s, path):
    """(ms until the path tells of the critical alert, size of what told it)."""
    began = time.perf_counter()
    while True:
        status, got, _ = s.ask("GET", path)
        took = (time.perf_counter() - began) * 1000
        if status == 200 and CRITICAL.encode() in got:
            return took, len(got)
        if took > 20_000:
            return float("inf"), len(got)


def measure(table, quick):
    alerts, seconds = (20_000, 12) if quick else (100_000, 60)
    with house.Aplomb() as s:
        s.start()
        storm = house.start_load(s.port, alerts=alerts, distinct=alerts // 2, rate=alerts // seconds, batch=64, batch_min=1,
                                 starts=int(time.time()))
        time.sleep(seconds / 4)  # new ones still come after it, for as long again; not a wait for anything
        status, _, ack = s.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": CRITICAL, "severity": "critical",
                                                                     "service": "billing"}}])
        now_ms, now_bytes = until_shown(s, "/")
        said, wrong = storm.communicate(timeout=seconds + 120)
        if storm.returncode != 0 or status != 200:
            raise house.Trouble(f"the storm was not taken whole: {wrong.strip()} {said.strip()}")
        got = json.loads(said)
        table.add(f"{alerts:,} alerts in {got['seconds']:.0f} s: a POST p50", got["p50_ms"], " ms")
        table.add(f"{alerts:,} alerts in {got['seconds']:.0f} s: a POST p99", got["p99_ms"], " ms", most=50)
        table.add("the critical alert's own POST", ack, " ms")
        table.add("the critical alert on Now, from its answer", now_ms, " ms", most=1000)
        _, now, _ = s.ask("GET", "/")
        table.add("it is still on Now when the storm is over (1 = yes)", int(CRITICAL.encode() in now), "", least=1)
        table.add("Now in the storm", now_bytes / 1024, " KB", most=200)
        table.add("memory after it", s.rss_kb() / 1024, " MB")
        kept = len([a for a in s.json("GET", "/api/v2/alerts") if a["labels"]["alertname"] != CRITICAL])
        table.add("alerts that were answered 200 and are not there", alerts // 2 - kept, "", most=0)
