/* SPDX-License-Identifier: Apache-2.0 */
/* What is masked, what is left alone, and that JSON stays JSON. The samples are glued together from
 * halves, so that no scanner of source trees takes them for real. */
#include "base/mask.c" /* for its places, which no result tells */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "test.h"

static void masks(const char *text, const char *want, size_t times)
{
	ARENA(a);
	size_t count = 0;
	struct str got = mask_secrets(&a, str_of(text), &count);
	assert_str(got, want);
	assert_int_equal(count, times);
	assert_str(mask_secrets(&a, got, &count), want);
	assert_int_equal(count, 0);
}

static void leaves(const char *text)
{
	ARENA(a);
	struct str got = mask_secrets(&a, str_of(text), NULL);
	assert_ptr_equal(got.at, text);
	assert_int_equal(got.len, strlen(text));
}

#define D36 "abcdefghij0123456789ABCDEFGHIJabcdef"

/* Every name and every beginning that mask.c knows, at a place where only it can have been found. */
TEST(finds_every_name_and_shape)
{
	static const char *const known[] = { "password",       "passwd",	"pwd",
					     "passphrase",     "secret",	"secret_key",
					     "secret_id",      "client_secret", "secret_access_key",
					     "api_key",	       "access_key",	"private_key",
					     "encryption_key", "signing_key",	"token",
					     "authorization",  "cookie",	"credentials",
					     "database_url",   "Password",	"APIKEY",
					     "DATABASE_URL" };
	static const char *const prefixes[] = { "AKIA",	    "ASIA",	   "ghp_",
						"gho_",	    "ghu_",	   "ghs_",
						"ghr_",	    "github_pat_", "glpat-",
						"gldt-",    "glrt-",	   "glcbt-",
						"glptt-",   "xoxa-",	   "xoxb-",
						"xoxe-",    "xoxp-",	   "xoxr-",
						"xoxs-",    "xapp-",	   "sk_live_",
						"sk_test_", "rk_live_",	   "rk_test_",
						"whsec_",   "apl_",	   "AIza",
						"npm_",	    "pypi-",	   "dop_v1_",
						"sk-ant-",  "sk-proj-",	   "hvs.",
						"shpat_",   "dckr_pat_",   "glsa_",
						"sntrys_",  "lin_api_",	   "AGE-SECRET-KEY-1" };
	ARENA(a);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		masks(str_fmt(&a, "at %s=hunter2x", known[i]).at,
		      str_fmt(&a, "at %s=[masked]", known[i]).at, 1);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		masks(str_fmt(&a, "at %s" D36 "abcdef", prefixes[i]).at, "at [masked]", 1);
}

TEST(masks_tokens_by_their_shape)
{
	masks("id "
	      "AKIA"
	      "IOSFODNN7EXAMPLE end",
	      "id [masked] end", 1);
	masks("ghp"
	      "_" D36 ".",
	      "[masked].", 1);
	masks("github"
	      "_pat_" D36,
	      "[masked]", 1);
	masks("glpat"
	      "-" D36 " x",
	      "[masked] x", 1);
	masks("xoxb"
	      "-123456789012-abcdef",
	      "[masked]", 1);
	masks("sk"
	      "_live_" D36,
	      "[masked]", 1);
	masks("apl"
	      "_" D36,
	      "[masked]", 1);
	masks("a eyJ"
	      "hbGciOiJIUzI1NiJ9.eyJ"
	      "zdWIiOiIxMjM0In0.dozjgNryP4J3jVmN b",
	      "a [masked] b", 1);
	masks("{\"m\":\"x\\nghp"
	      "_" D36 "\\n\"}",
	      "{\"m\":\"x\\n[masked]\\n\"}", 1);
	masks("a=1\\u0026t2=ghp"
	      "_" D36,
	      "a=1\\u0026t2=[masked]", 1);
}

TEST(masks_private_keys)
{
	masks("a -----BEGIN RSA "
	      "PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- b",
	      "a [masked] b", 1);
	masks("{\"k\":\"-----BEGIN "
	      "PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"}",
	      "{\"k\":\"[masked]\\n\"}", 1);
	masks("{\"k\":\"-----BEGIN "
	      "PRIVATE KEY-----\\nMIIE\",\"b\":1}",
	      "{\"k\":\"[masked]\",\"b\":1}", 1);
	masks("{\"k\":\"{\\\"k\\\":\\\"-----BEGIN "
	      "PRIVATE KEY-----\\\\nMIIE\\\"}\"}",
	      "{\"k\":\"{\\\"k\\\":\\\"[masked]\\\"}\"}", 1);
	leaves("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----");
}

TEST(masks_pairs)
{
	masks("password=hunter2&user=ana", "password=[masked]&user=ana", 1);
	masks("DB_PASSWORD=hunter2 x", "DB_PASSWORD=[masked] x", 1);
	masks("Password: hunter2!", "Password: [masked]", 1);
	masks("password = 'two words' x", "password = '[masked]' x", 1);
	masks("aws_secret_access_key = wJalr/K7MDENG", "aws_secret_access_key = [masked]", 1);
	masks("vault_secret_id=abc", "vault_secret_id=[masked]", 1);
	masks("x-api-key: 12345678", "x-api-key: [masked]", 1);
	masks("clientSecret=\"a b\"", "clientSecret=\"[masked]\"", 1);
	masks("https://ana:pa55@db/x", "https://ana:[masked]@db/x", 1);
	masks("Authorization: Bearer abc.def-ghi next", "Authorization: [masked] next", 1);
	masks("Authorization: GenieKey 12-34' -d", "Authorization: [masked]' -d", 1);
}

TEST(masks_json_pairs)
{
	masks("{\"password\":\"a\\\"b\",\"n\":1}", "{\"password\":\"[masked]\",\"n\":1}", 1);
	masks("{\"password\":\"a\\\\\",\"n\":1}", "{\"password\":\"[masked]\",\"n\":1}", 1);
	masks("{\"Authorization\" : \"Basic QWxh ZGRp\"}", "{\"Authorization\" : \"[masked]\"}", 1);
	masks("{\"m\":\"{\\\"token\\\":\\\"a\\\\\\\"b\\\",\\\"n\\\":1}\"}",
	      "{\"m\":\"{\\\"token\\\":\\\"[masked]\\\",\\\"n\\\":1}\"}", 1);
	masks("{\"m\":\"token=\\\"abc\"}", "{\"m\":\"token=\\\"[masked]\"}", 1);
	masks("{\"API_KEY\":\"1\",\"secret\":\"2\"}",
	      "{\"API_KEY\":\"[masked]\",\"secret\":\"[masked]\"}", 2);
	leaves("{\"m\":\"say \\\"token\\\":\",\"n\":\"x\"}");
	leaves("{\"password\":null,\"token\":true,\"secret\":[1],\"pwd\":\"\"}");
}

TEST(leaves_plain_words_alone)
{
	leaves("");
	leaves("{\"alertname\":\"PasswordResetSlow\",\"token_bucket\":\"12\",\"passwords\":\"x\"}");
	leaves("Reset your password: see below");
	leaves("The secret is out. Tokens: 5. risk_live_abcdefghijklm");
	leaves("https://example.org:8080/a@b ghp_short eyJub.x.y");
	leaves("deployment v812 of payments at 14:03 by ana, sha "
	       "757107ea0eb2509fc211221cce984b8a37570b6d");
}

/* The last byte is the last of its page of memory, as far as a sanitizer sees. */
static struct str exactly(const char *bytes, size_t len)
{
	char *p = malloc(len ? len : 1);
	assert_non_null(p);
	memcpy(p, bytes, len);
	return (struct str){ p, len };
}

static void is_found_everywhere(struct str beginning)
{
	enum { MOST = 100 };
	for (size_t len = 3; len <= MOST; len++)
		for (size_t at = 0; at + 3 <= len; at++) {
			char text[MOST];
			memset(text, at % 2 ? '.' : 0xC3, len);
			for (size_t k = 0; k < 3; k++)
				text[at + k] = beginning.at[k];
			struct str s = exactly(text, len);
			size_t place = next_place(s, 0);
			while (place < at) /* some other place is let through */
				place = next_place(s, place + 1);
			assert_int_equal(place, at);
			assert_int_equal(next_place(s, at), at);
			free((void *)s.at);
		}
}

TEST(every_beginning_is_found_at_every_place)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		is_found_everywhere(shapes[i].prefix);
	for (size_t i = 0; i < sizeof(secret_names) / sizeof(*secret_names); i++) {
		char upper[3];
		for (size_t k = 0; k < 3; k++)
			upper[k] = (char)(secret_names[i][k] - 32);
		is_found_everywhere(str_of(secret_names[i]));
		is_found_everywhere((struct str){ upper, 3 });
	}
	is_found_everywhere(STR("eyJ"));
	is_found_everywhere(STR("---"));
	is_found_everywhere(STR("://"));
}

/* Where secret_at says yes, next_place stops: nothing is lost by not asking at every place. */
TEST(no_secret_is_passed_over)
{
	static const char *const bits[] = { "\xC3\xA9",
					    "\xF0\xE1",
					    "\xEB",
					    ".",
					    "a",
					    " ",
					    "Se",
					    "enc",
					    "-----BEGIN ",
					    "PRIVATE KEY",
					    "://a:b@",
					    "password=x1 ",
					    "\"token\":\"x\"",
					    "AKIA",
					    "apl_",
					    D36,
					    "eyJabcdefgh.",
					    "\\n",
					    "K",
					    "\r" };
	unsigned seed = 11, secrets = 0;
	for (int round = 0; round < 20000; round++) {
		char text[320];
		size_t len = 0, want = (size_t)round % 201;
		while (len < want) {
			seed = seed * 1103515245U + 12345U;
			const char *bit = bits[(seed >> 16) % (sizeof(bits) / sizeof(bits[0]))];
			memcpy(text + len, bit, strlen(bit));
			len += strlen(bit);
		}
		struct str s = exactly(text, want);
		struct hit h;
		for (size_t i = 0; i < want; i++) {
			size_t place = next_place(s, i);
			assert_true(place == want || (place >= i && may_begin(s.at + place)));
			assert_true(place == i || !secret_at(s, i, &h));
			secrets += place == i && secret_at(s, i, &h);
		}
		free((void *)s.at);
	}
	assert_true(secrets > 10000);
}

/* Whatever is cut out of a JSON text, what is left must parse. */
TEST(json_stays_well_formed)
{
	static const char *const bits[] = { "password=",
					    "\\\"token\\\":\\\"",
					    "\\\\",
					    "\\n",
					    "x",
					    "Authorization: ",
					    ("-----BEGIN "
					     "PRIVATE KEY-----"),
					    "\\u0041",
					    "'",
					    " ",
					    "://a:b",
					    "@",
					    "\\\"",
					    "=",
					    ":" };
	unsigned seed = 7, masked = 0;
	for (int round = 0; round < 20000; round++) {
		ARENA(a);
		struct buf b = BUF(&a);
		buf_z(&b, "{\"secret\":\"");
		for (int i = 0; i < 12; i++) {
			seed = seed * 1103515245U + 12345U;
			buf_z(&b, bits[(seed >> 16) % (sizeof(bits) / sizeof(bits[0]))]);
			if (i == 3)
				buf_z(&b, "\",\"text\":\"");
		}
		buf_z(&b, "\"}");
		struct json *j;
		struct err e = { 0 };
		size_t count;
		struct str got = mask_secrets(&a, buf_str(&b), &count);
		masked += count > 1;
		assert_int_equal(json_parse(&a, buf_str(&b), &j, &e), 0);
		if (json_parse(&a, got, &j, &e))
			fail_msg("%s became " STR_FMT, b.at, STR_ARG(got));
	}
	assert_true(masked > 1000);
}

TEST(time_grows_with_the_length_alone)
{
	static const char *const hostile[] = { "eyJ.",	      "eyJ_", "apl_",	    "password",
					       "://",	      "\\\\", "password\\", "token=\\",
					       "-----BEGIN ", "\"" };
	enum { BYTES = 1 << 20 };
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		ARENA(a);
		struct buf b = BUF(&a);
		while (b.len < BYTES)
			buf_z(&b, hostile[i]);
		clock_t before = clock();
		(void)mask_secrets(&a, buf_str(&b), NULL);
		/* takes about 20 ms; a quadratic scan takes minutes */
		assert_true(clock() - before < 3 * CLOCKS_PER_SEC);
	}
}

TESTS(T(finds_every_name_and_shape), T(masks_tokens_by_their_shape), T(masks_private_keys),
      T(masks_pairs), T(masks_json_pairs), T(leaves_plain_words_alone),
      T(every_beginning_is_found_at_every_place), T(no_secret_is_passed_over),
      T(json_stays_well_formed), T(time_grows_with_the_length_alone))
