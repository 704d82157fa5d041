# SPDX-License-Identifier: Apache-2.0
"""instructions of one append and of one page, at 10,000 and at 1,000,000 events (callgrind)

Counted over all threads as what 110 cost more than 10, so that opening and closing are not in it. And of one alert on its
way in, likewise: a figure that a busy machine does not change."""
import os
import re
import shutil
import subprocess
import tempfile
import time

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


def count_serving(server, loads):
    """Instructions of a server's life with these loads."""
    with server as s:
        log = os.path.join(s.top, "callgrind")
        s.words = lambda: ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}",
                           *house.Aplomb.words(s)]
        s.start()
        for options in loads:
            house.load(s.port, **options)
        s.stop()
        with open(log, encoding="utf-8") as f:
            return int(re.search(r"Collected : (\d+)", f.read()).group(1))


def alerts_in(table):
    """Of one alert, with 64 a POST: a new one, and one that comes again unchanged."""
    starts, n = int(time.time()) - 60, 6400
    load = {"alerts": n, "batch": 64, "starts": starts}
    none = count_serving(house.Aplomb(), [load])
    new = count_serving(house.Aplomb(), [load, {**load, "first": n}])
    again = count_serving(house.Aplomb(), [load, load])
    table.add("one new alert, 64 a POST", (new - none) / n, " instr.")
    table.add("one alert that comes again, 64 a POST", (again - none) / n, " instr.")


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
    alerts_in(table)
