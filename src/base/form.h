/* SPDX-License-Identifier: Apache-2.0 */
/* form: application/x-www-form-urlencoded bytes and query strings. */
#ifndef APLOMB_FORM_H
#define APLOMB_FORM_H
#include "base/field.h"

struct form_pair {
	struct str name, value;
};
struct form {
	LIST_OF(struct form_pair) pairs;
};
enum { FORM_MAX_PAIRS = 500 }; /* a screen of ours has under 60 */

int form_parse(struct arena *, struct str bytes, struct form *, struct err *) MUST_USE;
struct str form_get(const struct form *, const char *name); /* the first; empty when absent */
bool form_has(const struct form *, const char *name);
/* Pairs -> struct by table. Names starting with '_' (ours: _csrf, _seen, _idem, _because) are passed
 * over, any other unknown one is refused. Repeated names of a list of texts add up. Nested lists are
 * `actions.0.title`. Does not run fields_check. */
int fields_from_form(const struct field *, const struct form *, void *out, const struct reading *,
		     struct err *) MUST_USE;
#endif
