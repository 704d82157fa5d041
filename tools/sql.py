#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sql.py OUTDIR FILE...: embeds sql/schema/NNNN_name.sql as migrations[] and the statements of
sql/query/*.sql, each behind a line `-- name: ledger_append`, as query_text[] by `enum query`; writes
OUTDIR/sql.h and OUTDIR/sql.c. Comment lines between the name and the statement become the
enum's comments and are not sent to the database."""
import hashlib
import os
import re
import sys

LICENSE = "/* SPDX-License-Identifier: Apache-2.0 */\n"


class Mistake(Exception):
    pass


def read_migration(path):
    found = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", os.path.basename(path))
    if not found:
        raise Mistake("%s:1: a migration is named NNNN_what.sql" % path)
    data = open(path, "rb").read()
    return int(found.group(1)), found.group(2), data


def read_migrations(paths):
    """By number. Numbers are drawn ahead, so that branches do not meet: one may be missing, none may come twice."""
    made = sorted(read_migration(p) for p in paths)
    for (before, _, _), (number, name, _) in zip(made, made[1:]):
        if number == before:
            raise Mistake("sql/schema: there are two migrations %04d, one is %04d_%s" % (number, number, name))
    return made


def read_queries(path):
    """[(name, comment, statement, "path:line")]"""
    queries, name, comment, lines, line = [], None, [], [], 1

    def finish():
        statement = "\n".join(lines).strip()
        if name is None and statement:
            raise Mistake("%s:%d: a statement without a name" % (path, line))
        if name is None:
            return
        if not statement:
            raise Mistake("%s:%d: query %s is empty" % (path, line, name))
        if not statement.endswith(";"):
            raise Mistake("%s:%d: query %s does not end with ;" % (path, line, name))
        queries.append((name, " ".join(comment), statement, "%s:%d" % (path, line)))

    for number, text in enumerate(open(path, encoding="utf-8").read().split("\n"), 1):
        mark = re.match(r"\s*--\s*name:\s*(.*?)\s*$", text)
        if mark:
            finish()
            name, comment, lines, line = mark.group(1), [], [], number
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise Mistake("%s:%d: a query's name is lower_case, not %r" % (path, number, name))
        elif re.match(r"\s*--", text):
            if name and not lines:
                comment.append(text.strip().lstrip("-").strip())
        elif text.strip():
            lines.append(text.rstrip())
    finish()
    return queries


def read_all_queries(paths):
    made, seen = [], {}
    for path in sorted(paths):
        for name, comment, statement, place in read_queries(path):
            if name in seen:
                raise Mistake("%s: query %s is already at %s" % (place, name, seen[name]))
            seen[name] = place
            made.append((name, comment, statement))
    return made


def c_bytes(name, data):
    """A zero-terminated array: a literal may have 4095 characters only."""
    if b"\0" in data:
        raise Mistake("%s: a zero byte in SQL" % name)
    signed = [str(b if b < 128 else b - 256) for b in data] + ["0"]
    rows = [",".join(signed[i:i + 32]) for i in range(0, len(signed), 32)]
    return "static const char %s[] = {\n%s\n};\n" % (name, ",\n".join(rows))


def header(queries):
    rows = []
    for name, comment, _ in queries:
        note = " /* %s */" % comment.replace("*/", "* /").replace("/*", "/ *") if comment else ""
        rows.append("\tQ_%s,%s" % (name.upper(), note))
    return LICENSE + """/* sql: made by tools/sql.py from sql/; read those files. */
#ifndef APLOMB_SQL_H
#define APLOMB_SQL_H
#include <stddef.h>

enum query {
%s
	QUERY_COUNT
};

struct migration {
	int number;
	const char *name;
	const char *text;
	const char *sha256; /* of the file's bytes, 64 hex digits */
};
extern const struct migration migrations[];
extern const size_t migration_count;
extern const char *const query_text[]; /* by enum query */
extern const char *const query_name[];
#endif
""" % "\n".join(rows)


def source(migrations, queries):
    rows = ['\t{ %d, "%s", migration_%d, "%s" },' % (n, name, n, hashlib.sha256(data).hexdigest())
            for n, name, data in migrations]
    return "\n".join([
        LICENSE + '/* sql: made by tools/sql.py. */\n#include "sql.h"\n',
        *[c_bytes("migration_%d" % n, data) for n, _, data in migrations],
        *[c_bytes("query_%s" % name, text.encode()) for name, _, text in queries],
        "const struct migration migrations[] = {", *rows, "\t{ 0, NULL, NULL, NULL },\n};",
        "const size_t migration_count = %d;\n" % len(migrations),
        "const char *const query_text[] = {", *["\tquery_%s," % q[0] for q in queries], "\tNULL,\n};",
        "const char *const query_name[] = {", *['\t"%s",' % q[0] for q in queries], "\tNULL,\n};\n"])


def main():
    folder, paths = sys.argv[1], sys.argv[2:]
    for path in paths:
        if not re.search(r"(^|/)(schema|query)/[^/]+$", path):
            sys.exit("%s:1: SQL lives in sql/schema and sql/query" % path)
    try:
        migrations = read_migrations([p for p in paths if "/schema/" in "/" + p])
        queries = read_all_queries([p for p in paths if "/query/" in "/" + p])
        texts = (("sql.h", header(queries)), ("sql.c", source(migrations, queries)))
    except Mistake as mistake:
        sys.exit(str(mistake))
    os.makedirs(folder, exist_ok=True)
    for name, content in texts:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(content)


main()
