/* SPDX-License-Identifier: Apache-2.0 */
/* intake/generic: see source.h; the headers of an input are the integration's mapping. */
#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct integration by = { .name = STR("acme") };
	struct mapping *m = &by.mapping;
	struct str *members[] = { &m->items,	  &m->title, &m->description, &m->severity,
				  &m->severities, &m->state, &m->resolved,    &m->key,
				  &m->service,	  &m->link };
	struct intake_request q = { .body = text_of(bytes, len) };
	if (!take_head(&a, &q))
		return 0;
	for (size_t i = 0; i < q.headers.len && i < sizeof(members) / sizeof(members[0]); i++)
		if (str_is_utf8(q.headers.at[i].value)) /* a form made sure of it */
			*members[i] = q.headers.at[i].value;
	if (q.headers.len)
		q.integration = &by;
	return read_request("generic", &q, &a);
}
