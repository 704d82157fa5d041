#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""format.py: holds every C file to .clang-format; `format.py --fix` writes it so."""
import subprocess
import sys

files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "src/**.c", "src/**.h", "test/**.c", "test/**.h", "fuzz/**.c",
                        "bench/**.c", "bench/**.h"],
                       capture_output=True, text=True, check=True).stdout.split()
if "--fix" in sys.argv:
    subprocess.run(["clang-format", "-i", *files], check=True)
bad = [f for f in files
       if subprocess.run(["clang-format", "--dry-run", "-Werror", f], capture_output=True, check=False).returncode != 0]
for f in bad:
    print(f"not ok format {f}: run tools/format.py --fix")
if not bad:
    print(f"ok format {len(files)} files")
sys.exit(1 if bad else 0)
