# SPDX-License-Identifier: Apache-2.0
"""The other end of a TLS connection for tests: certificates, a client that can be rude, and a relay that puts TLS around
what a plain script sends."""
import select
import socket
import ssl
import subprocess
import threading


def make_cert(folder, name, days=30):
    """(certificate, key): paths of a new self-signed pair for localhost and 127.0.0.1; days < 0: it has expired."""
    cert, key = f"{folder}/{name}.pem", f"{folder}/{name}.key"
    args = ["-days", str(days)] if days > 0 else ["-days", "1"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", cert, "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", *args],
                   check=True, capture_output=True)
    if days < 0:  # openssl req writes no past dates: its CA command does
        expire(folder, cert, key)
    return cert, key


def expire(folder, cert, key):
    config, index = f"{folder}/ca.conf", f"{folder}/ca.index"
    with open(index, "w", encoding="ascii"):
        pass
    with open(config, "w", encoding="ascii") as f:
        f.write(f"[ca]\ndefault_ca=x\n[x]\ndatabase={index}\nnew_certs_dir={folder}\nrand_serial=yes\ndefault_md=sha256\n"
                f"policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
    request = f"{folder}/old.csr"
    subprocess.run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=old", "-out", request], check=True, capture_output=True)
    subprocess.run(["openssl", "ca", "-batch", "-selfsign", "-config", config, "-keyfile", key, "-in", request, "-out", cert, "-notext",
                    "-startdate", "200101000000Z", "-enddate", "210101000000Z"], check=True, capture_output=True)


def trusting(cert, alpn=("http/1.1",), lowest=None, highest=None):
    context = ssl.create_default_context(cafile=cert)
    if lowest:
        context.set_ciphers("ALL:@SECLEVEL=0")  # so that it is the server who refuses
        context.minimum_version = lowest
        context.maximum_version = highest or lowest
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


class Tls:
    """A TLS connection over memory: ends in one direction only, or half a handshake, are possible."""

    def __init__(self, port, context):
        self.raw = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.flush()
                self.take()
        self.flush()

    def flush(self):
        data = self.outgoing.read()
        if data:
            self.raw.sendall(data)

    def take(self):
        data = self.raw.recv(65536)
        if data:
            self.incoming.write(data)
        else:
            self.incoming.write_eof()

    def send(self, data, record=16384):
        for at in range(0, len(data), record):
            self.tls.write(data[at:at + record])
        self.flush()

    def recv(self):
        """Some bytes; b"" at the end, however it came."""
        while True:
            try:
                return self.tls.read(65536)
            except ssl.SSLWantReadError:
                self.take()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def until(self, end):
        """All up to the end of the stream, or until it is enough: end(bytes)."""
        got = b""
        while not end(got):
            more = self.recv()
            if not more:
                return got
            got += more
        return got

    def say_end(self):
        """close_notify: nothing more comes from us, but we read on."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def close(self):
        self.raw.close()


class Relay(threading.Thread):
    """Listens in plain and speaks TLS to the port; half a close on one side becomes half a close on the other."""

    def __init__(self, port, context):
        super().__init__(daemon=True)
        self.target, self.context = port, context
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.pump, args=(plain,), daemon=True).start()

    def pump(self, plain):
        far = Tls(self.target, self.context)
        reads = {plain, far.raw}
        try:
            while far.raw in reads:
                for s in select.select(list(reads), [], [], 30)[0]:
                    if s is plain:
                        data = plain.recv(65536)
                        if data:
                            far.send(data)
                        else:
                            reads.discard(plain)
                            far.say_end()
                        continue
                    far.take()
                    reads -= self.hand_on(far, plain)
        except OSError:
            pass
        finally:
            far.close()
            plain.close()

    @staticmethod
    def hand_on(far, plain):
        data = b"more"
        while data:
            try:
                data = far.tls.read(65536)
                plain.sendall(data)
            except ssl.SSLWantReadError:
                return set()
            except ssl.SSLError:
                data = b""
        plain.shutdown(socket.SHUT_WR)
        return {far.raw}

    def close(self):
        self.listener.close()
