# SPDX-License-Identifier: Apache-2.0
"""The freeze gate: what is frozen is refused and told, the fix and a rollback pass, and a restart of ours opens nothing."""
import json
import os
import re
import threading
import time
import urllib.parse

from server import Server  # noqa: F401 -- run.py hands one over


def declare(server, service, title="Slow"):
    status, reply = server.json("POST", "/api/v1/incidents", {"title": f"{title} {service}", "severity": "sev3",
                                                              "services": [service], "because": "a test"})
    assert status == 201, reply
    return reply["incident"]


def do(server, incident, verb, body=None):
    status, reply = server.json("POST", f"/api/v1/incidents/{incident}/{verb}", body or {})
    assert 200 <= status < 300, reply
    return reply


def freeze(server, service, **more):
    incident = declare(server, service)
    do(server, incident, "freeze/start", {"reason": "we are looking"} | more)
    return incident


def ask(server, service, what="deploy v231", **more):
    status, reply = server.json("POST", "/api/v1/gate", {"service": service, "what": what} | more)
    assert status == 200, reply
    return reply


def timeline(server, incident):
    _, reply = server.json("GET", f"/api/v1/incidents/{incident}/timeline")
    return [x["said"] for x in reply["timeline"]]


def token_of(server, *scopes):
    status, body, _ = server.ask("POST", "/people/me/tokens", urllib.parse.urlencode(
        [("name", "-".join(scopes))] + [("scopes", s) for s in scopes]),
        {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
    found = re.search(rb"apl_[A-Za-z0-9_-]+", body)
    assert found, (status, body[:400])
    return found.group(0).decode()


def test_refuses_what_is_frozen(server):
    incident = freeze(server, "one")
    reply = ask(server, "one", who="octocat", environment="production", via="github")
    assert reply["open"] is False and "frozen until" in reply["said"] and "we are looking" in reply["said"], reply
    assert "freeze bypass" in reply["next"] and reply["recorded"] > 0
    assert [x["incident"] for x in reply["incidents"]] == [incident] and reply["freeze"]["number"] == 1, reply
    assert reply["freeze"]["incident"] == incident and reply["freeze"]["until"].endswith("Z")
    assert sum("octocat was refused at the gate: deploy v231 on one in production" in s for s in timeline(server, incident)) == 1
    other = ask(server, "elsewhere")
    assert other["open"] is True and other["recorded"] == 0 and other["incidents"] == [], other


def test_a_retrying_pipeline_does_not_flood(server):
    incident = freeze(server, "two")
    first = ask(server, "two")
    before = len(timeline(server, incident))
    for _ in range(20):
        again = ask(server, "two")
        assert again["open"] is False and again["recorded"] == 0, again
    assert len(timeline(server, incident)) == before and first["recorded"] > 0


def test_looking_leaves_no_trace(server):
    incident = freeze(server, "three")
    before = len(timeline(server, incident))
    status, reply = server.json("GET", "/api/v1/gate?service=three&what=deploy+v231")
    assert status == 200 and reply["open"] is False and reply["recorded"] == 0, reply
    status, reply = server.json("GET", "/api/v1/gate?service=three&what=back&rollback=yes")
    assert status == 200 and reply["open"] is True and len(timeline(server, incident)) == before


def test_the_fix_and_a_rollback_pass(server):
    incident = freeze(server, "four", allow=["v232"])
    assert ask(server, "four", "deploy v232", who="octocat")["open"] is True
    assert ask(server, "four", "deploy v2320")["open"] is False
    back = ask(server, "four", "back to v230", rollback=True)
    assert back["open"] is True and "rollback always passes" in back["said"].lower(), back
    do(server, incident, "freeze/bypass", {"what": "deploy v9", "reason": "the law"})
    assert ask(server, "four", "deploy v9")["open"] is True
    told = "\n".join(timeline(server, incident))
    assert "let octocat through the freeze" in told and "rolled back through the freeze: back to v230" in told, told


def test_several_incidents_each_hear_of_it(server):
    one, two = freeze(server, "five"), freeze(server, "six")
    do(server, two, "freeze/bypass", {"what": "deploy v1", "reason": "urgent"})
    status, reply = server.json("POST", "/api/v1/gate", {"services": ["five", "six"], "what": "deploy v1", "who": "octocat"})
    assert status == 200 and reply["open"] is False, reply
    assert [(x["incident"], x["verdict"]) for x in reply["incidents"]] == [(one, "refused"), (two, "let-through")], reply
    assert any("octocat was refused" in s for s in timeline(server, one))
    assert any("let octocat through" in s for s in timeline(server, two))


def test_what_is_lifted_resolved_or_over_is_open(server):
    incident = freeze(server, "seven")
    do(server, incident, "freeze/lift", {"reason": "known"})
    assert ask(server, "seven")["open"] is True
    do(server, incident, "freeze/start", {"reason": "again"})
    assert ask(server, "seven")["open"] is False
    do(server, incident, "incident/resolve", {"summary": "over", "because": "a test"})
    assert ask(server, "seven")["open"] is True
    merged, into = freeze(server, "eight"), declare(server, "other")
    do(server, merged, "incident/merge", {"into": into, "because": "a test"})
    assert ask(server, "eight")["open"] is False, "a merged incident's freeze stays on"


def test_a_restart_opens_nothing(server):
    incident = freeze(server, "nine")
    assert ask(server, "nine")["open"] is False
    server.kill()
    server.start()
    reply = ask(server, "nine", "deploy v232")
    assert reply["open"] is False and reply["freeze"]["incident"] == incident, reply
    assert ask(server, "nine")["recorded"] == 0, "told again although it just was"


def test_fifty_at_once_are_told_once(server):
    incident = freeze(server, "ten")
    replies, threads = [], []
    for _ in range(50):
        threads.append(threading.Thread(target=lambda: replies.append(ask(server, "ten", "deploy v1"))))
        threads[-1].start()
    for t in threads:
        t.join()
    assert len(replies) == 50 and not any(r["open"] for r in replies)
    assert sum(r["recorded"] > 0 for r in replies) == 1, [r["recorded"] for r in replies]
    assert sum("was refused at the gate: deploy v1" in s for s in timeline(server, incident)) == 1


def test_lifting_and_asking_at_once_never_contradict(server):
    """Whoever was told "closed" stands on the timeline before the lift, whoever was told "open" does not stand there."""
    incident = freeze(server, "eleven")
    replies, threads = {}, []
    for i in range(30):
        threads.append(threading.Thread(target=lambda i=i: replies.update({i: ask(server, "eleven", f"deploy v{i:03}")})))
    threads.insert(15, threading.Thread(target=lambda: do(server, incident, "freeze/lift", {"reason": "known"})))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    said = timeline(server, incident)
    lifted = next(i for i, s in enumerate(said) if "lifted the freeze" in s)
    for i, reply in replies.items():
        at = [n for n, s in enumerate(said) if f"refused at the gate: deploy v{i:03} " in s]
        assert (at and at[0] < lifted) if not reply["open"] else not at, (i, reply, at, lifted)


def test_what_passed_unasked_is_told_later(server):
    incident = freeze(server, "twelve")
    _, state = server.json("GET", f"/api/v1/incidents/{incident}")
    since = state["freezes"][0]["since"]
    do(server, incident, "freeze/lift", {"reason": "known"})
    body = {"service": "twelve", "what": "deploy v1", "who": "octocat", "passed": since}
    for _ in range(2):
        status, reply = server.json("POST", "/api/v1/gate", body)
        assert status == 200 and reply["open"] is True, reply
    assert sum("octocat changed something at" in s and "deploy v1 on twelve" in s for s in timeline(server, incident)) == 1


def test_refuses_what_cannot_be_read(server):
    for body, status in (({"what": 5}, 422), ({"colour": "red"}, 422), ({"what": "x" * 501}, 422),
                         ({"services": ["a"] * 51}, 422), ({"services": ["a" * 201]}, 422), ({"passed": "soon"}, 422),
                         ({"rollback": "maybe"}, 422)):
        got, reply = server.json("POST", "/api/v1/gate", body)
        assert got in (400, status) and reply["detail"], (body, got, reply)
    assert server.ask("POST", "/api/v1/gate", b"{", {"Content-Type": "application/json"})[0] == 400
    assert server.ask("POST", "/api/v1/gate", b"<x/>", {"Content-Type": "text/xml"})[0] == 415
    assert server.ask("GET", "/api/v1/gate?colour=red")[0] in (400, 422)
    assert server.ask("POST", "/api/v1/gate", {"service": "x"}, {"Authorization": None})[0] == 401
    assert server.ask("POST", "/api/v1/gate", b"")[0] == 200


def test_hostile_words_stay_words(server):
    incident = freeze(server, "thirteen")
    what = "v1'; rm -rf ~ #\n\u202e<b>{who}[x]</b>"
    reply = ask(server, "thirteen", what, who="{reason}<script>")
    assert reply["open"] is False and "rm -rf" not in reply["next"], reply
    said = next(s for s in timeline(server, incident) if "rm -rf" in s)
    assert "\n" not in said and "\u202e" not in said and said.startswith("{reason}<script> was refused"), said
    _, page, _ = server.ask("GET", f"/incidents/{incident}", headers={"Accept": "text/html"})
    assert b"<script>was" not in page and b"&lt;b&gt;" in page
    reply = ask(server, "thirteen", "deploy", who="x", link="password=hunter2hunter2")
    assert "hunter2hunter2" not in json.dumps(server.json("GET", f"/api/v1/incidents/{incident}")[1])


def test_a_name_that_nobody_knows_is_told(server):
    assert "next" not in ask(server, "chekout")
    status, reply = server.json("POST", "/api/v1/desk/service/set", {"name": "checkout", "owner": "shop"})
    assert 200 <= status < 300, reply
    assert "next" not in ask(server, "Checkout")
    reply = ask(server, "chekout")
    assert reply["open"] is True and "no service called chekout" in reply["next"], reply
    done = server.run("freeze", "check", "--service", "chekout")
    assert done.returncode == 0 and "no service called chekout" in done.stderr, done


def test_scopes(server):
    freeze(server, "fourteen")
    for scope, may_ask, may_look in (("intake", 200, 403), ("write", 200, 200), ("read", 403, 200)):
        bearer = {"Authorization": "Bearer " + token_of(server, scope)}
        assert server.ask("POST", "/api/v1/gate", {"service": "fourteen"}, bearer)[0] == may_ask, scope
        assert server.ask("GET", "/api/v1/gate?service=fourteen", headers=bearer)[0] == may_look, scope


# The command line


def check(server, *words, **env):
    keep = {k: os.environ.get(k) for k in env}
    os.environ.update(env)
    try:
        return server.run("freeze", "check", *words)
    finally:
        for k, v in keep.items():
            if v is None:
                del os.environ[k]
            else:
                os.environ[k] = v


def test_the_command_asks(server):
    incident = freeze(server, "cli-one")
    done = check(server, "--service", "cli-one", "--what", "deploy v231", GITHUB_ACTOR="octocat")
    assert done.returncode == 7 and not done.stdout, done
    assert "Changes to cli-one are frozen until" in done.stderr and "freeze bypass 'deploy v231'" in done.stderr, done.stderr
    assert any("octocat was refused at the gate: deploy v231 on cli-one" in s for s in timeline(server, incident))
    done = check(server, "deploy v231", "--service", "cli-free")
    assert done.returncode == 0 and "Nothing is frozen for cli-free." in done.stdout, done
    done = check(server, "--service=cli-one", "--rollback", "back to v230", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["open"] is True, done
    assert any("rolled back through the freeze: back to v230" in s for s in timeline(server, incident))
    done = check(server, "--service", "cli-one", "--rollback", "-q")
    assert done.returncode == 0 and not done.stdout and not done.stderr, done


def test_the_command_says_what_is_wrong_with_it(server):
    for words, word in ((["--service"], "needs a value"), (["--servce", "x"], "no flag"), (["deploy", "v1"], "quotes")):
        done = check(server, *words)
        assert done.returncode == 2 and word in done.stderr, done
    wrong, server.token = server.token, "apl_wrong"
    try:
        done = check(server, "--service", "x")
        assert done.returncode == 4, done
        done = check(server, "--service", "x", "--rollback")
        assert done.returncode == 0 and "a rollback is never stopped" in done.stderr, done
    finally:
        server.token = wrong
    assert "Sent what had waited: 1." in server.run("status").stderr


def test_the_command_waits_out_a_restart(server):
    freeze(server, "cli-two")
    server.kill()
    result = []
    waiting = threading.Thread(target=lambda: result.append(check(server, "--service", "cli-two", "--what", "deploy v1")))
    waiting.start()
    time.sleep(0.3)
    server.start()
    waiting.join()
    assert result[0].returncode == 7 and "are frozen until" in result[0].stderr, result


def test_the_command_passes_when_nobody_answers_and_tells_later(server):
    incident = freeze(server, "cli-three")
    server.kill()
    done = check(server, "--service", "cli-three", "--what", "deploy v1", "--who", "octocat", "--timeout", "1")
    assert done.returncode == 0 and "could not be asked" in done.stderr and "The change passes" in done.stderr, done
    done = check(server, "--service", "cli-three", "--what", "deploy v2", "--timeout", "1", "--fail-closed")
    assert done.returncode == 7 and "could not be asked" in done.stderr, done
    began = time.monotonic()
    done = check(server, "--service", "cli-three", "--what", "back", "--rollback", "--fail-closed", "--who", "octocat")
    assert done.returncode == 0 and time.monotonic() - began < 10, done
    server.start()
    assert "Sent what had waited: 2." in server.run("status").stderr
    told = timeline(server, incident)
    assert sum("octocat changed something at" in s and "deploy v1 on cli-three" in s for s in told) == 1, told
    assert sum("octocat rolled back through the freeze: back on cli-three" in s and "could not be asked" in s for s in told) == 1
    assert not any("deploy v2" in s for s in told)
