# SPDX-License-Identifier: Apache-2.0
"""alerts a second, the same load on Alertmanager (in memory) and on Aplomb (on disk, hash-chained), in turns

Each round starts both afresh. New alerts at 64 a POST, the same bodies again, then new ones at 1 a POST; the median of
the rounds counts."""
import time

import house

BIG, ONE = 64, 1
CONNECTIONS = {BIG: 8, ONE: 64}  # a few Prometheus servers in a storm; a fleet of them, each with an alert now and then
ROUNDS, MOST_S = 3, 120  # no round is begun after so long


def costed(s, batch, **options):
    """A load, with the CPU time it took of the server."""
    before = s.cpu_s()
    got = house.load(s.port, connections=CONNECTIONS[batch], batch=batch, **options)
    return {**got, "cpu_us": (s.cpu_s() - before) * 1e6 / got["alerts"]}


def one_round(server, counts, starts):
    with server as s:
        s.start()
        new = costed(s, BIG, alerts=counts[BIG], starts=starts)
        again = costed(s, BIG, alerts=counts[BIG], starts=starts)
        ones = costed(s, ONE, alerts=counts[ONE], starts=starts, first=10_000_000)
    return {"new": new, "again": again, "ones": ones}


def measure(table, quick):
    counts = {BIG: 50_000, ONE: 5_000} if quick else {BIG: 200_000, ONE: 20_000}
    rounds = {"aplomb": [], "alertmanager": []}
    began = time.monotonic()
    while not rounds["aplomb"] or (not quick and len(rounds["aplomb"]) < ROUNDS and time.monotonic() - began < MOST_S):
        starts = int(time.time()) - 60
        for server in (house.Alertmanager, house.Aplomb):
            rounds[server.name].append(one_round(server(), counts, starts))

    def mid(who, what, key):
        return house.median([r[what][key] for r in rounds[who]])
    table.add("rounds", str(len(rounds["aplomb"])))
    for what, label, least in (("new", "new, 64 a POST", 10), ("ones", "new, 1 a POST", 3), ("again", "again, 64 a POST", 20)):
        for who in rounds:
            table.add(f"{who}: {label}", mid(who, what, "alerts_per_s"), " /s")
            table.add(f"{who}: {label}, a POST p50 and p99",
                      f"{mid(who, what, 'p50_ms'):.2f} and {mid(who, what, 'p99_ms'):.2f} ms")
            table.add(f"{who}: {label}, CPU of the server for one", mid(who, what, "cpu_us"), " us")
        ratio = mid("aplomb", what, "alerts_per_s") / mid("alertmanager", what, "alerts_per_s")
        table.add(f"aplomb over alertmanager: {label}", ratio, "x", least=least)
