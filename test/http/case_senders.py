# SPDX-License-Identifier: Apache-2.0
"""The doors of senders: integrations and their keys, each way a sender carries one, answers in its own shape, what is kept of
a body that nobody understands, tests, and that a crash forgets nothing."""
import base64
import json
import os
import re

JSON = {"Content-Type": "application/json", "Authorization": None}
keys = {}


def add(server, name, source, **more):
    status, said = server.json("POST", "/api/v1/desk/integration/add", {"name": name, "source": source, **more})
    assert status == 200, said
    assert re.fullmatch("[0-9a-f]{32}", said["key"]), said
    assert said["key"] in said["said"]
    keys[name] = said["key"]
    return said["key"]


def post(server, path, body, headers=None, method="POST"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, text, got = server.ask(method, path, raw, JSON | (headers or {}))
    return status, (json.loads(text) if text else None), got


def alerts(server):
    status, all_ = server.json("GET", "/api/v1/alerts")
    assert status == 200
    return {a["name"]: a for a in all_["alerts"]}


def page(server, path):
    status, text, _ = server.ask("GET", path, headers={"Accept": "text/html"})
    assert status == 200, (status, text)
    return text.decode()


def test_a_senders_old_key_is_let_in_on_loopback_until_keys_are_given_out(server):
    event = {"routing_key": "0" * 31 + "1", "event_action": "trigger", "dedup_key": "old-home",
             "payload": {"summary": "From an old home", "source": "db-1", "severity": "error"}}
    status, said, _ = post(server, "/v2/enqueue", event)
    assert status == 202 and said["dedup_key"] == "old-home", (status, said)
    status, said, _ = post(server, "/v2/alerts", {"message": "From another"}, {"Authorization": "GenieKey old"})
    assert status == 202, (status, said)
    assert {"From an old home", "From another"} <= set(alerts(server)), alerts(server)
    status, said, _ = post(server, "/v2/enqueue", event | {"routing_key": "apl_wrong"})
    assert status == 401, (status, said)


def test_an_integration_is_added_with_a_key_that_no_event_holds(server):
    add(server, "checkout", "pagerduty", note="the shop")
    add(server, "ops", "opsgenie")
    add(server, "disk-checks", "generic", title="{{host}}: {{check}}", severity="level", severities="CRIT=critical,*=info",
        state="state", resolved="ok", key="host")
    status, said = server.json("POST", "/api/v1/desk/integration/add", {"name": "checkout", "source": "grafana"})
    assert status == 409 and "already" in said["detail"], said
    for bad in ({"name": "Big", "source": "generic"}, {"name": "a b", "source": "generic"}, {"name": "x", "source": "smoke"},
                {"name": "x", "source": "generic", "title": "{{open"}, {"name": "x", "source": "generic", "severities": "CRIT"}):
        status, said = server.json("POST", "/api/v1/desk/integration/add", bad)
        assert status == 422 and said["detail"], (bad, said)
    status, _, _ = server.ask("POST", "/api/v1/desk/integration/add", {"name": "x", "source": "generic"}, {"Authorization": None})
    assert status == 401, status
    with open(os.path.join(server.data, "aplomb.db"), "rb") as f, open(os.path.join(server.data, "aplomb.db-wal"), "rb") as w:
        on_disk = f.read() + w.read()
    assert not any(k.encode() in on_disk for k in keys.values()), "a key is on disk"


def test_pagerduty_triggers_and_resolves_by_its_key(server):
    event = {"routing_key": keys["checkout"], "event_action": "trigger", "dedup_key": "db1",
             "payload": {"summary": "Disk full on db1", "source": "db1", "severity": "critical"}}
    status, said, _ = post(server, "/v2/enqueue", event)
    assert (status, said["status"], said["dedup_key"]) == (202, "success", "db1"), (status, said)
    assert alerts(server)["Disk full on db1"]["severity"] == "critical"
    status, _, _ = post(server, "/v2/enqueue", {"routing_key": keys["checkout"], "event_action": "resolve", "dedup_key": "db1"})
    assert status == 202
    alert = alerts(server)["Disk full on db1"]
    assert not alert.get("is_firing") and alert["severity"] == "critical", alert


def test_an_acknowledgement_is_told_in_the_name_of_the_sender(server):
    event = {"routing_key": keys["checkout"], "event_action": "trigger", "dedup_key": "ack",
             "payload": {"summary": "Queue grows", "source": "mq", "severity": "warning"}}
    post(server, "/v2/enqueue", event)
    ack = {"routing_key": keys["checkout"], "event_action": "acknowledge", "dedup_key": "ack"}
    for _ in range(2):
        assert post(server, "/v2/enqueue", ack)[0] == 202
    alert = alerts(server)["Queue grows"]
    assert alert["acked_by"] == "PagerDuty (checkout)" and alert["is_firing"], alert
    assert "PagerDuty (checkout)" in page(server, "/alerts")


def test_a_bare_resolve_of_something_unknown_makes_no_alert_and_is_kept(server):
    before = len(alerts(server))
    status, _, _ = post(server, "/v2/enqueue", {"routing_key": keys["checkout"], "event_action": "resolve", "dedup_key": "nobody"})
    assert status == 202 and len(alerts(server)) == before


def test_a_wrong_key_is_refused_even_on_loopback_in_the_senders_shape(server):
    wrong = "0123456789abcdef0123456789abcdef"
    status, said, _ = post(server, "/v2/enqueue", {"routing_key": wrong, "event_action": "trigger"})
    assert status == 401 and said["status"] == "invalid key" and said["errors"], (status, said)
    status, said, _ = post(server, "/v2/alerts", {"message": "x"}, {"Authorization": "GenieKey nonsense"})
    assert status == 401 and said["message"] and "took" in said, (status, said)
    status, said, _ = post(server, "/api/v2/alerts", [], {"Authorization": f"Bearer {wrong}"})
    assert status == 401 and isinstance(said, str), (status, said)
    for headers, query in (({"X-Api-Key": wrong}, ""), ({"Authorization": "Basic !!"}, ""), ({}, f"?token={wrong}"),
                           ({}, "?access_token=apl_wrong")):
        status, said, _ = post(server, "/in/generic" + query, {"title": "Never"}, headers)
        assert status == 401 and said["code"] == "sign-in", (headers, query, said)
    assert "Never" not in alerts(server)


def test_a_key_opens_only_its_own_senders_door(server):
    status, said, _ = post(server, "/v2/enqueue", {"routing_key": keys["ops"], "event_action": "trigger"})
    assert status == 403 and "Opsgenie" in said["message"] and "PagerDuty" in said["message"], said
    add(server, "other", "generic")
    status, said, _ = post(server, "/in/generic/disk-checks", {"title": "x"}, {"X-Api-Key": keys["other"]})
    assert status == 403, said
    status, said, _ = post(server, "/generic/2010-04-15/create_event.json",
                           {"service_key": keys["checkout"], "event_type": "trigger", "incident_key": "v1", "description": "Old sender"})
    assert status == 200 and said["incident_key"] == "v1", said


def test_the_key_is_taken_in_every_way(server):
    key = keys["disk-checks"]
    basic = base64.b64encode(f"aplomb:{key}".encode()).decode()
    alone = base64.b64encode(f"{key}:".encode()).decode()
    ways = [({"Authorization": f"Bearer {key}"}, ""), ({"Authorization": f"Basic {basic}"}, ""), ({"Authorization": f"Basic {alone}"}, ""),
            ({"X-Api-Key": key}, ""), ({}, f"?token={key}"), ({}, f"?access_token={key}")]
    for n, (headers, query) in enumerate(ways):
        for path in ("/in/generic/disk-checks", "/in/generic"):
            status, said, _ = post(server, path + query, {"host": f"way{n}", "check": "disk", "level": "CRIT"}, headers)
            assert status == 200, (headers, query, path, said)
        assert alerts(server)[f"way{n}: disk"]["severity"] == "critical"
    status, _, _ = post(server, "/in/generic", {"title": "By token"}, {"Authorization": f"Bearer {server.token}"})
    assert status == 200 and "By token" in alerts(server)


def test_opsgenie_creates_and_closes_by_alias_with_a_slash(server):
    genie = {"Authorization": f"GenieKey {keys['ops']}"}
    status, said, _ = post(server, "/v2/alerts/", {"message": "Latency", "alias": "eu/checkout", "priority": "P1"}, genie)
    assert status == 202 and said["requestId"], said
    assert alerts(server)["Latency"]["is_firing"]
    status, _, _ = post(server, "/v2/alerts/eu%2Fcheckout/close/?identifierType=alias", {}, genie)
    assert status == 202 and not alerts(server)["Latency"].get("is_firing")
    post(server, "/v2/alerts", {"message": "Latency again", "alias": "again"}, genie)
    status, _, _ = server.ask("DELETE", f"/v2/alerts/again?identifierType=alias&apiKey={keys['ops']}", headers={"Authorization": None})
    assert status == 202 and not alerts(server)["Latency again"].get("is_firing")
    for path in ("/v2/alerts/requests/0", "/v2/alerts/requests/" + said["requestId"][:-1], "/v2/heartbeats/x/ping"):
        status, text, _ = server.ask("GET", path, headers={"Authorization": None})
        assert status == 404 and len(json.loads(text)["message"]) > 20, (path, text)


def test_opsgenie_tells_what_came_of_a_request(server):
    genie = {"Authorization": f"GenieKey {keys['ops']}"}

    def outcome(request):
        status, said, _ = request
        assert len(said["requestId"]) == 36, said
        got, told = server.json("GET", f"/v2/alerts/requests/{said['requestId']}", headers=genie)
        assert got == 200 and told["requestId"] == said["requestId"] and told["data"]["processedAt"].startswith("20"), told
        assert told["data"]["success"] == told["data"]["isSuccess"]
        return status, told["data"]["action"], told["data"]["success"], told["data"]["alertId"]
    made = outcome(post(server, "/v2/alerts", {"message": "Asked about", "alias": "asked"}, genie))
    shown = alerts(server)["Asked about"]["fingerprint"]
    assert made == (202, "Create", True, shown), made
    close = "/v2/alerts/{}/close?identifierType={}"
    assert outcome(post(server, "/v2/alerts/asked/acknowledge?identifierType=alias", {}, genie)) == (202, "Acknowledge", True, shown)
    assert outcome(post(server, close.format("asked", "alias"), {}, genie)) == (202, "Close", True, shown)
    assert outcome(post(server, close.format("never-heard-of", "alias"), {}, genie)) == (202, "Close", False, "")
    assert outcome(post(server, "/v2/alerts/asked/snooze?identifierType=alias", {}, genie)) == (202, "", False, "")
    for kind in ("id", "tiny"):
        assert outcome(post(server, close.format(shown, kind), {}, genie)) == (422, "", False, "")
        assert "identifierType=alias" in post(server, close.format(shown, kind), {}, genie)[1]["message"]
    status, _, _ = server.ask("GET", "/v2/alerts/requests/0", headers={"Authorization": "GenieKey " + "0" * 32})
    assert status == 401, status


def test_cloudevents_shake_hands_and_come_in_binary(server):
    status, _, got = server.ask("OPTIONS", "/in/cloudevents", headers={"Authorization": None, "WebHook-Request-Origin": "hub.example",
                                                                       "WebHook-Request-Rate": "120"})
    assert status == 200 and got["WebHook-Allowed-Origin"] == "hub.example" and got["WebHook-Allowed-Rate"] == "120", got
    assert "OPTIONS" in got["Allow"]
    status, _, _ = post(server, "/in/cloudevents", {"title": "From an event", "severity": "warning"},
                        {"ce-id": "1", "ce-source": "/x", "ce-type": "disk.full", "ce-specversion": "1.0"})
    assert status in (200, 202, 204), status
    assert "From an event" in alerts(server)


def test_the_command_line_lists_the_doors_without_their_keys(server):
    said = server.run("integration", "list", "--json=name,source,label,day,rejected,last,made,note")
    assert said.returncode == 0, said
    rows = {row.get("name"): row for row in json.loads(said.stdout) if row.get("name")}
    assert rows["ops"]["source"] == "opsgenie" and rows["ops"]["last"] and rows["ops"]["day"] > 5, rows["ops"]
    assert rows["checkout"]["note"] == "the shop" and rows["checkout"]["made"], rows["checkout"]
    table = server.run("integration", "list")
    assert table.returncode == 0 and "ops\tOpsgenie\t" in table.stdout and "the shop" in table.stdout, table.stdout
    whole = server.ask("GET", "/api/v1/integrations")[1].decode() + table.stdout
    assert not any(key in whole for key in keys.values()), "a key is told"
    assert "'label'" in server.run("integration", "list", "--json=lable").stderr
    assert server.run("integration", "list", "ops").returncode == 2
    assert server.ask("GET", "/api/v1/integrations", headers={"Authorization": None})[0] == 401


def test_a_cloudevent_that_comes_again_changes_nothing(server):
    fires = {"specversion": "1.0", "id": "f1", "source": "/again", "type": "disk", "subject": "db9", "data": {"title": "Again", "status": "open"}}
    ends = fires | {"id": "e1", "data": {"title": "Again", "status": "resolved"}}
    typed = {"Content-Type": "application/cloudevents+json"}
    for event, is_firing in ((fires, True), (fires, True), (ends, False), (fires, False), (fires | {"id": "f2"}, True), (ends, True)):
        status, text, _ = post(server, "/in/cloudevents", event, typed)
        assert status == 202, (status, text)
        alert = alerts(server)["Again"]
        assert alert.get("is_firing", False) == is_firing, (event, alert)
    post(server, "/in/cloudevents", ends | {"id": "e2"}, typed)
    server.kill()
    server.start()
    for late in (fires, fires | {"id": "f2"}):
        post(server, "/in/cloudevents", late, typed)
        assert not alerts(server)["Again"].get("is_firing"), late
    # another sender's event of the same id is another event
    post(server, "/in/cloudevents", fires | {"source": "/again2"}, typed)
    assert [a for a in server.json("GET", "/api/v1/alerts")[1]["alerts"] if a["name"] == "Again" and a.get("is_firing")]


def test_other_methods_get_405_with_a_sentence(server):
    for method, path in (("GET", "/v2/enqueue"), ("GET", "/in/generic"), ("PATCH", "/v2/alerts/x"), ("DELETE", "/in/generic/x")):
        status, text, headers = server.ask(method, path, headers={"Authorization": None})
        assert "POST" in headers["Allow"], (method, path, headers["Allow"])
        assert status == 405 and "does not take" in json.loads(text)["detail"], (method, path, text)
    status, text, _ = server.ask("POST", "/in/smoke-signals", b"{}", JSON)
    assert status == 404 and "pagerduty" in json.loads(text)["next"], text
    assert post(server, "/in/grafana", {"status": "firing", "alerts": []}, method="PUT")[0] in (200, 204)


def test_what_nobody_understands_is_kept_with_the_reason(server):
    status, said, _ = post(server, "/in/generic/disk-checks", {"unheard": "of <b>it</b>"}, {"X-Api-Key": keys["disk-checks"]})
    assert status == 422 and "title" in said["detail"], said
    html = page(server, "/settings/integrations")
    assert "disk-checks" in html and "not understood" in html and "Last received" in html, html
    row = re.search(r"/settings/inbox/(\d+)\">The body<span class=\"quiet\"> for disk-checks", html).group(1)
    status, text, headers = server.ask("GET", f"/settings/inbox/{row}")
    assert status == 200 and b"unheard" in text and headers["Content-Type"].startswith("text/plain"), text
    assert "&lt;b&gt;" in page(server, "/settings/integrations/disk-checks")


def test_a_key_is_blanked_in_what_is_kept(server):
    post(server, f"/in/generic?token={keys['disk-checks']}", {"host": "blank", "check": "x", "copy": keys["disk-checks"]})
    html = page(server, "/settings/integrations/disk-checks")
    row = re.search(r"/settings/inbox/(\d+)\">All", html).group(1)
    _, text, _ = server.ask("GET", f"/settings/inbox/{row}")
    assert b"blank" in text and keys["disk-checks"].encode() not in text, text


def test_the_last_body_is_read_by_a_mapping_before_it_is_saved(server):
    status, text, _ = server.ask("POST", "/settings/integrations/disk-checks/edit", b"_preview=1&title=check",
                                 {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
    assert status == 200 and b"not saved" in text and b"<dd>x</dd>" in text, text
    said = server.run("integration", "edit", "disk-checks", "--severity", "-")
    assert said.returncode == 0 and "changed" in said.stdout, said


def test_a_test_goes_the_same_way_and_says_so(server):
    for name in ("checkout", "ops", "disk-checks", "other"):
        status, _, headers = server.ask("POST", f"/settings/integrations/{name}/test", b"", {"Accept": "text/html"})
        assert status == 303 and headers["Location"].endswith("?tested=1"), (name, status)
    have = alerts(server)
    for name in ("checkout", "ops", "other"):
        alert = have[f"Test from {name}"]
        assert alert["is_firing"] and alert["ends"] and alert["labels"].find("aplomb_test") > 0, alert
    assert any("Test from disk-checks" in n for n in have), have.keys()


def test_a_test_of_each_source_that_offers_one_is_understood(server):
    offered = 0
    for source in re.findall(r'<option value="(\w+)"', page(server, "/settings/integrations")):
        name = "try-" + source.replace("_", "-")
        add(server, name, source)
        if "Send a test" not in page(server, f"/settings/integrations/{name}"):
            assert source in ("goalert", "sentry_release", "grafana_annotation"), source
            continue
        status, text, _ = server.ask("POST", f"/settings/integrations/{name}/test", b"", {"Accept": "text/html"})
        shown = page(server, f"/settings/integrations/{name}")
        assert status == 303 and "1 in 24 hours" in shown and "not understood" not in shown, (source, status, text)
        offered += 1
    assert offered > 15, offered


def test_a_script_sends_an_event_from_the_command_line(server):
    key = os.path.join(server.top, "key")
    with open(key, "w", encoding="ascii") as f:
        f.write(add(server, "scripts", "generic") + "\n")
    nagios = ["event", "send", "db1: disk", "--key", "db1/disk", "--description=DISK 97%", "--integration", "scripts", "--token-file", key]
    said = server.run(*nagios, "--severity", "CRITICAL")
    assert said.returncode == 0 and "Sent: db1: disk (firing)." in said.stdout, said
    alert = alerts(server)["db1: disk"]
    assert alert["is_firing"] and alert["severity"] == "critical" and "97%" in alert["summary"] + alert["annotations"], alert
    assert server.run(*nagios, "--severity", "OK").returncode == 0 and not alerts(server)["db1: disk"].get("is_firing")
    assert server.run(*nagios, "--state", "sideways").returncode == 2
    assert server.run("event", "send", "two", "words").returncode == 2
    with open(key, "w", encoding="ascii") as f:
        f.write("0" * 32)
    assert server.run(*nagios).returncode == 4


def test_an_event_waits_while_the_server_is_away_and_no_resolve_overtakes_it(server):
    server.kill()
    said = server.run("event", "send", "Away", "--key", "away", "--severity", "critical")
    assert said.returncode == 6 and "kept here" in said.stderr, said
    assert server.run("event", "send", "Long away", "-f", "-", input="a text\n" * 5, stdin=None).returncode == 6
    server.start()
    said = server.run("event", "send", "Away", "--key", "away", "--state", "resolved")
    assert said.returncode == 0 and "had waited: 2" in said.stderr, said
    have = alerts(server)
    assert not have["Away"].get("is_firing"), have["Away"]
    assert have["Long away"]["is_firing"]
    assert "waited" not in server.run("event", "send", "Now").stderr


def test_after_a_crash_all_of_it_is_there(server):
    # what stands beside the body (path, headers, method, a test of ours) comes back from the inbox too
    genie = {"Authorization": f"GenieKey {keys['ops']}"}
    for alias in ("open", "shut"):
        post(server, "/v2/alerts", {"message": f"Crash {alias}", "alias": alias}, genie)
    post(server, "/v2/alerts", {"message": "Crash without a key"}, genie)
    post(server, "/v2/alerts/shut/close?identifierType=alias", {}, genie)
    post(server, "/in/cloudevents", {"title": "Crash in binary"}, {"ce-id": "2", "ce-source": "/x", "ce-type": "t", "ce-specversion": "1.0"})
    server.ask("POST", "/settings/integrations/scripts/test", b"")
    before = alerts(server)
    assert before["Crash open"]["is_firing"] and not before["Crash shut"].get("is_firing"), before["Crash shut"]
    server.kill()
    server.start()
    after = alerts(server)
    assert before.keys() == after.keys(), before.keys() ^ after.keys()
    for name, alert in before.items():
        for member in ("fingerprint", "severity", "summary", "is_firing", "acked_by", "labels", "annotations"):
            assert alert.get(member) == after[name].get(member), (name, member, alert, after[name])
    assert "in 24 hours" in page(server, "/settings/integrations/checkout")


def test_a_new_key_replaces_the_old_one_and_a_removed_one_opens_nothing(server):
    old = keys["checkout"]
    said = server.run("integration", "rotate", "checkout")
    new = re.search("[0-9a-f]{32}", said.stdout).group(0)
    event = {"event_action": "resolve", "dedup_key": "ack"}
    assert post(server, "/v2/enqueue", event | {"routing_key": old})[0] == 401
    assert post(server, "/v2/enqueue", event | {"routing_key": new})[0] == 202
    assert server.run("integration", "remove", "checkout").returncode == 0
    assert post(server, "/v2/enqueue", event | {"routing_key": new})[0] == 401
    assert "/settings/integrations/checkout" not in page(server, "/settings/integrations")
    assert "Queue grows" in alerts(server)


def test_the_chain_verifies_with_all_of_it(server):
    said = server.verify()
    assert said.returncode == 0, said.stdout + said.stderr
