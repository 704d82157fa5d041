# SPDX-License-Identifier: Apache-2.0
"""An alert storm: 100,000 alerts of 50,000 fingerprints from several senders at once, and one critical alert from a quiet
source in their midst. Nothing that was answered 200 may be missing, and the one that matters must be seen. Only facts are
held to; how fast it goes is for script/bench."""
import http.client
import json
import random
import re
import threading
import time

ALERTS, DISTINCT, SENDERS, BATCH = 100_000, 50_000, 4, 64
NOW_MAX_BYTES = 200_000
ROW = r'<article class="card">(.*?)</article>'
PATIENCE_S = 60
CRITICAL = {"labels": {"alertname": "BillingDatabaseDown", "service": "billing", "severity": "critical"},
            "annotations": {"summary": "no connection for two minutes"}}


def one(n, starts):
    """As Prometheus writes an alert of a usual rule."""
    return (f'{{"labels":{{"alertname":"PodNotReady","cluster":"eu-west-1","namespace":"shop","service":"s{n % 40}",'
            f'"severity":"warning","team":"t{n % 9}","pod":"s{n % 40}-{n * 2654435761 % 2**32:08x}","flood":"{n}"}},'
            f'"annotations":{{"summary":"pod {n} of s{n % 40} is not ready","runbook":"https://runbooks.example/pod"}},'
            f'"startsAt":"{starts}"}}')


class Storm:
    """The senders' work and what they were promised."""

    def __init__(self, server, seed):
        dice, order = random.Random(seed), [n % DISTINCT for n in range(ALERTS)]
        dice.shuffle(order)
        self.server, self.lock = server, threading.Lock()
        self.starts = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.batches, self.acked, self.posts, self.wrong = [], set(), 0, []
        while order:
            size = dice.randint(1, BATCH)
            self.batches.append(order[:size])
            order = order[size:]
        self.halfway, self.half = threading.Event(), len(self.batches) // 2
        # the last tenth waits until the critical alert was seen: then it was seen in the midst, however fast we are
        self.seen, self.last = threading.Event(), len(self.batches) // 10
        self.threads = [threading.Thread(target=self.send) for _ in range(SENDERS)]

    def take(self):
        if len(self.batches) <= self.last:
            self.seen.wait(PATIENCE_S)
        with self.lock:
            return self.batches.pop() if self.batches else None

    def post(self, connection, batch):
        """Until it is taken: a server that is busy says so, and the sender comes again, as Prometheus does."""
        body = "[" + ",".join(one(n, self.starts) for n in batch) + "]"
        for _ in range(1000):
            connection.request("POST", "/api/v2/alerts", body, {"Content-Type": "application/json"})
            r = connection.getresponse()
            text = r.read()
            if r.status == 200:
                return
            if r.status != 503:
                raise RuntimeError(f"answered {r.status}: {text[:200]!r}")
            time.sleep(0.01)  # asked to come back
        raise RuntimeError("busy for ever")

    def send(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)
        try:
            while batch := self.take():
                self.post(connection, batch)
                with self.lock:
                    self.acked.update(batch)
                    self.posts += 1
                    if self.posts == self.half:
                        self.halfway.set()
        except (OSError, RuntimeError, http.client.HTTPException) as why:
            self.wrong.append(str(why))
            self.halfway.set()
        finally:
            connection.close()


def until_on_now(server):
    """(ms until the start page tells of the critical alert, that page). Meanwhile no page is long."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        status, page, _ = server.ask("GET", "/")
        assert status == 200, (status, page[:300])
        assert len(page) < NOW_MAX_BYTES, f"Now is {len(page)} bytes long in a storm"
        if b"BillingDatabaseDown" in page:
            return (time.monotonic() - began) * 1000, page.decode()
    raise AssertionError(f"the critical alert was not on Now within {PATIENCE_S} s")


def one_row_each(page):
    """The critical alert stands first, and the flood is one row behind it."""
    rows = re.findall(ROW, page.split('data-live="alerts"')[1].split("</section>")[0], re.S)
    assert len(rows) == 2 and "BillingDatabaseDown" in rows[0] and "PodNotReady" in rows[1], (len(rows), rows[:3])
    assert re.search(r"[\d,]+ alerts on 40 services", re.sub(r"<[^>]*>", "", rows[1])), rows[1]


def labels_listed(server):
    status, text, _ = server.ask("GET", "/api/v2/alerts")
    assert status == 200, status
    return [a["labels"] for a in json.loads(text)]


def test_a_storm_loses_nothing_and_hides_nothing(server):
    seed = random.SystemRandom().randrange(1 << 32)
    storm, began = Storm(server, seed), time.monotonic()
    for t in storm.threads:
        t.start()
    storm.halfway.wait(PATIENCE_S)
    status, text, _ = server.ask("POST", "/api/v2/alerts", [CRITICAL], {"Authorization": None})
    assert status == 200, (status, text)
    try:
        shown_ms, page = until_on_now(server)
        to_come = len(storm.batches)
    finally:
        storm.seen.set()
    assert to_come, "the storm was over before the critical alert was on Now"
    one_row_each(page)
    for t in storm.threads:
        t.join()
    took = time.monotonic() - began
    assert not storm.wrong, f"seed {seed}: {storm.wrong}"
    assert len(storm.acked) == DISTINCT, f"seed {seed}: {len(storm.acked)} were taken"
    status, after, _ = server.ask("GET", "/")
    assert status == 200
    assert len(after) < NOW_MAX_BYTES, f"Now is {len(after)} bytes long after a storm"
    one_row_each(after.decode())
    listed = labels_listed(server)
    floods = [int(labels["flood"]) for labels in listed if "flood" in labels]
    assert storm.acked == set(floods), f"seed {seed}: lost {sorted(storm.acked - set(floods))[:5]}"
    assert len(floods) == DISTINCT, f"{len(floods)} alerts are listed for {DISTINCT} fingerprints"
    assert CRITICAL["labels"] in listed
    print(f"   storm: {ALERTS} alerts in {storm.posts} posts took {took:.1f} s; critical on Now after {shown_ms:.0f} ms"
          f", {to_come} posts to come; Now {len(page)} bytes; seed {seed}")


def test_what_the_storm_brought_survives_kill_9(server):
    server.kill()
    server.start()
    listed = labels_listed(server)
    assert len({labels["flood"] for labels in listed if "flood" in labels}) == DISTINCT, len(listed)
    assert CRITICAL["labels"] in listed
