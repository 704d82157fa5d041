# SPDX-License-Identifier: Apache-2.0
"""the war room of an incident with 1,000 entries on its timeline

Over loopback, one kept connection: from the request to the last byte, gzip as browsers ask for. And the same as JSON."""
import http.client
import json
import time

import house

ENTRIES, LOOKS = 1000, 50


def fill(s):
    """Notes as people write them, and evidence now and then."""
    incident = s.json("POST", "/api/v1/incidents", {"title": "Checkout is slow", "severity": "sev2",
                                                    "services": ["checkout"]})["incident"]
    have = len(s.json("GET", f"/api/v1/incidents/{incident}/timeline")["timeline"])
    c = http.client.HTTPConnection("127.0.0.1", s.port, timeout=house.PATIENCE_S)
    for n in range(ENTRIES - have):
        text = f"p99 of checkout-{n * 7 % 13} is at {800 + n * 37 % 900} ms, errors at {n % 9} percent; see dashboard {n * 31}"
        what, body = ("note", {"text": text}) if n % 10 else ("evidence", {"title": f"Output {n}", "text": text})
        c.request("POST", f"/api/v1/incidents/{incident}/{what}/add", json.dumps(body),
                  {"Authorization": f"Bearer {s.token}", "Content-Type": "application/json"})
        r = c.getresponse()
        got = r.read()
        if r.status >= 300:
            raise house.Trouble(f"a {what} was answered {r.status}: {got[:200]!r}")
    c.close()
    return incident


def look(s, path):
    c = http.client.HTTPConnection("127.0.0.1", s.port, timeout=house.PATIENCE_S)
    took, got = [], b""
    for _ in range(LOOKS):
        began = time.perf_counter()
        c.request("GET", path, headers={"Authorization": f"Bearer {s.token}", "Accept-Encoding": "gzip"})
        r = c.getresponse()
        got = r.read()
        took.append((time.perf_counter() - began) * 1000)
        if r.status != 200:
            raise house.Trouble(f"{path} was answered {r.status}")
    c.close()
    return house.median(took), len(got)


def measure(table, _quick):
    with house.Aplomb() as s:
        s.start()
        incident = fill(s)
        entries = len(s.json("GET", f"/api/v1/incidents/{incident}/timeline")["timeline"])
        for what, query in (("as it opens", ""), ("with all of them", "?show=all&older=all")):
            took, size = look(s, f"/incidents/{incident}{query}")
            table.add(f"the page of {entries:,} entries, {what}: median of {LOOKS}", took, " ms", most=10)
            table.add(f"the page of {entries:,} entries, {what}: on the wire", size / 1024, " KB", most=60)
        took, size = look(s, f"/api/v1/incidents/{incident}/timeline")
        table.add(f"its timeline as JSON ({size / 1024:.0f} KB gzip)", took, " ms")
