# SPDX-License-Identifier: Apache-2.0
"""resident memory (VmRSS) with 100,000 active alerts, and what listing them costs

Idle, then with the alerts, then after each list was asked for once."""
import json

import house

ALERTS = 100_000


def count(text):
    """How many alerts the list holds; 0 where it is cut off or was refused."""
    try:
        alerts = json.loads(text)
    except ValueError:
        return 0
    return len(alerts) if isinstance(alerts, list) else 0


def look(table, s, most, lists=True):
    s.start()
    idle = s.rss_kb()
    house.load(s.port, alerts=ALERTS, batch=64)
    held = s.rss_kb()
    table.add(f"{s.name}: idle", idle / 1024, " MB")
    table.add(f"{s.name}: with {ALERTS:,} alerts", held / 1024, " MB", most=most)
    if not lists:
        return
    status, got, took = s.ask("GET", "/api/v2/alerts")
    table.add(f"{s.name}: GET /api/v2/alerts ({status}, {len(got) / 1e6:.1f} MB)", took, " ms")
    table.add(f"{s.name}: alerts in that list", count(got), "", least=ALERTS)
    table.add(f"{s.name}: after that list", s.rss_kb() / 1024, " MB")


def measure(table, quick):
    with house.Aplomb() as s:
        look(table, s, 60)
        for path in ("/", "/alerts", "/api/v1/alerts"):
            status, got, took = s.ask("GET", path, headers={"Accept-Encoding": "gzip"})
            table.add(f"aplomb: GET {path} ({status}, {len(got) / 1e3:.1f} KB gzip)", took, " ms")
        table.add("aplomb: after these", s.rss_kb() / 1024, " MB")
    with house.Alertmanager() as s:
        look(table, s, None, lists=not quick)  # its list takes seconds
