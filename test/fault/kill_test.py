#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the server with SIGKILL under load, again and again; nothing that was answered 2xx may be lost.

usage: kill_test.py [ROUNDS] [SEED]. Each round: load from four clients (alerts, incidents, notes), a kill at a random
moment or at a named point around the commit, a restart within two seconds, and a look at all that was ever
acknowledged. At the end the chain must verify and a rebuild must change nothing."""
import http.client
import os
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))
from server import APLOMB, Server  # noqa: E402

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 50
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
RESTART_S = 2.0
POINTS = ["before-commit", "committed"]


class Acknowledged:
    """What the server said yes to, over all rounds."""

    def __init__(self):
        self.lock = threading.Lock()
        self.alerts, self.notes, self.incidents = set(), {}, set()

    def add(self, kind, value):
        with self.lock:
            if kind == "alert":
                self.alerts.add(value)
            elif kind == "incident":
                self.incidents.add(value)
            else:
                self.notes.setdefault(value[0], set()).add(value[1])


def load(server, acked, name, stop, dice):
    """One client until the server dies under it."""
    try:
        c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        n, incident = 0, None
        while not stop.is_set():
            n += 1
            what = dice.random()
            if what < 0.6 or not incident:
                alert = f"{name}-{n}"
                status, _, _ = server.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": alert}}], connection=c)
                if status == 200:
                    acked.add("alert", alert)
            if what < 0.02 or not incident:
                status, reply = server.json("POST", "/api/v1/incidents",
                                            {"title": f"Load {name} {n}", "severity": "sev3", "because": "a drill of the disk"})
                if 200 <= status < 300:
                    incident = reply["incident"]
                    acked.add("incident", incident)
            elif what >= 0.6:
                text = f"note {name} {n}"
                status, _, _ = server.ask("POST", f"/api/v1/incidents/{incident}/note/add", {"text": text}, connection=c)
                if 200 <= status < 300:
                    acked.add("note", (incident, text))
    except (OSError, http.client.HTTPException, ValueError):
        pass  # it was killed: what was not answered was not promised


def look(server, acked):
    """The texts of what was acknowledged and is not there."""
    lost = []
    _, alerts = server.json("GET", "/api/v2/alerts")
    have = {a["labels"]["alertname"] for a in alerts}
    lost += [f"alert {a}" for a in acked.alerts - have]
    for incident in acked.incidents:
        status, timeline = server.json("GET", f"/api/v1/incidents/{incident}/timeline")
        if status != 200:
            lost.append(f"incident {incident}")
            continue
        said = " ".join(str(entry) for entry in timeline["timeline"])
        lost += [f"note of {incident}: {t}" for t in acked.notes.get(incident, ()) if t + "'" not in said and t not in said]
    return lost


def one_round(server, acked, r, dice):
    stop = threading.Event()
    clients = [threading.Thread(target=load, args=(server, acked, f"r{r}c{c}", stop, random.Random(dice.random())))
               for c in range(4)]
    for c in clients:
        c.start()
    if "APLOMB_CRASH_AT" in os.environ:
        try:
            server.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            raise SystemExit("kill_test: the named point was never reached") from None
    else:
        time.sleep(dice.uniform(0.02, 0.4))  # the moment of the kill: not a wait for anything
    server.kill()
    stop.set()
    for c in clients:
        c.join()


def main():
    dice = random.Random(SEED)
    server, acked, slowest = Server(), Acknowledged(), 0.0
    try:
        for r in range(ROUNDS):
            os.environ.pop("APLOMB_CRASH_AT", None)
            if r % 10 == 9:
                os.environ["APLOMB_CRASH_AT"] = POINTS[r // 10 % len(POINTS)]
            server.start()
            one_round(server, acked, r, dice)
            os.environ.pop("APLOMB_CRASH_AT", None)
            took = server.start()
            slowest = max(slowest, took)
            lost = look(server, acked)
            server.kill()
            if lost or took > RESTART_S:
                print(f"not ok kill: round {r} of seed {SEED}: lost {lost[:5]}, restart {took:.2f} s")
                return 1
        proof = server.verify()
        rebuilt = subprocess.run([APLOMB, "rebuild", "--data", server.data], capture_output=True, text=True, check=False)
        if proof.returncode != 0 or "identical" not in rebuilt.stdout:
            print(f"not ok kill: seed {SEED}: {proof.stdout}{proof.stderr}{rebuilt.stdout}{rebuilt.stderr}")
            return 1
        notes = sum(len(n) for n in acked.notes.values())
        print(f"ok kill: {ROUNDS} kills, 0 lost of {len(acked.alerts)} alerts, {len(acked.incidents)} incidents and {notes} notes; "
              f"slowest restart {slowest:.2f} s (seed {SEED})")
        return 0
    finally:
        server.remove()


sys.exit(main())
