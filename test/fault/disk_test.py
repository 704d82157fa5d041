#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that is full, turns read-only or fails: reading goes on, writing is refused with a sentence, nothing that was
answered 2xx is lost, and it goes on by itself when the disk does. When a sync fails the process ends instead: what the
kernel could not write it forgets, and a second try would say yes to nothing.

The full disk is a real one (a small tmpfs; skipped where mounting is not allowed), the others are played by
disk_shim.c. Planted bugs that this finds: retrying after a failed sync; a /-/ready that always says OK; a batch that is
answered yes although its commit failed; a look at the disk that writes nothing (ready says OK although it is full)."""
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "http"))
from server import APLOMB, Server  # noqa: E402

TMPFS_MB = 24
STAYS_S = 1.5  # the writer tries again each second
HEALS_S = 30  # far more than the second or two it takes


class Notes:
    """What was said yes to."""

    def __init__(self, server):
        self.server, self.kept, self.sent = server, set(), 0
        _, reply = server.json("POST", "/api/v1/incidents", {"title": "Disk", "severity": "sev3"})
        self.incident = reply["incident"]
        status, reply = server.json("POST", f"/api/v1/incidents/{self.incident}/freeze/start",
                                    {"reason": "the disk", "services": ["disk"]})
        assert status == 201, reply

    def send(self):
        self.sent += 1
        text = f"note {self.sent} " + "x" * 500
        status, body, headers = self.server.ask("POST", f"/api/v1/incidents/{self.incident}/note/add", {"text": text})
        if 200 <= status < 300:
            self.kept.add(text)
        return status, body.decode(), headers

    def lost(self):
        status, body, _ = self.server.ask("GET", f"/api/v1/incidents/{self.incident}/timeline")
        assert status == 200, body
        return [t for t in self.kept if t not in body.decode()]


def wait_ready(server):
    began = time.monotonic()
    while time.monotonic() - began < HEALS_S:
        if server.ask("GET", "/-/ready")[0] == 200:
            return
        time.sleep(0.1)
    raise AssertionError(f"not ready after {HEALS_S} s")


def refuses_honestly(server, notes, word):
    """Writes until one is refused, then looks whether all that must be said is said."""
    for _ in range(20000):
        status, body, headers = notes.send()
        if status != 201 and status != 200:
            break
    assert status == 503, (status, body)
    assert headers["Retry-After"] and word in body, body
    status, said, headers = server.ask("GET", "/-/ready")
    assert status == 503 and word in said.decode() and headers["Retry-After"], (status, said)
    until = time.monotonic() + STAYS_S
    while time.monotonic() < until:  # nobody writes meanwhile: it must not call itself well for that
        assert server.ask("GET", "/-/ready")[0] == 503, "ready although the disk is not"
        time.sleep(0.1)
    assert server.ask("GET", "/-/healthy")[0] == 200
    assert server.ask("GET", "/", headers={"Accept": "text/html"})[0] == 200
    assert server.ask("POST", "/api/v2/alerts", [{"labels": {"alertname": "New" + word}}])[0] == 503
    gate_holds(server, word)
    assert not notes.lost()


def gate_holds(server, word):
    """It answers what it knows, with a status that says that nothing was written down; nobody waits long."""
    for body, is_open in (({"service": "disk", "what": "deploy"}, False), ({"service": "disk", "rollback": True}, True),
                          ({"service": "other"}, True)):
        began = time.monotonic()
        status, text, headers = server.ask("POST", "/api/v1/gate", body)
        reply = json.loads(text)
        # a question that leaves no trace needs no disk, as long as the writer can begin
        assert status == 503 or body == {"service": "other"}, (status, reply)
        assert reply["open"] is is_open and reply["recorded"] == 0 and time.monotonic() - began < 8, (status, reply)
    assert headers is not None
    done = server.run("freeze", "check", "--service", "disk")
    assert done.returncode == 7 and "Changes to disk are frozen" in done.stderr, done
    done = server.run("freeze", "check", "--service", "disk", "--rollback", "--what", "back, as the " + word)
    assert done.returncode == 0 and "its record waits here" in done.stderr, done


def goes_on(server, notes):
    wait_ready(server)
    if server.run("status").stderr.count("Sent what had waited"):
        _, body, _ = server.ask("GET", f"/api/v1/incidents/{notes.incident}/timeline")
        assert "rolled back through the freeze: back, as the" in body.decode()
    status, body, _ = notes.send()
    assert 200 <= status < 300, body
    assert not notes.lost()


def proves(server, notes):
    assert server.stop() == 0
    proof = server.verify()
    assert proof.returncode == 0, proof.stderr
    server.start()
    assert not notes.lost()


def fill(path):
    """Every byte of the disk that is left."""
    with open(path, "wb", buffering=0) as f:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    f.write(b"\0" * size)
            except OSError:
                pass


def full_disk():
    server = Server()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MB}m,mode=700", "tmpfs", server.data],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        server.remove()
        return f"mounting is not allowed here ({mounted.stderr.strip()})"
    try:
        token = os.path.join(server.top, "token2")
        subprocess.run([APLOMB, "init", "--data", server.data, "--admin", "root",
                        "--token-file", token], check=True, stdout=subprocess.DEVNULL)
        with open(token, encoding="ascii") as f:
            server.token = f.read().strip()
        server.start()
        notes = Notes(server)
        assert notes.send()[0] in (200, 201)
        ballast = os.path.join(server.data, "ballast")
        fill(ballast)
        refuses_honestly(server, notes, "disk is full")
        os.remove(ballast)
        goes_on(server, notes)
        proves(server, notes)
        return None
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        subprocess.run(["umount", server.data], check=False)
        server.remove()


class Shim:
    def __init__(self):
        self.server = Server()
        self.told = os.path.join(self.server.top, "told")
        library = os.path.join(self.server.top, "shim.so")
        compiler = shutil.which("cc") or shutil.which("gcc")
        subprocess.run([compiler, "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", library, os.path.join(HERE, "disk_shim.c")],
                       check=True)
        self.start(library)
        self.notes = Notes(self.server)
        assert self.notes.send()[0] in (200, 201)

    def start(self, library):
        os.environ.update({"LD_PRELOAD": library, "APLOMB_SHIM": self.told})
        try:
            self.server.start()
        finally:
            del os.environ["LD_PRELOAD"], os.environ["APLOMB_SHIM"]

    def tell(self, what):
        with open(self.told + ".new", "w", encoding="ascii") as f:
            f.write(what)
        os.rename(self.told + ".new", self.told)

    def heal(self):
        os.remove(self.told)


def failing(what, word):
    shim = Shim()
    try:
        shim.tell(what)
        refuses_honestly(shim.server, shim.notes, word)
        shim.heal()
        goes_on(shim.server, shim.notes)
        proves(shim.server, shim.notes)
    finally:
        shim.server.remove()


def failing_sync():
    shim = Shim()
    try:
        shim.tell("sync-eio")
        try:
            status, body, _ = shim.notes.send()
            assert status >= 500, (status, body)
        except OSError:
            pass  # gone before it could answer
        code = shim.server.process.wait(timeout=20)
        assert code == 1, f"it ended with {code}"
        shim.server.process.stdout.close()
        shim.heal()
        shim.server.start()
        goes_on(shim.server, shim.notes)
        proves(shim.server, shim.notes)
    finally:
        shim.server.remove()


def main():
    failed = 0
    tests = {"full": full_disk, "played full": lambda: failing("write-enospc", "disk is full"),
             "read-only": lambda: failing("write-erofs", "takes no writes"),
             "write error": lambda: failing("write-eio", "disk failed"), "sync error": failing_sync}
    for name, test in tests.items():
        try:
            why = test()
            print(f"skipped disk {name}: {why}" if why else f"ok disk {name}", flush=True)
        except Exception as e:  # noqa: BLE001 -- every failure is told, the next test still runs
            failed += 1
            print(f"not ok disk {name}: {type(e).__name__} {e}", flush=True)
    return 1 if failed else 0


sys.exit(main())
