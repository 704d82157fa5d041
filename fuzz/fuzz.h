/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz: what the fuzzers share. Each hands its parser any bytes and asserts what the parser's header
 * promises; clang's sanitizers watch the rest. `script/fuzz` builds and runs them; the samples they start
 * from, and every input that once failed, are in corpus/NAME. */
#ifndef APLOMB_FUZZ_H
#define APLOMB_FUZZ_H
#include <assert.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static const int64_t noon_ms = 1772452800000; /* 2026-03-02 12:00 UTC */

static inline struct str text_of(const unsigned char *bytes, size_t len)
{
	return (struct str){ (const char *)bytes, len };
}

static inline bool is_json(struct arena *a, struct str text)
{
	struct json *j;
	struct err e = { 0 };
	return json_parse(a, text, &j, &e) == 0;
}

/* Takes one byte off the front, 0 at the end: choices that an input makes. */
static inline unsigned char take_byte(struct str *s)
{
	unsigned char c = s->len ? (unsigned char)s->at[0] : 0;
	*s = str_sub(*s, 1, s->len);
	return c;
}
#endif
