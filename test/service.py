#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The unit in packaging/: systemd understands it, and it leaves little to steal."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
APLOMB = os.path.abspath(os.environ.get("APLOMB", os.path.join(TOP, "build", "aplomb")))
MOST_EXPOSED = 1.5


def analyze(*words):
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def exposure(path):
    r = analyze("security", "--offline=true", path)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", r.stdout)
    return float(found.group(1)) if found else None


def unit_is_tight():
    level = exposure(os.path.join(TOP, "packaging", "aplomb.service"))
    return None if level is not None and level <= MOST_EXPOSED else f"exposure {level}, at most {MOST_EXPOSED}"


def units_are_understood():
    with tempfile.TemporaryDirectory() as top:
        for name in ("aplomb.service", "aplomb.socket"):
            with open(os.path.join(TOP, "packaging", name), encoding="utf-8") as f:
                text = f.read().replace("/usr/bin/aplomb", APLOMB)
            with open(os.path.join(top, name), "w", encoding="utf-8") as f:
                f.write(text)
        r = analyze("verify", *(os.path.join(top, n) for n in ("aplomb.service", "aplomb.socket")))
        return r.stdout + r.stderr if r.returncode or r.stderr.strip() else None


failed = False
for check in (unit_is_tight, units_are_understood):
    if not shutil.which("systemd-analyze"):
        print(f"skipped service {check.__name__}: systemd-analyze is not installed (Debian's systemd has it)")
        continue
    why = check()
    failed = failed or bool(why)
    print(f"not ok service {check.__name__}: {why}" if why else f"ok service {check.__name__}")
sys.exit(failed)
