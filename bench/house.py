# SPDX-License-Identifier: Apache-2.0
"""house: what the sections share: the servers, each in a folder of its own on a real disk and stopped by its id, the
load programs, and small measures of the machine."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("APLOMB_BENCH_BUILD", os.path.join(TOP, "build-bench"))
APLOMB = os.environ.get("APLOMB", os.path.join(BUILD, "aplomb"))
FOLDERS = os.path.join(BUILD, "folders")  # filled ledgers, kept from run to run
ALERTMANAGER = "prometheus-alertmanager"
PATIENCE_S = 60


class Trouble(Exception):
    """A section cannot be measured; its text is for the person."""


def program(name):
    return os.path.join(BUILD, "bench-" + name)


def median(numbers):
    s = sorted(numbers)
    half = len(s) // 2
    return s[half] if len(s) % 2 else (s[half - 1] + s[half]) / 2


def part(numbers, p):
    s = sorted(numbers)
    return s[min(len(s) - 1, int(len(s) * p))]


def free_port():
    """A port nobody has now: Alertmanager does not tell which one the system picked for it."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(words, **options):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600, **options)
    if done.returncode != 0:
        raise Trouble(f"{os.path.basename(words[0])} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def load(port, **options):
    """Runs bench-load; what it printed. Keys are its options (alerts=1000, batch_min=1)."""
    words = [program("load"), "--port", str(port)]
    for k, v in options.items():
        words += ["--" + k.replace("_", "-"), str(v)]
    return json.loads(run(words))


def start_load(port, **options):
    words = [program("load"), "--port", str(port)]
    for k, v in options.items():
        words += ["--" + k.replace("_", "-"), str(v)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def first_answer_ms(process, port, began):
    """Ms from `began` to the first 200 of /-/ready. Asks again 0.1 ms after a refusal."""
    ask = f"GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
                s.sendall(ask)
                if s.recv(64).startswith(b"HTTP/1.1 200"):
                    return (time.perf_counter() - began) * 1000
        except OSError:
            pass
        if process.poll() is not None:
            raise Trouble(f"{process.args[0]} ended with {process.returncode} before it answered")
        if time.perf_counter() - began > PATIENCE_S:
            raise Trouble(f"{process.args[0]} did not answer within {PATIENCE_S} s")
        time.sleep(0.0001)  # polling for readiness; the sleep leaves it the core


class Aplomb:
    """`aplomb serve` on a folder of its own, or on a copy of a filled one."""
    name = "aplomb"

    def __init__(self, copy_of=None, token=None):
        self.top = tempfile.mkdtemp(prefix="aplomb-bench-", dir=FOLDERS)
        self.data = os.path.join(self.top, "data")
        self.process, self.port = None, free_port()
        if copy_of:
            shutil.copytree(copy_of, self.data)
            self.token = token
        else:
            at = os.path.join(self.top, "token")
            run([APLOMB, "init", "--data", self.data, "--admin", "root", "--token-file", at])
            with open(at, encoding="ascii") as f:
                self.token = f.read().strip()

    def words(self):
        return [APLOMB, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"]

    def start(self):
        """Ms from exec to the first answer."""
        began = time.perf_counter()
        self.process = subprocess.Popen(self.words(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return first_answer_ms(self.process, self.port, began)

    def ask(self, method, path, body=None, headers=None):
        """(status, bytes on the wire, ms) with the admin's token."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None:
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        began = time.perf_counter()
        c.request(method, path, body, sent)
        r = c.getresponse()
        got = r.read()
        took = (time.perf_counter() - began) * 1000
        c.close()
        return r.status, got, took

    def json(self, method, path, body=None):
        status, got, _ = self.ask(method, path, body)
        if not 200 <= status < 300:
            raise Trouble(f"{method} {path} was answered {status}: {got[:200]!r}")
        return json.loads(got)

    def post(self, path, body):
        """For answers without a body."""
        status, got, _ = self.ask("POST", path, body)
        if status != 200:
            raise Trouble(f"POST {path} was answered {status}: {got[:200]!r}")

    def rss_kb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s*(\d+)", f.read()).group(1))

    def cpu_s(self):
        """What the process has used so far: a busy machine changes it little."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as f:
            user, system = f.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.top, ignore_errors=True)


class Alertmanager(Aplomb):
    """Debian's, alone (no cluster), with one receiver that sends nothing."""
    name = "alertmanager"

    def __init__(self):  # pylint: disable=super-init-not-called
        if not shutil.which(ALERTMANAGER):
            raise Trouble(f"{ALERTMANAGER} is not installed (script/bootstrap --test installs it)")
        self.top = tempfile.mkdtemp(prefix="alertmanager-bench-", dir=FOLDERS)
        self.process, self.port, self.token = None, free_port(), ""
        with open(os.path.join(self.top, "am.yml"), "w", encoding="ascii") as f:
            f.write("route: {receiver: none}\nreceivers: [{name: none}]\n")

    def words(self):
        return [ALERTMANAGER, f"--config.file={self.top}/am.yml", f"--storage.path={self.top}/data",
                "--cluster.listen-address=", f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=error"]


def filled(events, tokens=1):
    """(folder, first token) of a ledger of so many events, made once by bench-fill; tokens are in folder + ".token"."""
    folder = os.path.join(FOLDERS, f"filled-{events}")
    token_file = folder + ".token"
    if not os.path.exists(token_file):
        shutil.rmtree(folder, ignore_errors=True)
        run([program("fill"), "--data", folder, "--events", str(events), "--tokens", str(tokens),
             "--token-file", token_file + ".new"])
        os.rename(token_file + ".new", token_file)  # only a whole folder has it
    with open(token_file, encoding="ascii") as f:
        return folder, f.readline().strip()


def sync_times_ms(folder, writes=1000, size=4096):
    """How long a write of 4 KB and its fdatasync take where the data is kept."""
    path, took = os.path.join(folder, "sync-probe"), []
    fd = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    try:
        block = os.urandom(size)
        for _ in range(writes):
            began = time.perf_counter()
            os.write(fd, block)
            os.fdatasync(fd)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(fd)
        os.unlink(path)
    return took


def folder_kind(path):
    """The file system that holds the path: on tmpfs no figure of a disk means anything."""
    best = ("", "?")
    with open("/proc/mounts", encoding="utf-8") as f:
        for line in f:
            at, kind = line.split()[1:3]
            if (path + "/").startswith(at.rstrip("/") + "/") and len(at) > len(best[0]):
                best = (at, kind)
    return best[1]
