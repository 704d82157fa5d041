# SPDX-License-Identifier: Apache-2.0
"""An Alertmanager's neighbours work unmodified: amtool, Alertmanager, vmalert, karma's requests; silences; growing groups;
leases over our own downtime; why an alert is here; floods."""
import contextlib
import datetime
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def at(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat()


def post(server, *alerts):
    status, body, _ = server.ask("POST", "/api/v2/alerts", [a if "labels" in a else {"labels": a} for a in alerts])
    assert status == 200, (status, body)


def listed(server, *matchers, **flags):
    query = urllib.parse.urlencode([("filter", m) for m in matchers] + list(flags.items()))
    status, alerts = server.json("GET", f"/api/v2/alerts?{query}")
    assert status == 200, (status, alerts)
    return alerts


def mine(server, fingerprint):
    status, alert = server.json("GET", f"/api/v1/alerts/{fingerprint}")
    assert status == 200, (status, alert)
    return alert


def page(server, path):
    status, body, _ = server.ask("GET", path, headers={"Accept": "text/html"})
    assert status == 200, (path, status, body[:300])
    return body.decode()


def text(server, path):
    """A page as it reads: without tags, blanks joined."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page(server, path)))


def until(what, seconds=30):
    """Polls until it is true; what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        got = what()
        if got:
            return got
        time.sleep(0.05)  # polling for readiness
    raise AssertionError("it did not come to pass")


def silence(server, **over):
    body = {"matchers": [{"name": "alertname", "value": "Hushed", "isRegex": False}], "startsAt": at(0),
            "endsAt": at(3600), "createdBy": "karma", "comment": "planned"} | over
    return server.json("POST", "/api/v2/silences", body)


def amtool(server, *words):
    return subprocess.run(["amtool", f"--alertmanager.url=http://127.0.0.1:{server.port}", *words],
                          capture_output=True, text=True, timeout=30, check=False)


@contextlib.contextmanager
def process(*words):
    p = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield p
    finally:
        p.terminate()
        p.wait()


@contextlib.contextmanager
def folder(**files):
    top = tempfile.mkdtemp(prefix="aplomb-neighbour-")
    for name, content in files.items():
        with open(os.path.join(top, name + ".yml"), "w", encoding="ascii") as f:
            f.write(content)
    try:
        yield top
    finally:
        shutil.rmtree(top, ignore_errors=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def declare(server, title, fingerprints, **more):
    status, made = server.json("POST", "/api/v1/incidents",
                               {"title": title, "severity": "sev2", "alerts": fingerprints} | more,
                               {"Aplomb-Because": "another thing"})
    assert status == 201, made
    return made["incident"]


def resolve(server, number):
    status, said = server.json("POST", f"/api/v1/incidents/{number}/incident/resolve",
                               {"summary": "it went away"}, {"Aplomb-Because": "a test",
                                                             "Aplomb-Accept": "verified-first"})
    return status, said


def test_amtool_adds_and_finds_alerts(server):
    if not shutil.which("amtool"):
        return "no amtool on this machine"
    for n in (3, 4):
        r = amtool(server, "alert", "add", "alertname=DiskFull", f"instance=db-{n}", "--annotation=summary=99% full")
        assert (r.returncode, r.stdout) == (0, ""), r
    r = amtool(server, "alert", "query", "-o", "json", "instance=~\"db-[0-3]\"")
    found = json.loads(r.stdout)
    assert r.returncode == 0 and [a["labels"]["instance"] for a in found] == ["db-3"], r
    assert found[0]["annotations"]["summary"] == "99% full" and found[0]["status"]["state"] == "active"
    r = amtool(server, "alert", "query", "DiskFull")  # a bare word is alertname=
    assert r.stdout.count("DiskFull") == 2, r
    assert amtool(server, "alert", "query", "instance!=\"db-3\"", "alertname=DiskFull").stdout.count("DiskFull") == 1
    r = amtool(server, "alert", "query", "alertname=~\"(\"")
    assert r.returncode == 1 and "is no matcher" in r.stderr, r
    for words in (("config", "show"), ("cluster", "show"), ("config", "routes")):
        assert amtool(server, *words).returncode == 0, words
    return None


def test_amtool_silences(server):
    if not shutil.which("amtool"):
        return "no amtool on this machine"
    amtool(server, "alert", "add", "alertname=Noisy", "instance=a")
    r = amtool(server, "silence", "add", "alertname=Noisy", "instance=~a|b", "-d", "2h", "-c", "swapping disks", "-a", "ana")
    assert r.returncode == 0 and re.fullmatch(UUID + "\n", r.stdout), r
    first = r.stdout.strip()
    assert "No" not in amtool(server, "alert", "query", "alertname=Noisy").stdout.replace("Noisy", "N")
    assert amtool(server, "alert", "query", "-o", "simple", "alertname=Noisy").stdout.count("active") == 0
    assert "suppressed" in amtool(server, "alert", "query", "-s", "alertname=Noisy").stdout
    said = amtool(server, "silence", "query", "alertname=Noisy").stdout
    assert first in said and "swapping disks" in said and "ana" in said and 'instance=~"a|b"' in said, said
    r = amtool(server, "silence", "update", "-d", "3h", "-c", "it takes longer", first)
    assert r.returncode == 0 and first in r.stdout and "it takes longer" in r.stdout, r
    assert amtool(server, "silence", "expire", first).returncode == 0
    assert amtool(server, "silence", "expire", first).returncode == 0  # as with Alertmanager
    assert first not in amtool(server, "silence", "query").stdout
    assert first in amtool(server, "silence", "query", "--expired").stdout
    assert amtool(server, "alert", "query", "alertname=Noisy").stdout.count("Noisy") == 1
    assert amtool(server, "silence", "expire", "11111111-1111-4111-8111-111111111111").returncode == 1
    assert "silence every alert" in amtool(server, "silence", "add", "a=~.*", "-c", "x").stderr
    return None


def test_the_shapes_of_api_v2(server):
    post(server, {"alertname": "Shape", "service": "db", "n": "1"}, {"alertname": "Shape", "service": "db", "n": "2"},
         {"alertname": "Shape", "service": "web"})
    status, groups = server.json("GET", "/api/v2/alerts/groups?filter=alertname%3D%22Shape%22")
    assert status == 200 and [(g["labels"], len(g["alerts"])) for g in groups] == [
        ({"alertname": "Shape", "service": "db"}, 2), ({"alertname": "Shape", "service": "web"}, 1)], groups
    assert all(g["receiver"] == {"name": "aplomb"} and "routeLabels" in g for g in groups)
    alert = groups[0]["alerts"][0]
    assert set(alert) == {"annotations", "endsAt", "fingerprint", "generatorURL", "labels", "receivers", "startsAt",
                          "status", "updatedAt"}, alert
    assert alert["status"] == {"inhibitedBy": [], "mutedBy": [], "silencedBy": [], "state": "active"}
    assert server.json("GET", "/api/v2/receivers")[1] == [{"name": "aplomb"}]
    status, said = server.json("GET", "/api/v2/status")
    assert set(said) == {"cluster", "config", "uptime", "versionInfo"} and said["config"]["original"], said
    assert said["versionInfo"]["version"] == server.run("--version").stdout.splitlines()[0], said["versionInfo"]
    assert set(said["versionInfo"]) == {"branch", "buildDate", "buildUser", "goVersion", "revision", "version"}
    assert len(listed(server, "alertname=Shape", receiver="apl.*")) == 3
    assert not listed(server, "alertname=Shape", receiver="apl")
    assert not listed(server, "alertname=Shape", active="false")
    assert len(listed(server, "{alertname=\"Shape\",n=~\".+\"}", unprocessed="true", inhibited="false")) == 2
    for bad in ("alertname", "a=~%22(%22"):
        status, said = server.json("GET", f"/api/v2/alerts?filter={bad}")
        assert status == 400 and isinstance(said, str) and len(said) > 10, (status, said)


def test_karma_makes_edits_and_ends_a_silence(server):
    """karma reads /alerts/groups and /silences, and posts what its form holds (ui/src/Stores/SilenceFormStore.ts)."""
    post(server, {"alertname": "Hushed", "service": "db"})
    status, made = silence(server)
    assert status == 200 and list(made) == ["silenceID"] and re.fullmatch(UUID, made["silenceID"]), made
    status, got = server.json("GET", f"/api/v2/silence/{made['silenceID']}")
    assert status == 200 and got["status"]["state"] == "active" and got["createdBy"] == "karma", got
    assert got["matchers"] == [{"isEqual": True, "isRegex": False, "name": "alertname", "value": "Hushed"}], got
    assert {"annotations", "comment", "createdBy", "endsAt", "id", "matchers", "startsAt", "status", "updatedAt"} == set(got)
    [alert] = listed(server, "alertname=Hushed")
    assert alert["status"] == {"inhibitedBy": [], "mutedBy": [], "silencedBy": [made["silenceID"]],
                               "state": "suppressed"}, alert
    assert not listed(server, "alertname=Hushed", silenced="false")
    # other matchers: the old one is history, a new one holds
    status, again = silence(server, id=made["silenceID"], matchers=[
        {"name": "alertname", "value": "Hush.*", "isRegex": True, "isEqual": True}])
    assert status == 200 and again["silenceID"] != made["silenceID"], again
    status, all_ = server.json("GET", "/api/v2/silences?filter=alertname%3D~%22Hush.*%22")
    assert [(s["id"], s["status"]["state"]) for s in all_] == [(again["silenceID"], "active")], all_
    assert server.json("GET", f"/api/v2/silence/{made['silenceID']}")[1]["status"]["state"] == "expired"
    assert server.ask("DELETE", f"/api/v2/silence/{again['silenceID']}")[0] == 200
    assert listed(server, "alertname=Hushed", silenced="false")
    assert not server.json("GET", "/api/v2/silences?expired=false&filter=alertname%3D~%22Hush.*%22")[1]


def test_silences_that_cannot_be_are_refused_as_a_json_text(server):
    for over, wanted in (({"matchers": []}, "matchers"), ({"comment": ""}, "comment"), ({"endsAt": at(-60)}, "over"),
                         ({"endsAt": at(31 * 86400)}, "30 days"), ({"matchers": [{"name": "a", "value": "(", "isRegex": True}]}, "pattern"),
                         ({"matchers": [{"value": "x"}]}, "matcher"), ({"matchers": [{"name": "a"}]}, "matcher"),
                         ({"matchers": [{"name": "a", "value": 5}]}, "value must be a text"), ({"id": 1}, "id must be a text"),
                         ({"endsAt": "soon"}, "endsAt must be a time"), ({"endsAt": "+2h"}, "endsAt must be a time"),
                         ({"endsAt": 5}, "endsAt must be a text")):
        status, said = silence(server, **over)
        assert status == 400 and isinstance(said, str) and wanted in said, (over, status, said)
    status, said = silence(server, id="11111111-1111-4111-8111-111111111111")
    assert status == 404 and isinstance(said, str), (status, said)
    for method in ("GET", "DELETE"):
        assert server.ask(method, "/api/v2/silence/11111111-1111-4111-8111-111111111111")[0] == 404
    body = json.dumps({"matchers": [{"name": "a", "value": "b", "isRegex": False}], "endsAt": at(60), "comment": "x"}).encode()
    for headers in ({"Content-Type": "text/plain"}, {"Content-Type": "application/json", "Host": "evil.example"},
                    {"Content-Type": "application/json", "Origin": "http://evil.example"}):
        status, _, _ = server.ask("POST", "/api/v2/silences", body, {"Authorization": None} | headers)
        assert status in (401, 403, 415), (headers, status)


def test_times_are_read_as_senders_write_them(server):
    """No zone is UTC; no seconds and "+0200" are ISO 8601; Alertmanager's own clients write an empty text for no time."""
    alert = {"labels": {"alertname": "Sundry"}, "startsAt": "2026-01-02T03:04", "endsAt": ""}
    assert server.json("POST", "/api/v2/alerts", [alert])[0] == 200
    [got] = listed(server, "alertname=Sundry")
    assert got["startsAt"] == "2026-01-02T03:04:00Z", got
    for wrong in ("soon", "+2h", 5, "2026-01-02"):
        status, said = server.json("POST", "/api/v2/alerts", [alert | {"startsAt": wrong}])
        assert status == 400 and "startsAt must be a time" in said, (wrong, status, said)
    status, made = silence(server, endsAt=(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=2)))
                                           + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S%z"))
    assert status == 200, made
    ends = server.json("GET", f"/api/v2/silence/{made['silenceID']}")[1]["endsAt"]
    assert at(3500) < ends.replace("Z", "+00:00") < at(3700), ends
    assert server.ask("DELETE", f"/api/v2/silence/{made['silenceID']}")[0] == 200


def test_groups_are_made_by_the_label_though_we_call_the_alert_otherwise(server):
    """A sender whose label is not its title: the group's label is what the alerts in it carry."""
    for n in ("one", "two"):
        body = {"status": "firing", "title": f"Title {n}", "key": n, "labels": {"alertname": "Shared", "service": "s9"}}
        assert server.ask("POST", "/in/generic", body)[0] in (200, 202)
    status, groups = server.json("GET", "/api/v2/alerts/groups?filter=service%3D%22s9%22")
    assert status == 200 and [(g["labels"], len(g["alerts"])) for g in groups] == [
        ({"alertname": "Shared", "service": "s9"}, 2)], groups


def test_a_member_that_is_null_is_not_there(server):
    """As Go writes a map or a pointer that nobody set."""
    alert = {"labels": {"alertname": "Nulls", "zone": None}, "annotations": None, "startsAt": None, "endsAt": None}
    status, said = server.json("POST", "/api/v2/alerts", [alert])
    assert status == 200, said
    [got] = listed(server, "alertname=Nulls")
    assert got["labels"] == {"alertname": "Nulls"} and got["annotations"] == {}, got
    told = {"labels": {"alertname": "NullsTold"}, "annotations": None, "endsAt": None, "status": "firing"}
    assert server.json("POST", "/in/alertmanager", {"version": "4", "alerts": [told]})[:2] == (200, None)
    assert listed(server, "alertname=NullsTold")
    status, made = silence(server, matchers=[{"name": "alertname", "value": "Nulls", "isRegex": False, "isEqual": None}])
    assert status == 200, made
    [got] = listed(server, "alertname=Nulls")
    assert got["status"]["silencedBy"] == [made["silenceID"]], got


def test_a_silenced_alert_stays_in_sight_and_needs_nobody(server):
    post(server, {"alertname": "Calm", "service": "calm"}, {"alertname": "Loud", "service": "calm", "severity": "critical"})
    assert "Calm" in text(server, "/")
    r = server.run("silence", "add", "alertname=Calm", "service=~calm", "--for", "2h", "--comment", "planned work")
    assert r.returncode == 0 and "silenced alertname=\"Calm\", service=~\"calm\" until" in r.stdout, r
    number = re.search(r"\n(\d+)\tactive\t", "\n" + server.run("silence", "list").stdout)[1]
    assert "Calm" not in text(server, "/"), text(server, "/")
    shown = text(server, "/alerts")
    assert "Calm" in shown and "by root: planned work" in shown and "Silenced until" in shown, shown
    assert shown.index("Loud") < shown.index("Calm"), shown
    [alert] = listed(server, "alertname=Calm")
    assert "silenced" in [line.split("\t")[1] for line in server.run("alert", "list").stdout.splitlines()
                          if line.startswith(alert["fingerprint"])]
    assert "planned work" in text(server, f"/alerts/{alert['fingerprint']}")
    assert "alerts it holds now: 1" in text(server, "/silences")
    r = server.run("silence", "expire", number)
    assert r.returncode == 0 and "ended the silence" in r.stdout, r
    assert "Calm" in text(server, "/")
    r = server.run("silence", "add", "alertname=Calm", "--comment", "x")
    assert r.returncode == 2 and "ends by itself" in r.stderr, r


def test_a_silence_runs_out_by_itself_and_outlives_us(server):
    post(server, {"alertname": "Brief"})
    silence(server, matchers=[{"name": "alertname", "value": "Brief", "isRegex": False}], endsAt=at(2))
    server.stop()
    server.start()
    [alert] = listed(server, "alertname=Brief")
    assert alert["status"]["state"] in ("suppressed", "active")
    until(lambda: listed(server, "alertname=Brief")[0]["status"]["state"] == "active")
    # and its end is on the timeline, at its own time
    assert until(lambda: [s for s in server.json("GET", "/api/v2/silences")[1] if s["status"]["state"] == "expired"
                          and s["matchers"][0]["value"] == "Brief" and s["updatedAt"] == s["endsAt"]])


def test_a_growing_group_is_the_same_incident(server):
    post(server, {"alertname": "Grows", "service": "shop", "instance": "1"})
    [first] = listed(server, "alertname=Grows")
    number = declare(server, "Shop is down", [first["fingerprint"]])
    post(server, {"alertname": "Grows", "service": "shop", "instance": "1"},
         {"alertname": "Grows", "service": "shop", "instance": "2"}, {"alertname": "Grows", "service": "other"})
    status, inc = server.json("GET", f"/api/v1/incidents/{number}")
    assert status == 200 and len(inc["alerts"]) == 2, inc["alerts"]
    [other] = listed(server, "alertname=Grows", "service=other")
    assert mine(server, other["fingerprint"])["needs_person"] is True
    status, told = server.json("GET", f"/api/v1/incidents/{number}/timeline")
    assert any(t["said"].startswith("Aplomb attached the alert Grows of shop") for t in told["timeline"]), told
    assert server.json("GET", "/api/v1/incidents?state=open")[1]["incidents"][0]["id"] == number


def test_an_alert_never_joins_a_resolved_incident(server):
    post(server, {"alertname": "Returns", "service": "till"})
    [alert] = listed(server, "alertname=Returns")
    number = declare(server, "Till is stuck", [alert["fingerprint"]])
    assert mine(server, alert["fingerprint"])["incident"] == number
    status, said = resolve(server, number)
    assert status == 200, said
    post(server, {"labels": {"alertname": "Returns", "service": "till"}, "endsAt": "2020-01-01T00:00:00Z"})
    post(server, {"alertname": "Returns", "service": "till"}, {"alertname": "Returns", "service": "till", "n": "2"})
    got = mine(server, alert["fingerprint"])
    assert not got.get("incident") and got["needs_person"] is True, got
    assert len(server.json("GET", f"/api/v1/incidents/{number}")[1]["alerts"]) == 1
    shown = text(server, f"/alerts/{alert['fingerprint']}")
    assert f"Was part of INC-{number} , resolved" in shown and "needs a person again" in shown, shown
    assert f"Was part of INC-{number}" in text(server, "/alerts?name=Returns")


def test_why_is_this_here(server):
    body = [{"labels": {"alertname": "Traced", "service": "db", "severity": "critical"},
             "annotations": {"note": "password=hunter2hunter2"}}]
    post(server, *body)
    [alert] = listed(server, "alertname=Traced")
    got = mine(server, alert["fingerprint"])
    assert [s["step"] for s in got["why"]] == ["inbox", "signal", "desk", "incident"], got["why"]
    link = got["why"][0]["link"]
    assert re.fullmatch(r"/inbox/\d+", link) and "Prometheus sent a body of" in got["why"][0]["said"], got["why"]
    status, raw, headers = server.ask("GET", f"/api/v1{link}")
    assert status == 200 and headers["Content-Type"] == "text/plain; charset=utf-8", headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    kept = json.loads(raw)
    assert kept[0]["labels"] == body[0]["labels"] and "hunter2" not in raw.decode(), raw
    shown = page(server, link)
    assert "Traced" in shown and "hunter2" not in shown and "<pre>" in shown
    number = declare(server, "Database trouble", [alert["fingerprint"]])
    server.json("POST", "/api/v1/desk/alert/ack", {"alert": alert["fingerprint"]})
    shown = text(server, f"/alerts/{alert['fingerprint']}")
    for wanted in ("Why is this here", "We read in it: Traced of the service db, severity critical",
                   "it ends by itself, unless the sender repeats it", "root looks after it.", f"INC-{number}", "root attached the alert Traced"):
        assert wanted in shown, (wanted, shown)
    r = server.run("alert", "view", alert["fingerprint"])
    assert r.returncode == 0 and "Why is this here" in r.stdout and link in r.stdout, r
    # a repeat that changes nothing keeps the row; a change moves on
    post(server, *body)
    assert mine(server, alert["fingerprint"])["why"][0]["link"] == link
    post(server, dict(body[0], annotations={"note": "now"}))
    assert mine(server, alert["fingerprint"])["why"][0]["link"] != link
    before = mine(server, alert["fingerprint"])["inbox"]
    server.kill()
    server.start()
    assert mine(server, alert["fingerprint"])["inbox"] == before
    assert server.ask("GET", "/inbox/999999", headers={"Accept": "text/html"})[0] == 404
    assert server.ask("GET", f"/api/v1{link}", headers={"Authorization": None})[0] == 401


def test_a_lease_does_not_end_because_we_were_down(server):
    post(server, {"labels": {"alertname": "Leased"}, "endsAt": at(2)}, {"labels": {"alertname": "Control"}, "endsAt": at(1)})
    until(lambda: not listed(server, "alertname=Control"))  # a lease does end while we are up
    post(server, {"labels": {"alertname": "Leased"}, "endsAt": at(2)})
    server.stop()
    time.sleep(3)  # the downtime that is tested: longer than the lease
    server.start()
    [alert] = listed(server, "alertname=Leased")
    assert alert["status"]["state"] == "active"
    ends = datetime.datetime.fromisoformat(alert["endsAt"].replace("Z", "+00:00"))
    left = (ends - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    assert 200 < left <= 300, alert  # the lease runs anew, and ends
    post(server, {"labels": {"alertname": "Leased"}, "endsAt": at(1)})
    until(lambda: not listed(server, "alertname=Leased"))


def test_a_flood_is_one_thing_to_look_at(server):
    flood = [{"alertname": "Flood", "service": f"s{n % 37}", "instance": str(n)} for n in range(1200)]
    for n in range(0, len(flood), 300):
        post(server, *flood[n:n + 300])
    post(server, {"alertname": "Needle", "service": "quiet", "severity": "critical"})
    shown = text(server, "/")
    assert "Flood 1,200 alerts on 37 services since" in shown and "growing" in shown, shown
    assert shown.index("Needle") < shown.index("Flood"), shown
    assert len(page(server, "/")) < 100_000 and len(page(server, "/alerts")) < 100_000
    assert shown.count("Flood") <= 3, shown
    # every one of them, page by page, once
    seen, path = set(), "/alerts?name=Flood"
    while path:
        html = page(server, path)
        new = set(re.findall(r'href="/alerts/([0-9a-f]{16})"', html.split('data-live="ended"')[0]))
        assert new and not new & seen, path
        seen |= new
        more = re.search(r'href="(/alerts\?next=[^"]*)">More', html)
        path = more and more[1].replace("&amp;", "&")
    assert len(seen) == 1200, len(seen)
    status, first = server.json("GET", "/api/v1/alerts?limit=100&filter=alertname%3DFlood")
    status, second = server.json("GET", f"/api/v1/alerts?limit=100&filter=alertname%3DFlood&next={urllib.parse.quote(first['next'])}")
    both = [a["fingerprint"] for a in first["alerts"] + second["alerts"]]
    assert status == 200 and first["count"] == 1200 and len(set(both)) == 200, len(both)


def test_rows_that_look_alike_say_what_differs(server):
    for n in (1, 2):
        post(server, {"alertname": "Alike", "service": "twins", "instance": f"db-{n}", "zone": "a", "severity": "warning"})
    post(server, {"alertname": "Alike", "service": "another", "instance": "db-3"})
    shown = text(server, "/alerts?name=Alike")
    for n in (1, 2):
        assert f"Alike in twins ( instance db-{n} )" in shown or f"Alike in twins (instance db-{n})" in shown, shown
    assert "zone a" not in shown and "Alike in another fires" in shown, shown


def test_declaring_for_a_flood_takes_it_all(server):
    """After the flood of the test before: 200 are attached, the others belong to the incident, and so do new ones."""
    assert "1,200 alerts on 37 services" in text(server, "/declare?group=Flood")
    status, _, headers = server.ask("POST", "/declare", urllib.parse.urlencode({
        "title": "Disks fill", "severity": "sev2", "group": "Flood", "_because": "a test",
        "services": "s1"}).encode(), {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
    assert status == 303, status
    number = int(headers["Location"].rsplit("/", 1)[1])
    status, inc = server.json("GET", f"/api/v1/incidents/{number}")
    assert len(inc["alerts"]) == 200 and len({a["service"] for a in inc["alerts"]}) == 37
    said = server.json("GET", f"/api/v1/incidents/{number}/timeline")[1]["timeline"]
    assert any("It stands for all alerts named Flood." in t["said"] for t in said), said[:2]
    assert "Flood" not in text(server, "/").split("Needs a person")[1]
    post(server, {"alertname": "Flood", "service": "s3", "instance": "later"})
    assert mine(server, listed(server, "instance=later")[0]["fingerprint"])["incident"] == number
    server.kill()
    server.start()
    assert "Flood" not in text(server, "/").split("Needs a person")[1]
    status, told = resolve(server, number)
    assert status == 200, told
    assert "Flood 1,201 alerts" in text(server, "/")


def test_a_real_alertmanager_tells_us_of_a_group_that_grows(server):
    if not shutil.which("prometheus-alertmanager"):
        return "no prometheus-alertmanager on this machine"
    config = ("route:\n  receiver: aplomb\n  group_by: [alertname]\n  group_wait: 0s\n  group_interval: 1s\n"
              "receivers:\n- name: aplomb\n  webhook_configs:\n"
              f"  - url: http://127.0.0.1:{server.port}/in/alertmanager\n    send_resolved: true\n")
    port = free_port()

    def tell(*alerts):
        r = subprocess.run(["amtool", f"--alertmanager.url=http://127.0.0.1:{port}", "alert", "add", *alerts],
                           capture_output=True, text=True, timeout=20, check=False)
        return r.returncode == 0

    with folder(am=config) as top, process("prometheus-alertmanager", f"--config.file={top}/am.yml", f"--storage.path={top}/data",
                                           f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="):
        until(lambda: tell("alertname=Relayed", "service=mail", "instance=1"))
        [first] = until(lambda: listed(server, "alertname=Relayed"))
        number = declare(server, "Mail is late", [first["fingerprint"]])
        tell("alertname=Relayed", "service=mail", "instance=2")
        until(lambda: len(listed(server, "alertname=Relayed")) == 2)
        # the list is memory's, the incident is read from disk: the commit may be a moment behind
        until(lambda: len(server.json("GET", f"/api/v1/incidents/{number}")[1]["alerts"]) == 2)
        assert "Alertmanager sent a body" in mine(server, first["fingerprint"])["why"][0]["said"]
        for n in ("1", "2"):
            tell("alertname=Relayed", "service=mail", f"instance={n}", f"--end={at(0).split('.')[0]}Z")
        until(lambda: not listed(server, "alertname=Relayed"))
        status, told = server.json("GET", f"/api/v1/incidents/{number}/timeline")
        assert sum("Relayed has stopped firing" in t["said"] for t in told["timeline"]) == 2, told
    return None


def test_a_real_vmalert_raises_and_resolves(server):
    if not shutil.which("vmalert") or not shutil.which("prometheus"):
        return "no vmalert or no prometheus on this machine"
    rules = ("groups:\n- name: g\n  interval: 1s\n  rules:\n  - alert: FromVmalert\n    expr: vector(1)\n"
             "    labels: {service: search}\n    annotations: {summary: from a real vmalert}\n")
    port, own = free_port(), free_port()
    with folder(prom="global: {evaluation_interval: 1s}\n", rules=rules) as top, \
            process("prometheus", f"--config.file={top}/prom.yml", f"--storage.tsdb.path={top}/data",
                    f"--web.listen-address=127.0.0.1:{port}"), \
            process("vmalert", f"-rule={top}/rules.yml", f"-datasource.url=http://127.0.0.1:{port}",
                    f"-notifier.url=http://127.0.0.1:{server.port}", f"-httpListenAddr=127.0.0.1:{own}"):
        [alert] = until(lambda: listed(server, "alertname=FromVmalert"))
        assert alert["annotations"]["summary"] == "from a real vmalert", alert
        assert alert["labels"]["service"] == "search" and alert["status"]["state"] == "active", alert
    return None
