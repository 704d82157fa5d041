#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""see.py SOURCE BUILD WING: makes BUILD/see/WING/WING a link to SOURCE/src/WING, an include path of one wing."""
import os
import sys

source, build, wing = sys.argv[1:4]
folder = os.path.join(build, "see", wing)
os.makedirs(folder, exist_ok=True)
link = os.path.join(folder, wing)
target = os.path.join(source, "src", wing)
if not os.path.islink(link) or os.readlink(link) != target:
    if os.path.islink(link):
        os.unlink(link)
    os.symlink(target, link)
