# SPDX-License-Identifier: Apache-2.0
"""which service and which change set it off, on the development cases, where they are, and how long that takes

One frozen configuration; asked 300 s after the symptom. Changes are among nine decoys (bench/suspect_cases.py)."""
import os
import subprocess
import sys
import tempfile

import house

SETS = os.path.join(os.environ.get("APLOMB_SHARED", os.path.join(os.path.dirname(house.TOP), "shared")), "investigation")
FALSELY = "falsely accused at 80 % coverage"


def ranked(cases):
    """{(set, ranking): numbers} of the table behind the cases."""
    done = subprocess.run([house.APLOMB, "suspects", "--cases", cases], capture_output=True, text=True)
    if done.returncode != 0:
        raise house.Trouble(done.stderr.strip())
    rows = [line.split("\t") for line in done.stdout.split("\n\n", 1)[1].splitlines()[1:]]
    return {(row[0], row[1]): [float(n) for n in row[3:]] for row in rows}


def services(table, cases, sets):
    got = ranked(cases)
    for name, top1, top3 in sets:
        ours, chance = got[name, "aplomb"], got[name, "random"]
        table.add(f"{name}: the service, top-1", ours[0], least=top1)
        table.add(f"{name}: the service, top-3", ours[1], least=top3)
        table.add(f"{name}: mean reciprocal rank", ours[2])
        table.add(f"{name}: by chance, top-1", chance[0])


def changes(table, cases, seeds):
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "cases.jsonl")
        subprocess.run([sys.executable, os.path.join(house.TOP, "bench", "suspect_cases.py"), cases, made, str(seeds)], check=True)
        got = ranked(made)
    table.add("petshop: the change among 9 decoys, top-1", got["changes-of-petshop", "aplomb"][0], least=.70)
    table.add("petshop: the change among 9 decoys, top-3", got["changes-of-petshop", "aplomb"][1])
    table.add("petshop: newest first, top-1", got["changes-of-petshop", "newest first"][0])
    table.add("petshop: by chance, top-1", got["changes-of-petshop", "random"][0])
    table.add(f"petshop: {FALSELY}", got["changes-of-petshop", FALSELY][-1], most=.20)


def time_taken(table):
    done = subprocess.run([house.program("rank"), "500", "20", "60", "1000"], capture_output=True, text=True)
    if done.returncode != 0:
        raise house.Trouble("bench-rank did not rank")
    table.add("500 services of 20 series of 60 samples, 1,000 changes", float(done.stdout), " ms", most=200)


def measure(table, quick):
    time_taken(table)
    if not os.path.isdir(SETS):
        raise house.Trouble(f"the cases are not in {SETS}")
    shop = os.path.join(SETS, "petshop", "cases.jsonl")
    services(table, shop, [("petshop", .65, .85)])
    services(table, os.path.join(SETS, "nezha", "cases.jsonl"), [("onlineboutique", .60, None), ("trainticket", .45, None)])
    changes(table, shop, 3 if quick else 20)
