# SPDX-License-Identifier: Apache-2.0
"""Running it: metrics, readiness, settings and their layers, signals, a service manager, proxies, the doctor."""
import contextlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from server import APLOMB, Server

PATIENCE_S = 20
# What a service manager does: the socket as descriptor 3, meant for this process.
HAND_OVER = """import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])"""


class Served:
    """aplomb serve with settings of its own, and what it said on standard error. Used in a with statement."""

    def __init__(self, words=(), config=None, env=None, **options):
        self.top = tempfile.mkdtemp(prefix="aplomb-operate-")
        self.config = os.path.join(self.top, "config.yaml")
        self.write(config or "")
        self.data = os.path.join(self.top, "data")
        token_file = os.path.join(self.top, "token")
        subprocess.run([APLOMB, "init", "--data", self.data, "--admin", "root", "--token-file", token_file], check=True,
                       stdout=subprocess.DEVNULL)
        with open(token_file, encoding="ascii") as f:
            self.token = f.read().strip()
        self.errors = open(os.path.join(self.top, "stderr"), "w+", encoding="utf-8")
        before = options.pop("before", [])
        self.process = subprocess.Popen(
            [*before, APLOMB, "serve", "--data", self.data, "--config", self.config, *words], text=True,
            stdout=subprocess.PIPE, stderr=self.errors,
            env={**clean_env(), "XDG_CONFIG_HOME": self.top, **(env or {})}, **options)
        self.port = 0

    def __enter__(self):
        self.greeting = self.process.stdout.readline()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
        self.process.stdout.close()
        self.errors.close()
        shutil.rmtree(self.top, ignore_errors=True)

    def write(self, text):
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text)

    def said(self):
        with open(self.errors.name, encoding="utf-8") as f:
            return f.read()

    def says(self, part):
        """Waits until the log has it."""
        until(lambda: part in self.said(), lambda: f"{part!r} is not in {self.said()!r}")

    ask = Server.ask


def clean_env():
    return {k: v for k, v in os.environ.items() if not k.startswith("APLOMB_") and k not in ("NOTIFY_SOCKET",)}


def until(holds, why):
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, why()
        time.sleep(0.05)


def on_a_port(words=(), config="", **options):
    """A Served whose port was free a moment ago."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]

    served = Served(["--listen", f"127.0.0.1:{port}", *words], config, **options)
    served.port = port
    return served


def aplomb(*words, **env):
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run([APLOMB, *words], env={**clean_env(), "XDG_CONFIG_HOME": home, **env}, capture_output=True,
                              text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)


def values(text):
    return {k: float(v) for k, v in re.findall(r"^([a-z_]+(?:\{[^}]*\})?) ([-+0-9.e]+)$", text, re.M)}


def test_metrics_count_what_happens(server):
    before = values(server.ask("GET", "/metrics")[1].decode())
    alert = [{"labels": {"alertname": "metrics", "service": "shop"}}]
    for body in (alert, alert):
        assert server.ask("POST", "/api/v2/alerts", body, {"Authorization": None})[0] == 200
    assert server.ask("POST", "/api/v2/alerts", b"[{", {"Authorization": None})[0] == 400
    assert server.ask("GET", "/nowhere")[0] == 404
    assert server.json("POST", "/api/v1/incidents", {"title": "metrics", "severity": "sev2",
                                                     "because": "a test"})[0] == 201
    status, text, headers = server.ask("GET", "/metrics")
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"), headers
    after = values(text.decode())

    def grew(name):
        return after[name] - before.get(name, 0)
    for result, n in (("kept", 1), ("repeat", 1), ("rejected", 1), ("failed", 0)):
        assert grew(f'aplomb_intake_bodies_total{{source="prometheus",result="{result}"}}') == n, result
    assert grew('aplomb_intake_alerts_total{source="prometheus",result="kept"}') == 1
    assert grew('aplomb_http_requests_total{class="intake",status="2xx"}') == 2
    assert grew('aplomb_http_requests_total{class="none",status="4xx"}') == 1
    assert grew('aplomb_http_requests_total{class="api",status="2xx"}') == 1
    assert grew("aplomb_commit_duration_seconds_count") >= 3
    assert grew('aplomb_commit_duration_seconds_bucket{le="+Inf"}') == grew("aplomb_commit_duration_seconds_count")
    assert grew('aplomb_incidents_open{severity="sev2"}') == 1
    assert after["aplomb_ledger_position"] > before["aplomb_ledger_position"]
    assert after['aplomb_alerts{state="firing"}'] >= 1 and after["aplomb_ready"] == 1
    assert after["process_open_fds"] > 3 and after["process_resident_memory_bytes"] > 1 << 20


def test_metrics_are_clean(server):
    if not shutil.which("promtool"):
        return "promtool is not installed (Debian's prometheus has it)"
    _, text, _ = server.ask("GET", "/metrics")
    r = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert r.returncode == 0 and not r.stdout + r.stderr, r.stdout + r.stderr
    return None


def test_metrics_of_a_server_for_others_need_a_token(_):
    with on_a_port(["--public-url", "https://aplomb.example", "--behind-proxy", "yes"]) as s:
        assert s.ask("GET", "/metrics", headers={"Authorization": None})[0] == 401
        assert s.ask("GET", "/metrics")[0] == 200
        # a proxy on this machine brings strangers: no sender is at home either
        assert s.ask("POST", "/api/v2/alerts", [], {"Authorization": None})[0] == 401


def test_not_ready_while_the_disk_refuses(_):
    with on_a_port() as s:
        assert s.ask("GET", "/-/ready")[:2] == (200, b"OK\n")
        resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
        status, _, headers = s.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": "full"}}])
        assert status == 503 and headers["Retry-After"], status
        status, text, headers = s.ask("GET", "/-/ready")
        assert status == 503 and b"Make room on the disk" in text and headers["Retry-After"], text
        assert s.ask("GET", "/-/healthy")[0] == 200
        assert values(s.ask("GET", "/metrics")[1].decode())["aplomb_ready"] == 0
        s.says("doing=commit")
        resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: s.ask("GET", "/-/ready")[0] == 200, lambda: "it stayed unready")
        s.says("The disk takes writes again.")
        assert s.said().count("doing=commit") <= 2, s.said()  # once, not once a second
        assert s.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": "full"}}])[0] == 200


def test_settings_come_in_layers(_):
    with tempfile.TemporaryDirectory() as top:
        config = os.path.join(top, "c.yaml")
        with open(config, "w", encoding="utf-8") as f:
            f.write("workers: 2\nloops: 2\nlog_level: debug\n")
        os.mkdir(os.path.join(top, "aplomb"))
        with open(os.path.join(top, "aplomb", "config.yaml"), "w", encoding="utf-8") as f:
            f.write("workers: 3\nloops: 3\n")
        r = aplomb("config", "show", "--origin", "--json", "--config", config, XDG_CONFIG_HOME=top, APLOMB_WORKERS="7")
        assert r.returncode == 0, r.stderr
        got = json.loads(r.stdout)
        assert got["workers"] == {"value": "7", "layer": "environment", "where": "APLOMB_WORKERS"}
        assert got["loops"]["value"] == "3" and got["loops"]["where"].endswith("aplomb/config.yaml:2")
        assert got["log_level"] == {"value": "debug", "layer": "system file", "where": f"{config}:3"}
        assert got["listen"] == {"value": "127.0.0.1:8420", "layer": "default", "where": ""}
        r = aplomb("config", "show", "--config", config)
        assert "workers: 2\n" in r.stdout and "log_level: debug\n" in r.stdout, r.stdout


def test_config_check_names_file_and_line(_):
    with tempfile.TemporaryDirectory() as top:
        config = os.path.join(top, "c.yaml")
        for text, told in (("listen: 127.0.0.1:1\n", None), ("a: 1\n\nlistn: x\n", "c.yaml:3: There is no setting listn. Did you"),
                           ("workers: 0\n", "workers is 1 to 256"), ("data: &x a\n", "c.yaml:1: Anchors"),
                           ("data: a\ndata: b\n", "c.yaml:2: data is set twice; the first time in line 1")):
            with open(config, "w", encoding="utf-8") as f:
                f.write(text)
            r = aplomb("config", "check", "--config", config)
            assert r.returncode == (2 if told else 0) and (told or "") in r.stderr, (text, r)
        assert "The settings are right" in aplomb("config", "check").stdout
        assert aplomb("config").returncode == 2 and aplomb("config", "chek").returncode == 2
        assert aplomb("config", "check", "--config", top + "/none").returncode == 2


def test_a_pipe_is_no_settings_file(_):
    with tempfile.TemporaryDirectory() as top:
        pipe = os.path.join(top, "pipe")
        os.mkfifo(pipe)
        r = subprocess.run([APLOMB, "config", "check", "--config", pipe], capture_output=True, text=True, timeout=20, check=False)
        assert r.returncode == 2 and "not a file" in r.stderr, r


def test_serve_refuses_what_does_not_go_together(_):
    for words, told in ((["--listen", "0.0.0.0:0"], "plain http"), (["--behind-proxy", "yes"], "--public-url https://NAME"),
                        (["--lisen", "x"], "did you mean --listen?"), (["--workers", "many"], "a whole number"),
                        (["--behind-proxy", "10.0.0.x", "--public-url", "https://a"], "is no address")):
        r = aplomb("serve", "--data", "/nonexistent/x", *words)
        assert r.returncode == 2 and told in r.stderr, (words, r)
    r = aplomb("serve", "--help")
    for name in ("--listen", "APLOMB_LISTEN", "default: 127.0.0.1:8420", "--log-format", "--behind-proxy"):
        assert name in r.stdout, name


def test_hangup_reads_the_settings_again(_):
    with on_a_port(config="log_level: info\n") as s:
        s.ask("GET", "/-/healthy")
        assert "msg=answered" not in s.said()
        s.write("log_level: debug\nworkers: 6\n")
        s.process.send_signal(signal.SIGHUP)
        s.says("The settings were read again.")
        assert 'msg="A setting changed." setting=log_level was=info is=debug' in s.said(), s.said()
        assert 'needs a restart." setting=workers was=4 is=6' in s.said(), s.said()
        s.ask("GET", "/-/healthy")
        s.says("msg=answered method=GET path=/-/healthy status=200 client=127.0.0.1")
        s.write("log_level: loud\n")
        s.process.send_signal(signal.SIGHUP)
        s.says("The settings are broken; the old ones stay.")
        before = s.said().count("msg=answered")
        s.ask("GET", "/-/healthy")
        until(lambda: s.said().count("msg=answered") > before, lambda: "debug was lost")
        s.write("log_level: debug\nlog_format: json\n")
        s.process.send_signal(signal.SIGHUP)
        s.says('"msg":"The settings were read again."')
        json.loads(s.said().strip().splitlines()[-1])


def test_the_days_of_the_inbox_reach_the_database(_):
    def kept(s):
        with contextlib.closing(sqlite3.connect(os.path.join(s.data, "aplomb.db"))) as db:
            return db.execute("SELECT value FROM setting WHERE key = 'inbox_days'").fetchone()[0]
    with on_a_port(config="inbox_days: 0\n") as s:
        assert kept(s) == "0"
        s.write("inbox_days: 7\n")
        s.process.send_signal(signal.SIGHUP)
        s.says('msg="A setting changed." setting=inbox_days was=0 is=7')
        s.says("The settings were read again.")
        assert kept(s) == "7"
    with on_a_port() as s:
        assert kept(s) == "30"
    assert "inbox_days: 30\n" in aplomb("config", "show").stdout
    r = aplomb("config", "check", APLOMB_INBOX_DAYS="-1")
    assert r.returncode == 2 and "inbox_days is 0 to 36500" in r.stderr, r


def test_hangup_reads_the_certificate_again(_):
    if not shutil.which("openssl"):
        return "openssl is not installed"
    with tempfile.TemporaryDirectory() as top:
        cert, key = os.path.join(top, "cert.pem"), os.path.join(top, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "40",
                        "-subj", "/CN=localhost", "-keyout", key, "-out", cert], check=True, capture_output=True)
        with on_a_port(config=f"tls_cert: {cert}\ntls_key: {key}\n") as s:
            assert s.greeting.startswith("Aplomb serves on https://127.0.0.1:"), s.greeting
            s.process.send_signal(signal.SIGHUP)
            s.says("The certificate was read again.")
            with open(cert, "w", encoding="ascii") as f:
                f.write("broken")
            s.process.send_signal(signal.SIGHUP)
            s.says("level=error")
            assert cert in s.said().split("level=error")[1], s.said()
            r = aplomb("doctor", "--data", s.data, "--json", APLOMB_TLS_CERT=cert)
            assert found(r, "certificate")[0]["verdict"] == "bad", r.stdout
        subprocess.run(["openssl", "req", "-x509", "-key", key, "-days", "40", "-subj", "/CN=a", "-out", cert], check=True,
                       capture_output=True)
        r = aplomb("doctor", "--data", top, "--json", APLOMB_TLS_CERT=cert)
        assert "good for 39 more days" in found(r, "certificate")[0]["text"] or "40 more" in r.stdout, r.stdout
        assert found(r, "certificate")[0]["verdict"] == "ok"
    return None


def test_one_request_is_one_line_of_the_log(_):
    with on_a_port(["--log-level", "debug"]) as s:
        s.ask("GET", "/x%22%20level=error%20msg=forged%C2%9B2J%E2%80%AE?key=secret")
        s.says('path="/x\\" level=error msg=forged\\u009b2J\\u202e" status=404 ')
        assert "secret" not in s.said(), s.said()


def test_a_proxy_speaks_for_its_clients_and_nobody_else(_):
    public = ["--public-url", "https://a.example", "--log-level", "debug"]
    forwarded = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9"}
    for proxies, client in (("yes", "9.9.9.9"), ("127.0.0.0/8", "9.9.9.9"), ("10.0.0.1", "127.0.0.1"),
                            ("127.0.0.1, 9.9.9.9", "6.6.6.6")):
        with on_a_port([*public, "--behind-proxy", proxies]) as s:
            s.ask("GET", "/-/healthy", headers=forwarded)
            s.says(f"path=/-/healthy status=200 client={client} ")
    with on_a_port(["--log-level", "debug"]) as s:
        s.ask("GET", "/-/healthy", headers=forwarded)
        s.says("client=127.0.0.1 ")


def test_a_service_manager_hears_of_it(_):
    top = tempfile.mkdtemp(prefix="aplomb-notify-")
    path = os.path.join(top, "notify")
    heard = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(PATIENCE_S)

        def hear(part):
            while not any(part in h for h in heard):
                heard.append(listener.recv(4096).decode())
        try:
            with on_a_port(env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"}) as s:
                hear("READY=1")
                hear("WATCHDOG=1")
                heard.clear()
                s.process.send_signal(signal.SIGHUP)
                hear("RELOADING=1\nMONOTONIC_USEC=")
                hear("READY=1")
                heard.clear()
            hear("STOPPING=1")
        finally:
            shutil.rmtree(top)


def test_a_socket_can_be_handed_over(_):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen(16)
        port = s.getsockname()[1]
        with Served(["--listen", "127.0.0.1:1"], before=[sys.executable, "-c", HAND_OVER, str(s.fileno())],
                    pass_fds=(s.fileno(),)) as served:
            served.port = port
            assert f"127.0.0.1:{port}" in served.greeting, served.greeting
            assert served.ask("GET", "/-/ready")[0] == 200


def test_the_command_line_takes_its_server_from_the_files(server):
    with tempfile.TemporaryDirectory() as home:
        os.mkdir(os.path.join(home, "aplomb"))
        token, config = os.path.join(home, "t"), os.path.join(home, "aplomb", "config.yaml")
        with open(token, "w", encoding="ascii") as f:
            f.write(server.token)
        with open(config, "w", encoding="utf-8") as f:
            f.write(f"server: http://127.0.0.1:{server.port}/\ntoken_file: {token}\n")
        r = aplomb("api", "GET", "/api/v1/me", XDG_CONFIG_HOME=home)
        assert r.returncode == 0 and "root" in r.stdout, r
        # the token is for that server alone
        r = aplomb("api", "GET", "/api/v1/me", "--server", f"http://localhost:{server.port}", XDG_CONFIG_HOME=home)
        assert r.returncode == 4, r
        with open(config, "a", encoding="utf-8") as f:
            f.write("oops\n")
        r = aplomb("api", "GET", "/api/v1/me", XDG_CONFIG_HOME=home)
        assert r.returncode == 0 and "config.yaml:" in r.stderr, r


def found(r, check):
    return [f for f in json.loads(r.stdout) if f["check"] == check]


def test_the_doctor_finds_a_healthy_server(server):
    r = aplomb("doctor", "--data", server.data, "--server", f"http://127.0.0.1:{server.port}", "--json")
    assert r.returncode == 0, r
    for check in ("settings", "permissions", "room", "fsync", "database", "server", "address"):
        assert found(r, check) and all(f["verdict"] in ("ok", "warn") for f in found(r, check)), (check, r.stdout)
    assert found(r, "address")[0]["text"].endswith("leads to this server.")
    r = aplomb("doctor", "--data", server.data, "--server", f"http://127.0.0.1:{server.port}")
    assert "ok    server       The server answers, and its disk takes writes.\n" in r.stdout, r.stdout


def test_the_doctor_proves_that_a_backup_comes_back(server):
    key = server.json("POST", "/api/v1/desk/integration/add", {"name": "proof", "source": "generic"})[1]["key"]
    server.ask("POST", "/in/generic", {"title": "To be restored"}, {"Authorization": f"Bearer {key}"})
    with contextlib.closing(sqlite3.connect(os.path.join(server.data, "aplomb.db"))) as db:
        events = db.execute("SELECT max(pos) FROM event").fetchone()[0]
    there = ["doctor", "--data", server.data, "--server", f"http://127.0.0.1:{server.port}", "--json"]
    before = sorted(os.listdir(server.top))
    r = aplomb(*there, "--prove")
    assert r.returncode == 0 and sorted(os.listdir(server.top)) == before, r
    made, back = found(r, "prove")
    assert made["verdict"] == back["verdict"] == "ok" and f" {events} events" in made["text"], made
    assert "restored" in back["text"] and "verified" in back["text"] and " s: " in back["text"], back
    # the proof is no backup
    assert "No backup" in found(r, "backup")[0]["text"] and found(r, "backup")[0]["verdict"] == "warn", r.stdout
    with tempfile.TemporaryDirectory() as to:
        assert aplomb("backup", os.path.join(to, "b.tar"), "--data", server.data).returncode == 0
        r = aplomb(*there, "--prove", "--to", to)
        assert r.returncode == 0 and len(found(r, "prove")) == 2 and os.listdir(to) == ["b.tar"], r
    assert found(r, "backup")[0]["verdict"] == "ok" and "b.tar" in found(r, "backup")[0]["text"], r.stdout
    assert found(r, "senders")[0]["verdict"] == "ok", r.stdout
    r = aplomb(*there, "--prove", "--to", "/nonexistent/x")
    assert r.returncode == 1 and found(r, "prove")[0]["verdict"] == "bad", r
    assert aplomb(*there, "--to", "/tmp").returncode == 2


def test_the_doctor_sees_old_backups_silent_senders_and_a_rotten_chain(_):
    with on_a_port() as s:
        s.ask("POST", "/api/v1/desk/integration/add", {"name": "silent", "source": "generic"})
        s.process.send_signal(signal.SIGTERM)
        s.process.wait(timeout=30)
        with contextlib.closing(sqlite3.connect(os.path.join(s.data, "aplomb.db"))) as db:
            db.execute("UPDATE integration_key SET made_ms = made_ms - 8 * 86400000")
            db.execute("INSERT INTO backup VALUES ('/b/old.tar', 1764000000000, 0, 0)")
            db.commit()
        r = aplomb("doctor", "--data", s.data, "--prove", "--json")
        assert "never sent anything" in found(r, "senders")[0]["text"] and found(r, "senders")[0]["verdict"] == "warn", r
        assert "/b/old.tar" in found(r, "backup")[0]["text"] and found(r, "backup")[0]["verdict"] == "warn", r
        assert len(found(r, "prove")) == 2, r
        with contextlib.closing(sqlite3.connect(os.path.join(s.data, "aplomb.db"))) as db:
            for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                db.execute(f"DROP TRIGGER {trigger}")
            db.execute("UPDATE event SET actor = 'nobody' WHERE pos = 1")
            db.commit()
        before = sorted(os.listdir(s.top))
        r = aplomb("doctor", "--data", s.data, "--prove", "--json")
        assert r.returncode == 1 and "does not come back" in found(r, "prove")[-1]["text"], r
        assert sorted(os.listdir(s.top)) == before, "the copy was left"


def test_the_doctor_finds_what_is_wrong(server):
    with on_a_port() as s:
        # two servers: the address leads to the wrong one
        r = aplomb("doctor", "--data", server.data, "--server", f"http://127.0.0.1:{s.port}", "--json")
        assert r.returncode == 1 and found(r, "address")[0]["verdict"] == "bad", r
        resource.prlimit(s.process.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
        s.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": "full"}}])
        r = aplomb("doctor", "--data", s.data, "--server", f"http://127.0.0.1:{s.port}", "--json")
        assert r.returncode == 1 and "not ready (503)" in found(r, "server")[0]["text"], r.stdout
    with tempfile.TemporaryDirectory() as top:
        data = os.path.join(top, "data")
        assert aplomb("init", "--data", data, "--admin", "root").returncode == 0
        r = aplomb("doctor", "--data", data, "--json")
        assert r.returncode == 0 and "is sound" in found(r, "database")[0]["text"], r.stdout
        with on_a_port() as s:
            s.process.send_signal(signal.SIGTERM)
            assert s.process.wait(timeout=30) == 0
            os.remove(os.path.join(data, "aplomb.db-wal"))  # after its checkpoint the file alone has it all
            shutil.copy(os.path.join(s.data, "aplomb.db"), data)
        os.chmod(data, 0o755)
        with open(os.path.join(data, "aplomb.db"), "r+b") as f:
            f.seek(4096 * 3)
            f.write(b"\xff" * 4096 * 4)
        r = aplomb("doctor", "--data", data, "--json", APLOMB_WORKERS="0")
        assert r.returncode == 1, r
        assert "chmod go= " in found(r, "permissions")[0]["next"], r.stdout
        assert found(r, "database")[0]["verdict"] == "bad", r.stdout
        assert "workers is 1 to 256" in found(r, "settings")[0]["text"], r.stdout
    assert aplomb("doctor", "--data", "/nonexistent/x").returncode == 1
