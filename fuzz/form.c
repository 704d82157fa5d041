/* SPDX-License-Identifier: Apache-2.0 */
/* base/form: pairs survive being written again; a struct read from them survives as JSON. */
#include "base/form.h"

#include "rich.h"

static struct str write_pairs(struct arena *a, const struct form *form)
{
	struct buf b = BUF(a);
	LIST_EACH (p, &form->pairs) {
		if (b.len)
			buf_c(&b, '&');
		buf_url(&b, p->name);
		buf_c(&b, '=');
		buf_url(&b, p->value);
	}
	return buf_str(&b);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct form form = { 0 }, again = { 0 };
	struct rich x = { 0 };
	struct err e = { 0 };
	struct reading r = { .arena = &a, .now_ms = noon_ms, .offset_ms = -3600000 };
	if (form_parse(&a, text_of(bytes, len), &form, &e))
		return 0;
	assert(form.pairs.len <= FORM_MAX_PAIRS);
	assert(form_parse(&a, write_pairs(&a, &form), &again, &e) == 0);
	assert(form.pairs.len == again.pairs.len);
	for (size_t i = 0; i < form.pairs.len; i++) {
		assert(str_is_utf8(form.pairs.at[i].name) && str_is_utf8(form.pairs.at[i].value));
		assert(str_eq(form.pairs.at[i].name, again.pairs.at[i].name));
		assert(str_eq(form.pairs.at[i].value, again.pairs.at[i].value));
	}
	if (fields_from_form(rich_fields, &form, &x, &r, &e) == 0 &&
	    fields_check(rich_fields, &x, &e) == 0)
		assert_json_identity(&x, &r);
	return 0;
}
