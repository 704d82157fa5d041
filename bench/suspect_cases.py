#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes cases with changes out of cases with a known service, to measure `aplomb suspects` by.

    bench/suspect_cases.py CASES.jsonl OUT.jsonl [SEEDS]

Each case gets its true change 0-600 s before the first anomalous sample and nine decoys: the service uniform over the
deployable ones, four in ten from the path of calls of the symptom; the age exponential with a mean of 2 h, cut at 24 h;
a quarter of them after the true change; half deploys, half configs. Beside it stands the same case without its true
change: there "no recent change explains this" is right. OUT lies in a folder beside that of CASES, or anywhere: paths in
it are made absolute."""
import csv
import json
import os
import random
import sys

DEPLOYABLE = ("ECS::", "_AWS::Lambda", "ApiGateway", "StateMachine")
DECOYS, DAY_S, SAMPLE_S = 9, 86400, 300


def reached(start, edges):
    seen, todo = {start}, [start]
    while todo:
        at = todo.pop()
        for a, b in edges:
            if a == at and b not in seen:
                seen.add(b)
                todo.append(b)
    return seen


def first_anomalous(root, case):
    """The time of the first row behind the symptom."""
    with open(os.path.join(root, case["data"]), encoding="utf-8") as f:
        times = [float(row[0]) for row in list(csv.reader(f))[1:]]
    return min(t for t in times if t > case["symptom"]["at"])


def decoy(dice, name, true_at, first, deployable, on_path):
    service = dice.choice(on_path) if on_path and dice.random() < .4 else dice.choice(deployable)
    if dice.random() < .25:
        at = true_at + dice.uniform(0, first + 120 - true_at)
    else:
        age = dice.expovariate(1 / 7200)
        while age > DAY_S:
            age = dice.expovariate(1 / 7200)
        at = true_at - age
    return {"id": name, "service": service, "kind": dice.choice(["deploy", "config"]), "at": int(at)}


def with_changes(case, root, seed, services):
    dice = random.Random(f"{case['id']} {seed}")
    deployable = sorted(s for s in services if any(d in s for d in DEPLOYABLE) and not s.endswith("_client"))
    path = reached(case["symptom"]["service"], case["edges"])
    first = first_anomalous(root, case)
    true_at = first - dice.uniform(0, 600)
    truth = case["truth"]
    changes = [decoy(dice, f"decoy-{i}", true_at, first, deployable, [s for s in deployable if s in path])
               for i in range(DECOYS)]
    made = dict(case, id=f"changes-of-{case['id']}/{seed}", data=os.path.join(root, case["data"]))
    if truth.get("change_kind"):
        changes.append({"id": "true", "service": truth["service"], "kind": truth["change_kind"], "at": int(true_at)})
        dice.shuffle(changes)
        yield dict(made, changes=changes, truth=dict(truth, change="true"))
    yield dict(made, id=made["id"] + "/none", changes=[c for c in changes if c["id"] != "true"],
               truth=dict(truth, change=None))


def main(source, out, seeds):
    with open(source, encoding="utf-8") as f:
        cases = [json.loads(line) for line in f if line.strip()]
    root = os.path.dirname(os.path.dirname(os.path.abspath(source)))
    services = {s for c in cases for edge in c["edges"] for s in edge}
    with open(out, "w", encoding="utf-8") as f:
        for case in cases:
            for seed in range(seeds):
                for made in with_changes(case, root, seed, services):
                    f.write(json.dumps(made) + "\n")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 20)
