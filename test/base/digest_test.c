/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors: FIPS 180-4 examples, RFC 4231, RFC 4648 and GitHub's webhook page. */
#include "base/digest.h"

#include <string.h>

#include "test.h"

static struct str hex(struct arena *a, struct sha256 d)
{
	return hex_of(a, (struct str){ (const char *)d.b, SHA256_BYTES });
}

TEST(hashes_known_texts)
{
	ARENA(a);
	assert_str(hex(&a, sha256_of(STR("abc"))),
		   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_str(hex(&a, sha256_of((struct str){ NULL, 0 })),
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(a_stream_equals_the_whole)
{
	ARENA(a);
	struct sha256_stream *s = sha256_new();
	for (int i = 0; i < 1000; i++)
		sha256_add(s, STR("aaaaaaaaaa"));
	sha256_add(s, (struct str){ NULL, 0 });
	struct sha256 got = sha256_end(&s);
	assert_null(s);
	char *whole = arena_alloc(&a, 10000);
	memset(whole, 'a', 10000);
	struct sha256 want = sha256_of((struct str){ whole, 10000 });
	assert_memory_equal(got.b, want.b, SHA256_BYTES);
}

TEST(signs_known_texts)
{
	ARENA(a);
	assert_str(hex(&a, hmac_sha256(STR("It's a Secret to Everybody"), STR("Hello, World!"))),
		   "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
	assert_str(hex(&a, hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"))),
		   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_str(hex(&a, hmac_sha256((struct str){ NULL, 0 }, (struct str){ NULL, 0 })),
		   "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(reads_hex_back)
{
	ARENA(a);
	struct str got;
	assert_true(hex_parse(&a, STR("00fF7a"), &got));
	assert_int_equal(got.len, 3);
	assert_memory_equal(got.at, "\x00\xff\x7a", 3);
	assert_str(hex_of(&a, got), "00ff7a");
	assert_false(hex_parse(&a, STR("0"), &got));
	assert_false(hex_parse(&a, STR("0g"), &got));
	assert_true(hex_parse(&a, STR(""), &got));
	assert_int_equal(got.len, 0);
}

static struct str base64(struct arena *a, struct str s, bool url)
{
	struct buf b = BUF(a);
	base64_add(&b, s, url);
	return buf_str(&b);
}

TEST(writes_base64)
{
	ARENA(a);
	assert_str(base64(&a, STR("f"), false), "Zg==");
	assert_str(base64(&a, STR("fo"), false), "Zm8=");
	assert_str(base64(&a, STR("foo"), false), "Zm9v");
	assert_str(base64(&a, STR("foobar"), false), "Zm9vYmFy");
	assert_str(base64(&a, STR("fo"), true), "Zm8");
	assert_str(base64(&a, STR("\xfb\xff"), false), "+/8=");
	assert_str(base64(&a, STR("\xfb\xff"), true), "-_8");
}

TEST(reads_base64_back)
{
	ARENA(a);
	unsigned char every[256];
	for (int i = 0; i < 256; i++)
		every[i] = (unsigned char)i;
	for (size_t len = 0; len <= 256; len++) {
		struct str want = { (const char *)every, len }, got;
		assert_true(base64_parse(&a, base64(&a, want, false), &got));
		assert_true(str_eq(got, want));
		assert_true(base64_parse(&a, base64(&a, want, true), &got));
		assert_true(str_eq(got, want));
	}
}

TEST(refuses_bad_base64)
{
	ARENA(a);
	static const char *const bad[] = { "Z",	   "Zg=",  "Zg===", "Z===",    "Zh==",
					   "Zm9=", "Zm 8", "=",	    "Zg==Zg==" };
	struct str got;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(base64_parse(&a, str_of(bad[i]), &got));
}

TEST(compares_secrets)
{
	assert_true(secret_equal(STR("abc"), STR("abc")));
	assert_false(secret_equal(STR("abc"), STR("abd")));
	assert_false(secret_equal(STR("abc"), STR("ab")));
	assert_false(secret_equal(STR("ab"), STR("abc")));
	assert_true(secret_equal((struct str){ NULL, 0 }, STR("")));
}

TESTS(T(hashes_known_texts), T(a_stream_equals_the_whole), T(signs_known_texts), T(reads_hex_back),
      T(writes_base64), T(reads_base64_back), T(refuses_bad_base64), T(compares_secrets))
