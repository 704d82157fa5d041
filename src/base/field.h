/* SPDX-License-Identifier: Apache-2.0 */
/* field: the one describer. A struct has one table; JSON, forms, CLI flags, templates and SQL rows
 * read it. Spelling:
 *     static const struct field note_fields[] = {
 *             FIELD(note, text, "what you saw or did", .required = true, .max = 4000, .lines = 3),
 *             CHOICE(note, kind, note_kind, "what it is"),
 *             ITEMS(note, links, link, "where to look", .max = 20),
 *             END };
 * A unit is a type (struct when, struct span), optional is a type (struct maybe_int): see KIND_OF. */
#ifndef APLOMB_FIELD_H
#define APLOMB_FIELD_H
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"

struct when {
	int64_t ms; /* since 1970 UTC; 0 = not set: absent in JSON, empty in a form */
};
struct span {
	int64_t ms; /* a length of time; "30m" in text, ms in JSON and SQL; 0 = not set */
};
struct maybe_int {
	int64_t v;
	bool set;
};
struct person {
	struct str id; /* a user's id; a form takes a login name, which the engine resolves */
};
struct html {
	struct str
		raw; /* made by markdown, the form printer or a picture of web (strip_svg) alone; templates do not escape it */
};

/* CHOICE members are a plain int that indexes names[]; NULL ends the list. */
typedef int field_choice_t;

enum field_kind {
	KIND_STR,
	KIND_INT,
	KIND_BOOL,
	KIND_WHEN,
	KIND_SPAN,
	KIND_MAYBE_INT,
	KIND_PERSON,
	KIND_HTML,
	KIND_STRS,
	KIND_CHOICE, /* int + names */
	KIND_ITEMS,  /* LIST_OF(struct x) + x_fields */
};

struct field {
	const char *name;
	enum field_kind kind;
	size_t at; /* offset in the struct */
	const char *help;
	bool required;
	size_t max;  /* bytes of a text, items of a list, value of an int; 0 = FIELD_MAX_TEXT */
	int lines;   /* a form shows a text area of so many lines; 0 or 1 = one line */
	bool hidden; /* travels with a form, is not asked for */
	bool secret; /* never printed */
	const char *const *names; /* KIND_CHOICE */
	const struct field *item; /* KIND_ITEMS */
	size_t item_bytes;
	const char *suggest; /* what a form offers: "service", "person", "evidence"; may be NULL */
};

enum {
	FIELD_MAX_TEXT = 4000, /* bytes, where a row says nothing else */
	FIELD_MAX_ITEMS = 200, /* list length, likewise */
};

#define FIELD_MEMBER(s, m) (((struct s *)0)->m)
#define KIND_OF(x)                               \
	_Generic((x), struct str                 \
		 : KIND_STR, int64_t             \
		 : KIND_INT, bool                \
		 : KIND_BOOL, struct when        \
		 : KIND_WHEN, struct span        \
		 : KIND_SPAN, struct maybe_int   \
		 : KIND_MAYBE_INT, struct person \
		 : KIND_PERSON, struct html      \
		 : KIND_HTML, struct strs        \
		 : KIND_STRS)
#define FIELD(s, m, ...)                                                                      \
	{                                                                                     \
		.name = #m, .kind = KIND_OF(FIELD_MEMBER(s, m)), .at = offsetof(struct s, m), \
		.help = __VA_ARGS__                                                           \
	}
#define CHOICE(s, m, n, ...)                                                         \
	{                                                                            \
		.name = #m,                                                          \
		.kind = _Generic(FIELD_MEMBER(s, m), int                             \
				 : KIND_CHOICE),                                     \
		.at = offsetof(struct s, m), .names = n##_names, .help = __VA_ARGS__ \
	}
#define ITEMS(s, m, e, ...)                                                                      \
	{                                                                                        \
		.name = #m, .kind = KIND_ITEMS, .at = offsetof(struct s, m), .item = e##_fields, \
		.item_bytes = sizeof(*FIELD_MEMBER(s, m).at), .help = __VA_ARGS__                \
	}
#define END                  \
	{                    \
		.name = NULL \
	}

/* How words are read: where copies go, what "+30m" and "14:03" count from. */
struct reading {
	struct arena *arena;
	int64_t now_ms;
	int64_t offset_ms; /* of the writer's zone, east of UTC */
};

const struct field *field_find(const struct field *table, struct str name); /* NULL when absent */
/* Text of a form, flag or SQL column -> member (strings are copied into the arena; a list of texts
 * splits at commas and line ends; blanks alone are no text). Refusal names the field. */
int field_parse(const struct field *, void *base, struct str text, const struct reading *,
		struct err *) MUST_USE;
/* Member -> plain text, the inverse of field_parse. KIND_ITEMS prints its length. */
void field_print(const struct field *, const void *base, struct buf *);
bool field_is_empty(const struct field *, const void *base);
/* required and max of every row, nested ones too. Refusal names the field with its path. */
int fields_check(const struct field *table, const void *base, struct err *) MUST_USE;
/* A deep copy: every text and list of *from into the arena. `bytes` is sizeof the struct. */
void fields_copy(const struct field *table, void *to, const void *from, size_t bytes,
		 struct arena *);
/* For what people type: a text of one line (.lines 0 or 1) keeps no line end or tab, and no character that hides or turns
 * text around (C1 controls, bidirectional overrides). Nested rows too. Changed texts are copies in the arena. */
void fields_one_line(const struct field *table, void *base, struct arena *);
bool fields_equal(const struct field *table, const void *a, const void *b);

/* "30m", "1h30m", "90" (minutes), "2d" -> ms */
bool span_parse(struct str, struct span *);
void span_print(struct span, struct buf *); /* "1h30m" */
#endif
