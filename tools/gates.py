#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gates.py [--build DIR] [GATE...]: the laws of the tree that no compiler checks, one function a gate.
Each prints "ok NAME ..." or what is wrong and where; any wrong ends with 1. Gates marked `built` look
into a finished build directory; without --build they are named and left out."""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# The meeting places: all that a room of core may see of core besides its own header.
MEETING_PLACES = {"incident.h", "desk.h", "change.h", "event.h", "module.h", "tell.h",
                  "phrase.h",  # wording that every room shares
                  "override.h",  # the event of a guard that was overridden
                  "integration.h",  # a door of the desk, as the sources of intake know it
                  "catalog.h",  # a service of the desk, as all that is about services knows it
                  "suspect.h",  # a method; it knows no incident
                  "rhythm.h"}  # a reading of the fold; it decides nothing
# Of one room are several files (handover.c is of roles); and two rooms add an event of another in one decision, since
# closing an incident and attaching an alert mean the same wherever they happen.
ALSO_SEES = {
    "src/core/handover.c": {"roles.h"}, "src/core/mitigation_guard.c": {"mitigation.h"},
    "src/core/update_draft.c": {"update.h"}, "src/core/review_draft.c": {"review.h"},
    "src/core/rhythm.c": {"rhythm_next.h", "review.h"}, "src/core/rhythm_next.c": {"rhythm_next.h", "review.h", "core.h"},
    "src/core/words.c": {"core.h"}, "src/core/words_split.c": {"words.h"},
    "src/core/action.c": {"review.h"}, "src/core/merge.c": {"declare.h"},
    "src/core/ranking_make.c": {"ranking.h", "suspect_map.h"}, "src/core/ranking_series.c": {"ranking.h"},
    "src/core/resolve.c": {"ranking.h"}, "src/core/suspect.c": {"suspect_map.h"},
    "src/core/suspect_change.c": {"suspect_place.h"}, "src/core/suspect_place.h": {"suspect_map.h"},
}
# core.c hands out to the rooms and so alone reads their list.
DISPATCHER, DISPATCHER_SEES = "src/core/core.c", {"core.h", "modules.def"}
# Headers made by tools/, by the wing that owns them.
MADE = {"ui.h": "web", "sql.h": "store"}

MOST_LINES, MOST_PARAMETERS, MOST_FILE_LINES = 60, 5, 600
# Handed to a library that decides what it is called with.
CALLED_BY_OTHERS = {("src/net/tls.c", "choose_protocol")}

BANNED = ("strcpy", "strcat", "strncpy", "strncat", "sprintf", "vsprintf", "strtok", "gmtime", "localtime", "atoi",
          "atol", "system", "rand", "gets", "alloca")
# call: the files that may hold it
RESERVED = {
    "malloc": r"src/base/arena\.c", "calloc": r"src/base/arena\.c", "realloc": r"src/base/arena\.c",
    "free": r"src/base/arena\.c", "strdup": r"src/base/arena\.c",
    "ledger_append": r"src/engine/append\.c|src/store/ledger\w*\.[ch]",
}

PURE = (r"mem(cpy|move|set|cmp|chr|rchr|mem|pcpy)|str(len|nlen|cmp|ncmp|chr|rchr|str|spn|cspn|pbrk)|v?snprintf|"
        r"__(mem(cpy|move|set)|v?snprintf)_chk|__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_")
IMPURE = (r"time|clock\w*|f(re|d)?open(64)?|open(at)?(64)?|p?read(64)?|p?write(64)?|socket|connect|getrandom|getentropy|"
          r"s?rand(om)?(_r)?|gettimeofday|timespec_get|(local|gm)time(_r)?|mktime|(secure_)?getenv|pthread_\w*|fork|exec\w*|"
          r"RAND_\w*|unlink|rename|stat|sleep|usleep|nanosleep")


def shown(path):
    return os.path.relpath(path, TOP)


def sources(*endings):
    found = []
    for at, _, names in os.walk(os.path.join(TOP, "src")):
        found += [os.path.join(at, n) for n in names if n.endswith(endings)]
    return sorted(found)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def code_of(text):
    """The text with comments and literals blanked; lines stay where they are."""
    pattern = r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'"
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def floors():
    """{wing: set of wings it may see}, out of meson.build."""
    table = re.search(r"^floors = \[\n(.*?)^\]", read(os.path.join(TOP, "meson.build")), re.S | re.M).group(1)
    rows = re.findall(r"\[\s*'(\w+)',\s*\[(.*?)\],\s*\[", table, re.S)
    return {wing: set(re.findall(r"'(\w+)'", sees)) for wing, sees in rows}


def includes(path):
    """[(line, name)] of the #include "name" lines."""
    text = read(path)
    return [(line_of(text, m.start()), m.group(1)) for m in re.finditer(r'^\s*#\s*include\s+"([^"]*)"', text, re.M)]


def gate_floors(_):
    law, wrong, count = floors(), [], 0
    for path in sources(".c", ".h", ".def"):
        wing = shown(path).split(os.sep)[1]
        for line, name in includes(path):
            count += 1
            where, parts = "%s:%d: " % (shown(path), line), name.split("/")
            if ".." in parts or (len(parts) < 2 and name not in MADE):
                wrong.append(where + 'includes are written "wing/file.h", not "%s"' % name)
            elif wing in law:
                seen = MADE.get(name, parts[0])
                if seen != wing and (seen not in law[wing] or name in MADE):
                    wrong.append(where + "%s may not see %s" % (wing, name))
    return wrong, "%d includes" % count


def is_own(room, header):
    """freeze.c, freeze_lift.c and freeze_parts.h are one room."""
    a, b = os.path.splitext(room)[0], os.path.splitext(header)[0]
    return a.split("_")[0] == b.split("_")[0]


def gate_rooms(_):
    wrong, count = [], 0
    for path in sources(".c", ".h"):
        if not shown(path).startswith("src/core/"):
            continue
        count += 1
        for line, name in includes(path):
            wing, _, header = name.partition("/")
            known = header in MEETING_PLACES or is_own(os.path.basename(path), header)
            known = known or (shown(path) == DISPATCHER and header in DISPATCHER_SEES)
            known = known or header in ALSO_SEES.get(shown(path), ())
            if wing == "core" and not known and shown(path) != "src/core/core.h":
                wrong.append("%s:%d: rooms of core meet only through %s, not %s"
                             % (shown(path), line, ", ".join(sorted(MEETING_PLACES)), header))
    return wrong, "%d files of core" % count


def gate_cycles(_):
    graph = {}
    for path in sources(".h", ".def"):
        graph[os.path.relpath(path, os.path.join(TOP, "src"))] = [name for _, name in includes(path)]
    wrong, done = [], set()

    def visit(name, users):
        if name in users:
            wrong.append("include cycle: " + " > ".join(users[users.index(name):] + [name]))
        elif name not in done:
            for used in graph.get(name, []):
                visit(used, users + [name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return wrong, "%d headers" % len(graph)


def compile_headers(wing, headers, sees, build):
    """What gcc says about a file per header that holds that one include."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for header in headers:
            files.append(os.path.join(folder, re.sub(r"\W", "_", header) + ".c"))
            with open(files[-1], "w", encoding="utf-8") as f:
                f.write('#include "%s"\ntypedef int not_empty;\n' % header)
        paths = ["-I" + build] + ["-I" + os.path.join(build, "see", w) for w in sorted(sees | {wing})]
        run = subprocess.run(["gcc", "-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                              "-fsyntax-only", *paths, *files], capture_output=True, text=True, check=False)
        errors = re.findall(r"^.*(?:error|fatal error):.*$", run.stderr, re.M)
        return errors or ([run.stderr] if run.returncode else [])


def gate_headers(build):
    wrong, count = [], 0
    for wing, sees in floors().items():
        mine = [os.path.relpath(p, os.path.join(TOP, "src")) for p in sources(".h")
                if shown(p).startswith("src/%s/" % wing)]
        count += len(mine)
        if mine:
            wrong += compile_headers(wing, mine, sees, build)
    return wrong, "%d headers compile alone" % count


def parameters_of(signature):
    """How many, of text like `static int f(int a, void (*g)(int, int))`."""
    depth, commas, inside = 0, 0, ""
    for char in signature[signature.index("("):]:
        depth += (char in "([{") - (char in ")]}")
        commas += char == "," and depth == 1
        inside += char
        if depth == 0:
            break
    return 0 if inside.strip("() \n\t") in ("", "void") else commas + 1


def functions_of(path):
    """[(line, name, lines, parameters)]"""
    lines, found, start = code_of(read(path)).split("\n"), [], None
    for number, line in enumerate(lines, 1):
        if line.rstrip() == "{":
            start = number
        elif line.rstrip() == "}" and start:
            first = start - 1
            while first > 0 and lines[first - 1].strip() and not re.search(r"[;}]\s*$|^#", lines[first - 1]):
                first -= 1
            signature = "\n".join(lines[first:start - 1])
            name = re.search(r"(\w+)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)\s*(?=\w)", "", signature))
            if name:
                found.append((first + 1, name.group(1), number - start + 1, parameters_of(signature[name.start():])))
            start = None
    return found


def gate_shape(_):
    wrong, lengths, file_lengths = [], [], []
    for path in sources(".c", ".h"):
        file_lengths.append(read(path).count("\n"))
        if file_lengths[-1] > MOST_FILE_LINES:
            wrong.append("%s: %d lines, at most %d" % (shown(path), file_lengths[-1], MOST_FILE_LINES))
        for line, name, length, parameters in functions_of(path):
            lengths.append(length)
            where = "%s:%d: %s " % (shown(path), line, name)
            if length > MOST_LINES:
                wrong.append(where + "is %d lines, at most %d" % (length, MOST_LINES))
            if parameters > MOST_PARAMETERS and (shown(path), name) not in CALLED_BY_OTHERS:
                wrong.append(where + "takes %d parameters, at most %d" % (parameters, MOST_PARAMETERS))
    return wrong, "%d functions, median %d lines; %d files, median %d" % (
        len(lengths), statistics.median(lengths or [0]), len(file_lengths), statistics.median(file_lengths or [0]))


def gate_banned(_):
    wrong = []
    calls = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join((*BANNED, *RESERVED)))
    for path in sources(".c", ".h", ".def"):
        text = code_of(read(path))
        for call in calls.finditer(text):
            name = call.group(1)
            home = RESERVED.get(name)
            if home is None or not re.fullmatch(home, shown(path)):
                wrong.append("%s:%d: %s() %s" % (shown(path), line_of(text, call.start()), name,
                             "has its place in " + home.replace("\\w*", "*").replace("\\", "") if home else "is banned"))
    return wrong, "%d names" % (len(BANNED) + len(RESERVED))


def archive(build, wing):
    return os.path.join(build, "libaplomb_%s.a" % wing)


def symbols(path):
    """(defined for others, undefined) names of an archive."""
    text = subprocess.run(["nm", "--format=posix", "-g", path], capture_output=True, text=True, check=True).stdout
    defined, undefined = set(), set()
    for line in text.split("\n"):
        word = line.split()
        if len(word) >= 2 and len(word[1]) == 1:
            (undefined if word[1] in "Uwv" else defined).add(word[0])
    return defined, undefined - defined


def gate_purity(build):
    base, base_needs = symbols(archive(build, "base"))
    core, core_needs = symbols(archive(build, "core"))
    _, intake_needs = symbols(archive(build, "intake"))
    wrong = ["base calls %s: it has no clock, file, socket, thread or random" % s
             for s in sorted(base_needs) if re.fullmatch(IMPURE, s)]
    for wing, needs, seen in (("core", core_needs, base), ("intake", intake_needs, base | core)):
        wrong += ["%s calls %s, which is neither pure nor beneath it" % (wing, s)
                  for s in sorted(needs - seen) if not re.fullmatch(PURE, s)]
    return wrong, "base, core, intake"


def gate_statics(build):
    """Tables with relocations sit in .data.rel.ro, which is read-only once the program runs."""
    wrong, count = [], 0
    for wing in floors():
        text = subprocess.run(["nm", "--format=sysv", archive(build, wing)], capture_output=True, text=True, check=True)
        room = wing
        for line in text.stdout.split("\n"):
            member = re.match(r".*\[?from .*?\[?([\w.-]+\.o)\]?:?$", line)
            room = member.group(1) if member else room
            part = [p.strip() for p in line.split("|")]
            if len(part) != 7:
                continue
            count += 1
            if part[2] in "dDbBCsSgG" and not part[6].startswith(".data.rel.ro"):
                wrong.append("%s (%s): %s can change and is static; every room takes its state" % (wing, room, part[0]))
    return wrong, "%d symbols" % count


def gate_licence(_):
    files = sources("")
    wrong = [shown(p) + ": no SPDX line" for p in files
             if "SPDX-License-Identifier: Apache-2.0" not in read(p).split("\n", 1)[0]]
    return wrong, "%d files" % len(files)


def uncommented(path):
    """Lines of a migration that begin a table or a column and say nothing about it. What a table is may
    also stand in the line above."""
    depth, begins, missing, above = 0, False, [], False
    for number, line in enumerate(read(path).split("\n"), 1):
        code, dashes, _ = re.sub(r"'(?:[^']|'')*'", "''", line).partition("--")
        code = code.strip()
        is_table = re.match(r"(?i)create\s+(virtual\s+)?(temp\w*\s+)?table\b", code)
        is_constraint = re.match(r"(?i)(primary|unique|foreign|check|constraint)\b|\)", code)
        is_column = depth == 1 and begins and code and not is_constraint
        is_column = is_column or re.match(r"(?i)alter\s+table\s+\S+\s+add\b", code)
        if (is_table or is_column) and not dashes and not (is_table and above):
            missing.append((number, code))
        above = bool(dashes) and not code
        if is_table or depth:
            depth += code.count("(") - code.count(")")
            begins = code.endswith((",", "(")) if code else begins
    return missing


def gate_schema(_):
    folder, wrong = os.path.join(TOP, "sql", "schema"), []
    files = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in files:
        for number, code in uncommented(os.path.join(folder, name)):
            wrong.append("sql/schema/%s:%d: say what this is, and its unit, behind --: %s" % (name, number, code))
    return wrong, "%d migrations" % len(files)


# name, function, needs a finished build
GATES = [
    ("floors", gate_floors, False),
    ("rooms", gate_rooms, False),
    ("cycles", gate_cycles, False),
    ("headers", gate_headers, True),
    ("shape", gate_shape, False),
    ("banned", gate_banned, False),
    ("purity", gate_purity, True),
    ("statics", gate_statics, True),
    ("licence", gate_licence, False),
    ("schema", gate_schema, False),
]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--build", help="a finished meson build directory")
    ask.add_argument("gates", nargs="*", metavar="GATE", help="of " + ", ".join(g[0] for g in GATES))
    asked = ask.parse_args()
    unknown = set(asked.gates) - {g[0] for g in GATES}
    if unknown:
        ask.error("no gate " + ", ".join(sorted(unknown)))
    bad = False
    for name, gate, built in GATES:
        if asked.gates and name not in asked.gates:
            continue
        if built and not asked.build:
            print("-- %s needs --build" % name)
            bad = bad or bool(asked.gates)
            continue
        wrong, note = gate(os.path.abspath(asked.build) if asked.build else None)
        for line in wrong:
            print("%s: %s" % (name, line))
        if not wrong:
            print("ok %s: %s" % (name, note))
        bad = bad or bool(wrong)
    sys.exit(bad)


main()
