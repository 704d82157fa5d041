# SPDX-License-Identifier: Apache-2.0
"""Who may no longer read does not; and the command line does not call a mistake a success."""
import os
import re
import select
import socket
import subprocess
import urllib.parse

from server import APLOMB

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
PASSWORD = "correct horse battery"


def post(server, path, headers=None, **fields):
    return server.ask("POST", path, urllib.parse.urlencode(fields).encode(), {**FORM, **(headers or {})})


def add(server, login, right="viewer"):
    status, _, _ = post(server, "/people/add", login=login, new_name=login, right=right, password=PASSWORD)
    assert status == 303, status
    _, people = server.json("GET", "/api/v1/people")
    return next(p["id"] for p in people["people"] if p["login"] == login)


def sign_in(server, login):
    """(the cookie, the proof for its forms)"""
    _, _, headers = post(server, "/sign-in", {"Authorization": None}, login=login, password=PASSWORD)
    cookie = headers["Set-Cookie"].split(";")[0]
    _, page, _ = server.ask("GET", "/people", headers={"Authorization": None, "Cookie": cookie, "Accept": "text/html"})
    return cookie, re.search(rb'name="_csrf" value="([^"]*)"', page).group(1).decode()


def make_token(server, cookie, csrf, scope="read"):
    _, page, _ = post(server, "/people/me/tokens", {"Authorization": None, "Cookie": cookie}, name=scope, scopes=scope, _csrf=csrf)
    return re.search(rb"apl_[\w-]+", page).group(0).decode()


class Stream:
    def __init__(self, server, header):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        self.socket.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{header}\r\n\r\n".encode())
        self.got = b""
        self.until(b"\r\n\r\n")
        assert b" 200 " in self.got, self.got

    def until(self, word):
        """Whether it came before the stream ended."""
        while word not in self.got:
            more = self.socket.recv(65536)
            if not more:
                return False
            self.got += more
        return True

    def close(self):
        self.socket.close()


def note(server, text):
    if not hasattr(server, "hostile_incident"):
        _, reply = server.json("POST", "/api/v1/incidents", {"title": "Who reads this", "severity": "sev3", "services": ["x"]})
        server.hostile_incident = reply["incident"]
    status, reply = server.json("POST", f"/api/v1/incidents/{server.hostile_incident}/note/add", {"text": text})
    assert status == 200, (status, reply)


def ends_after(server, stream, what, end):
    note(server, f"before {what}")
    assert stream.until(f"before {what}".encode())
    end()
    note(server, f"after {what}")
    assert not stream.until(f"after {what}".encode()), f"a stream told what came after its reader was {what}"
    stream.close()


def test_a_disabled_person_reads_no_further(server):
    person = add(server, "dora")
    cookie, _ = sign_in(server, "dora")
    ends_after(server, Stream(server, f"Cookie: {cookie}"), "disabled", lambda: post(server, f"/people/{person}/disable"))


def test_who_signed_out_reads_no_further(server):
    add(server, "otto")
    cookie, csrf = sign_in(server, "otto")
    ends_after(server, Stream(server, f"Cookie: {cookie}"), "signed out",
               lambda: post(server, "/sign-out", {"Authorization": None, "Cookie": cookie}, _csrf=csrf))


def test_a_revoked_token_reads_no_further(server):
    add(server, "tess")
    cookie, csrf = sign_in(server, "tess")
    token = make_token(server, cookie, csrf)
    _, page, _ = server.ask("GET", "/people", headers={"Authorization": None, "Cookie": cookie, "Accept": "text/html"})
    token_id = re.search(rb"/people/tokens/(\w+)/revoke", page).group(1).decode()
    ends_after(server, Stream(server, f"Authorization: Bearer {token}"), "revoked",
               lambda: post(server, f"/people/tokens/{token_id}/revoke"))


def test_others_go_on_reading(server):
    person = add(server, "vera")
    cookie, _ = sign_in(server, "vera")
    add(server, "walt")
    other, _ = sign_in(server, "walt")
    streams = [Stream(server, f"Cookie: {other}"), Stream(server, f"Authorization: Bearer {server.token}")]
    assert sign_in(server, "vera")[0] != cookie
    post(server, f"/people/{person}/disable")
    note(server, "for the others")
    for s in streams:
        assert s.until(b"for the others")
        s.close()


def test_a_mistyped_folder_is_no_proof(server):
    missing = os.path.join(server.top, "dataa")
    for command in ("verify", "rebuild"):
        r = subprocess.run([APLOMB, command, "--data", missing], capture_output=True, text=True, check=False)
        assert r.returncode == 3 and "no data folder" in r.stderr and not r.stdout, (command, r)
        assert not os.path.exists(missing), f"{command} made the folder"


def test_init_leaves_nothing_for_others_to_read(server):
    data = os.path.join(server.top, "open")
    os.mkdir(data, 0o755)
    before = os.umask(0o022)
    try:
        subprocess.run([APLOMB, "init", "--data", data, "--admin", "root"], check=True, stdout=subprocess.DEVNULL)
    finally:
        os.umask(before)
    for name in os.listdir(data):
        assert os.stat(os.path.join(data, name)).st_mode & 0o077 == 0, name


def test_a_lost_output_is_told(server):
    for words in (["help"], ["status"]):
        with open("/dev/full", "w", encoding="ascii") as full:
            r = subprocess.run([APLOMB, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
                               env=dict(os.environ, APLOMB_SERVER=f"http://127.0.0.1:{server.port}", APLOMB_TOKEN=server.token,
                                        XDG_CONFIG_HOME=server.top, XDG_STATE_HOME=server.top))
        assert r.returncode == 1 and "could not be written" in r.stderr, (words, r)


def test_a_stream_of_nothing_is_refused(server):
    note(server, "there is one")
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as s:  # a stream would go on for ever: its head is enough
        s.sendall(f"GET /events?incident=9999 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode())
        head = s.recv(65536)
    assert b" 404 " in head.split(b"\r\n")[0], head
    r = server.run("watch", "9999")
    assert r.returncode == 3 and "no incident 9999" in r.stderr, r


def test_watch_ends_when_nobody_reads(server):
    note(server, "watched")
    env = dict(os.environ, APLOMB_SERVER=f"http://127.0.0.1:{server.port}", APLOMB_TOKEN=server.token,
               XDG_CONFIG_HOME=server.top, XDG_STATE_HOME=server.top)
    watch = subprocess.Popen([APLOMB, "watch", str(server.hostile_incident)], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        for i in range(50):
            note(server, f"told {i}")
            if select.select([watch.stdout], [], [], 0.2)[0]:
                break
        watch.stdout.close()
        note(server, "to nobody")
        assert watch.wait(timeout=5) == 0
    finally:
        if watch.poll() is None:
            watch.kill()
            watch.wait()


def test_capture_asks_where_before_it_runs(server):
    note(server, "one is open")
    server.json("POST", "/api/v1/incidents", {"title": "Another thing", "severity": "sev3", "services": ["y"]})
    trace = os.path.join(server.top, "ran")
    r = server.run("capture", "--", "touch", trace)
    assert r.returncode == 2 and "-i N" in r.stderr, r
    assert not os.path.exists(trace), "it ran, and its output was not kept"
    r = server.run("capture", "-i", str(server.hostile_incident), "--", "touch", trace)
    assert r.returncode == 0 and os.path.exists(trace), r


def test_a_vast_address_does_not_stay_in_memory(server):
    server.json("POST", "/api/v2/alerts", [{"labels": {"alertname": "Vast"}, "generatorURL": "https://x/" + "a" * 100000}])
    _, reply = server.json("GET", "/api/v1/alerts")
    vast = next(a for a in reply["alerts"] if a["name"] == "Vast")
    assert len(vast.get("generator") or "") == 0


def test_a_token_that_writes_does_no_admins_work(server):
    add(server, "ada", "admin")
    cookie, csrf = sign_in(server, "ada")
    writes, rules = ({"Authorization": f"Bearer {make_token(server, cookie, csrf, scope)}"} for scope in ("write", "admin"))
    _, reply = server.json("POST", "/api/v1/incidents", {"title": "Hers", "severity": "sev3", "services": ["z"]}, writes)
    note_of = f"/api/v1/incidents/{reply['incident']}"
    for path, body in (("/api/v1/desk/integration/add", {"name": "hers", "source": "generic"}),
                       ("/api/v1/desk/body/redact", {"target": "1", "reason": "to hide it"}),
                       (f"{note_of}/entry/redact", {"entry": 1, "reason": "to hide it"})):
        status, reply = server.json("POST", path, body, writes)
        assert status == 403 and "scope admin" in reply["detail"], (path, status, reply)
    assert server.json("POST", f"{note_of}/note/add", {"text": "she writes"}, writes)[0] == 200
    assert server.json("POST", "/api/v1/desk/integration/add", {"name": "hers", "source": "generic"}, rules)[0] == 200


def test_a_stranger_learns_no_name_of_an_integration(server):
    server.json("POST", "/api/v1/desk/integration/add", {"name": "there", "source": "generic"})
    stranger = {"Authorization": "Bearer " + "0" * 32}
    answers = [server.ask("POST", f"/in/generic/{name}", {"title": "x"}, stranger)[:2] for name in ("there", "nowhere")]
    assert answers[0] == answers[1] and answers[0][0] == 401, answers


def test_help_knows_each_command_that_it_lists(server):
    listed = re.findall(r"^  ([a-z]+) .*--data", server.run("help").stdout, re.M)
    assert {"serve", "backup", "restore", "verify"} <= set(listed), listed
    for name in listed:
        r = server.run("help", name)
        assert r.returncode == 0 and r.stdout == server.run(name, "--help").stdout and f"aplomb {name}" in r.stdout, (name, r)
