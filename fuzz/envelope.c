/* SPDX-License-Identifier: Apache-2.0 */
/* intake/envelope: what is kept is opened as it was wrapped, whatever the bytes; no body passes for an envelope. */
#include "intake/envelope.h"

#include "fuzz.h"

/* The charset of JSON may get lost: it is UTF-8. */
static bool same_type(struct str x, struct str y)
{
	struct str head = { NULL, 0 }, rest = x;
	(void)str_cut(&rest, ';', &head);
	return str_eq(x, y) || (str_eq_nocase(str_trim(head), STR("application/json")) &&
				str_is(y, "application/json"));
}

static bool same(const struct intake_request *x, const struct intake_request *y)
{
	if (!str_eq(x->method, y->method) || !str_eq(x->path_tail, y->path_tail) ||
	    !str_eq(x->query, y->query) || !same_type(x->content_type, y->content_type) ||
	    !str_eq(x->body, y->body) || x->headers.len != y->headers.len)
		return false;
	for (size_t i = 0; i < x->headers.len; i++)
		if (!str_eq(x->headers.at[i].name, y->headers.at[i].name) ||
		    !str_eq(x->headers.at[i].value, y->headers.at[i].value))
			return false;
	return true;
}

static void drop_empty_headers(struct intake_request *q)
{
	size_t n = 0;
	LIST_EACH (h, &q->headers)
		if (h->value.len)
			q->headers.at[n++] = *h;
	q->headers.len = n;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str text = text_of(bytes, len);
	struct intake_request body = { .method = STR("POST"),
				       .content_type = STR("application/json"),
				       .body = text },
			      opened = { 0 }, again = { 0 };
	struct err e = { 0 };
	int64_t ends = 0, ends_again = 0;
	assert(envelope_open(envelope_wrap(&body, 0, &a), &a, &again, &ends, &e) == 0);
	assert(same(&body, &again) && ends == 0);
	if (envelope_open(text, &a, &opened, &ends, &e) != 0) {
		assert(e.code && e.text[0]);
		return 0;
	}
	if (!opened.method.len)
		return 0;
	drop_empty_headers(&opened);
	again = (struct intake_request){ 0 };
	assert(envelope_open(envelope_wrap(&opened, ends, &a), &a, &again, &ends_again, &e) == 0);
	assert(same(&opened, &again) && ends == ends_again);
	return 0;
}
