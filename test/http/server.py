# SPDX-License-Identifier: Apache-2.0
"""A server of one's own for a test: a fresh data folder, a port that the system picks, stopped by its id."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
APLOMB = os.environ.get("APLOMB", os.path.join(TOP, "build", "aplomb"))


class Server:
    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="aplomb-test-")
        self.data = os.path.join(self.top, "data")
        token_file = os.path.join(self.top, "token")
        subprocess.run([APLOMB, "init", "--data", self.data, "--admin", "root", "--token-file", token_file],
                       check=True, stdout=subprocess.DEVNULL)
        with open(token_file, encoding="ascii") as f:
            self.token = f.read().strip()
        self.process = None
        self.port = 0

    def start(self):
        """Starts and waits until it says where it serves. Returns the seconds that took."""
        began = time.monotonic()
        self.process = subprocess.Popen([APLOMB, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"],
                                        stdout=subprocess.PIPE, text=True,
                                        env={"APLOMB_LOG_LEVEL": "error", **os.environ, "XDG_CONFIG_HOME": self.top})
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                return time.monotonic() - began
        raise RuntimeError(f"the server did not start: exit {self.process.wait()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.top, ignore_errors=True)

    def run(self, *words, **options):
        """The command line against this server. Returns the finished process with its texts."""
        env = dict(os.environ, APLOMB_SERVER=f"http://127.0.0.1:{self.port}", APLOMB_TOKEN=self.token,
                   XDG_CONFIG_HOME=self.top, XDG_STATE_HOME=self.top)
        env.pop("APLOMB_INCIDENT", None)
        return subprocess.run([APLOMB, *words], env=env, capture_output=True, text=True, timeout=30, check=False,
                              **({"stdin": subprocess.DEVNULL} | options))

    def verify(self):
        return subprocess.run([APLOMB, "verify", "--data", self.data], capture_output=True, text=True, check=False)

    def ask(self, method, path, body=None, headers=None, connection=None):
        """(status, body, headers); a dict or list goes as JSON with the admin's token."""
        c = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Authorization": f"Bearer {self.token}"}
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        c.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
        r = c.getresponse()
        text = r.read()
        if not connection:
            c.close()
        return r.status, text, r.headers

    def json(self, method, path, body=None, headers=None):
        status, text, _ = self.ask(method, path, body, headers)
        return status, json.loads(text) if text else None
