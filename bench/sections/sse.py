# SPDX-License-Identifier: Apache-2.0
"""from the POST to the event on an open stream of another client

At 2,000 alerts/s beside it: a note, and an alert that ends and begins to fire on an incident. Then 2,000 viewers at
once: how long until the last of them was told, and what one costs."""
import json
import subprocess

import house

RATE, VIEWERS, STREAMS_A_TOKEN = 2000, 2000, 4
NAME = "BenchFlips"


def watch(s, tokens, between=None, **options):
    """Runs bench-live; between() is called when its streams are open."""
    words = [house.program("live"), "--port", str(s.port), "--tokens", tokens]
    for k, v in options.items():
        words += ["--" + k.replace("_", "-"), str(v)]
    p = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if p.stdout.readline() == "ready\n" and between:
        between()
    said, wrong = p.communicate("go\n", timeout=120)
    if p.returncode != 0:
        raise house.Trouble(f"bench-live: {wrong.strip()}")
    return json.loads(said)


def under_load(s, tokens, acts, **options):
    seconds = acts * 0.03 + 2
    beside = house.start_load(s.port, rate=RATE, alerts=int(RATE * seconds), batch=64, batch_min=1,
                              first=options.pop("first"))
    try:
        return watch(s, tokens, acts=acts, **options)
    finally:
        beside.terminate()
        beside.communicate()


def declare(s):
    s.post("/api/v2/alerts", [{"labels": {"alertname": NAME}}])
    [alert] = [a for a in s.json("GET", "/api/v2/alerts") if a["labels"]["alertname"] == NAME]
    return s.json("POST", "/api/v1/incidents", {"title": "Watched", "severity": "sev3", "alerts": [alert["fingerprint"]],
                                                "because": "a bench"})["incident"]


def measure(table, quick):
    acts = 100 if quick else 400
    folder, token = house.filled(2000, tokens=VIEWERS // STREAMS_A_TOKEN + 1)
    tokens = folder + ".token"
    with house.Aplomb(folder, token) as s:
        s.start()
        incident = declare(s)
        note = under_load(s, tokens, acts, incident=incident, first=1_000_000)
        table.add("a note, 2,000 alerts/s beside it: p50", note["each_p50_ms"], " ms")
        table.add("a note, 2,000 alerts/s beside it: p99", note["each_p99_ms"], " ms", most=5)
        flip = under_load(s, tokens, acts, incident=incident, alert=NAME, first=2_000_000)
        table.add("an alert that flips, 2,000 alerts/s beside it: p50", flip["each_p50_ms"], " ms")
        table.add("an alert that flips, 2,000 alerts/s beside it: p99", flip["each_p99_ms"], " ms", most=5)
    with house.Aplomb(folder, token) as s:
        s.start()
        incident, sizes = declare(s), [s.rss_kb()]
        crowd = watch(s, tokens, lambda: sizes.append(s.rss_kb()), incident=incident, viewers=VIEWERS, acts=20, gap_ms=50)
        table.add(f"{VIEWERS:,} viewers: a note, to the first p50", crowd["first_p50_ms"], " ms")
        table.add(f"{VIEWERS:,} viewers: a note, to the last p50", crowd["last_p50_ms"], " ms")
        table.add(f"{VIEWERS:,} viewers: a note, to the last, the worst of 20", crowd["last_max_ms"], " ms")
        table.add("memory of one viewer", (sizes[1] - sizes[0]) / VIEWERS, " KB")
