# SPDX-License-Identifier: Apache-2.0
"""One incident through the API: all ten steps, refusals with their sentences, safe repetition."""
import hashlib


def declare(server, title="Checkout is slow", **fields):
    status, reply = server.json("POST", "/api/v1/incidents", {"title": title, "severity": "sev2", **fields})
    assert status == 201, (status, reply)
    return reply["incident"]


def do(server, n, verb, want=(200, 201), **fields):
    status, reply = server.json("POST", f"/api/v1/incidents/{n}/{verb}", fields)
    assert status in want, (verb, status, reply)
    return reply


def test_the_ten_steps(server):
    n = declare(server, "Pool exhausted", services=["payments"])
    do(server, n, "freeze/start", reason="until we know more", lasts="1h")
    do(server, n, "symptom/record", fails="pay", works="browse", spread="partial", changed="config 881")
    do(server, n, "update/send", happened="Payments are slow.", impact="One in five fails.", doing="We look at the pool.",
       next="+30m")
    do(server, n, "evidence/add", title="pool timeout in the logs", kind="log", text="1,204 lines since 02:39")
    do(server, n, "hypothesis/open", cause="The pool was cut from 50 to 5")
    do(server, n, "hypothesis/predict", prediction="pool waits fall when it is put back")
    do(server, n, "hypothesis/test", what="pool size now and at 02:30", result="supports", evidence=["1"])
    do(server, n, "hypothesis/confirm", why="the pool is at 5", evidence=["1"])
    do(server, n, "mitigation/propose", what="undo config 881", kind="rollback", services=["payments"])
    do(server, n, "mitigation/approve", mitigation=1)
    do(server, n, "mitigation/start", mitigation=1)
    do(server, n, "mitigation/done", outcome="pool is at 50 again")
    refused = do(server, n, "incident/resolve", want=(409,))
    assert refused["guard"] == "verified-first" and refused["next"], refused
    do(server, n, "recovery/check", what="p99 below 1 s", hold="1m", every="1m")
    do(server, n, "incident/resolve", because="The customer's own monitor is green.", summary="Config undone.")
    do(server, n, "review/draft")
    do(server, n, "action/add", title="Validate the pool size in CI")
    status, refused = server.json("POST", f"/api/v1/incidents/{n}/review/publish", {})
    assert status in (409, 422) and "owner" in refused["detail"], refused
    do(server, n, "action/edit", action=1, owner="root", due="2099-01-01")
    do(server, n, "review/edit", summary="A config change cut the pool.", root_cause="No check of the limit.")
    do(server, n, "review/publish")
    do(server, n, "action/done", action=1, outcome="a check refuses it now")
    status, inc = server.json("GET", f"/api/v1/incidents/{n}")
    assert inc["phase"] == "closed", inc["phase"]
    status, t = server.json("GET", f"/api/v1/incidents/{n}/timeline")
    said = " ".join(e["said"] for e in t["timeline"])
    for word in ("Pool exhausted", "config 881", "pool timeout", "customer's own monitor"):
        assert word in said, (word, said)


def test_a_wrong_field_is_named(server):
    for body, field in (({"title": "x", "severity": "sev9"}, "severity"), ({"severity": "sev1"}, "title"),
                        ({"title": "x", "severity": "sev1", "colour": "red"}, "colour"), ({"title": 7, "severity": "sev1"}, "title")):
        status, problem = server.json("POST", "/api/v1/incidents", body)
        assert status == 422 and problem["field"] == field, (status, problem)
        assert problem["title"] and problem["detail"] and problem["status"] == 422


def test_a_repeated_key_declares_once(server):
    body = {"title": "Search is down", "severity": "sev1"}
    first = server.json("POST", "/api/v1/incidents", body, {"Idempotency-Key": "k-1"})
    again = server.json("POST", "/api/v1/incidents", body, {"Idempotency-Key": "k-1"})
    assert first[1]["incident"] == again[1]["incident"], (first, again)
    other = server.json("POST", "/api/v1/incidents", {"title": "Other", "severity": "sev1"}, {"Idempotency-Key": "k-1"})
    assert other[0] == 422, other


def test_the_same_trouble_is_offered_first(server):
    n = declare(server, "Login fails for everybody", services=["login"])
    status, problem = server.json("POST", "/api/v1/incidents", {"title": "Users cannot log in", "severity": "sev2", "services": ["login"]})
    assert status == 409 and problem["guard"] == "looks-the-same" and str(n) in problem["detail"], problem


def test_two_changes_at_once_are_refused(server):
    n = declare(server, "Images are broken", severity="sev3", services=["images"])
    do(server, n, "evidence/add", title="500s from the resizer", kind="log", text="14:02 resizer: 500")
    for what in ("roll back images v7", "roll back cdn config"):
        do(server, n, "mitigation/propose", what=what, kind="rollback", services=["images"])
    do(server, n, "mitigation/start", mitigation=1)
    refused = do(server, n, "mitigation/start", want=(409,), mitigation=2)
    assert refused["guard"] == "one-change" and "roll back images v7" in refused["detail"], refused


def test_blobs_come_back_as_they_went(server):
    body = bytes(range(256)) * 64
    status, reply, _ = server.ask("POST", "/api/v1/blobs", body, {"Content-Type": "application/octet-stream"})
    assert status == 201, (status, reply)
    digest = hashlib.sha256(body).hexdigest()
    status, got, headers = server.ask("GET", f"/blobs/{digest}")
    assert (status, got) == (200, body) and "attachment" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    n = declare(server, "Blob holder", services=["blobs"])
    do(server, n, "evidence/add", title="dump", kind="output", blob=digest)


def test_strangers_and_wrong_tokens_are_refused(server):
    for auth in (None, "Bearer nonsense", "Bearer apl_" + "A" * 49):
        status, _, _ = server.ask("GET", "/api/v1/incidents", headers={"Authorization": auth})
        assert status == 401, (auth, status)


def test_unknown_things_are_404_with_a_sentence(server):
    for path in ("/api/v1/incidents/999", "/api/v1/nothing", "/nowhere", "/blobs/" + "0" * 64):
        status, text, _ = server.ask("GET", path)
        assert status == 404 and len(text) > 20, (path, status, text)


def test_forms_need_their_proof(server):
    form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": None, "Cookie": "aplomb_session=forged"}
    status, _, _ = server.ask("POST", "/api/v1/incidents", b"title=x&severity=sev1", form)
    assert status in (401, 403), status


def test_every_page_carries_the_headers(server):
    _, _, h = server.ask("GET", "/sign-in", headers={"Authorization": None})
    assert "default-src 'none'" in h["Content-Security-Policy"] and "frame-ancestors 'none'" in h["Content-Security-Policy"]
    assert h["X-Content-Type-Options"] == "nosniff" and h["Referrer-Policy"] == "no-referrer"
    assert "unsafe-inline" not in h["Content-Security-Policy"]
