#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [--quick] [--json FILE] [SECTION...]: measures and prints one line a figure: what, how much, the target, and MET
or "falls short". Ends with 0 whatever the figures are: a bench tells, it does not judge a build. README.md says what each
figure means."""
import argparse
import json
import os
import platform
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import house  # noqa: E402
from sections import SECTIONS  # noqa: E402

QUICK_S, FULL_S = 90, 480  # after so long no section is begun any more


def machine():
    model = "?"
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
    sync = house.sync_times_ms(house.FOLDERS)
    return {"cores": os.cpu_count(), "kernel": platform.release(), "cpu": model,
            "file_system": house.folder_kind(house.FOLDERS), "load_before": round(os.getloadavg()[0], 2),
            "sync_p50_ms": round(house.median(sync), 3), "sync_p99_ms": round(house.part(sync, 0.99), 3)}


def shown(value):
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


class Table:
    """The figures as they come."""

    def __init__(self):
        self.rows = []

    def add(self, what, value, unit="", most=None, least=None):
        """`most`: it should not be above; `least`: not below; neither: a figure to know."""
        target, verdict = "", ""
        if most is not None or least is not None:
            limit = most if most is not None else least
            target = f"{'<=' if most is not None else '>='} {shown(limit)}{unit}"
            met = value <= most if most is not None else value >= least
            verdict = "MET" if met else "falls short"
        row = {"what": what, "value": value, "unit": unit.strip(), "target": target, "verdict": verdict}
        self.rows.append(row)
        print(f"  {what:<58} {shown(value) + unit:>16}  {target:<16} {verdict}", flush=True)

    def note(self, text):
        self.rows.append({"what": text})
        print(f"  {text}", flush=True)


def main():
    ask = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    ask.add_argument("--quick", action="store_true", help="at most 90 s: smaller counts, noisier figures")
    ask.add_argument("--json", metavar="FILE", default=os.path.join(HERE, "results.json"))
    ask.add_argument("sections", nargs="*", metavar="SECTION", help=" ".join(SECTIONS))
    said = ask.parse_args()
    unknown = [s for s in said.sections if s not in SECTIONS]
    if unknown:
        ask.error(f"there is no section {unknown[0]}; there are {' '.join(SECTIONS)}")
    try:
        with open(said.json, "a", encoding="utf-8"):
            pass
    except OSError as why:
        ask.error(f"--json {said.json}: {why.strerror}")
    os.makedirs(house.FOLDERS, exist_ok=True)
    m = machine()
    print(f"{m['cores']} cores of {m['cpu']}, Linux {m['kernel']}, {m['file_system']}; load before the run {m['load_before']}\n"
          f"write and fdatasync of 4 KB: p50 {m['sync_p50_ms']} ms, p99 {m['sync_p99_ms']} ms")
    if m["file_system"] == "tmpfs":
        print("This folder is in memory: what is durable costs nothing here, and the figures say nothing about it.")
    if m["load_before"] > 0.5 * m["cores"]:
        print("Something else is at work on this machine: times are worse than they need be.")
    limit, whole = (QUICK_S if said.quick else FULL_S), time.monotonic()
    results = {"machine": m, "quick": said.quick, "sections": {}}
    for name in said.sections or SECTIONS:
        table, began = Table(), time.monotonic()
        print(f"\n{name}: {SECTIONS[name].__doc__.splitlines()[0]}", flush=True)
        try:
            if time.monotonic() - whole > limit:
                raise house.Trouble(f"the run took its {limit} s; ask for this section alone")
            SECTIONS[name].measure(table, said.quick)
        except house.Trouble as why:
            table.note(f"not measured: {why}")
        took = time.monotonic() - began
        print(f"  ({took:.0f} s)", flush=True)
        results["sections"][name] = {"rows": table.rows, "took_s": round(took, 1)}
        with open(said.json, "w", encoding="utf-8") as f:
            json.dump(results, f, indent=1)
            f.write("\n")
    return 0


try:
    sys.exit(main())
except KeyboardInterrupt:
    sys.exit(130)  # the servers were stopped on the way out
