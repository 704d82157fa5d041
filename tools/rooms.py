#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rooms.py FOLDER ENDING...: the files of a wing, sorted, so that a new room needs no line in meson.build."""
import os
import sys

folder, endings = sys.argv[1], tuple(sys.argv[2:])
top = os.path.join(os.environ.get("MESON_SOURCE_ROOT", "."), os.environ.get("MESON_SUBDIR", ""))
for at, folders, names in sorted(os.walk(os.path.join(top, folder))):
    folders.sort()
    for name in sorted(names):
        if name.endswith(endings):
            print(os.path.relpath(os.path.join(at, name), top))
