# SPDX-License-Identifier: Apache-2.0
"""The screen of changes: the strip and the list of a window, its filters and pages, one change, recording one, and when a
service was last taken back."""
import datetime
import re
import subprocess
import time
import urllib.parse

import server as house


def ago(minutes):
    at = datetime.datetime.fromtimestamp(time.time() - 60 * minutes, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def send(server, title, minutes, took=0, **news):
    news = {"title": title, "began": ago(minutes)} | ({"ended": ago(minutes - took)} if took else {}) | news
    status, reply = server.json("POST", "/api/v1/changes", news)
    assert status == 201, reply
    return reply["change"]


def page(server, path, want=200):
    status, text, headers = server.ask("GET", path, headers={"Accept": "text/html"})
    assert status == want, (path, status, text[:2000])
    return text.decode()


def rows(text):
    return [int(n) for n in re.findall(r'<tr id="c(\d+)"', text)]


def strip(text):
    return text[text.index('<svg class="strip" viewBox="0 0 1024'):text.index("</svg>")]


def verb(server, path, **fields):
    status, reply = server.json("POST", f"/api/v1/incidents/{path}", fields)
    assert status in (200, 201), reply
    return reply


def test_nothing_is_known(server):
    text = page(server, "/changes")
    assert "0 changes" in text and "No change is known from this time" in text
    assert "Deploys: none" in strip(text) and "Freezes" not in strip(text)
    assert '<strong class="num">0</strong>' in page(server, "/")


def test_one_axis_has_all(server):
    send(server, "payments v811", 50, 4, service="payments", link="https://ci.example/811", undo="deploy v810")
    send(server, "Pool size 50 to 5", 44, service="db", kind="config", differs="db.pool 50 -> 5", undo="https://c.example/u")
    send(server, "mail v9", 35, 7, service="mail", state="undone", environment="staging")
    send(server, "search v33", 30, 4, service="search", state="failed")
    send(server, "payments v812", 5, service="payments", state="running", key="p812")
    send(server, "long ago", 60 * 30, 1, service="web")
    alerts = [{"labels": {"alertname": "Flood", "service": f"s{i}"}, "startsAt": ago(20)} for i in range(1200)]
    alerts.append({"labels": {"alertname": "Latency", "service": "payments"}, "startsAt": ago(25), "endsAt": ago(10)})
    status, _, _ = server.ask("POST", "/api/v2/alerts", alerts)
    assert status == 200
    status, reply = server.json("POST", "/api/v1/incidents", {"title": "Payments fail", "severity": "sev2",
                                                              "services": ["payments"], "started": ago(22)})
    assert status == 201, reply
    verb(server, "1/freeze/start", reason="until we know more", services=["payments", "db"], lasts="1h")
    text = page(server, "/changes")
    assert rows(text) == [5, 4, 3, 2, 1], rows(text)
    svg = strip(text)
    for told in (">Flood: 1,200 alerts<", "Alert Latency payments, fired", "INC-1 Payments fail, since",
                 "Frozen for INC-1: payments, db", "mail v9, undone", "search v33, failed", "payments v812, running",
                 "Change 2, config, done: Pool size 50 to 5, db", 'class="onset sev2"'):
        assert told in svg, (told, svg)
    assert "5 changes, 1,201 alerts, 1 incident, 1 freeze" in svg
    assert 'href="https://ci.example/811"' in text and 'href="https://c.example/u"' in text
    now = page(server, "/")
    assert '<strong class="num">5</strong>' in now and "Freeze: <strong>payments, db</strong>" in now


def test_filters_and_windows(server):
    assert rows(page(server, "/changes?service=payments")) == [5, 1]
    svg = strip(page(server, "/changes?service=mail"))
    assert "Flood" not in svg and "INC-1" not in svg and "Frozen" not in svg
    assert rows(page(server, "/changes?kind=config&service=&text=&environment=")) == [2]
    assert rows(page(server, "/changes?text=POOL")) == [2]
    assert rows(page(server, "/changes?environment=staging")) == [3]
    assert rows(page(server, "/changes?since=7d")) == [5, 4, 3, 2, 1, 6]
    fixed = urllib.parse.urlencode({"from": ago(60), "to": ago(40)})
    text = page(server, "/changes?" + fixed)
    assert rows(text) == [2, 1] and ">Later</a>" in text
    assert "The last one before it" in page(server, "/changes?since=5m&service=search")
    assert "that fit" in page(server, "/changes?text=nothing-like-it")
    for bad in ("since=1m", "since=90d", "since=soon", "kind=miracle", "miracle=1",
                urllib.parse.urlencode({"from": ago(10), "to": ago(20)})):
        status, text, _ = server.ask("GET", "/changes?" + bad, headers={"Accept": "text/html"})
        assert 400 <= status < 500, (bad, status)


def test_neighbours(server):
    for name, depends in (("checkout", ["payments"]), ("payments", ["db"]), ("mail", [])):
        status, reply = server.json("POST", "/api/v1/desk/service/set", {"name": name, "depends": depends})
        assert status in (200, 201), reply
    checkout = send(server, "checkout v1", 15, service="checkout")
    assert rows(page(server, "/changes?service=payments&near=yes")) == [5, checkout, 2, 1]
    assert rows(page(server, "/changes?service=checkout&near=yes")) == [5, checkout, 1]
    assert rows(page(server, "/changes?near=yes&service=mail")) == [3]


def test_hostile_words_stay_words(server):
    n = send(server, "</text></svg><script>alert(1)</script>", 3, service='"><img src=x onerror=alert(1)>',
             link="javascript:alert(1)", undo="data:text/html,<script>", differs="<b>x</b>", who="<i>", key="<u>")
    for path in ("/changes", f"/changes/{n}"):
        text = page(server, path)
        for bad in ("<script>alert", "<img src=x", 'href="javascript', 'href="data:', "<b>x", "<i>", "<u>"):
            assert bad not in text, (path, bad)
        assert "javascript:alert(1)" in text


def test_one_change(server):
    text = page(server, "/changes/1")
    for told in ("payments v811", "https://ci.example/811", "deploy v810", "4 min", "INC-1 Payments fail", "same service",
                 "Nobody has rolled payments back that we know of: expect surprises.", 'href="/services/payments"'):
        assert told in text, told
    assert "/changes/new?key=p812" in page(server, "/changes/5")
    page(server, "/changes/99999", 404)


def test_recording_one(server):
    text = page(server, "/changes/new")
    assert 'action="/changes/new"' in text and 'name="title"' in text
    prefilled = page(server, "/changes/new?key=p812&state=done&title=payments+v812")
    assert 'value="p812"' in prefilled
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    status, text, _ = server.ask("POST", "/changes/new", b"title=+&kind=deploy", form)
    assert 400 <= status < 500 and b'class="problem"' in text, text
    status, _, headers = server.ask("POST", "/changes/new", b"title=payments+v812&key=p812&state=done&kind=deploy", form)
    assert status == 303 and headers["Location"] == "/changes/5", (status, headers["Location"])
    assert "is done now" in page(server, "/changes/5")
    status, _, headers = server.ask("POST", "/changes/new", b"title=by+hand&service=web&kind=command", form)
    assert status == 303 and "by hand" in page(server, headers["Location"])


def readiness(server, service):
    status, reply = server.json("GET", "/api/v1/readiness?service=" + service)
    assert status == 200 and len(reply["readiness"]) == 1, reply
    return reply["readiness"][0]


def test_what_proves_a_way_back(server):
    assert "how" not in readiness(server, "payments") and not readiness(server, "payments").get("is_fresh")
    undone = readiness(server, "mail")
    assert undone["how"] == "undone" and undone["change"] == 3 and undone["took"] == 7 * 60 * 1000, undone
    back = send(server, "Back to payments v811", 2, 1, service="payments", version="v811", rollback=True)
    proven = readiness(server, "payments")
    assert proven["how"] == "rollback" and proven["change"] == back and "deploy v811 took it back in 1 min" in proven["said"], proven
    form = page(server, "/incidents/1/do/mitigation/propose")
    assert "Rolling payments back was last proven" in form and f'href="/changes/{back}"' in form
    status, all_of_them = server.json("GET", "/api/v1/readiness")
    assert [r["service"] for r in all_of_them["readiness"]] == ["mail", "payments"]
    assert "Nobody" not in page(server, f"/changes/{back}")
    service = page(server, "/services/payments")
    assert "Rolling payments back was last proven" in service and f'href="/changes/{back}"' in service
    assert "payments v812" in service and "Pool size" not in service


def test_command_line(server):
    listed = server.run("changes", "--since", "2h", "--service", "db")
    assert listed.returncode == 0 and "Pool size" in listed.stdout and "payments" not in listed.stdout, listed
    assert "long ago" in server.run("change", "list", "--since=7d", "--kind", "deploy").stdout
    wrong = server.run("changes", "--since", "soonish")
    assert wrong.returncode and "soonish" in wrong.stderr, wrong
    seen = server.run("change", "view", "3")
    assert seen.returncode == 0 and "undone" in seen.stdout and "Rolling mail back was last proven" in seen.stdout, seen
    assert server.run("change", "view", "nine").returncode == 2
    assert server.run("change", "view", "99999").returncode == 3


def test_pages_of_a_full_window(server):
    for i in range(130):
        send(server, f"batch {i}", 60 * 24 * 10 - i, service="batch")
    fixed = urllib.parse.urlencode({"from": ago(60 * 24 * 10 + 60), "to": ago(60 * 24 * 10 - 200)})
    first = page(server, f"/changes?{fixed}")
    (older,) = re.findall(r'href="(/changes\?[^"]*before=\d+)"', first)
    second = page(server, older.replace("&amp;", "&"))
    both = rows(first) + rows(second)
    assert len(rows(first)) == 100 and len(both) == len(set(both)) == 130, (len(rows(first)), len(both))
    assert "before=" not in re.sub(r'name="[^"]*"', "", second[second.index('data-live="changes"'):])


def test_rebuilt_views_are_the_same(server):
    proven = server.json("GET", "/api/v1/readiness")
    rebuilt = subprocess.run([house.APLOMB, "rebuild", "--data", server.data], capture_output=True, text=True, check=False)
    assert rebuilt.returncode == 0 and "identical" in rebuilt.stdout, (rebuilt.stdout, rebuilt.stderr)
    assert [{k: r[k] for k in ("service", "at")} for r in server.json("GET", "/api/v1/readiness")[1]["readiness"]] == \
        [{k: r[k] for k in ("service", "at")} for r in proven[1]["readiness"]]
