#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests over HTTP: each case_*.py beside this file has functions test_*(server); one server a file, of its own
class Server where it has one."""
import importlib
import os
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from server import Server  # noqa: E402



def run(name):
    module = importlib.import_module(name)
    server, failed = getattr(module, "Server", Server)(), 0
    try:
        server.start()
        for test, fn in [(k, v) for k, v in vars(module).items() if k.startswith("test_")]:
            label = f"http {name[5:]} {test[5:]}"
            try:
                why = fn(server)
                print(f"skipped {label}: {why}" if why else f"ok {label}", flush=True)
            except Exception:  # noqa: BLE001 -- every failure is told, the next test still runs
                failed += 1
                where = traceback.format_exc().strip().splitlines()
                print(f"not ok {label}: {where[-1]}", flush=True)
                print("\n".join(where))
        code = server.stop()
        if code != 0:
            failed += 1
            print(f"not ok http {name[5:]} stop: exit {code}")
    finally:
        server.remove()
    return failed


wanted = sys.argv[1:] or sorted(f[:-3] for f in os.listdir(HERE) if f.startswith("case_"))
sys.exit(1 if sum(run(name) for name in wanted) else 0)
