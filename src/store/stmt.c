/* SPDX-License-Identifier: Apache-2.0 */
/* stmt: see stmt.h. Transactions and opening: db.c. */
#include "store/db_inner.h"

#include <assert.h>
#include <string.h>

struct stmt stmt_begin(struct db *db, enum query query)
{
	struct stmt s = { .db = db, .query = query };
	sqlite3_stmt **kept = &db->kept[query];
	if (*kept && !sqlite3_stmt_busy(*kept)) {
		s.raw = *kept;
		return s;
	}
	s.is_own = *kept != NULL;
	unsigned flags = s.is_own ? 0 : SQLITE_PREPARE_PERSISTENT;
	s.rc = sqlite3_prepare_v3(db->raw, query_text[query], -1, flags, &s.raw, NULL);
	if (!s.is_own)
		*kept = s.raw;
	return s;
}

void stmt_end(struct stmt *s)
{
	if (s->is_own) {
		(void)sqlite3_finalize(s->raw);
	} else if (s->raw) {
		(void)sqlite3_reset(s->raw);
		(void)sqlite3_clear_bindings(s->raw);
	}
	s->raw = NULL;
}

static int parameter(struct stmt *s, const char *name)
{
	char spelled[80];
	const char *next = sqlite3_bind_parameter_name(s->raw, s->bound + 1);
	if (next && strcmp(next + 1, name) == 0)
		return ++s->bound;
	size_t n = strlen(name) + 1;
	assert(n < sizeof(spelled));
	spelled[0] = ':';
	memcpy(spelled + 1, name, n); /* many for each row: not worth a printf */
	int at = sqlite3_bind_parameter_index(s->raw, spelled);
	if (at > 0)
		s->bound = at;
	return at;
}

static void note(struct stmt *s, int rc)
{
	if (s->rc == SQLITE_OK)
		s->rc = rc;
}

static void bind_text(struct stmt *s, int at, struct str text, sqlite3_destructor_type keep)
{
	/* a NULL pointer would bind NULL */
	note(s,
	     sqlite3_bind_text64(s->raw, at, text.at ? text.at : "", text.len, keep, SQLITE_UTF8));
}

void stmt_int(struct stmt *s, const char *name, int64_t v)
{
	if (!s->raw)
		return;
	int at = parameter(s, name);
	assert(at > 0);
	note(s, sqlite3_bind_int64(s->raw, at, v));
}

void stmt_text(struct stmt *s, const char *name, struct str text)
{
	if (!s->raw)
		return;
	int at = parameter(s, name);
	assert(at > 0);
	bind_text(s, at, text, SQLITE_STATIC);
}

void stmt_blob(struct stmt *s, const char *name, struct str bytes)
{
	if (!s->raw)
		return;
	int at = parameter(s, name);
	assert(at > 0);
	note(s,
	     sqlite3_bind_blob64(s->raw, at, bytes.at ? bytes.at : "", bytes.len, SQLITE_STATIC));
}

void stmt_hash(struct stmt *s, const char *name, const struct sha256 *hash)
{
	stmt_blob(s, name, (struct str){ (const char *)hash->b, SHA256_BYTES });
}

static size_t choice_count(const struct field *f)
{
	size_t n = 0;
	while (f->names[n])
		n++;
	return n;
}

static void bind_field(struct stmt *s, int at, const struct field *f, const void *base)
{
	const void *p = (const char *)base + f->at;
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON: /* a struct of one str */
		bind_text(s, at, *(const struct str *)p, SQLITE_STATIC);
		return;
	case KIND_INT:
	case KIND_WHEN: /* structs of one int64_t */
	case KIND_SPAN:
		note(s, sqlite3_bind_int64(s->raw, at, *(const int64_t *)p));
		return;
	case KIND_BOOL:
		note(s, sqlite3_bind_int64(s->raw, at, *(const bool *)p));
		return;
	case KIND_MAYBE_INT: {
		const struct maybe_int *v = p;
		note(s,
		     v->set ? sqlite3_bind_int64(s->raw, at, v->v) : sqlite3_bind_null(s->raw, at));
		return;
	}
	case KIND_CHOICE: {
		int v = *(const int *)p;
		assert(v >= 0 && (size_t)v < choice_count(f));
		bind_text(s, at, str_of(f->names[v]), SQLITE_STATIC);
		return;
	}
	case KIND_STRS: {
		ARENA(a);
		bind_text(s, at, strs_join(&a, p, "\n"), SQLITE_TRANSIENT);
		return;
	}
	case KIND_HTML:
	case KIND_ITEMS:
		assert(false && "a column holds one value");
	}
}

void stmt_fields(struct stmt *s, const struct field *fields, const void *base)
{
	if (!s->raw)
		return;
	for (const struct field *f = fields; f->name; f++) {
		int at = parameter(s, f->name);
		if (at > 0)
			bind_field(s, at, f, base);
	}
}

int stmt_next(struct stmt *s, struct err *e)
{
	int rc = s->rc == SQLITE_OK ? sqlite3_step(s->raw) : s->rc;
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return db_trouble(s->db, rc, query_name[s->query], e);
}

int stmt_run(struct stmt *s, struct err *e)
{
	int got;
	do {
		got = stmt_next(s, e);
	} while (got > 0);
	return got;
}

int64_t stmt_changes(const struct stmt *s)
{
	return sqlite3_changes64(s->db->raw);
}

static int column(const struct stmt *s, const char *name)
{
	int count = sqlite3_column_count(s->raw);
	for (int i = 0; i < count; i++)
		if (strcmp(sqlite3_column_name(s->raw, i), name) == 0)
			return i;
	assert(false && "no such column");
	return -1;
}

static struct str text_at(const struct stmt *s, int i)
{
	const char *at = (const char *)sqlite3_column_text(s->raw, i);
	return (struct str){ at, (size_t)sqlite3_column_bytes(s->raw, i) };
}

int64_t stmt_col_int(const struct stmt *s, const char *name)
{
	return sqlite3_column_int64(s->raw, column(s, name));
}

struct str stmt_col_text(const struct stmt *s, const char *name)
{
	return text_at(s, column(s, name));
}

struct str stmt_col_blob(const struct stmt *s, const char *name)
{
	int i = column(s, name);
	const char *at = sqlite3_column_blob(s->raw, i);
	return (struct str){ at, (size_t)sqlite3_column_bytes(s->raw, i) };
}

bool stmt_col_is_null(const struct stmt *s, const char *name)
{
	return sqlite3_column_type(s->raw, column(s, name)) == SQLITE_NULL;
}

bool stmt_col_hash(const struct stmt *s, const char *name, struct sha256 *out)
{
	struct str bytes = stmt_col_blob(s, name);
	if (bytes.len != SHA256_BYTES)
		return false;
	memcpy(out->b, bytes.at, SHA256_BYTES);
	return true;
}

static int take_choice(const struct field *f, struct str word, int *out, struct err *e)
{
	for (int i = 0; f->names[i]; i++) {
		if (str_is(word, f->names[i])) {
			*out = i;
			return 0;
		}
	}
	return err_fail(e, ERR_BROKEN,
			"A row's %s is \"" STR_FMT "\", which this version does not know.", f->name,
			STR_ARG(word));
}

struct cell {
	const struct stmt *s;
	int i; /* the column */
};

static int take_column(struct cell c, const struct field *f, void *p, struct arena *a,
		       struct err *e)
{
	const struct stmt *s = c.s;
	int i = c.i;
	switch (f->kind) {
	case KIND_STR:
	case KIND_PERSON:
		*(struct str *)p = str_copy(a, text_at(s, i));
		return 0;
	case KIND_INT:
	case KIND_WHEN:
	case KIND_SPAN:
		*(int64_t *)p = sqlite3_column_int64(s->raw, i);
		return 0;
	case KIND_BOOL:
		*(bool *)p = sqlite3_column_int64(s->raw, i) != 0;
		return 0;
	case KIND_MAYBE_INT:
		*(struct maybe_int *)p = (struct maybe_int){
			.v = sqlite3_column_int64(s->raw, i),
			.set = sqlite3_column_type(s->raw, i) != SQLITE_NULL
		};
		return 0;
	case KIND_CHOICE:
		return take_choice(f, text_at(s, i), p, e);
	case KIND_STRS:
		*(struct strs *)p = strs_split(a, str_copy(a, text_at(s, i)), '\n');
		return 0;
	case KIND_HTML:
	case KIND_ITEMS:
		break;
	}
	assert(false && "a column holds one value");
	return -1;
}

int stmt_row(struct stmt *s, const struct field *fields, void *out, struct arena *a, struct err *e)
{
	int count = sqlite3_column_count(s->raw);
	for (int i = 0; i < count; i++) {
		const struct field *f = field_find(fields, str_of(sqlite3_column_name(s->raw, i)));
		assert(f);
		if (take_column((struct cell){ s, i }, f, (char *)out + f->at, a, e))
			return -1;
	}
	return 0;
}

void stmt_print(const struct stmt *s, struct buf *b)
{
	int count = sqlite3_column_count(s->raw);
	for (int i = 0; i < count; i++) {
		buf_z(b, sqlite3_column_name(s->raw, i));
		buf_c(b, '=');
		buf_json(b, text_at(s, i));
		buf_c(b, i + 1 < count ? ' ' : '\n');
	}
}
