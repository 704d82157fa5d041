# SPDX-License-Identifier: Apache-2.0
"""alerts a second, the same load on Alertmanager (in memory) and on Aplomb (on disk, hash-chained), in turns

Each round starts both afresh. New alerts at 64 a POST and the same bodies again over 8 connections, then new ones at 64
and at 1 a POST over 64; the median of the rounds counts."""
import time

import house

BIG, ONE = 64, 1
FEW, FLEET = 8, 64  # connections, one POST in flight on each: so many Prometheus servers
ROUNDS, MOST_S = 3, 120  # no round is begun after so long


def costed(s, **options):
    """A load, with the CPU time it took of the server."""
    before = s.cpu_s()
    got = house.load(s.port, **options)
    return {**got, "cpu_us": (s.cpu_s() - before) * 1e6 / got["alerts"]}


def one_round(server, counts, starts):
    with server as s:
        s.start()
        new = costed(s, alerts=counts[BIG], batch=BIG, starts=starts, connections=FEW)
        again = costed(s, alerts=counts[BIG], batch=BIG, starts=starts, connections=FEW)
        fleet = costed(s, alerts=counts[BIG] // 2, batch=BIG, starts=starts, connections=FLEET, first=20_000_000)
        ones = costed(s, alerts=counts[ONE], batch=ONE, starts=starts, connections=FLEET, first=10_000_000)
    return {"new": new, "again": again, "fleet": fleet, "ones": ones}


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
    for what, label, least in (("new", "new, 64 a POST", 10), ("fleet", "new, 64 a POST, a fleet", 10),
                               ("ones", "new, 1 a POST, a fleet", 3), ("again", "again, 64 a POST", 20)):
        for who in rounds:
            table.add(f"{who}: {label}", mid(who, what, "alerts_per_s"), " /s")
            table.add(f"{who}: {label}, a POST p50 and p99",
                      f"{mid(who, what, 'p50_ms'):.2f} and {mid(who, what, 'p99_ms'):.2f} ms")
            table.add(f"{who}: {label}, CPU of the server for one", mid(who, what, "cpu_us"), " us")
        ratio = mid("aplomb", what, "alerts_per_s") / mid("alertmanager", what, "alerts_per_s")
        table.add(f"aplomb over alertmanager: {label}", ratio, "x", least=least)
