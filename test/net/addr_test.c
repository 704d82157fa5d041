/* SPDX-License-Identifier: Apache-2.0 */
/* addr: what is an address, and what lies in a range. */
#include "net/addr.h"

#include "test.h"

static bool in(const char *one, const char *range)
{
	struct addr a, r;
	assert_true(addr_parse(str_of(one), &a));
	assert_true(addr_parse(str_of(range), &r));
	return addr_in(&a, &r);
}

TEST(ranges_hold_what_they_say)
{
	assert_true(in("10.1.2.3", "10.1.2.3"));
	assert_false(in("10.1.2.4", "10.1.2.3"));
	assert_true(in("10.255.0.1", "10.0.0.0/8"));
	assert_false(in("11.0.0.1", "10.0.0.0/8"));
	assert_true(in("192.168.1.129", "192.168.1.128/25"));
	assert_false(in("192.168.1.127", "192.168.1.128/25"));
	assert_true(in("8.8.8.8", "0.0.0.0/0"));
	assert_false(in("2001:db8::1", "0.0.0.0/0"));
	assert_true(in("::ffff:10.0.0.1", "10.0.0.0/8")); /* how a v6 socket shows a v4 client */
	assert_true(in("fd00::1", "fd00::/8"));
	assert_true(in("[::1]", "::1"));
	assert_true(in("2001:db8::1", "::/0"));
}

TEST(knows_what_is_no_address)
{
	struct addr a;
	static const char *const wrong[] = { "",	  "x",		 "localhost",	"1.2.3",
					     "1.2.3.4.5", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/",
					     "::1/129",	  "1.2.3.4 ",	 "01.2.3.4x",	"unix:",
					     "_hidden",	  "1.2.3.4:80" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (addr_parse(str_of(wrong[i]), &a))
			fail_msg("%s was taken", wrong[i]);
}

TEST(knows_loopback)
{
	struct addr a;
	assert_true(addr_parse(STR("127.3.4.5"), &a) && addr_is_loopback(&a));
	assert_true(addr_parse(STR("::1"), &a) && addr_is_loopback(&a));
	assert_false(addr_parse(STR("128.0.0.1"), &a) && addr_is_loopback(&a));
	assert_false(addr_parse(STR("0.0.0.0"), &a) && addr_is_loopback(&a));
}

TESTS(T(ranges_hold_what_they_say), T(knows_what_is_no_address), T(knows_loopback))
