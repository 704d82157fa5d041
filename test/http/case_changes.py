# SPDX-License-Identifier: Apache-2.0
"""Changes to what runs: told, told again, listed, kept through kills and rebuilds, redacted."""
import subprocess

from server import APLOMB


def send(server, **news):
    status, reply = server.json("POST", "/api/v1/changes", news)
    assert status in (200, 201), reply
    return reply


def changes(server, query=""):
    status, reply = server.json("GET", "/api/v1/changes" + query)
    assert status == 200, reply
    return reply["changes"]


def test_the_same_key_is_the_same_change(server):
    first = send(server, title="payments v812", service="payments", state="running", key="ci-812", version="v812")
    assert first["change"] == 1 and first["made"] == 1, first
    again = send(server, title="payments v812", state="done", key="ci-812", undo="deploy v811")
    assert again["change"] == 1 and "done" in again["said"], again
    silent = send(server, title="payments v812", state="running", key="ci-812")
    assert silent["said"] == "", silent
    (one,) = changes(server)
    assert (one["number"], one["state"], one["kind"], one["undo"]) == (1, "done", "deploy", "deploy v811"), one
    assert "ended" in one and one["by"], one
    status, same = server.json("GET", "/api/v1/changes/1")
    assert status == 200 and same == one
    status, problem = server.json("GET", "/api/v1/changes/9")
    assert status == 404 and "no change 9" in problem["detail"], problem


def test_lists_are_filtered(server):
    send(server, title="pool 50 to 5", service="db", kind="config", began="2026-01-02T03:04:05Z")
    send(server, title="flag new-checkout on", service="checkout", kind="flag")
    assert [c["service"] for c in changes(server, "?service=db")] == ["db"]
    assert [c["kind"] for c in changes(server, "?kind=flag")] == ["flag"]
    assert all(c["service"] != "db" for c in changes(server, "?since=2026-02-01T00:00:00Z"))
    assert [c["service"] for c in changes(server, "?until=2026-02-01T00:00:00Z")] == ["db"]
    status, problem = server.json("GET", "/api/v1/changes?kind=miracle")
    assert status == 422 or status == 400, problem


def test_words_that_cannot_be_are_refused(server):
    for bad in ({}, {"title": " "}, {"title": "x", "kind": "miracle"}, {"title": "x" * 201},
                {"title": "x", "began": "2026-01-02T00:00:00Z", "ended": "2026-01-01T00:00:00Z"}):
        status, problem = server.json("POST", "/api/v1/changes", bad)
        assert 400 <= status < 500 and problem["detail"], (bad, status, problem)
    sent = send(server, title="x", sender="github")
    status, got = server.json("GET", f"/api/v1/changes/{sent['change']}")
    assert status == 200 and "sender" not in got or got["sender"] == "", got


def test_command_line(server):
    done = server.run("change", "send", "cli change", "--service", "web", "--kind", "config", "--rollback")
    assert done.returncode == 0 and 'config "cli change" of web' in done.stdout, (done.stdout, done.stderr)
    listed = server.run("change", "list")
    assert listed.returncode == 0 and "cli change" in listed.stdout, listed.stderr


def test_kept_through_a_kill_and_a_rebuild(server):
    before = changes(server)
    assert before
    server.kill()
    server.start()
    assert changes(server) == before
    sent = send(server, title="after the kill")
    assert sent["change"] == max(c["number"] for c in before) + 1, sent
    rebuilt = subprocess.run([APLOMB, "rebuild", "--data", server.data], capture_output=True, text=True, check=False)
    assert rebuilt.returncode == 0 and "identical" in rebuilt.stdout, (rebuilt.stdout, rebuilt.stderr)
    assert len(changes(server)) == len(before) + 1
    assert server.verify().returncode == 0


def test_redacted_words_are_gone(server):
    sent = send(server, title="token hunter2-QUUX rotated", service="vault")
    done = server.run("redact", str(sent["pos"]), "--because", "a token", "-y")
    assert done.returncode == 0, done.stderr
    status, text, _ = server.ask("GET", "/api/v1/changes")
    assert status == 200 and b"hunter2-QUUX" not in text
    assert server.verify().returncode == 0


def test_a_deploy_script_goes_on_while_the_server_is_away(server):
    before = len(changes(server))
    deploy = ["change", "send", "payments v900", "--service", "payments", "--key", "ci-900"]
    server.kill()
    begins = server.run(*deploy, "--state", "running", "--link", "https://ci.example/900")
    assert begins.returncode == 0 and "kept here" in begins.stderr and not begins.stdout, begins
    ends = server.run(*deploy, "--undo", "deploy payments v899", "--differs", "pool 50 to 5", "--version", "v900")
    assert ends.returncode == 0 and "kept here" in ends.stderr, ends
    wrong = server.run("change", "send", "x", "--kind", "miracle")
    assert wrong.returncode == 2 and not wrong.stdout, wrong
    server.start()
    said = server.run("change", "send", "payments v900 again", "--service", "payments", "--key", "ci-900", "--state", "undone")
    assert said.returncode == 0 and "had waited: 2" in said.stderr, said
    (one,) = changes(server, "?service=payments")[:1]
    assert len(changes(server)) == before + 1, "a change told of three times is one"
    assert (one["state"], one["link"], one["undo"], one["version"], one["differs"]) == (
        "undone", "https://ci.example/900", "deploy payments v899", "v900", "pool 50 to 5"), one
    assert one["began"] < one["recorded"], "it began when the script said so, not when it was heard"
    refused = server.run("change", "send", "x", "--token-file", "/nowhere")
    assert refused.returncode not in (0, 6), refused
