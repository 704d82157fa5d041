/* SPDX-License-Identifier: Apache-2.0 */
/* tables: the files of a set of cases, plain or packed with xz. See cases.h. */
#include <errno.h>
#include <lzma.h>
#include <stdio.h>
#include <string.h>

#include "admin/cases.h"
#include "base/buf.h"

enum { TABLE_MAX_BYTES = 60 << 20, UNPACK_MAX_MEMORY = 256 << 20 };

static int read_file(struct arena *a, struct str path, struct str *out, struct err *e)
{
	struct buf b = { .arena = a, .max = TABLE_MAX_BYTES };
	FILE *f = fopen(str_z(a, path), "rb");
	char piece[65536];
	size_t n;
	if (!f)
		return err_refuse(e, ERR_NOT_FOUND, STR_FMT ": %s.", STR_ARG(path),
				  strerror(errno));
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, (struct str){ piece, n });
	bool is_whole = !ferror(f) && !b.too_big;
	(void)fclose(f);
	if (!is_whole)
		return err_refuse(e, ERR_BAD_INPUT, STR_FMT " cannot be read whole.",
				  STR_ARG(path));
	*out = buf_str(&b);
	return 0;
}

/* Tries with more room until it fits: the format does not tell the size beforehand. */
static int unpack(struct arena *a, struct str path, struct str packed, struct str *out,
		  struct err *e)
{
	lzma_ret got = LZMA_BUF_ERROR;
	for (size_t room = packed.len * 8 + 65536; got == LZMA_BUF_ERROR && room <= TABLE_MAX_BYTES;
	     room *= 2) {
		uint64_t memory = UNPACK_MAX_MEMORY;
		size_t in = 0, n = 0;
		char *to = arena_alloc(a, room);
		got = lzma_stream_buffer_decode(&memory, 0, NULL, (const uint8_t *)packed.at, &in,
						packed.len, (uint8_t *)to, &n, room);
		*out = (struct str){ to, n };
	}
	if (got != LZMA_OK)
		return err_refuse(e, ERR_BAD_INPUT, STR_FMT " cannot be unpacked.", STR_ARG(path));
	return 0;
}

int tables_get(struct tables *t, struct str path, struct str *text, struct err *e)
{
	LIST_EACH (known, &t->read) {
		if (str_eq(known->path, path)) {
			*text = known->text;
			return 0;
		}
	}
	struct str whole = str_fmt(t->arena, STR_FMT STR_FMT,
				   STR_ARG(str_starts(path, STR("/")) ? STR("") : t->root),
				   STR_ARG(path)),
		   raw;
	if (read_file(t->arena, whole, &raw, e) != 0)
		return -1;
	*text = raw;
	if (str_ends(path, STR(".xz")) && unpack(t->arena, whole, raw, text, e) != 0)
		return -1;
	*LIST_ADD(t->arena, &t->read) = (struct table_text){ str_copy(t->arena, path), *text };
	return 0;
}
