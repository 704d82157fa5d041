/* SPDX-License-Identifier: Apache-2.0 */
/* proxy: who asks when a proxy stands in front. Only a proxy that the settings name is believed, and only what the last
 * one that is not ours said: everything further left in X-Forwarded-For anybody can have written. */
#include <string.h>

#include "web/inside.h"

static bool is_proxy(const struct web_config *c, struct str text)
{
	struct addr a;
	if (!c->proxies_len || !addr_parse(text, &a))
		return false;
	for (size_t i = 0; i < c->proxies_len; i++)
		if (addr_in(&a, &c->proxies[i]))
			return true;
	return false;
}

/* The last header of that name; a proxy appends, so earlier ones are the client's. */
static struct str last_header(const struct request *q, const char *name)
{
	struct str last = { 0 };
	LIST_EACH (h, &q->head->headers)
		if (str_eq_nocase(h->name, str_of(name)))
			last = h->value;
	return last;
}

struct str proxy_client(const struct web_config *c, const struct request *q)
{
	if (!is_proxy(c, q->peer))
		return q->peer;
	struct str peer = q->peer, rest = last_header(q, "X-Forwarded-For");
	struct addr a;
	while (rest.len && is_proxy(c, peer)) {
		const char *comma = memrchr(rest.at, ',', rest.len);
		size_t from = comma ? (size_t)(comma - rest.at) + 1 : 0;
		struct str said = str_trim(str_sub(rest, from, rest.len));
		if (!addr_parse(said, &a) || a.bits != 128)
			break; /* it said nothing that can be used */
		peer = said;
		rest.len = comma ? from - 1 : 0;
	}
	return peer;
}

bool proxy_says_https(const struct web_config *c, const struct request *q)
{
	return is_proxy(c, q->peer) &&
	       str_eq_nocase(last_header(q, "X-Forwarded-Proto"), STR("https"));
}
