# SPDX-License-Identifier: Apache-2.0
"""Senders of changes that are no forge: each at the path and with the body that its client has built in."""
import html
import json
import os
import re
import shutil
import subprocess

from server import APLOMB

JSON = {"Content-Type": "application/json", "Authorization": None}
keys = {}


def add(server, name, source, *more):
    said = server.run("integration", "add", name, "--source", source, *more)
    assert said.returncode == 0, said
    keys[name] = re.search("[0-9a-f]{32}", said.stdout).group(0)
    return keys[name]


def ask(server, method, path, body, name=None):
    headers = JSON | ({"Authorization": f"Bearer {keys[name]}"} if name else {})
    status, text, _ = server.ask(method, path, json.dumps(body).encode(), headers)
    return status, json.loads(text) if text else None


def changes(server, query=""):
    status, reply = server.json("GET", "/api/v1/changes" + query)
    assert status == 200, reply
    return reply["changes"]


def test_an_annotation_is_a_change_and_a_retry_is_none(server):
    add(server, "argo", "grafana_annotation")
    body = {"time": 1700000000000, "isRegion": False, "tags": ["service:checkout", "version:v812", "deploy", "prod"], "text": "checkout <b>v812</b>"}
    status, said = ask(server, "POST", "/api/annotations", body, "argo")
    assert status == 200 and said["message"] == "Annotation added" and isinstance(said["id"], int), said
    for path in ("/api/annotations", "/api/annotations/"):
        assert ask(server, "POST", path, body, "argo") == (200, said), "a retry is answered as the first"
    (one,) = changes(server, "?service=checkout")
    assert (one["title"], one["kind"], one["state"], one["version"], one["sender"]) == (
        "checkout v812", "deploy", "done", "v812", "grafana_annotation/argo"), one
    assert one["began"] == one["ended"] == "2023-11-14T22:13:20Z", one
    other = ask(server, "POST", "/api/annotations", body | {"tags": ["service:web"]}, "argo")[1]
    assert other["id"] != said["id"] and len(changes(server, "?service=web")) == 1


def test_a_patch_ends_it_and_nobody_elses(server):
    begins = {"time": 1700000000000, "tags": ["service:ends"], "text": "begins"}
    _, said = ask(server, "POST", "/api/annotations", begins, "argo")
    add(server, "other", "grafana_annotation")
    for name, ended in (("other", "2023-11-14T22:13:20Z"), ("argo", "2023-11-14T22:14:20Z")):
        status, patched = ask(server, "PATCH", f"/api/annotations/{said['id']}", {"timeEnd": 1700000060000}, name)
        assert status == 200 and patched == {"message": "Annotation patched"}, patched
        (one,) = changes(server, "?service=ends")
        assert one["title"] == "begins" and one["ended"] == ended, (name, one)
    status, put = ask(server, "PUT", f"/api/annotations/{said['id']}", {"text": "Ends", "tags": ["failed"], "timeEnd": 1700000090000}, "argo")
    assert status == 200 and put["message"] == "Annotation updated", put
    (one,) = changes(server, "?service=ends")
    assert one["title"] == "begins" and one["state"] == "done", one  # what is done does not fail afterwards


def test_graphites_form_is_taken(server):
    body = {"what": "pool 50 to 5", "tags": "config service:db production", "when": 1700000000, "data": "because of <i>load</i>"}
    status, said = ask(server, "POST", "/api/annotations/graphite", body, "argo")
    assert status == 200 and said["message"] == "Graphite annotation added" and said["id"], said
    (one,) = changes(server, "?service=db")
    assert (one["kind"], one["environment"], one["differs"]) == ("config", "production", "because of load"), one


def test_what_is_no_annotation_is_refused_as_grafana_does(server):
    status, said = ask(server, "POST", "/api/annotations", {"tags": ["deploy"]}, "argo")
    assert status == 400 and "text" in said["message"], said
    keys["wrong"] = "0" * 32
    assert ask(server, "POST", "/api/annotations", {"text": "x"}, "wrong")[0] == 401
    status, said = ask(server, "PATCH", "/api/annotations/7", {"text": "x"}, "wrong")
    assert status == 401 and "key" in said["message"], said
    assert ask(server, "PATCH", "/api/annotations/last", {"text": "x"}, "argo")[0] == 404
    assert all(c["title"] != "x" for c in changes(server))


def test_pagerdutys_change_events_use_its_keys(server):
    key = add(server, "pd", "pagerduty")
    body = {"routing_key": key, "payload": {"summary": "Build Success: shop #7", "source": "Jenkins", "timestamp": "2025-11-23T08:00:00Z",
                                            "custom_details": {"service": "shop", "user": "ana", "build_number": 7}}}
    for _ in range(2):
        status, said = ask(server, "POST", "/v2/change/enqueue", body)
        assert status == 202 and said == {"status": "success", "message": "Change event processed"}, said
    (one,) = changes(server, "?service=shop")
    assert (one["who"], one["version"], one["sender"]) == ("ana", "7", "pagerduty_change/pd"), one
    body["payload"]["timestamp"] = "2025-11-23T09:00:00Z"
    ask(server, "POST", "/v2/change/enqueue", body)
    assert len(changes(server, "?service=shop")) == 2
    body["payload"]["custom_details"]["build_number"] = 8
    ask(server, "POST", "/v2/change/enqueue", body)
    assert len(changes(server, "?service=shop")) == 3, "two builds that end in one second are two"
    assert ask(server, "POST", "/v2/change/enqueue", body | {"routing_key": "f" * 32})[0] == 401
    status, text, _ = server.ask("POST", "/v2/change/enqueue", b"", JSON)
    assert status == 400 and json.loads(text)["errors"], (status, text)
    status, said = ask(server, "POST", "/v2/change/enqueue", {"routing_key": key, "payload": {}})
    assert status == 400 and "summary" in said["errors"][0], said


def test_a_deploy_of_sentrys_release_is_a_change(server):
    add(server, "releases", "sentry_release")
    top = "/api/0/organizations/acme/releases/"
    assert ask(server, "POST", top, {"version": "pay@9", "projects": ["pay"]}, "releases")[0] == 201
    assert ask(server, "PUT", top + "pay@9/", {"dateReleased": "2025-11-23T08:00:00Z"}, "releases")[0] == 200
    assert not changes(server, "?service=pay")
    body = {"environment": "prod", "name": None, "url": None, "dateStarted": None, "dateFinished": "2025-11-23T08:00:00.5Z"}
    first = ask(server, "POST", top + "pay%409/deploys/", body, "releases")
    assert first[0] == 201 and first[1]["environment"] == "prod" and first[1]["id"], first
    assert ask(server, "POST", top + "pay%409/deploys/", body, "releases") == first
    (one,) = changes(server, "?service=pay")
    assert (one["version"], one["environment"]) == ("9", "prod"), one
    status, said = ask(server, "POST", top + "pay@9/deploys/", {}, "releases")
    assert status == 422 and "environment" in said["detail"], said
    assert ask(server, "POST", "/api/0/organizations/acme/issues/", {}, "releases")[0] == 404
    headers = {"Authorization": f"Bearer {keys['releases']}"}
    assert server.json("GET", "/api/0/organizations/acme/repos/", None, headers) == (200, [])
    status, said = server.json("GET", top + "pay@9/deploys/", None, headers)
    assert status == 404 and "change list" in said["detail"], said
    assert server.ask("GET", "/api/0/organizations/acme/repos/", headers={"Authorization": "Bearer " + "0" * 32})[0] == 401
    page = server.ask("GET", "/settings/integrations", headers={"Accept": "text/html"})[1].decode()
    assert "Sentry releases" in page


def test_cdevents_are_changes_and_one_that_comes_again_is_none(server):
    event = {"specversion": "1.0", "id": "e1", "source": "/ci", "type": "dev.cdevents.service.rolledback.0.3.0", "time": "2025-11-23T08:00:00Z",
             "data": {"subject": {"id": "service/basket", "content": {"environment": {"id": "prod"}, "artifactId": "pkg:oci/basket@v3"}}}}
    headers = JSON | {"Content-Type": "application/cloudevents+json"}
    for _ in range(2):
        assert server.ask("POST", "/in/cloudevents", json.dumps(event).encode(), headers)[0] == 202
    (one,) = changes(server, "?service=basket")
    assert one["rollback"] is True and one["version"] == "v3" and one["environment"] == "prod", one
    server.ask("POST", "/in/cloudevents", json.dumps(event | {"id": "e2"}).encode(), headers)
    assert len(changes(server, "?service=basket")) == 2


def test_a_mapping_of_the_teams_own_reads_changes(server):
    add(server, "flags", "generic", "--what", "change", "--kind", "flag", "--title", "{{flag}} {{to}}", "--service", "app", "--undo", "flip {{flag}} {{from}}")
    body = {"flag": "new-basket", "to": "on", "from": "off", "app": "basket-web", "user": "zoe", "id": "f-1", "timestamp": "2025-11-23T08:00:00Z"}
    for _ in range(2):
        assert ask(server, "POST", "/in/generic/flags", body, "flags")[0] == 200
    (one,) = changes(server, "?service=basket-web")
    assert (one["title"], one["kind"], one["who"], one["undo"], one["sender"]) == (
        "new-basket on", "flag", "zoe", "flip new-basket off", "generic/flags"), one
    assert not [a for a in server.json("GET", "/api/v1/alerts")[1]["alerts"] if "new-basket" in a["name"]]
    page = server.ask("GET", "/settings/integrations/flags", headers={"Accept": "text/html"})[1].decode()
    assert "<dt>Change</dt><dd>flag by zoe</dd>" in page and "flip new-basket off</dd>" in page and "Send a test" not in page, page
    assert server.run("integration", "edit", "flags", "--what", "sideways").returncode == 2
    assert server.run("integration", "edit", "flags", "--undo", "{{open").returncode == 2
    assert server.run("integration", "edit", "flags", "--version", "to").returncode == 0
    assert ask(server, "POST", "/in/generic/flags", {"text": ""}, "flags")[0] == 422


def snippet(server, name, title):
    page = server.ask("GET", f"/settings/integrations/{name}", headers={"Accept": "text/html"})[1].decode()
    found = re.search(r"<summary>" + re.escape(title) + r"[^<]*</summary>\s*<pre[^>]*>(.*?)</pre>", page, re.S)
    assert found, (title, page)
    return html.unescape(found.group(1)).replace("THE-KEY", keys[name])


def test_what_a_page_says_to_paste_works(server):
    if not shutil.which("curl"):
        return "there is no curl"
    env = dict(os.environ, JOB_BASE_NAME="jenkins-shop", BUILD_NUMBER="12", BUILD_URL="https://ci.example/12", VERSION="v1", PREVIOUS="v0",
               APLOMB_TOKEN=server.token, XDG_CONFIG_HOME=server.top, XDG_STATE_HOME=server.top,
               PATH=f"{os.path.dirname(os.path.abspath(APLOMB))}:{os.environ['PATH']}")
    jenkins = snippet(server, "pd", "Jenkins").split("'''")[1]
    script = snippet(server, "flags", "A deploy script").replace("./deploy", "false")
    for text in (jenkins, snippet(server, "argo", "A shell").replace("checkout", "pasted"), script):
        said = subprocess.run(["sh", "-ec", text], env=env, capture_output=True, text=True, check=False)
        assert said.returncode == 0, (text, said)
    (one,) = changes(server, "?service=jenkins-shop")
    assert (one["title"], one["version"], one["link"]) == ("jenkins-shop #12 deployed", "12", "https://ci.example/12"), one
    assert changes(server, "?service=pasted")[0]["environment"] == "production"
    failed = [c for c in changes(server) if c["title"] == "Checkout v1"]
    assert len(failed) == 1 and failed[0]["state"] == "failed" and failed[0]["undo"] == "deploy checkout v0", failed
    return None


def test_after_a_kill_a_retry_is_still_none(server):
    before = changes(server)
    server.kill()
    server.start()
    body = {"time": 1700000000000, "isRegion": False, "tags": ["service:checkout", "version:v812", "deploy", "prod"], "text": "checkout <b>v812</b>"}
    assert ask(server, "POST", "/api/annotations", body, "argo")[0] == 200
    assert changes(server) == before
    assert server.verify().returncode == 0
