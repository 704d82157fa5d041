# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost and nothing that was redacted stays: backup, restore, verify, redaction, and a stop in good order."""
import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time

from server import APLOMB, Server

SECRET = "hunter2-XYZZY"


def aplomb(*words, **options):
    return subprocess.run([APLOMB, *words], capture_output=True, text=True, timeout=60, check=False,
                          **({"stdin": subprocess.DEVNULL} | options))


def declare(server, title):
    status, reply = server.json("POST", "/api/v1/incidents", {"title": title, "severity": "sev3", "because": "a test"})
    assert status == 201, reply
    return reply["incident"]


def do(server, incident, verb, body):
    status, reply = server.json("POST", f"/api/v1/incidents/{incident}/{verb}", body)
    assert 200 <= status < 300, reply
    return reply


def upload(server, data):
    status, text, _ = server.ask("POST", "/api/v1/blobs", data, {"Content-Type": "text/plain"})
    assert status == 201, text
    return re.search(rb"[0-9a-f]{64}", text).group(0).decode()


def files_with(folder, text):
    found = []
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    if text.encode() in f.read():
                        found.append(os.path.relpath(path, folder))
    return found


def test_backup_goes_on_under_load_and_restores(server):
    incident = declare(server, "Backed up")
    blob = upload(server, b"a log " * 100000)
    do(server, incident, "evidence/add", {"title": "log", "kind": "log", "blob": blob})
    stop, took = threading.Event(), []

    def write():
        n = 0
        while not stop.is_set():
            n += 1
            began = time.monotonic()
            do(server, incident, "note/add", {"text": f"note {n}"})
            took.append(time.monotonic() - began)
    writer = threading.Thread(target=write)
    writer.start()
    path = os.path.join(server.top, "one.tar")
    done = aplomb("backup", "--data", server.data, path)
    stop.set()
    writer.join()
    assert done.returncode == 0, done.stderr
    assert "aplomb restore" in done.stdout and took
    again = aplomb("backup", "--data", server.data, path)
    assert again.returncode == 5 and "-y" in again.stderr, again.stderr
    assert aplomb("backup", "--data", server.data, path, "-y").returncode == 0
    assert not os.listdir(os.path.join(server.data, "blobs", "tmp"))
    into = os.path.join(server.top, "restored")
    back = aplomb("restore", path, "--data", into)
    assert back.returncode == 0 and back.stdout.startswith("ok: "), back.stderr
    refused = aplomb("restore", path, "--data", into)
    assert refused.returncode == 5 and "not empty" in refused.stderr, refused.stderr
    other = Server()
    try:
        shutil.rmtree(other.data)
        other.data, other.token = into, server.token
        other.start()
        said = str(other.json("GET", f"/api/v1/incidents/{incident}/timeline"))
        assert "'note 1'" in said
        assert other.ask("GET", f"/blobs/{blob}")[1] == b"a log " * 100000
        assert other.stop() == 0
    finally:
        other.remove()


def test_a_backup_takes_no_place_but_a_files(server):
    pipe, name = os.path.join(server.top, "pipe"), os.path.join(server.top, "contested.tar")
    os.mkfifo(pipe)
    for target, word in ((pipe, "no file"), (server.data, "no file"), (os.path.join(server.data, "aplomb.db"), "data folder"),
                         (os.path.join(server.data, "blobs", "b.tar"), "data folder")):
        before = os.lstat(target).st_ino if os.path.exists(target) else None
        done = aplomb("backup", "--data", server.data, target, "-y")
        assert done.returncode == 5 and word in done.stderr, (target, done)
        assert (os.lstat(target).st_ino if os.path.exists(target) else None) == before, f"{target} was replaced"
    with open(name + ".part", "w", encoding="ascii") as other:
        other.write("half of it")
        other.flush()
        fcntl.flock(other, fcntl.LOCK_EX)
        done = aplomb("backup", "--data", server.data, name)
        assert done.returncode == 5 and "under way" in done.stderr, done
        assert os.path.getsize(name + ".part") == 10, "the other backup was written over"
    done = aplomb("backup", "--data", server.data, name)
    assert done.returncode == 0 and not os.path.exists(name + ".part"), done


def test_a_restore_follows_a_link_to_an_empty_folder(server):
    path, empty, link = (os.path.join(server.top, name) for name in ("linked.tar", "empty", "link"))
    assert aplomb("backup", "--data", server.data, path).returncode == 0
    os.mkdir(empty)
    os.symlink(empty, link)
    back = aplomb("restore", path, "--data", link)
    assert back.returncode == 0 and os.path.islink(link) and os.path.exists(os.path.join(empty, "aplomb.db")), back
    os.mkdir(os.path.join(server.top, "here"))
    back = aplomb("restore", path, "--data", ".", cwd=os.path.join(server.top, "here"))
    assert back.returncode == 0 and os.path.exists(os.path.join(server.top, "here", "aplomb.db")), back


def test_backup_through_a_pipe_and_without_a_server(server):
    folder = os.path.join(server.top, "alone")
    assert aplomb("init", "--data", folder, "--admin", "ana").returncode == 0
    piped = subprocess.run([APLOMB, "backup", "-", "--data", folder], capture_output=True, timeout=60, check=False)
    assert piped.returncode == 0, piped.stderr
    into = os.path.join(server.top, "piped")
    back = subprocess.run([APLOMB, "restore", "-", "--data", into], input=piped.stdout, capture_output=True, timeout=60, check=False)
    assert back.returncode == 0, back.stderr
    nowhere = aplomb("backup", "--data", folder)
    assert nowhere.returncode == 2 and "Name the file" in nowhere.stderr
    nothing = aplomb("backup", os.path.join(server.top, "x.tar"), "--data", os.path.join(server.top, "not-there"))
    assert nothing.returncode == 3 and "no data folder" in nothing.stderr, nothing.stderr


def test_a_cut_or_changed_backup_leaves_nothing(server):
    incident = declare(server, "Cut")
    do(server, incident, "note/add", {"text": "something"})
    path, bad, into = (os.path.join(server.top, n) for n in ("good.tar", "bad.tar", "half"))
    assert aplomb("backup", "--data", server.data, path).returncode == 0
    with open(path, "rb") as f:
        whole = f.read()
    size = len(whole)
    cases = [whole[:n] for n in (0, 100, 512, size // 2, size - 1024, size - 512, size - 1)]
    cases += [whole + b"x"]
    for at in (0, 105, 130, 150, 300, 512, 5000, size // 2, size - 1700, size - 1100, size - 1030, size - 600, size - 1):
        cases.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    for n, case in enumerate(cases):
        with open(bad, "wb") as f:
            f.write(case)
        done = aplomb("restore", bad, "--data", into)
        assert done.returncode == 1, f"case {n}: {done.returncode} {done.stdout}{done.stderr}"
        left = [x for x in os.listdir(server.top) if x.startswith("half")]
        assert not left, f"case {n} left {left}"


def test_redaction_leaves_no_byte(server):
    incident = declare(server, "Redacted")
    blob = upload(server, f"log {SECRET}".encode() * 50)
    seq = do(server, incident, "note/add", {"text": f"the password is {SECRET}"})["seq"]
    do(server, incident, "evidence/add", {"title": f"from {SECRET}", "kind": "log", "blob": blob})
    pos = do(server, incident, "note/add", {"text": "all calm"})["pos"]
    sent = [{"labels": {"alertname": "Leaky"}, "annotations": {"summary": f"says {SECRET}"}}]
    assert server.ask("POST", "/api/v2/alerts", sent)[0] == 200
    _, alerts = server.json("GET", "/api/v1/alerts")
    delivery = [a["inbox"] for a in alerts["alerts"] if a["name"] == "Leaky"][0]
    backup = os.path.join(server.top, "before.tar")
    assert aplomb("backup", "--data", server.data, backup).returncode == 0
    assert files_with(server.data, SECRET)

    no_reason = server.run("redact", f"inbox:{delivery}")
    assert no_reason.returncode == 2 and "--because" in no_reason.stderr, no_reason.stderr
    wrong = server.run("redact", "box:7", "--because", "x")
    assert wrong.returncode == 2 and "inbox:7" in wrong.stderr, wrong.stderr
    done = server.run("redact", f"inbox:{delivery}", "--because", "a token")
    assert done.returncode == 0 and "before.tar" in done.stdout, done.stderr
    done = server.run("redact", f"blob:{blob}", "--because", "a log with a token")
    assert done.returncode == 0 and "before.tar" in done.stdout, done.stderr
    reply = do(server, incident, "entry/redact", {"entry": seq, "reason": "password in a note"})
    assert "before.tar" in reply["said"], reply
    done = server.run("redact", str(pos - 1), "--because", "a token in a title")
    assert done.returncode == 0, done.stderr
    assert files_with(server.data, SECRET) == []

    _, timeline = server.json("GET", f"/api/v1/incidents/{incident}/timeline")
    assert SECRET not in str(timeline)
    entry = [e for e in timeline["timeline"] if e["seq"] == seq][0]
    assert re.fullmatch(r"Redacted by root at \d\d:\d\d: password in a note", entry["said"]), entry
    assert server.ask("GET", f"/blobs/{blob}")[0] == 404
    again, reply, _ = server.ask("POST", "/api/v1/blobs", f"log {SECRET}".encode() * 50, {"Content-Type": "text/plain"})
    assert again == 409, reply
    status, page, _ = server.ask("GET", f"/incidents/{incident}", headers={"Accept": "text/html"})
    assert status == 200 and b"Redacted by root at" in page and SECRET.encode() not in page
    assert f"/incidents/{incident}/do/entry/redact?entry=1".encode() in page
    proof = server.verify()
    assert proof.returncode == 0 and re.search(r"[^1-9]4 bodies redacted", proof.stdout), proof.stdout


def set_right(server, right):
    """By the database, since nobody may take the last admin's right away."""
    assert server.stop() == 0
    db = sqlite3.connect(os.path.join(server.data, "aplomb.db"))
    db.execute("UPDATE account SET right = ?", (right,))
    db.commit()
    db.close()
    server.start()


def test_only_an_admin_redacts(server):
    incident = declare(server, "Rights")
    set_right(server, "responder")
    try:
        for path, body in (("/api/v1/desk/body/redact", {"target": "1", "reason": "x"}),
                           (f"/api/v1/incidents/{incident}/entry/redact", {"entry": 1, "reason": "x"})):
            assert server.ask("POST", path, body)[0] == 403
            assert server.ask("POST", path, body, {"Authorization": None})[0] == 401
        page = server.ask("GET", f"/incidents/{incident}", headers={"Accept": "text/html"})[1]
        assert b"entry/redact" not in page
    finally:
        set_right(server, "admin")


def copy_of(server, name):
    copy = os.path.join(server.top, name)
    assert server.stop() == 0
    shutil.copytree(server.data, copy, ignore=shutil.ignore_patterns("socket", "lock"))
    server.start()
    return copy


def test_verify_sees_what_is_wrong(server):
    incident = declare(server, "Verified")
    blob = upload(server, b"evidence to be damaged")
    do(server, incident, "evidence/add", {"title": "log", "kind": "log", "blob": blob})
    upload(server, b"nothing cites this")
    good = server.verify()
    assert good.returncode == 0, good.stderr
    copy = copy_of(server, "copy")
    orphan = os.path.join(copy, "blobs", "ab")
    os.makedirs(orphan, exist_ok=True)
    with open(os.path.join(orphan, "c" * 62), "wb") as f:
        f.write(b"left behind")
    told = aplomb("verify", "--data", copy)
    assert told.returncode == 0 and "1 files that nothing cites" in told.stdout, told.stdout + told.stderr
    path = os.path.join(copy, "blobs", blob[:2], blob[2:])
    with open(path, "r+b") as f:
        f.write(b"E")
    broken = aplomb("verify", "--data", copy)
    assert broken.returncode == 1 and blob in broken.stderr, broken.stderr
    backup = aplomb("backup", os.path.join(server.top, "bad-blob.tar"), "--data", copy)
    assert backup.returncode == 1 and "was changed" in backup.stderr, backup.stderr
    assert not [n for n in os.listdir(server.top) if n.startswith("bad-blob")]
    os.remove(path)
    gone = aplomb("verify", "--data", copy)
    assert gone.returncode == 1 and "missing" in gone.stderr, gone.stderr


def test_verify_reads_a_folder_that_takes_no_writes(server):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return "needs root and setpriv to lay down rights"
    copy = copy_of(server, "frozen")
    for name in ("aplomb.db-wal", "aplomb.db-shm"):
        if os.path.exists(os.path.join(copy, name)):
            os.remove(os.path.join(copy, name))
    os.chmod(server.top, 0o755)
    subprocess.run(["chmod", "-R", "a+rX,a-w", copy], check=True)
    before = sorted(os.listdir(copy))
    told = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", APLOMB, "verify", "--data", copy],
                          capture_output=True, text=True, timeout=60, check=False)
    if "Permission denied" in told.stderr:
        return "the binary cannot be run by others here"
    assert told.returncode == 0 and told.stdout.startswith("ok: "), told.stderr
    assert sorted(os.listdir(copy)) == before
    return None


def test_an_emptied_database_is_no_first_start(server):
    copy = os.path.join(server.top, "emptied")
    shutil.copytree(server.data, copy, ignore=shutil.ignore_patterns("socket"))
    with open(os.path.join(copy, "aplomb.db"), "wb"):
        pass
    told = aplomb("serve", "--data", copy, "--listen", "127.0.0.1:0")
    assert told.returncode == 1 and "is empty" in told.stderr and "estore" in told.stderr, told.stderr
    told = aplomb("verify", "--data", copy)
    assert told.returncode == 1 and "is empty" in told.stderr, told.stderr
    assert os.path.getsize(os.path.join(copy, "aplomb.db")) == 0


def half_an_upload(port):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(b"POST /api/v1/blobs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\nContent-Length: 900000\r\n\r\nhalf")
    return s


def a_stream(server):
    s = socket.create_connection(("127.0.0.1", server.port))
    s.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode())
    assert b"200" in s.recv(100)
    return s


def test_stops_in_five_seconds_with_streams_and_half_uploads(_server):
    own = Server()
    try:
        own.start()
        held = [a_stream(own) for _ in range(50)] + [half_an_upload(own.port) for _ in range(5)]
        began = time.monotonic()
        own.process.send_signal(signal.SIGTERM)
        assert own.process.wait(timeout=20) == 0
        took = time.monotonic() - began
        for s in held:
            s.close()
        # a bound far from what is usual, so that a busy machine does not fail it
        assert took < 8, f"it took {took:.1f} s"
    finally:
        own.remove()
