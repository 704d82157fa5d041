/* SPDX-License-Identifier: Apache-2.0 */
/* chunk: whole bodies, in one piece and byte by byte, and what is refused. */
#include "test.h"

#include "base/buf.h"
#include "net/chunk.h"

struct decoded {
	int status;
	struct str body;
	size_t used;
	bool is_done;
};

static struct decoded decode(struct arena *a, struct str text, size_t piece, size_t max)
{
	struct chunk c = chunk_start(max);
	struct decoded d = { 0 };
	struct buf body = BUF(a);
	while (d.used < text.len && !d.status && !chunk_is_done(&c)) {
		size_t used = 0;
		struct str data;
		d.status = chunk_feed(&c, str_sub(text, d.used, piece), &used, &data);
		assert_true(used > 0);
		buf_add(&body, data);
		d.used += used;
	}
	d.body = buf_str(&body);
	d.is_done = !d.status && chunk_is_done(&c);
	return d;
}

TEST(decodes_in_any_pieces)
{
	struct str text = STR("2\r\nhi\r\n00A\r\n 0123\r\n678\r\n0\r\n\r\nGET /");
	for (size_t piece = 1; piece <= text.len; piece++) {
		ARENA(a);
		struct decoded d = decode(&a, text, piece, 12);
		assert_int_equal(d.status, 0);
		assert_true(d.is_done);
		assert_str(d.body, "hi 0123\r\n678");
		assert_int_equal(d.used, text.len - 5);
	}
}

TEST(decodes_an_empty_body)
{
	ARENA(a);
	struct decoded d = decode(&a, STR("0\r\n\r\n"), 99, 0);
	assert_true(d.is_done);
	assert_int_equal(d.body.len, 0);
}

TEST(drops_trailers)
{
	ARENA(a);
	struct decoded d = decode(&a, STR("1\r\nx\r\n0\r\nX: y\r\nZ: w\r\n\r\n"), 99, 9);
	assert_true(d.is_done);
	assert_str(d.body, "x");
}

TEST(is_not_done_before_the_end)
{
	struct str text = STR("1\r\nx\r\n0\r\nX: y\r\n\r\n");
	for (size_t n = 0; n < text.len; n++) {
		ARENA(a);
		struct decoded d = decode(&a, str_sub(text, 0, n), 99, 9);
		assert_int_equal(d.status, 0);
		assert_false(d.is_done);
	}
}

TEST(refuses_everything_but_hex_and_crlf)
{
	static const char *const bad[] = {
		"2;a=b\r\nhi\r\n0\r\n\r\n",
		"0x2\r\nhi",
		"+2\r\nhi",
		"-2\r\nhi",
		" 2\r\nhi",
		"2 \r\nhi",
		"zz\r\n",
		"2\nhi\n0\n\n",
		"\r\n",
		"2\r\nhi0\r\n\r\n",
		"2\r\nhi\n0\r\n\r\n",
		"2\rxhi",
		"000000002\r\nhi",
		"1000000000000001e\r\n",
		"0\r\n x: y\r\n\r\n",
		"0\r\nx: \x01\r\n\r\n",
		"0\r\nx\n\r\n",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ARENA(a);
		assert_int_equal(decode(&a, str_of(bad[i]), 99, 99).status, 400);
		assert_int_equal(decode(&a, str_of(bad[i]), 1, 99).status, 400);
	}
}

TEST(bounds_the_body)
{
	ARENA(a);
	assert_true(decode(&a, STR("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 99, 5).is_done);
	struct decoded d = decode(&a, STR("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), 99, 4);
	assert_int_equal(d.status, 413);
	assert_str(d.body, "abc");
	assert_int_equal(decode(&a, STR("FFFFFFFF\r\n"), 99, 4).status, 413);
}

TEST(bounds_trailers)
{
	ARENA(a);
	struct buf b = BUF(&a);
	buf_z(&b, "0\r\n");
	for (int i = 0; i < CHUNK_MAX_TRAILER_BYTES; i++)
		buf_c(&b, 'x');
	assert_int_equal(decode(&a, buf_str(&b), 999, 9).status, 0);
	buf_c(&b, 'x');
	assert_int_equal(decode(&a, buf_str(&b), 999, 9).status, 400);
}

TESTS(T(decodes_in_any_pieces), T(decodes_an_empty_body), T(drops_trailers),
      T(is_not_done_before_the_end), T(refuses_everything_but_hex_and_crlf), T(bounds_the_body),
      T(bounds_trailers))
