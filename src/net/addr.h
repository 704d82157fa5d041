/* SPDX-License-Identifier: Apache-2.0 */
/* addr: numeric addresses and ranges ("10.0.0.0/8"), for who may speak for others. Pure: no name is looked up. */
#ifndef APLOMB_ADDR_H
#define APLOMB_ADDR_H
#include "base/str.h"

struct addr {
	unsigned char b[16]; /* an IPv4 address as ::ffff:a.b.c.d */
	int bits;	     /* of a range that count; 128 = the one address */
};
/* "127.0.0.1", "::1", "[::1]", "10.0.0.0/8", "fd00::/8". False: it is none. */
bool addr_parse(struct str, struct addr *);
bool addr_in(const struct addr *, const struct addr *range);
bool addr_is_loopback(const struct addr *);
#endif
