# SPDX-License-Identifier: Apache-2.0
"""The command line: the flags that every command takes, slips and what is said of them, the manual and completion."""
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

from server import APLOMB


def aplomb(*words, **options):
    return subprocess.run([APLOMB, *words], capture_output=True, text=True, timeout=20, check=False, stdin=subprocess.DEVNULL, **options)


def incident(server):
    if not hasattr(server, "cli_incident"):
        r = server.run("declare", "Checkout is slow", "--sev", "2", "--service", "checkout", "--json=incident,said")
        assert r.returncode == 0, r
        server.cli_incident = json.loads(r.stdout)["incident"]
    return str(server.cli_incident)


def test_a_slip_gets_one_suggestion(server):
    n = incident(server)
    for words, meant in ((["statsu"], "status"), (["hypothesis", "opne", "x"], "hypothesis open"), (["decalre", "x"], "declare"), (["backp", "x"], "backup"),
                         (["incident", "lst"], "incident list"), (["status", n, "--plian"], "--plain"),
                         (["note", "x", "--txt=y"], "--text"), (["status", n, "--json=titel"], "'title'"),
                         (["note", "hi", "--json=sayd"], "'said'"), (["watch", n, "--json=sed,at"], "'seq'"),
                         (["timeline", n, "--json=seq,saidd"], "'said'"), (["alert", "list", "--json=fingerprimt"], "'fingerprint'")):
        r = server.run(*words)
        assert r.returncode == 2 and f"Did you mean {meant.strip(chr(39))}" in r.stderr.replace("'", ""), (words, r)
        assert not r.stdout, (words, r)
    _, told = server.json("GET", f"/api/v1/incidents/{n}/timeline")
    assert not [e for e in told["timeline"] if e["type"].startswith("note")], "a refused --json wrote a note all the same"


def test_every_noun_and_verb_survives_a_slip(server):
    """One letter left out of the verb: the suggestion is the verb itself, or another that is as near."""
    nouns = re.findall(r"^  ([a-z]+) ([a-z-]+)(?: |$)", aplomb("help").stdout, re.M)
    assert len(nouns) > 20
    known = {f"{a} {b}" for a, b in nouns}
    for noun, verb in nouns:
        if len(verb) < 5 or verb.startswith("-"):
            continue
        typed = verb[:2] + verb[3:]
        r = server.run(noun, typed)
        assert r.returncode == 2, (noun, typed, r)
        found = re.search(r"Did you mean '([^']+)'", r.stderr)
        assert found or "needs one of" in r.stderr or f"{noun} {typed}" in known, (noun, typed, r)


def test_unknown_fields_are_listed(server):
    n = incident(server)
    for words, some in ((["status", "--json=zz"], "severity"), (["status", n, "--json=id,zz"], "hypotheses"), (["review", "list", "--json=zz"], "phase"),
                        (["declare", "x", "--sev", "3", "--json=zz"], "incident, seq"), (["watch", n, "--json=zz"], "actor")):
        r = server.run(*words)
        assert r.returncode == 2 and "no field 'zz'" in r.stderr and "The fields are: " in r.stderr and some in r.stderr, (words, r)
    r = server.run("status", n, "--json=title,resolved,next.text")  # known, and empty: null
    assert r.returncode == 0 and json.loads(r.stdout)["resolved"] is None, r
    assert len(json.loads(server.run("incident", "list", "--all", "--json=id").stdout)) == 1, "a refused declare declared"


def test_timeout(server):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        r = server.run("status", "--timeout", "1", "--server", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        assert r.returncode == 6 and time.monotonic() - began < 15, r
    for wrong in ("0", "-1", "x", "99999"):
        r = server.run("status", "--timeout", wrong)
        assert r.returncode == 2 and "--timeout takes seconds" in r.stderr, r


def test_quiet_plain_and_no_input(server):
    n = incident(server)
    r = server.run("note", "said quietly", "-q")
    assert r.returncode == 0 and not r.stdout and not r.stderr, r
    r = server.run("alert", "list", "-q")
    assert r.returncode == 0 and not r.stdout and not r.stderr, r
    assert "said quietly" in server.run("timeline", n, "--plain").stdout
    rows = server.run("status", "--plain").stdout.splitlines()
    assert len(rows) == 1 and rows[0].startswith(f"INC-{n}\t"), rows
    r = server.run("hypothesis", "predict", "--no-input")
    assert r.returncode == 2 and "prediction" in r.stderr, r
    r = server.run("status", n, "--color=always")
    assert "\x1b[1m" in r.stdout
    assert "\x1b" not in server.run("status", n, "--color=never").stdout + server.run("status", n).stdout
    assert server.run("status", "--color=blue").returncode == 2


def test_what_leaves_the_company_asks(server):
    n = incident(server)
    words = ["update", "send", "It is slow", "--impact", "We look into it", "--doing", "Looking", "--to", "customers", "--next", "30m", "-i", n]
    r = server.run(*words)
    assert r.returncode == 2 and "-y" in r.stderr, r
    r = server.run(*words, "--dry-run")
    assert r.returncode == 0 and "We look into it" in r.stdout, r
    _, inc = server.json("GET", f"/api/v1/incidents/{n}")
    assert not inc.get("updates"), inc.get("updates")


def test_help_version_and_verbose(server):
    assert aplomb("--version").stdout.startswith("aplomb ")
    r = server.run("status", "-v")
    assert r.returncode == 0 and "> GET http" in r.stderr, r
    helped = aplomb("help").stdout
    for admin in ("serve", "init", "verify", "rebuild"):
        assert f"\n  {admin} " in helped, admin
    for words in (["declare", "--help"], ["help", "declare"], ["status", "-h"], ["serve", "--help"]):
        assert aplomb(*words).stdout.startswith("aplomb "), words


def test_manual(_):
    r = aplomb("man")
    assert r.returncode == 0 and ".Sh NAME" in r.stdout and "serve" in r.stdout and "hypothesis" in r.stdout
    if shutil.which("mandoc"):
        lint = subprocess.run(["mandoc", "-Tlint"], input=r.stdout, capture_output=True, text=True, check=False)
        assert lint.returncode == 0 and not lint.stdout, lint.stdout
        return None
    if not shutil.which("man"):
        return "neither mandoc nor man is installed"
    lint = subprocess.run(["man", "--warnings", "-l", "-"], input=r.stdout, capture_output=True, text=True, check=False)
    assert lint.returncode == 0 and not lint.stderr, lint.stderr
    return None


def completed(*words):
    """What bash offers for the last word."""
    script = ('source /dev/stdin; complete -p aplomb >&2; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _aplomb; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    r = subprocess.run(["bash", "-c", script, "-", "aplomb", *words], input=aplomb("completion", "bash").stdout, capture_output=True,
                       text=True, check=False)
    assert r.returncode == 0 and "-F _aplomb aplomb" in r.stderr, r
    return r.stdout.split()


def test_completion_for_bash(_):
    assert "declare" in completed("dec") and "serve" in completed("") and completed("nosuch", "") == []
    assert {"open", "predict", "test"} <= set(completed("hypothesis", ""))
    assert {"--cause", "--prediction", "--because", "--json"} <= set(completed("hypothesis", "open", "--"))
    for words in (["declare", "x", "--severity", ""], ["incident", "declare", "--severity", "sev"]):
        assert completed(*words) == ["sev1", "sev2", "sev3", "sev4"], words
    assert completed("serve", "--tls") == ["--tls-cert", "--tls-key"]
    assert completed("status", "--color", "") == ["auto", "always", "never"]


def checked_by(shell, *words):
    if not shutil.which(shell):
        return f"{shell} is not installed"
    with tempfile.NamedTemporaryFile("w", suffix=shell) as f:
        f.write(aplomb("completion", shell).stdout)
        f.flush()
        r = subprocess.run([shell, "-n", f.name], capture_output=True, text=True, check=False)
        assert r.returncode == 0 and not r.stderr, r
        r = subprocess.run([shell, *[w.replace("FILE", f.name) for w in words]], capture_output=True, text=True, check=False,
                           env=dict(os.environ, HOME="/nonexistent", XDG_CONFIG_HOME=tempfile.gettempdir()))
        assert "declare" in r.stdout or "_aplomb" in r.stdout, r
    return None


def test_completion_for_zsh(_):
    return checked_by("zsh", "-fc", "autoload -U compinit; compinit -D; source FILE; print $_comps[aplomb]")


def test_completion_for_fish(_):
    return checked_by("fish", "-N", "-c", "source FILE; complete -C 'aplomb dec'; complete -C 'aplomb incident '")


def test_unknown_shells_are_refused(_):
    for words in (["completion"], ["completion", "tcsh"], ["completion", "bash", "zsh"]):
        r = aplomb(*words)
        assert r.returncode == 2 and "bash, zsh or fish" in r.stderr, r
