/* SPDX-License-Identifier: Apache-2.0 */
/* digest: see digest.h. OpenSSL fails here only without memory, which ends the process as it does
 * in arena. */
#include "base/digest.h"

#include <assert.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

struct sha256_stream {
	EVP_MD_CTX *ctx;
};

static const void *bytes_of(struct str s)
{
	return s.at ? s.at : ""; /* OpenSSL takes a NULL key for "keep the last one" */
}

struct sha256 sha256_of(struct str s)
{
	struct sha256 out;
	int ok = EVP_Digest(bytes_of(s), s.len, out.b, NULL, EVP_sha256(), NULL);
	assert(ok == 1);
	return out;
}

struct sha256_stream *sha256_new(void)
{
	struct sha256_stream *s = heap_new(sizeof(*s));
	s->ctx = EVP_MD_CTX_new();
	assert(s->ctx);
	int ok = EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL);
	assert(ok == 1);
	return s;
}

void sha256_add(struct sha256_stream *s, struct str bytes)
{
	int ok = EVP_DigestUpdate(s->ctx, bytes_of(bytes), bytes.len);
	assert(ok == 1);
}

struct sha256 sha256_end(struct sha256_stream **s)
{
	struct sha256 out;
	int ok = EVP_DigestFinal_ex((*s)->ctx, out.b, NULL);
	assert(ok == 1);
	EVP_MD_CTX_free((*s)->ctx);
	heap_free(*s);
	*s = NULL;
	return out;
}

struct sha256 hmac_sha256(struct str key, struct str text)
{
	struct sha256 out;
	assert(key.len <= INT_MAX);
	const unsigned char *mac = HMAC(EVP_sha256(), bytes_of(key), (int)key.len, bytes_of(text),
					text.len, out.b, NULL);
	assert(mac);
	return out;
}

struct str hex_of(struct arena *a, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *p = arena_alloc(a, bytes.len * 2 + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];
		p[2 * i] = digits[c >> 4];
		p[2 * i + 1] = digits[c & 15];
	}
	return (struct str){ p, bytes.len * 2 };
}

bool hex_parse(struct arena *a, struct str hex, struct str *bytes)
{
	if (hex.len % 2)
		return false;
	char *p = arena_alloc(a, hex.len / 2 + 1);
	for (size_t i = 0; i < hex.len; i += 2) {
		int high = hex_value(hex.at[i]), low = hex_value(hex.at[i + 1]);
		if (high < 0 || low < 0)
			return false;
		p[i / 2] = (char)(high << 4 | low);
	}
	*bytes = (struct str){ p, hex.len / 2 };
	return true;
}

void base64_add(struct buf *b, struct str s, bool url_alphabet)
{
	const char *digits =
		url_alphabet ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			     : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < s.len; i += 3) {
		size_t n = s.len - i < 3 ? s.len - i : 3;
		unsigned group = 0;
		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (k < n ? (unsigned char)s.at[i + k] : 0U);
		for (size_t k = 0; k < 4; k++) {
			if (k <= n)
				buf_c(b, digits[group >> (18 - 6 * k) & 63]);
			else if (!url_alphabet)
				buf_c(b, '=');
		}
	}
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool base64_parse(struct arena *a, struct str s, struct str *bytes)
{
	size_t padded = s.len;
	while (s.len && padded - s.len < 2 && s.at[s.len - 1] == '=')
		s.len--;
	if (s.len % 4 == 1 || (padded != s.len && padded % 4))
		return false;
	char *p = arena_alloc(a, s.len / 4 * 3 + 4);
	size_t len = 0;
	unsigned held = 0, bits = 0;
	for (size_t i = 0; i < s.len; i++) {
		int v = base64_value(s.at[i]);
		if (v < 0)
			return false;
		held = (held << 6 | (unsigned)v) & 0xFFFF;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			p[len++] = (char)(held >> bits & 0xFF);
		}
	}
	/* left-over bits must be 0, or two texts would stand for the same bytes */
	if (held & ((1U << bits) - 1))
		return false;
	*bytes = (struct str){ p, len };
	return true;
}

bool secret_equal(struct str a, struct str b)
{
	return a.len == b.len && CRYPTO_memcmp(bytes_of(a), bytes_of(b), a.len) == 0;
}
