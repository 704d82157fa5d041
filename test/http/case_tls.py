# SPDX-License-Identifier: Apache-2.0
"""https without a proxy: the handshake, bodies, streams, rude clients, the command line, and what serve refuses."""
import hashlib
import http.client
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import time
import urllib.parse

import case_torture
import server as plain
from server import APLOMB
from tls_ends import Relay, Tls, make_cert, trusting


class Server(plain.Server):
    def __init__(self):
        super().__init__()
        self.cert, self.key = make_cert(self.top, "first")

    def start(self, listen="127.0.0.1:0"):
        self.process = subprocess.Popen([APLOMB, "serve", "--data", self.data, "--listen", listen, "--tls-cert", self.cert,
                                         "--tls-key", self.key], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            found = re.search(r"https://[\d.]+:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                return
        raise RuntimeError(f"the server did not start: exit {self.process.wait()}")

    def connect(self, **options):
        return Tls(self.port, trusting(self.cert, **options))

    def ask(self, method, path, body=None, headers=None, connection=None):
        c = connection or http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting(self.cert))
        result = super().ask(method, path, body, headers, c)
        if not connection:
            c.close()
        return result

    def run(self, *words, **options):
        clean = {k: v for k, v in os.environ.items() if k not in ("APLOMB_INCIDENT", "APLOMB_CA")}
        env = dict(clean, APLOMB_SERVER=f"https://127.0.0.1:{self.port}", APLOMB_TOKEN=self.token, XDG_CONFIG_HOME=self.top,
                   XDG_STATE_HOME=self.top) | options.pop("env", {})
        return subprocess.run([os.path.abspath(APLOMB), *words], env=env, capture_output=True, text=True, timeout=30, check=False,
                              **({"stdin": subprocess.DEVNULL} | options))

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def settles(self, most_files):
        """Whether it gives back what clients held, within a few seconds."""
        for _ in range(200):
            if self.files() <= most_files:
                return True
            time.sleep(0.05)
        return False


GET = b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_versions(server):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        c = server.connect(lowest=version)
        assert c.tls.selected_alpn_protocol() == "http/1.1" and c.tls.compression() is None
        assert "GCM" in c.tls.cipher()[0] or "CHACHA20" in c.tls.cipher()[0], c.tls.cipher()
        c.send(GET)
        assert b" 200 " in c.recv()
        c.close()
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        try:
            server.connect(lowest=version)
        except (ssl.SSLError, ConnectionResetError):
            continue
        raise AssertionError(f"{version} was taken")


def test_protocols(server):
    for offered, chosen in ((("h2", "http/1.1"), "http/1.1"), ((), None)):
        c = server.connect(alpn=offered)
        assert c.tls.selected_alpn_protocol() == chosen
        c.close()
    try:
        server.connect(alpn=("h2",))
    except (ssl.SSLError, ConnectionResetError):
        return
    raise AssertionError("a client that speaks h2 alone was let in")


def test_resumes(server):
    context = trusting(server.cert)
    session = None
    for resumed in (False, True):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            with context.wrap_socket(raw, server_hostname="localhost", session=session) as s:
                s.sendall(GET)
                s.recv(65536)  # the tickets come before it
                assert s.session_reused == resumed
                session = s.session


def test_big_bodies(server):
    body = os.urandom(8 << 20)
    status, reply, _ = server.ask("POST", "/api/v1/blobs", body, {"Content-Type": "application/octet-stream"})
    assert status in (200, 201), (status, reply)
    blob = hashlib.sha256(body).hexdigest()
    assert blob in reply.decode(), reply
    status, got, _ = server.ask("GET", f"/blobs/{blob}")
    assert status == 200 and got == body


def test_a_slow_reader_gets_all(server):
    body = os.urandom(16 << 20)
    server.ask("POST", "/api/v1/blobs", body, {"Content-Type": "application/octet-stream"})
    c = server.connect()
    c.raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    c.send(f"GET /blobs/{hashlib.sha256(body).hexdigest()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
           f"Authorization: Bearer {server.token}\r\n\r\n".encode())
    got = c.until(lambda got: b"\r\n\r\n" in got)
    c.raw.shutdown(socket.SHUT_WR)  # half a close while most of the answer waits
    time.sleep(0.3)
    got += c.until(lambda got: False)
    assert got.endswith(body[-1000:]), len(got)
    c.close()


def test_pipelined_records_of_odd_size(server):
    """More than the server takes at once, in records that do not fit its buffer: none may be left lying in OpenSSL. The
    first request is slow on purpose, so that the others pile up."""
    form = b"login=nobody&password=wrong"
    slow = (b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d"
            b"\r\n\r\n" % len(form)) + form
    for record, n in ((1, 40), (777, 5000), (16384, 5000), *((15000, n) for n in range(1500, 1720, 40))):
        c = server.connect()
        c.send(slow + GET * n, record)
        got = c.until(lambda got, n=n: got.count(b"HTTP/1.1 200") == n and got.endswith(b"OK\n"))
        assert got.count(b"HTTP/1.1 200") == n, (record, n, got.count(b"HTTP/1.1 200"))
        c.close()


def test_half_a_close_is_answered(server):
    for ends in ("close_notify", "FIN"):
        c = server.connect()
        c.send(GET * 3)
        if ends == "FIN":
            c.raw.shutdown(socket.SHUT_WR)
        else:
            c.say_end()
        got = c.until(lambda got: False)
        assert got.count(b"HTTP/1.1 200") == 3, (ends, got)
        c.close()


def test_says_that_it_ends(server):
    """Without close_notify a client could not tell an end from a cut wire."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        with trusting(server.cert).wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False) as s:
            s.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            while s.recv(65536):
                pass


def test_a_stream_tells(server):
    _, reply = server.json("POST", "/api/v1/incidents", {"title": "Seen over TLS", "severity": "sev3", "services": ["x"]})
    c = server.connect()
    c.send(f"GET /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode())
    got = c.until(lambda got: b"\r\n\r\n" in got)
    for i in range(20):
        server.json("POST", f"/api/v1/incidents/{reply['incident']}/note/add", {"text": f"told {i}."})
        got += c.until(lambda more, i=i: f"told {i}.".encode() in more)
    assert b"text/event-stream" in got
    c.close()


def test_rude_clients(server):
    hello = Hello(server).bytes
    before = server.files()
    for i in range(120):
        s = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        s.sendall(hello[:len(hello) * i // 119])
        if i % 3 == 0:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close is a reset
        s.close()
    c = server.connect()
    c.send(b"POST /api/v2/alerts HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 5000)
    c.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    c.close()
    assert server.settles(before), (before, server.files())
    assert server.ask("GET", "/-/healthy")[0] == 200


class Hello:
    """The first bytes of a handshake."""

    def __init__(self, server):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = trusting(server.cert).wrap_bio(incoming, outgoing, server_hostname="localhost")
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            self.bytes = outgoing.read()


def test_200_handshakes_then_idle(server):
    before = server.files()
    context = trusting(server.cert)
    all_of_them = [Tls(server.port, context) for _ in range(200)]
    assert server.files() >= 200
    for c in all_of_them:
        c.send(GET)
    for c in all_of_them:
        assert b" 200 " in c.recv()
        c.close()
    assert server.settles(before), (before, server.files())


def test_garbage(server):
    for bytes_ in (b"\x00" * 300, os.urandom(500), b"\x16\x03\x01\xff\xff" + b"a" * 70000, b"SSH-2.0-x\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as s:
            try:
                s.sendall(bytes_)
                while s.recv(65536):
                    pass
            except ConnectionError:
                pass
    assert server.ask("GET", "/-/healthy")[0] == 200


def test_plain_http_is_told(server):
    for method in ("GET", "POST", "HEAD"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as s:
            s.sendall(f"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".encode())
            got = b""
            while more := s.recv(65536):
                got += more
        assert got.startswith(b"HTTP/1.1 400 ") and b"This port speaks https" in got, got
    r = server.run("status", "--server", f"http://127.0.0.1:{server.port}")
    assert r.returncode == 2 and "speaks https" in r.stderr, r


def test_cookies(server):
    status, _, headers = server.ask("GET", "/", headers={"Authorization": None, "Accept": "text/html"})
    assert status == 303, status
    form = urllib.parse.urlencode({"login": "ada", "new_name": "Ada", "right": "viewer", "password": "correct horse battery"})
    form_type = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    assert server.ask("POST", "/people/add", form.encode(), form_type)[0] == 303
    status, _, headers = server.ask("POST", "/sign-in", b"login=ada&password=correct+horse+battery", form_type | {"Authorization": None})
    cookie = headers["Set-Cookie"]
    assert status == 303 and cookie.startswith("__Host-aplomb=") and "; Secure" in cookie and "Path=/" in cookie, cookie
    assert server.ask("GET", "/", headers={"Authorization": None, "Cookie": cookie.split(";")[0], "Accept": "text/html"})[0] == 200
    # on this machine alone it would hold for all that runs on localhost
    assert headers["Strict-Transport-Security"] is None


def test_other_addresses_get_hsts(_):
    other = Server()
    try:
        other.start("0.0.0.0:0")
        _, _, headers = other.ask("GET", "/-/healthy")
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000"), headers
        assert other.stop() == 0
    finally:
        other.remove()


def test_torture(server):
    relay = Relay(server.port, trusting(server.cert))
    try:
        return case_torture.test_torture(relay) or case_torture.test_torture_more(relay)
    finally:
        relay.close()


def test_command_line(server):
    r = server.run("declare", "Over https", "--sev", "3", "--ca", server.cert)
    assert r.returncode == 0 and "Over https" in r.stdout, r
    assert server.run("status", env={"APLOMB_CA": server.cert}).returncode == 0
    r = server.run("status")
    assert r.returncode == 6 and "not trusted" in r.stderr and "--ca FILE" in r.stderr, r
    r = server.run("status", "--ca", server.key)
    assert r.returncode == 2 and "no certificate that can be trusted" in r.stderr, r
    r = server.run("status", "--ca", server.cert, "--server", f"https://ip6-localhost.invalid.localhost:{server.port}")
    assert r.returncode == 6, r


def test_login_keeps_the_authority(server):
    home = os.path.join(server.top, "home")
    token_file = os.path.join(server.top, "token")
    env = {"XDG_CONFIG_HOME": home, "APLOMB_TOKEN": "", "APLOMB_SERVER": ""}
    r = server.run("login", "--server", f"https://127.0.0.1:{server.port}", "--token-file", token_file, "--ca",
                   os.path.relpath(server.cert), env=env)
    assert r.returncode == 0, r
    r = server.run("status", env=env, cwd="/")
    assert r.returncode == 0, r


def serve(*words):
    """serve that ends by itself: it was refused."""
    return subprocess.run([APLOMB, "serve", *words], capture_output=True, text=True, timeout=20, check=False)


def test_refusals(server):
    top, cert, key = server.top, server.cert, server.key
    _, other_key = make_cert(top, "other")
    locked = os.path.join(top, "locked.key")
    subprocess.run(["openssl", "pkey", "-in", key, "-aes128", "-passout", "pass:secret", "-out", locked], check=True)
    text = os.path.join(top, "text")
    with open(text, "w", encoding="ascii") as f:
        f.write("no certificate\n")
    for words, sentence in (
            (["--tls-cert", cert, "--tls-key", other_key], "does not belong to the certificate"),
            (["--tls-cert", cert, "--tls-key", locked], "locked with a passphrase"),
            (["--tls-cert", cert, "--tls-key", text], "holds no private key"),
            (["--tls-cert", text, "--tls-key", key], "holds no certificate"),
            (["--tls-cert", cert], "holds no private key"),
            (["--tls-cert", os.path.join(top, "gone"), "--tls-key", key], "cannot be read"),
            (["--tls-cert", top, "--tls-key", key], "cannot be read"),
            (["--tls-key", key], "no use without --tls-cert"),
            (["--listen", "0.0.0.0:0"], "--tls-cert FILE --tls-key FILE")):
        r = serve("--data", os.path.join(top, "never"), *words)
        assert r.returncode == 2 and sentence in r.stderr and not r.stdout, (words, r)
    assert not os.path.exists(os.path.join(top, "never"))


def test_one_file_for_both_and_expired(_):
    other = Server()
    cert, key = make_cert(other.top, "old", days=-1)
    with open(cert, "a", encoding="ascii") as to, open(key, encoding="ascii") as of:
        to.write(of.read())
    errors = os.path.join(other.top, "errors")
    os.chmod(cert, 0o644)
    try:
        with open(errors, "w", encoding="utf-8") as f:
            process = subprocess.Popen([APLOMB, "serve", "--data", other.data, "--listen", "127.0.0.1:0", "--tls-cert", cert],
                                       stdout=subprocess.PIPE, stderr=f, text=True)
        port = int(re.search(r"https://127.0.0.1:(\d+)", process.stdout.readline()).group(1))
        with open(errors, encoding="utf-8") as f:
            told = f.read()
        assert "expired on 2021-01-01" in told and "read by everybody" in told, told
        careless = ssl._create_unverified_context()  # noqa: SLF001
        c = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=careless)
        assert plain.Server.ask(other, "GET", "/-/healthy", connection=c)[0] == 200
        c.close()
        process.terminate()
        assert process.wait(timeout=20) == 0
        process.stdout.close()
    finally:
        other.remove()


if not shutil.which("openssl"):
    for name in [n for n in globals() if n.startswith("test_")]:
        globals()[name] = lambda _: "openssl is not installed"
