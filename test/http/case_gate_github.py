# SPDX-License-Identifier: Apache-2.0
"""GitHub asks before a deployment and hears the answer at the address it gave, through restarts and its own bad hours; no
other address is ever called with our token."""
import contextlib
import http.server
import json
import os
import sqlite3
import threading
import time

import server as base
from case_gate import do, freeze, timeline

TOKEN = "ghs_0123456789abcdef"
PATIENCE_S = 20


class GitHub:
    """What it heard, and what it answers: statuses in turn, then 204."""

    def __init__(self):
        self.heard, self.statuses, self.delay_s = [], [], 0
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(hub.delay_s)
                hub.heard.append((self.path, json.loads(body), dict(self.headers)))
                self.send_response(hub.statuses.pop(0) if hub.statuses else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.api = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def wait(self, n):
        until = time.monotonic() + PATIENCE_S
        while len(self.heard) < n and time.monotonic() < until:
            time.sleep(0.05)
        assert len(self.heard) == n, (n, self.heard)
        return self.heard[-1]


class Server(base.Server):
    def __init__(self):
        super().__init__()
        self.hub, self.runs = GitHub(), 0
        self.token_file = os.path.join(self.top, "github-token")
        with open(self.token_file, "w", encoding="ascii") as f:
            f.write(TOKEN + "\n")

    def start(self):
        os.environ.update(APLOMB_GITHUB_API=self.hub.api, APLOMB_GITHUB_TOKEN_FILE=self.token_file)
        try:
            return super().start()
        finally:
            del os.environ["APLOMB_GITHUB_API"], os.environ["APLOMB_GITHUB_TOKEN_FILE"]

    def question(self, service, ref="v231", **more):
        self.runs += 1
        return {"action": "requested", "environment": "production", "event": "push",
                "deployment_callback_url": f"{self.hub.api}/repos/acme/{service}/actions/runs/{self.runs}"
                                           "/deployment_protection_rule",
                "deployment": {"id": self.runs, "ref": ref, "sha": "1a2b3c4d5e6f", "task": "deploy", "creator": {"login": "octocat"}},
                "repository": {"name": service, "full_name": f"acme/{service}", "html_url": f"https://github.com/acme/{service}",
                               "default_branch": "main"},
                "sender": {"login": "octocat"}} | more

    def deliver(self, body):
        status, text, _ = self.ask("POST", "/in/github", json.dumps(body).encode(), {
            "X-GitHub-Event": "deployment_protection_rule", "Content-Type": "application/json"})
        assert status == 202, (status, text)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(os.path.join(self.data, "aplomb.db"), timeout=10)) as db, db:
            return db.execute(sql).fetchall()


def test_what_is_not_frozen_is_approved(server):
    server.deliver(server.question("free"))
    path, body, headers = server.hub.wait(1)
    assert path == "/repos/acme/free/actions/runs/1/deployment_protection_rule"
    assert body == {"environment_name": "production", "state": "approved", "comment": "Nothing is frozen for free."}, body
    assert headers["Authorization"] == "Bearer " + TOKEN and headers["Accept"] == "application/vnd.github+json"


def test_what_is_frozen_is_rejected_and_a_redelivery_answered_once(server):
    incident, before = freeze(server, "shop"), len(server.hub.heard)
    question = server.question("shop")
    server.deliver(question)
    _, body, _ = server.hub.wait(before + 1)
    assert body["state"] == "rejected" and "we are looking" in body["comment"] and "Run this job again" in body["comment"], body
    assert len(body["comment"]) <= 1024
    assert any("octocat was refused at the gate: deploy v231 (1a2b3c4) on shop in production" in s
               for s in timeline(server, incident))
    told = len(timeline(server, incident))
    server.deliver(question)
    server.deliver(server.question("shop", "rollback/v230"))
    _, body, _ = server.hub.wait(before + 2)
    assert body["state"] == "approved" and len(timeline(server, incident)) == told + 1, body
    assert any("octocat rolled back through the freeze: deploy rollback/v230" in s for s in timeline(server, incident))


def test_no_other_address_is_called(server):
    incident, before = freeze(server, "lure"), len(server.hub.heard)
    for url in (f"{server.hub.api}/user/repos", f"{server.hub.api}/repos/a/../../x/actions/runs/1/deployment_protection_rule",
                server.hub.api.replace("127.0.0.1", "localhost") + "/repos/a/b/actions/runs/1/deployment_protection_rule"):
        server.deliver(server.question("lure", deployment_callback_url=url))
    until = time.monotonic() + PATIENCE_S
    while sum("did not get through" in s for s in timeline(server, incident)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    lost = [s for s in timeline(server, incident) if "did not get through: its address is none of" in s]
    assert len(lost) == 3 and len(server.hub.heard) == before, (lost, server.hub.heard)


def test_a_slow_github_holds_nobody_up(server):
    incident, before = freeze(server, "slow"), len(server.hub.heard)
    server.hub.delay_s = 2
    server.deliver(server.question("slow"))
    began = time.monotonic()
    do(server, incident, "note/add", {"text": "meanwhile"})
    assert time.monotonic() - began < 1.5
    server.hub.wait(before + 1)
    server.hub.delay_s = 0


def test_a_late_approval_is_asked_again_and_a_kill_forgets_nothing(server):
    before = len(server.hub.heard)
    server.hub.statuses = [502]
    server.deliver(server.question("late"))
    assert server.hub.wait(before + 1)[1]["state"] == "approved"
    until = time.monotonic() + PATIENCE_S
    while not server.rows("SELECT 1 FROM gate_callback WHERE status = 502") and time.monotonic() < until:
        time.sleep(0.05)
    incident = freeze(server, "late")
    server.kill()
    server.rows("UPDATE gate_callback SET asked_ms = asked_ms - 60000, due_ms = 1 WHERE status = 502")
    server.start()
    _, body, _ = server.hub.wait(before + 2)
    assert body["state"] == "rejected" and "we are looking" in body["comment"], body
    assert any("octocat was refused at the gate: deploy v231" in s for s in timeline(server, incident))
    until = time.monotonic() + PATIENCE_S
    while server.rows("SELECT 1 FROM gate_callback WHERE due_ms > 0") and time.monotonic() < until:
        time.sleep(0.05)
    assert server.rows("SELECT tries, status, trouble FROM gate_callback ORDER BY id DESC LIMIT 1") == [(2, 204, "")]


def test_odd_bytes_hold_up_nobody(server):
    incident, before = freeze(server, "odd-bytes"), len(server.hub.heard)
    server.deliver(server.question("odd-bytes", "v1\x12\u202e\n", environment="pro\x01duction", sender={"login": "\x7f"}))
    assert server.hub.wait(before + 1)[1]["state"] == "rejected"
    assert any("was refused at the gate: deploy v1" in s for s in timeline(server, incident))


def test_what_cannot_be_answered_is_kept(server):
    before = len(server.hub.heard)
    for body in ({"action": "completed"}, {"deployment_callback_url": None}, {"environment": ""}, {"environment": "x" * 300}):
        server.deliver(server.question("odd", **body))
    assert not server.rows("SELECT 1 FROM gate_callback WHERE due_ms > 0") and len(server.hub.heard) == before
