/* SPDX-License-Identifier: Apache-2.0 */
/* err: what went wrong, for a person. Three kinds only: a bug is an assert; a refusal
 * (err_refuse) is the caller's to mend; trouble (err_fail) is ours. The rows are in err.def. */
#ifndef APLOMB_ERR_H
#define APLOMB_ERR_H
#include "base/str.h"

enum err_code {
#define ERR(code, status, exit, wire, sentence) ERR_##code,
#include "base/err.def"
#undef ERR
	ERR_COUNT
};

/* Plain value, no ownership; start with `struct err e = { 0 };`. */
struct err {
	enum err_code code;
	char text[512]; /* the sentence: what stands in the way */
	char next[256]; /* the safest next step; may be empty */
	char field[64]; /* the field at fault, dotted ("suspects.0.name"); may be empty */
	char guard[40]; /* the guard's name where code is ERR_GUARD or ERR_GATE */
};

/* Both set *e and return -1, so that `return err_refuse(e, ...);` reads well. Longer text is clipped. */
int err_refuse(struct err *e, enum err_code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int err_fail(struct err *e, enum err_code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* ERR_BAD_FIELD naming the field. */
int err_field(struct err *e, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* ERR_GUARD: the guard's name, what stands in the way, the safest next step. */
int err_guard(struct err *e, const char *guard, struct str stands, struct str next);
/* "what I was doing: " in front of the text; returns -1. */
int err_context(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void err_next(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

int err_status(enum err_code);		 /* HTTP */
int err_exit(enum err_code);		 /* CLI */
const char *err_wire(enum err_code);	 /* the problem type's last word */
const char *err_sentence(enum err_code); /* the row's own sentence */
enum err_code err_by_wire(struct str);	 /* ERR_FAILED when unknown */
#endif
