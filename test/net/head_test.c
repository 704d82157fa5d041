/* SPDX-License-Identifier: Apache-2.0 */
/* head: what is read and what is refused, and that no beginning of a head is taken for a whole one. */
#include "test.h"

#include <string.h>

#include "net/head.h"

static int parse(struct arena *a, const char *text, struct head *h)
{
	return head_parse(str_of(text), a, h);
}

static int status_of(const char *text)
{
	ARENA(a);
	struct head h;
	return parse(&a, text, &h);
}

/* The status for a POST with these header lines. */
static int status_with(const char *lines)
{
	ARENA(a);
	struct head h;
	struct str text = str_fmt(&a, "POST /a HTTP/1.1\r\nHost: x\r\n%s\r\n", lines);
	return head_parse(text, &a, &h);
}

TEST(reads_a_plain_get)
{
	ARENA(a);
	struct head h;
	assert_int_equal(parse(&a,
			       "GET /incidents/INC-7?tab=a%20b HTTP/1.1\r\nHost: x:8080\r\n"
			       "Accept:  text/html \t\r\nX-Empty:\r\n\r\n",
			       &h),
			 0);
	assert_str(h.method, "GET");
	assert_str(h.target, "/incidents/INC-7?tab=a%20b");
	assert_str(h.path, "/incidents/INC-7");
	assert_str(h.query, "tab=a%20b");
	assert_int_equal(h.headers.len, 3);
	assert_str(head_get(&h, "accept"), "text/html");
	assert_true(head_has(&h, "x-empty"));
	assert_false(head_has(&h, "x-none"));
	assert_int_equal(h.content_length, -1);
	assert_int_equal(h.minor, 1);
	assert_true(h.keep_alive);
	assert_false(h.is_chunked);
	assert_false(h.expects_continue);
}

TEST(decodes_the_path_once)
{
	ARENA(a);
	struct head h;
	assert_int_equal(parse(&a, "GET /a%2Fb%C3%A9%2525 HTTP/1.1\r\nHost: x\r\n\r\n", &h), 0);
	assert_str(h.path, "/a/b\xC3\xA9%25");
}

TEST(refuses_unsafe_paths)
{
	static const char *const paths[] = { "/../etc",	    "/a/..",  "/a/%2e%2e/b", "/./a",
					     "/a%00b",	    "/a%0Ab", "/a%7f",	     "/a%",
					     "/a%4",	    "/a%zz",  "/a%C3",	     "/a%FF",
					     "a",	    "/a#b",   "/a\x01",	     "/\xC3\xA9",
					     "/a%2f..%2fb", "*" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		ARENA(a);
		struct str text = str_fmt(&a, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i]);
		struct head h;
		assert_int_equal(head_parse(text, &a, &h), 400);
	}
	assert_int_equal(status_of("GET /a/..b/c... HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
}

TEST(takes_whole_addresses_of_this_host_only)
{
	ARENA(a);
	struct head h;
	assert_int_equal(parse(&a, "GET http://x/1?q HTTP/1.1\r\nHost: X\r\n\r\n", &h), 0);
	assert_str(h.path, "/1");
	assert_str(h.query, "q");
	assert_int_equal(status_of("GET http://evil/1 HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
	assert_int_equal(status_of("GET http://x HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
	assert_int_equal(status_of("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
}

TEST(refuses_bad_request_lines)
{
	assert_int_equal(status_of("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505);
	assert_int_equal(status_of("GET / HTTP/1.2\r\nHost: x\r\n\r\n"), 505);
	static const char *const lines[] = {
		"GET  / HTTP/1.1",
		"GET / HTTP/1.1 ",
		"GET /",
		"GET",
		"",
		"GET / http/1.1",
		"GET / HTTP/1.1x",
		"GET / HTTP/1.",
		"GET / HTTP/11",
		"G(T / HTTP/1.1",
		" GET / HTTP/1.1",
		"GET /a b HTTP/1.1",
		"ABCDEFGHIJKLMNOPQRSTU / HTTP/1.1",
		"GET\t/ HTTP/1.1",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		ARENA(a);
		struct head h;
		struct str text = str_fmt(&a, "%s\r\nHost: x\r\n\r\n", lines[i]);
		assert_int_equal(head_parse(text, &a, &h), 400);
	}
	ARENA(a);
	struct head h;
	assert_int_equal(head_parse(STR("PO\0ST / HTTP/1.1\r\nHost: x\r\n\r\n"), &a, &h), 400);
}

TEST(refuses_lengths_that_could_be_read_twice)
{
	static const char *const bad[] = {
		"Content-Length: 5\r\nContent-Length: 30\r\n",
		"Content-Length: 5\r\nContent-Length: 5\r\n",
		"Content-Length: 5, 5\r\n",
		"Content-Length: +5\r\n",
		"Content-Length: -1\r\n",
		"Content-Length: 0x1e\r\n",
		"Content-Length: 18446744073709551646\r\n",
		"Content-Length:\r\n",
		"Content-Length: 5 5\r\n",
		"Content-Length : 5\r\n",
		"Content-Length\t: 5\r\n",
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: chunked, identity\r\n",
		"Transfer-Encoding:\r\n",
		"X-A: b\r\n c\r\n",
		" X-A: b\r\n",
		": v\r\n",
		"X\x01: v\r\n",
		"X-A: b\rc\r\n",
		"X-A\r\n",
		"X-A: b\x7f\r\n",
		"Host: y\r\n",
		"X A: b\r\n",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(status_with(bad[i]), 400);
	assert_int_equal(status_with("Transfer-Encoding: gzip\r\n"), 501);
	assert_int_equal(status_with("Transfer-Encoding: xchunked\r\n"), 501);
	assert_int_equal(status_with("Expect: a miracle\r\n"), 417);
	assert_int_equal(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
	ARENA(a);
	struct head h;
	assert_int_equal(head_parse(STR("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"), &a, &h),
			 400);
}

TEST(reads_bodies_to_come)
{
	ARENA(a);
	struct head h;
	assert_int_equal(parse(&a,
			       "POST / HTTP/1.1\r\nHost: x\r\ncontent-length: 0042\r\n"
			       "Expect: 100-Continue\r\n\r\n",
			       &h),
			 0);
	assert_int_equal(h.content_length, 42);
	assert_true(h.expects_continue);
	assert_int_equal(
		parse(&a, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n", &h),
		0);
	assert_true(h.is_chunked);
	assert_int_equal(h.content_length, -1);
}

TEST(wants_one_good_host)
{
	assert_int_equal(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
	assert_int_equal(status_of("GET / HTTP/1.0\r\n\r\n"), 0);
	assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
	assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400);
	assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: me@a\r\n\r\n"), 400);
	assert_int_equal(status_of("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 0);
}

TEST(knows_when_a_connection_stays)
{
	static const struct {
		const char *text;
		bool stays;
	} cases[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", false },
		{ "GET / HTTP/1.1\r\nHost: x\r\nConnection: te, close\r\n\r\n", false },
		{ "GET / HTTP/1.1\r\nHost: x\r\nConnection: closed\r\n\r\n", true },
		{ "GET / HTTP/1.0\r\n\r\n", false },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA(a);
		struct head h;
		assert_int_equal(parse(&a, cases[i].text, &h), 0);
		assert_int_equal(h.keep_alive, cases[i].stays);
	}
}

TEST(bounds_headers)
{
	ARENA(a);
	struct head h;
	char text[8192] = "GET / HTTP/1.0\r\n";
	size_t at = strlen(text);
	for (int i = 0; i < HEAD_MAX_HEADERS; i++, at += 6)
		memcpy(text + at, "a: b\r\n", 7);
	memcpy(text + at, "\r\n", 3);
	assert_int_equal(parse(&a, text, &h), 0);
	assert_int_equal(h.headers.len, HEAD_MAX_HEADERS);
	memcpy(text + at, "c: d\r\n\r\n", 9);
	assert_int_equal(parse(&a, text, &h), 431);
	struct str big = { ARENA_ARRAY(&a, char, HEAD_MAX_BYTES + 1), HEAD_MAX_BYTES + 1 };
	assert_int_equal(head_parse(big, &a, &h), 431);
}

TEST(finds_the_end_and_not_before)
{
	struct str text = STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	size_t len = 1;
	for (size_t n = 0; n < text.len; n++) {
		assert_int_equal(head_find(str_sub(text, 0, n), &len), 0);
		assert_int_equal(len, 0);
		ARENA(a);
		struct head h;
		assert_int_equal(head_parse(str_sub(text, 0, n), &a, &h), 400);
	}
	assert_int_equal(head_find(text, &len), 0);
	assert_int_equal(len, text.len);
	assert_int_equal(head_find(STR("GET / HTTP/1.1\r\nHost: x\r\n\r\nmore"), &len), 0);
	assert_int_equal(len, text.len);
	assert_int_equal(head_find(STR("\r\nGET / HTTP/1.0\r\n\r\n"), &len), 0);
	assert_int_equal(len, 20);
	assert_int_equal(status_of("\r\nGET / HTTP/1.0\r\n\r\n"), 0);
	assert_int_equal(head_find(STR("\r\n\r\n"), &len), 400);
	assert_int_equal(head_find(STR("\n"), &len), 400);
	assert_int_equal(head_find(STR("GET / HTTP/1.1\nHost: x\n\n"), &len), 400);
	ARENA(a);
	char *big = ARENA_ARRAY(&a, char, HEAD_MAX_BYTES + 2);
	memset(big, 'a', HEAD_MAX_BYTES + 2);
	assert_int_equal(head_find((struct str){ big, HEAD_MAX_BYTES }, &len), 0);
	assert_int_equal(head_find((struct str){ big, HEAD_MAX_BYTES + 1 }, &len), 431);
}

/* Every byte of a good head replaced by every hostile one: refused or read, never past the end. */
TEST(survives_every_single_byte_change)
{
	static const char good[] = "POST /a%20b?c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
	static const char hostile[] = { 0,   '\r', '\n',   ' ',	       ':',	  '%',
					'/', '.',  '\x7f', (char)0x80, (char)0xff };
	int refused = 0;
	for (size_t i = 0; i + 1 < sizeof(good); i++)
		for (size_t k = 0; k < sizeof(hostile); k++) {
			ARENA(a);
			char *text = ARENA_ARRAY(&a, char, sizeof(good) - 1);
			memcpy(text, good, sizeof(good) - 1);
			text[i] = hostile[k];
			struct head h;
			int status = head_parse((struct str){ text, sizeof(good) - 1 }, &a, &h);
			assert_true(status == 0 || status == 400 || status == 505);
			refused += status != 0;
			if (!status)
				assert_true(str_starts(h.path, STR("/")));
		}
	assert_true(refused > 300);
}

TESTS(T(reads_a_plain_get), T(decodes_the_path_once), T(refuses_unsafe_paths),
      T(takes_whole_addresses_of_this_host_only), T(refuses_bad_request_lines),
      T(refuses_lengths_that_could_be_read_twice), T(reads_bodies_to_come), T(wants_one_good_host),
      T(knows_when_a_connection_stays), T(bounds_headers), T(finds_the_end_and_not_before),
      T(survives_every_single_byte_change))
