#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unit.py BUILD: runs every unit test program of a build and prints one line a test."""
import json
import os
import re
import subprocess
import sys

build = sys.argv[1]
with open(os.path.join(build, "meson-info", "intro-tests.json"), encoding="utf-8") as f:
    programs = json.load(f)
failed = False
for p in sorted(programs, key=lambda t: t["name"]):
    env = dict(os.environ, **p["env"])
    r = subprocess.run(p["cmd"], env=env, capture_output=True, text=True, errors="replace", timeout=p["timeout"], check=False)
    said = r.stdout + r.stderr
    passed = re.findall(r"^\[       OK \] (\S+)", said, re.M)
    broken = re.findall(r"^\[  FAILED  \] ([a-z]\w*)$", said, re.M)
    skipped = re.findall(r"^\[  SKIPPED \] ([a-z]\w*)$", said, re.M)
    for name in passed:
        print(f"ok {p['name']} {name}")
    for name in sorted(set(skipped)):
        print(f"skipped {p['name']} {name}")
    for name in sorted(set(broken)):
        print(f"not ok {p['name']} {name}")
    if r.returncode != 0:
        failed = True
        if not broken:
            print(f"not ok {p['name']}: exit {r.returncode}")
        print(said[-4000:])
sys.exit(1 if failed else 0)
