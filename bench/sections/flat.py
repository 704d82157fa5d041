# SPDX-License-Identifier: Apache-2.0
"""instructions of one append and of one page, at 10,000 and at 1,000,000 events (callgrind)

Counted over all threads as what 110 cost more than 10, so that opening and closing are not in it."""
import os
import re
import shutil
import subprocess
import tempfile

import house

FEW, MANY = 10, 110


def count(folder, work, times):
    """Instructions of one run on a copy, which the run may change."""
    top = tempfile.mkdtemp(prefix="flat-", dir=house.FOLDERS)
    try:
        shutil.copytree(folder, os.path.join(top, "data"))
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", house.program("flat"),
                               "--data", os.path.join(top, "data"), "--work", work, "--times", str(times)],
                              capture_output=True, text=True, check=False, timeout=300)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode != 0 or not found:
            raise house.Trouble(f"callgrind: {done.stderr.strip()[-300:]}")
        return int(found.group(1))
    finally:
        shutil.rmtree(top, ignore_errors=True)


def each(folder, work):
    return (count(folder, work, MANY) - count(folder, work, FEW)) / (MANY - FEW)


def measure(table, quick):
    if not shutil.which("valgrind"):
        raise house.Trouble("valgrind is not installed (script/bootstrap --test installs it)")
    sizes = (10_000, 100_000) if quick else (10_000, 1_000_000)
    folders = {n: house.filled(n)[0] for n in sizes}
    for work in ("append", "page"):
        cost = {n: each(folders[n], work) for n in sizes}
        for n in sizes:
            table.add(f"one {work} at {n:,} events", cost[n], " instr.")
        table.add(f"one {work}: {sizes[1]:,} over {sizes[0]:,} events", cost[sizes[1]] / cost[sizes[0]], "x", most=1.2)
