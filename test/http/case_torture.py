# SPDX-License-Identifier: Apache-2.0
"""Malformed HTTP: the two torture scripts of ../shared, each answer held to what it must be; and no request is smuggled."""
import os
import re
import subprocess
import sys

from server import TOP

TOOLS = os.path.join(os.environ.get("APLOMB_SHARED", os.path.join(os.path.dirname(TOP), "shared")), "tools")


def lines_of(script, server):
    r = subprocess.run([sys.executable, os.path.join(TOOLS, script), str(server.port)], capture_output=True, text=True, check=True)
    return [line for line in r.stdout.splitlines() if "->" in line]


def fits(answer, want):
    """An answer ("400 closed") against the script's own words for it ("4xx/close", "4xx or ok", "100 200")."""
    codes = re.findall(r"\b\d{3}\b", answer)
    for w in re.split(r" or |/", want):
        w = w.strip()
        if w == "any" and len(codes) <= 1:
            return True
        if w == "TE wins+close" and codes == ["200"] and "closed" in answer:
            return True
        if w in ("close", "closed") and not codes:
            return True
        if w in ("ok", "4xx ok") and codes in (["200"], ["400"]):
            return True
        if re.fullmatch(r"\dxx", w) and len(codes) == 1 and codes[0][0] == w[0]:
            return True
        if re.fullmatch(r"\d{3}( \d{3})*", w) and codes == w.split():
            return True
    return False


def hold(script, server):
    if not os.path.isdir(TOOLS):
        return "shared/tools is not here"
    wrong = []
    for line in lines_of(script, server):
        found = re.match(r"\s*(.*?)\s+->\s+(.*?)\s+want\s+(.*)$", line)
        if found and not fits(found.group(2), found.group(3)):
            wrong.append(line.strip())
    assert not wrong, wrong
    return None


def test_torture(server):
    return hold("http-torture.py", server)


def test_torture_more(server):
    if not os.path.isdir(TOOLS):
        return "shared/tools is not here"
    r = subprocess.run([sys.executable, os.path.join(TOOLS, "http-torture-more.py"), str(server.port)], capture_output=True,
                       text=True, check=True)
    for line in (x for x in r.stdout.splitlines() if "->" in x):
        name, answer = (part.strip() for part in line.split("->", 1))
        answers = re.findall(r"\b\d{3}\b", answer)
        want = 3 if name == "pipelined 3 good" else 1
        assert len(answers) == want and "SMUGGLED" not in answer and "reset" not in answer, line
    return None
