/* SPDX-License-Identifier: Apache-2.0 */
/* addr: see addr.h. */
#include "net/addr.h"

#include <arpa/inet.h>
#include <string.h>

enum { V4_AT = 12, ALL_BITS = 128, V4_BITS = 32 };

static bool parse_bytes(struct str s, struct addr *out)
{
	ARENA(a);
	if (s.len > 2 && s.at[0] == '[' && s.at[s.len - 1] == ']')
		s = str_sub(s, 1, s.len - 2);
	const char *z = str_z(&a, s);
	memset(out->b, 0, sizeof(out->b));
	if (inet_pton(AF_INET, z, out->b + V4_AT) == 1) {
		out->b[10] = out->b[11] = 0xff;
		return true;
	}
	return inet_pton(AF_INET6, z, out->b) == 1;
}

bool addr_parse(struct str s, struct addr *out)
{
	struct str rest = s, address;
	int64_t bits;
	out->bits = ALL_BITS;
	if (!str_cut(&rest, '/', &address) || !parse_bytes(address, out))
		return false;
	if (address.len == s.len)
		return true;
	bool is_v4 = str_find(address, STR(":")) == SIZE_MAX;
	if (!str_to_int(rest, &bits) || bits < 0 || bits > (is_v4 ? V4_BITS : ALL_BITS))
		return false;
	out->bits = (int)bits + (is_v4 ? ALL_BITS - V4_BITS : 0);
	return true;
}

bool addr_in(const struct addr *one, const struct addr *range)
{
	int whole = range->bits / 8, rest = range->bits % 8;
	if (memcmp(one->b, range->b, (size_t)whole) != 0)
		return false;
	return !rest || ((one->b[whole] ^ range->b[whole]) >> (8 - rest)) == 0;
}

bool addr_is_loopback(const struct addr *a)
{
	struct addr v4, v6;
	return addr_parse(STR("127.0.0.0/8"), &v4) && addr_parse(STR("::1"), &v6) &&
	       (addr_in(a, &v4) || addr_in(a, &v6));
}
