# SPDX-License-Identifier: Apache-2.0
"""`aplomb suspects --cases`: on a set of our own, on bad files, and on the development sets where they are."""
import json
import os
import subprocess
import sys
import tempfile

from server import APLOMB, TOP

SETS = os.path.join(os.environ.get("APLOMB_SHARED", os.path.join(os.path.dirname(TOP), "shared")), "investigation")


def suspects(path, *more):
    return subprocess.run([APLOMB, "suspects", "--cases", path, *more], capture_output=True, text=True)


def figures(text, group, ranking="aplomb"):
    """(top-1, top-3, MRR) of a line of the last table."""
    for line in text.splitlines():
        cells = line.split("\t")
        if cells[:2] == [group, ranking]:
            return [float(c) for c in cells[3:]]
    raise AssertionError(f"no line for {group} {ranking} in {text[-600:]}")


def own_set(folder, truth):
    """Ten quiet rows, then search is slow."""
    os.makedirs(os.path.join(folder, "shop"))
    with open(os.path.join(folder, "shop", "a.csv"), "w", encoding="ascii") as f:
        f.write("timestamp,web|latency|p99,search|latency|p99,pay|latency|p99\n")
        for i in range(14):
            slow = i > 9
            f.write(f"{1000 + 60 * i},{2 if slow else .2},{1.9 if slow else .1},{'' if i == 3 else .1}\n")
    case = {"id": "shop/1", "symptom": {"service": "web", "metric": "latency", "at": 1540},
            "edges": [["web", "search"], ["web", "pay"]], "data": "shop/a.csv", "truth": truth,
            "changes": [{"id": "c1", "service": "search", "kind": "config", "at": 900},
                        {"id": "c2", "service": "pay", "kind": "deploy", "at": 1530}]}
    path = os.path.join(folder, "shop", "cases.jsonl")
    with open(path, "w", encoding="ascii") as f:
        f.write(json.dumps(case) + "\n")
        f.write(json.dumps(dict(case, id="shop/2", changes=[], truth={"service": "search"})) + "\n")
    return path


def test_ranks_a_set_of_our_own(_server):
    with tempfile.TemporaryDirectory() as folder:
        done = suspects(own_set(folder, {"service": "search", "change": "c1"}))
        assert done.returncode == 0, done.stderr
        assert figures(done.stdout, "shop") == [1, 1, 1], done.stdout
        assert figures(done.stdout, "shop", "newest first")[0] == 0, done.stdout


def test_looks_at_the_truth_only_after_ranking(_server):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        a = suspects(own_set(one, {"service": "search", "change": "c1"})).stdout.splitlines()[1]
        b = suspects(own_set(two, {"service": "pay", "change": "c2"})).stdout.splitlines()[1]
        assert a.split("\t")[3:] == b.split("\t")[3:], (a, b)
        assert a.split("\t")[1] == "1" and b.split("\t")[1] == "2", (a, b)


def test_bad_files_are_refused_with_a_sentence(_server):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cases.jsonl")
        assert suspects(path).returncode == 3
        with open(path, "w", encoding="ascii") as f:
            f.write('{"id":"x/1"}\nnot json\n{"id":"x/2","symptom":{"at":5},"data":"../../etc/none.csv"}\n')
        done = suspects(path)
        assert done.returncode == 2 and "no case" in done.stderr, done
        assert suspects(path, "--at", "soon").returncode == 2
        with open(os.path.join(folder, "cases.jsonl.xz"), "wb") as f:
            f.write(b"\xfd7zXZ\0 cut off")
        assert "unpacked" in suspects(path + ".xz").stderr


def test_which_service_on_the_development_sets(_server):
    if not os.path.isdir(SETS):
        return "the development sets are not here"
    shop = suspects(os.path.join(SETS, "petshop", "cases.jsonl")).stdout
    top1, top3, _ = figures(shop, "petshop")
    assert top1 >= .65 and top3 >= .85, shop[-300:]
    pods = suspects(os.path.join(SETS, "nezha", "cases.jsonl")).stdout
    assert figures(pods, "onlineboutique")[0] >= .60, pods[-300:]
    assert figures(pods, "trainticket")[0] >= .45, pods[-300:]
    return None


def test_which_change_among_decoys(_server):
    if not os.path.isdir(SETS):
        return "the development sets are not here"
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "cases.jsonl")
        subprocess.run([sys.executable, os.path.join(TOP, "bench", "suspect_cases.py"),
                        os.path.join(SETS, "petshop", "cases.jsonl"), made, "3"], check=True)
        text = suspects(made).stdout
        top1 = figures(text, "changes-of-petshop")[0]
        falsely = figures(text, "changes-of-petshop", "falsely accused at 80 % coverage")
        assert top1 >= .70 and top1 > figures(text, "changes-of-petshop", "newest first")[0], text[-400:]
        assert falsely[-1] <= .20, text[-400:]
    return None
