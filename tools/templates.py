#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""templates.py OUTDIR FILE...: compiles ui/{page,part}/NAME.html to `const struct template tpl_NAME`
and embeds every other file as a row of assets[]; writes OUTDIR/ui.h and OUTDIR/ui.c.

The language is in src/base/template.h. A mistake is an error naming file and line. Names are held
against the views' field tables by template_check, not here."""
import hashlib
import os
import re
import sys

FILTERS = {"day", "iso", "age", "url"}
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".png": "image/png", ".ico": "image/x-icon", ".txt": "text/plain; charset=utf-8",
         ".webmanifest": "application/manifest+json"}
NAME = r"[a-z_][a-z0-9_]*"
MOST_TEXT = 900  # bytes of one TPL_TEXT; each byte is at most four characters in C, 4095 are promised
LICENSE = "/* SPDX-License-Identifier: Apache-2.0 */\n"


class Mistake(Exception):
    pass


def c_name(name):
    return re.sub(r"[^A-Za-z0-9]", "_", name)


def c_text(data):
    """Bytes as a C string literal, in lines."""
    out = []
    for byte in data:
        char = chr(byte)
        if char == "\n":
            out.append("\\n")
        elif char in '"\\?':  # ? since C17 still has trigraphs
            out.append("\\" + char)
        elif 32 <= byte < 127:
            out.append(char)
        else:
            out.append("\\%03o" % byte)
    lines = ["".join(out[i:i + 90]) for i in range(0, len(out), 90)] or [""]
    return "\n\t\t".join('"%s"' % line for line in lines)


class Squeezer:
    """Runs of white space become one line end or one space, but not inside <pre> and <textarea>."""

    def __init__(self):
        self.verbatim = False

    def squeeze(self, text):
        out = []
        for piece in re.split(r"(</?(?:pre|textarea)\b)", text):
            if re.match(r"</?(pre|textarea)$", piece):
                self.verbatim = not piece.startswith("</")
            elif not self.verbatim:
                piece = re.sub(r"[ \t]*\n\s*", "\n", piece)
                piece = re.sub(r"[ \t]{2,}", " ", piece)
            out.append(piece)
        return "".join(out)


class Place:
    """Where in HTML the next hole stands: in text, in a tag, or in a quoted attribute."""

    def __init__(self):
        self.at = "text"

    def read(self, text):
        for i, char in enumerate(text):
            if self.at == "text" and char == "<" and re.match(r"</?[A-Za-z]", text[i:i + 3]):
                self.at = "tag"
            elif self.at == "tag":
                self.at = {">": "text", '"': '"', "'": "'"}.get(char, "tag")
            elif self.at == char:
                self.at = "tag"


class Page:
    def __init__(self, path):
        self.path = path
        self.name = c_name(os.path.splitext(os.path.basename(path))[0])
        self.ops = []  # [kind, text, arg, end, part]
        self.parts = {}  # name -> line of its first use
        self.open = []  # [op index, name, line, stood alone on its line]
        self.squeezer, self.place = Squeezer(), Place()
        self.ends_line = True  # does what comes out so far end with a line end?
        self.compile(open(path, encoding="utf-8").read().rstrip())

    def fail(self, line, why):
        raise Mistake("%s:%d: %s" % (self.path, line, why))

    def compile(self, source):
        at, drop_line_end = 0, False
        for tag in re.finditer(r"\{\{(.*?)\}\}", source, re.S):
            line = source.count("\n", 0, tag.start()) + 1
            self.text(source[at:tag.start()], line, drop_line_end)
            at, drop_line_end = tag.end(), self.tag(tag.group(1), line)
        self.text(source[at:], source.count("\n") + 1, drop_line_end)
        if self.open:
            self.fail(self.open[-1][2], "{{#%s}} is never closed" % self.open[-1][1])

    def text(self, text, line, drop_line_end):
        if "{{" in text:
            self.fail(line, "{{ without }}")
        if re.search(r"<(script|style)\b(?![^>]*\bsrc=)[^>]*>", text):
            self.fail(line, "scripts and styles are files of their own, the page's policy refuses others")
        verbatim = self.squeezer.verbatim
        self.place.read(text)
        text = self.squeezer.squeeze(text)
        if drop_line_end and not verbatim:
            text = re.sub(r"^\n", "", text)
        data = text.encode()
        while data:
            cut = data[:MOST_TEXT]
            self.ops.append(["TPL_TEXT", cut, None, 0, None])
            data = data[len(cut):]
        if text:
            self.ends_line = text.endswith("\n")

    def tag(self, body, line):
        """Adds the op; True when a line end right behind it may go."""
        if body.startswith("!"):
            return self.ends_line
        if body.startswith("{"):
            self.fail(line, "{{{ is unknown: only html members are raw, and they are so by themselves")
        for pattern, action in ((r"([#^])\s*(%s)(?:=([\w.-]+))?" % NAME, self.block), (r"/\s*(%s)" % NAME, self.close),
                                (r">\s*([a-z][a-z0-9_-]*)", self.part), (r"(%s|\.)(?:\|([a-z]+))?" % NAME, self.hole)):
            found = re.fullmatch(pattern, body.strip())
            if found:
                return action(line, *found.groups())
        return self.fail(line, "unknown tag {{%s}}" % body)

    def block(self, line, sign, name, word):
        self.open.append((len(self.ops), name, line, self.ends_line))
        self.ops.append(["TPL_EACH" if sign == "#" else "TPL_NOT", name.encode(), word, 0, None])
        return self.ends_line

    def close(self, line, name):
        if not self.open or self.open[-1][1] != name:
            self.fail(line, "{{/%s}} closes nothing%s" % (name, ", {{#%s}} is open" % self.open[-1][1] if self.open else ""))
        start, _, _, alone = self.open.pop()
        self.ops[start][3] = len(self.ops)
        self.ops.append(["TPL_END", name.encode(), None, 0, None])
        # where the block is left out, what stood before it must still end the line
        alone, self.ends_line = alone and self.ends_line, alone and self.ends_line
        return alone

    def part(self, line, name):
        self.parts.setdefault(c_name(name), line)
        self.ops.append(["TPL_PART", name.encode(), None, 0, c_name(name)])
        self.ends_line = False
        return False

    def hole(self, line, name, filter_name):
        if filter_name and filter_name not in FILTERS:
            self.fail(line, "unknown filter |%s" % filter_name)
        if self.place.at == "tag":
            self.fail(line, "{{%s}} in a tag needs quotes around it" % name)
        if self.place.at != "text" and filter_name in (None, "day"):
            filter_name = "attr-day" if filter_name else "attr"
        self.ops.append(["TPL_VAR", name.encode(), filter_name, 0, None])
        self.ends_line = False
        return False

    def c(self):
        rows = []
        for kind, text, arg, end, part in self.ops:
            rows.append("\t{ %s, %s, %d, %s, %d, %s }," % (
                kind, c_text(text), len(text), '"%s"' % arg if arg else "NULL", end, "&tpl_" + part if part else "NULL"))
        rows = rows or ['\t{ TPL_TEXT, "", 0, NULL, 0, NULL },']
        return "static const struct tpl_op ops_%s[] = {\n%s\n};\nconst struct template tpl_%s = { \"%s\", ops_%s, %d };\n" % (
            self.name, "\n".join(rows), self.name, self.name, self.name, len(self.ops))


def in_order(pages):
    """Parts before their users; a circle is refused."""
    by_name, done, order = {}, set(), []
    for page in pages:
        if page.name in by_name:
            page.fail(1, "%s has the same name" % by_name[page.name].path)
        by_name[page.name] = page

    def visit(page, users):
        if page.name in users:
            page.fail(1, "parts use each other in a circle: " + " > ".join(users + [page.name]))
        if page.name in done:
            return
        for part, line in page.parts.items():
            if part not in by_name:
                page.fail(line, "no part %s" % part)
            visit(by_name[part], users + [page.name])
        done.add(page.name)
        order.append(page)

    for page in pages:
        visit(page, [])
    return order


def asset_c(number, path):
    """(bytes array, row) of a file."""
    ending = os.path.splitext(path)[1]
    if ending not in TYPES:
        raise Mistake("%s:1: no content type for %s" % (path, ending))
    data = open(path, "rb").read()
    rows = [",".join(str(b) for b in data[i:i + 32]) for i in range(0, len(data), 32)] or ["0"]
    row = '\t{ "%s", "%s", asset_%d, %d, "%s" },' % (
        os.path.basename(path), TYPES[ending], number, len(data), hashlib.sha256(data).hexdigest()[:16])
    return "static const unsigned char asset_%d[] = {\n%s\n};\n" % (number, ",\n".join(rows)), row


def header(pages):
    return LICENSE + """/* ui: made by tools/templates.py from ui/; read those files. */
#ifndef APLOMB_UI_H
#define APLOMB_UI_H
#include "base/template.h"

struct asset {
	const char *name; /* "style.css" */
	const char *type; /* Content-Type */
	const unsigned char *bytes;
	size_t len;
	const char *etag; /* the first 16 hex digits of its SHA-256, without quotes */
};
struct template_row {
	const char *name;
	const struct template *tpl;
};
extern const struct asset assets[];
extern const size_t asset_count;
extern const struct template_row templates[];
extern const size_t template_count;

%s
#endif
""" % "\n".join("extern const struct template tpl_%s;" % p.name for p in pages)


def source(pages, files):
    made = [asset_c(i, path) for i, path in enumerate(files)]
    names = sorted(p.name for p in pages)
    return "\n".join([
        LICENSE + '/* ui: made by tools/templates.py. */\n#include "ui.h"\n', *[p.c() for p in pages],
        "const struct template_row templates[] = {", *['\t{ "%s", &tpl_%s },' % (n, n) for n in names],
        "\t{ NULL, NULL },\n};", "const size_t template_count = %d;\n" % len(names),
        *[array for array, _ in made], "const struct asset assets[] = {", *[row for _, row in made],
        "\t{ NULL, NULL, NULL, 0, NULL },\n};", "const size_t asset_count = %d;\n" % len(files)])


def main():
    folder, paths = sys.argv[1], sorted(sys.argv[2:], key=os.path.basename)
    is_page = re.compile(r"(^|/)(page|part)/[^/]+\.html$")
    try:
        pages = in_order([Page(p) for p in paths if is_page.search(p)])
        text = source(pages, [p for p in paths if not is_page.search(p)])
    except Mistake as mistake:
        sys.exit(str(mistake))
    os.makedirs(folder, exist_ok=True)
    for name, content in (("ui.h", header(pages)), ("ui.c", text)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(content)


main()
