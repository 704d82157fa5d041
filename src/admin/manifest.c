/* SPDX-License-Identifier: Apache-2.0 */
/* manifest: see manifest.h. */
#include "admin/manifest.h"

#include "base/when.h"

static void add_hash(struct buf *b, const struct sha256 *hash)
{
	buf_c(b, ' ');
	buf_add(b, hex_of(b->arena, (struct str){ (const char *)hash->b, SHA256_BYTES }));
	buf_c(b, '\n');
}

void manifest_write(const struct manifest *m, struct buf *b)
{
	buf_z(b, "aplomb-backup 1\nmade ");
	when_rfc3339(b, m->facts.at_ms);
	buf_fmt(b, "\nevents %lld", (long long)m->facts.pos);
	add_hash(b, &m->facts.hash);
	buf_fmt(b, "inbox %lld", (long long)m->facts.inbox_id);
	add_hash(b, &m->facts.inbox_hash);
	LIST_EACH (f, &m->files) {
		buf_fmt(b, "file " STR_FMT " %lld", STR_ARG(f->name), (long long)f->size);
		add_hash(b, &f->hash);
	}
	struct sha256 all = sha256_of(buf_str(b));
	buf_z(b, "end");
	add_hash(b, &all);
}

static bool take_hash(struct arena *a, struct str hex, struct sha256 *out)
{
	struct str bytes;
	if (hex.len != SHA256_HEX || !hex_parse(a, hex, &bytes))
		return false;
	for (size_t i = 0; i < SHA256_BYTES; i++)
		out->b[i] = (unsigned char)bytes.at[i];
	return true;
}

static bool take_line(struct arena *a, struct str line, struct manifest *m)
{
	struct str word, name = { 0 }, number;
	if (!str_cut(&line, ' ', &word))
		return false;
	if (str_is(word, "made"))
		return when_parse_rfc3339(line, &m->facts.at_ms);
	if (str_is(word, "file") && !str_cut(&line, ' ', &name))
		return false;
	if (!str_cut(&line, ' ', &number))
		return false;
	if (str_is(word, "events"))
		return str_to_int(number, &m->facts.pos) && take_hash(a, line, &m->facts.hash);
	if (str_is(word, "inbox"))
		return str_to_int(number, &m->facts.inbox_id) &&
		       take_hash(a, line, &m->facts.inbox_hash);
	struct manifest_file *f = LIST_ADD(a, &m->files);
	f->name = str_copy(a, name);
	return str_is(word, "file") && str_to_int(number, &f->size) && take_hash(a, line, &f->hash);
}

static bool read_lines(struct str text, struct arena *a, struct manifest *m)
{
	struct str line, first, above = text;
	struct sha256 want, got;
	enum { LAST = sizeof("end ") - 1 + SHA256_HEX + 1 };
	if (text.len < LAST)
		return false;
	above.len -= LAST;
	struct str end = str_sub(text, above.len, LAST);
	got = sha256_of(above);
	if (!str_starts(end, STR("end ")) || !take_hash(a, str_sub(end, 4, SHA256_HEX), &want) ||
	    !secret_equal((struct str){ (const char *)want.b, SHA256_BYTES },
			  (struct str){ (const char *)got.b, SHA256_BYTES }))
		return false;
	if (!str_cut(&above, '\n', &first) || !str_is(first, "aplomb-backup 1"))
		return false;
	while (str_cut(&above, '\n', &line))
		if (line.len && !take_line(a, line, m))
			return false;
	return true;
}

int manifest_read(struct str text, struct arena *a, struct manifest *m, struct err *e)
{
	*m = (struct manifest){ 0 };
	if (read_lines(text, a, m))
		return 0;
	return err_refuse(e, ERR_BROKEN,
			  "The list of what the backup holds was changed, or is of a "
			  "newer Aplomb.");
}

bool manifest_equal(const struct manifest *a, const struct manifest *b)
{
	if (a->files.len != b->files.len)
		return false;
	for (size_t i = 0; i < a->files.len; i++) {
		const struct manifest_file *x = &a->files.at[i], *y = &b->files.at[i];
		if (!str_eq(x->name, y->name) || x->size != y->size ||
		    !secret_equal((struct str){ (const char *)x->hash.b, SHA256_BYTES },
				  (struct str){ (const char *)y->hash.b, SHA256_BYTES }))
			return false;
	}
	return true;
}
