# SPDX-License-Identifier: Apache-2.0
"""The sections in the order they run: each module has measure(table, quick)."""
from sections import flat, intake, memory, page, sse, start, storm, suspects

SECTIONS = {"intake": intake, "memory": memory, "start": start, "sse": sse, "page": page, "flat": flat, "storm": storm,
            "suspects": suspects}
