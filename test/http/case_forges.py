# SPDX-License-Identifier: Apache-2.0
"""The forges tell of changes: who is let in by a signature over the bytes as they came, who is not and leaves nothing, one
change however often and in whatever order it is told, and every recorded body at its own door."""
import glob
import hashlib
import hmac
import json
import os
import re
import sqlite3
import urllib.parse

from server import TOP

SHARED = os.environ.get("APLOMB_SHARED", os.path.join(TOP, "..", "shared"))
OLD, NEW = "9836a96a253cce25d17988fcf41b8c4205cf779f", "4522cbcefc20728a5b72b3a86af35e608622c514"
REPO = {"name": "shop", "full_name": "acme/shop", "html_url": "https://github.com/acme/shop", "default_branch": "main"}
GITLAB = {"path_with_namespace": "acme/shop", "web_url": "https://gitlab.com/acme/shop", "default_branch": "main"}
SECRET = "Use ghp_" + "a" * 36 + " here"
keys = {}


def push(message="Update the readme", after=NEW, **more):
    return {"ref": "refs/heads/main", "before": OLD, "after": after, "commits": [{"id": after, "message": message}],
            "head_commit": {"id": after, "message": message}, "repository": REPO, "sender": {"login": "ada"}, **more}


def deployment(id_, state=None):
    body = {"action": "created", "repository": REPO, "sender": {"login": "ada"},
            "deployment": {"id": id_, "sha": NEW, "ref": "v1.4.2", "task": "deploy", "environment": "production",
                           "creator": {"login": "ada"}, "created_at": "2026-11-20T08:40:00Z"}}
    if state:
        body["deployment_status"] = {"state": state, "created_at": "2026-11-20T08:44:00Z"}
    return body


def sign(key, raw):
    return "sha256=" + hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()


def post(server, path, body, headers=None, type_="application/json"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, text, _ = server.ask("POST", path, raw, {"Authorization": None, "Content-Type": type_} | (headers or {}))
    assert status < 500, (path, status, text)
    return status, text.decode()


def github(server, name, event, body, key=None, **more):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-GitHub-Event": event} | ({"X-Hub-Signature-256": sign(key, raw)} if key else {})
    return post(server, f"/in/github{name and '/' + name}", raw, headers | more)


def changes(server, query=""):
    status, reply = server.json("GET", "/api/v1/changes" + query)
    assert status == 200, reply
    return {c["key"]: c for c in reply["changes"]}


def add(server, name, source, **more):
    status, said = server.json("POST", "/api/v1/desk/integration/add", {"name": name, "source": source, **more})
    assert status == 200, said
    keys[name] = said["key"]


def rows(server, sql):
    with sqlite3.connect(f"file:{server.data}/aplomb.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def kept(server):
    return rows(server, "SELECT count(*) FROM inbox")[0][0]


def count_changes(server):
    return rows(server, "SELECT count(*) FROM v_change")[0][0]


def test_on_loopback_all_are_let_in_until_there_is_an_integration(server):
    for headers in ({}, {"X-Hub-Signature-256": "sha256=" + "0" * 64}):
        status, text = github(server, "", "push", push(after="a" * 40), **headers)
        assert status == 200, text
    assert post(server, "/in/gitlab", {"object_kind": "note", "project": GITLAB}, {"X-Gitlab-Token": "any"})[0] == 200
    change = changes(server)["github/github.com/acme/shop/push/main/9836a96a253c..aaaaaaaaaaaa"]
    assert change["title"] == "shop aaaaaaa pushed to main" and change["sender"] == "github", change
    assert change["who"] == "ada" and change["undo"].startswith("Deploy 9836a96"), change


def test_a_page_from_elsewhere_may_not(server):
    assert github(server, "", "push", push(), **{"Origin": "https://evil.example"})[0] == 403


def test_a_signature_over_the_bytes_lets_in(server):
    add(server, "code", "github")
    status, text = github(server, "code", "push", push(SECRET), keys["code"])
    assert status == 200, text
    change = changes(server)["github/github.com/acme/shop/push/main/9836a96a253c..4522cbcefc20"]
    assert change["sender"] == "github/code" and "ghp_" not in json.dumps(change), change
    assert change["differs"].startswith("9836a96..4522cbc, 1 commit: Use "), change


def test_without_a_right_one_nothing_is_let_in_or_kept(server):
    body, key = json.dumps(push(after="b" * 40)).encode(), keys["code"]
    before, said = kept(server), set()
    for name, headers in (("code", {}), ("code", {"X-Hub-Signature-256": sign("f" * 32, body)}),
                          ("code", {"X-Hub-Signature-256": sign(key, body + b" ")}),
                          ("code", {"X-Hub-Signature-256": sign(key, body)[:-1]}),
                          ("code", {"X-Hub-Signature-256": "sha256=" + "g" * 64}),
                          ("code", {"X-Hub-Signature": sign(key, body)}),
                          ("", {"X-Hub-Signature-256": sign(key, body)}),
                          ("nobody", {"X-Hub-Signature-256": sign(key, body)}),
                          ("nobody", {"X-Hub-Signature-256": sign("-", body)}),
                          ("nobody", {}), ("", {}), ("code", {"Authorization": "Bearer " + "f" * 32})):
        status, text = github(server, name, "push", body, **headers)
        assert status == 401 and json.loads(text)["detail"], (name, headers, status, text)
        if name and "X-Hub-Signature-256" in headers:
            said.add(text)
    assert len(said) == 1, f"a wrong secret and an unknown name are told alike: {said}"
    assert kept(server) == before
    assert not any("bbbbbbbbbbbb" in k for k in changes(server))


def test_the_key_itself_and_a_token_of_ours_do_too(server):
    body = push(after="c" * 40)
    assert github(server, "code", "push", body, **{"Authorization": f"Bearer {keys['code']}"})[0] == 200
    assert github(server, "", "push", body, **{"Authorization": f"Bearer {server.token}"})[0] == 200
    assert len([k for k in changes(server) if "cccccccccccc" in k]) == 1


def test_a_deployment_is_one_change_in_whatever_order(server):
    key = keys["code"]
    for state in ("success", None, "in_progress", "success", "inactive", None):
        event = "deployment_status" if state else "deployment"
        assert github(server, "code", event, deployment(77, state), key)[0] == 200
    (change,) = [c for k, c in changes(server).items() if k.endswith("/deployment/77")]
    assert (change["state"], change["title"]) == ("done", "shop v1.4.2"), change
    assert (change["began"], change["ended"]) == ("2026-11-20T08:40:00Z", "2026-11-20T08:44:00Z"), change
    github(server, "code", "deployment", deployment(78), key)
    github(server, "code", "deployment_status", deployment(78, "failure"), key)
    (change,) = [c for k, c in changes(server).items() if k.endswith("/deployment/78")]
    assert change["state"] == "failed" and change["environment"] == "production", change


def test_what_tells_of_no_change_is_kept_and_answered(server):
    before = kept(server)
    for n, (event, status) in enumerate((("ping", 200), ("issues", 200), ("deployment_protection_rule", 202))):
        got, text = github(server, "code", event, {"zen": n, "repository": REPO}, keys["code"])
        assert got == status and "tells of no change" in text, (event, got, text)
    assert kept(server) == before + 3
    text = server.ask("GET", "/settings/integrations/code", headers={"Accept": "text/html"})[1].decode()
    assert "not understood" not in text, "it was understood"


def test_a_form_is_signed_as_it_came(server):
    raw = b"payload=" + urllib.parse.quote(json.dumps(push(after="d" * 40))).encode()
    headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": sign(keys["code"], raw)}
    status, text = post(server, "/in/github/code", raw, headers, "application/x-www-form-urlencoded")
    assert status == 200 and any("dddddddddddd" in k for k in changes(server)), text


def test_the_others_prove_themselves_their_way(server):
    for name, source in (("lab", "gitlab"), ("bucket", "bitbucket"), ("tea", "gitea")):
        add(server, name, source, branches="main, live-*", service="checkout-api")
    flag = {"object_kind": "feature_flag", "project": GITLAB, "user": {"username": "ada"},
            "object_attributes": {"id": 6, "name": "new-checkout", "active": True}}
    for path, token, want in (("/in/gitlab/lab", "lab", 200), ("/in/gitlab", "lab", 200), ("/in/gitlab/lab", "code", 403),
                              ("/in/gitlab/lab", None, 401), ("/in/gitlab/none", None, 401)):
        headers = {"Idempotency-Key": "f5e5"} | ({"X-Gitlab-Token": keys[token]} if token else {})
        status, text = post(server, path, flag, headers)
        assert status == want, (path, token, status, text)
    (change,) = changes(server, "?kind=flag").values()
    assert (change["title"], change["service"]) == ("flag new-checkout on", "checkout-api"), change
    raw = json.dumps(push(ref="refs/heads/live-eu")).encode()
    for header in ("X-Hub-Signature-256", "X-Gitea-Signature", "X-Gogs-Signature"):
        plain = {"X-Gitea-Event": "push", header: sign(keys["tea"], raw).removeprefix("sha256=")}
        assert post(server, "/in/gitea/tea", raw, plain)[0] == 200
        assert post(server, "/in/gitea/tea", raw + b" ", plain)[0] == 401
    (change,) = [c for k, c in changes(server).items() if k.startswith("gitea/")]
    assert change["title"] == "checkout-api 4522cbc pushed to live-eu", change
    branch = {"type": "branch", "name": "main", "target": {"hash": NEW, "message": "Update"}}
    raw = json.dumps({"push": {"changes": [{"new": branch}]}, "repository": {"full_name": "acme/shop"}}).encode()
    headers = {"X-Event-Key": "repo:push", "X-Hub-Signature": sign(keys["bucket"], raw)}
    assert post(server, "/in/bitbucket/bucket", raw, headers)[0] == 200
    assert post(server, "/in/bitbucket/bucket", raw[:-1] + b" }", headers)[0] == 401
    assert "bitbucket/acme/shop/push/main/new..4522cbcefc20" in changes(server)


def test_only_what_signs_has_its_key_kept_and_no_event_or_page_has_it(server):
    assert {n for n, in rows(server, "SELECT name FROM integration_secret")} == {"code", "bucket", "tea"}
    have = "\n".join(str(r) for r in rows(server, "SELECT * FROM event JOIN event_body USING (pos)"))
    pages = "".join(server.ask("GET", f"/settings/integrations/{n}", headers={"Accept": "text/html"})[1].decode() for n in keys)
    for name, key in keys.items():
        assert key not in have and key not in pages, name
    assert re.search(r"What goes live.*Service.*Branches", pages, re.S)


def test_a_test_is_a_change_of_no_real_service(server):
    for name in ("code", "lab", "bucket", "tea"):
        status, _, headers = server.ask("POST", f"/settings/integrations/{name}/test", b"", {"Accept": "text/html"})
        assert status == 303 and headers["Location"].endswith("?tested=1"), (name, status)
    tests = [c for c in changes(server).values() if c["service"] == "aplomb-test"]
    assert len(tests) == 4 and all(c["environment"] == "test" for c in tests), tests
    assert all("Test from" in json.dumps(c) for c in tests), tests


def test_the_form_sets_branches_and_service(server):
    form = b"branches=production&service=&note=the+shop"
    status, text, _ = server.ask("POST", "/settings/integrations/tea/edit", form,
                                 {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
    assert status == 200 and b'value="production"' in text, text[-2000:]
    raw = json.dumps(push(ref="refs/heads/production", after="e" * 40)).encode()
    assert post(server, "/in/gitea/tea", raw, {"X-Gitea-Event": "push", "X-Gitea-Signature": sign(keys["tea"], raw)[7:]})[0] == 200
    assert any(c["title"] == "shop eeeeeee pushed to production" for c in changes(server).values())


def test_after_a_kill_all_of_it_is_there(server):
    before = changes(server)
    server.kill()
    server.start()
    assert changes(server) == before
    assert github(server, "code", "push", push(SECRET), keys["code"])[0] == 200
    assert changes(server) == before, "a redelivery is no second change"
    done = server.verify()
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_key_replaces_the_secret_and_a_removed_one_opens_nothing(server):
    old = keys["code"]
    status, said = server.json("POST", "/api/v1/desk/integration/rotate", {"name": "code"})
    assert status == 200 and said["key"] != old, said
    assert github(server, "code", "ping", {"zen": 10}, old)[0] == 401
    assert github(server, "code", "ping", {"zen": 11}, said["key"])[0] == 200
    assert server.json("POST", "/api/v1/desk/integration/remove", {"name": "code"})[0] == 200
    assert github(server, "code", "ping", {"zen": 12}, said["key"])[0] == 401
    assert "code" not in {n for n, in rows(server, "SELECT name FROM integration_secret")}


def door(path):
    """The door of a recorded body and the headers that its sender puts beside it."""
    folder, name = os.path.basename(os.path.dirname(path)), os.path.basename(path)
    if folder == "octokit" or (folder == "github" or name.startswith("github-")):
        event = re.split(r"-\d|__|\.", name.removeprefix("github-"))[0]
        event = {"pipeline_hook": "workflow_run", "deployment_commit": "deployment"}.get(event, event)
        event = next((k for k in ("push", "release") if event.startswith(k)), event)
        return "/in/github", {"X-GitHub-Event": event}
    if folder == "gitlab" or name.startswith("gitlab-"):
        return "/in/gitlab", {}
    if name.startswith("bitbucket-"):
        return "/in/bitbucket", {"X-Event-Key": "repo:push" if "push" in name else "pipeline:any"}
    return "/in/gitea", {"X-Gitea-Event": re.split(r"-|\.", name)[1]}


def test_every_recorded_body_is_kept_and_answered(server):
    folders = ("octokit", "gitlab", "go-scm", "zulip/github", "zulip/gitlab")
    found = [p for f in folders for p in sorted(glob.glob(os.path.join(SHARED, "payloads", f, "*.json")))
             if not os.path.basename(p).startswith(("azure-", "harness-"))]  # no door of theirs
    if not found:
        return "there is no ../shared/payloads, and no APLOMB_SHARED"
    before, known, refused = kept(server), count_changes(server), []
    for path in found:
        with open(path, "rb") as f:
            raw = f.read()
        to, headers = door(path)
        status, text = post(server, to, raw, headers | {"Authorization": f"Bearer {server.token}"})
        if status >= 300:
            refused.append(path)
            assert status == 400 and json.loads(text)["detail"], (path, status, text)
    assert kept(server) == before + len(found)
    assert len(found) > 200 and not refused, refused
    assert count_changes(server) >= known + 15
    return None
