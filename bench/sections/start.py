# SPDX-License-Identifier: Apache-2.0
"""from exec to the first 200 of /-/ready, files in the page cache

With an empty folder; with a million events and 100,000 active alerts, after a stop and after kill -9; Alertmanager's
beside it."""
import house

ALERTS = 100_000


def starts(server, times, kill=False):
    took = []
    for _ in range(times):
        took.append(server.start())
        if kill:
            server.process.kill()
            server.process.wait()
        else:
            server.stop()
    return house.median(took)


def measure(table, quick):
    times, events = (3, 100_000) if quick else (9, 1_000_000)
    with house.Aplomb() as s:
        table.add("aplomb: an empty folder", starts(s, times), " ms", most=20)
    folder, token = house.filled(events)
    with house.Aplomb(folder, token) as s:
        table.add(f"aplomb: {events:,} events, no alert", starts(s, times), " ms")
        s.start()
        house.load(s.port, alerts=ALERTS, batch=64)
        s.stop()
        table.add(f"aplomb: {events:,} events and {ALERTS:,} active alerts", starts(s, times), " ms", most=100)
        s.start()
        house.load(s.port, alerts=ALERTS, batch=64, first=ALERTS)
        s.process.kill()
        s.process.wait()
        table.add("aplomb: the same, 100,000 more, after kill -9", starts(s, times, kill=True), " ms")
    with house.Alertmanager() as s:
        table.add("alertmanager: an empty folder", starts(s, times), " ms")
