/* SPDX-License-Identifier: Apache-2.0 */
/* mask: see mask.h. One pass from left to right; at each place a few shapes are tried, and each
 * gives up after a bounded look or eats what it read, so that time grows with the length alone.
 * A masked stretch never crosses an unescaped quote and never splits an escape. */
#include "base/mask.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define MASKED "[masked]"

/* The stretch to replace; to > from. */
struct hit {
	size_t from, to;
};

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_token(char c)
{
	return is_alnum(c) || c == '_' || c == '-';
}

static size_t token_end(struct str s, size_t i)
{
	while (i < s.len && is_token(s.at[i]))
		i++;
	return i;
}

static size_t skip_blanks(struct str s, size_t i)
{
	enum { MOST = 8 }; /* between a name, its sign and its value */
	for (int n = 0; n < MOST && i < s.len && (s.at[i] == ' ' || s.at[i] == '\t'); n++)
		i++;
	return i;
}

/* Is what stands before i the end of an escape (\n, \u0026, %3D) and so no part of a word? */
static bool after_escape(struct str s, size_t i)
{
	return (i >= 2 && s.at[i - 2] == '\\') || (i >= 3 && s.at[i - 3] == '%') ||
	       (i >= 6 && s.at[i - 6] == '\\' && s.at[i - 5] == 'u');
}

static bool has_at(struct str s, size_t i, struct str word)
{
	return s.len - i >= word.len && memcmp(s.at + i, word.at, word.len) == 0;
}

static bool is_hidden(struct str s, size_t i)
{
	return i < s.len && (has_at(s, i, STR(MASKED)) || has_at(s, i, STR("***")));
}

/* Tokens known by how they begin. */
struct shape {
	struct str prefix;
	size_t least; /* token characters behind the prefix */
};
#define SHAPE(prefix, least)                          \
	{                                             \
		{ prefix, sizeof(prefix) - 1 }, least \
	}
static const struct shape shapes[] = {
	SHAPE("AKIA", 16),     SHAPE("ASIA", 16),	 SHAPE("ghp_", 36),
	SHAPE("gho_", 36),     SHAPE("ghu_", 36),	 SHAPE("ghs_", 36),
	SHAPE("ghr_", 36),     SHAPE("github_pat_", 22), SHAPE("glpat-", 20),
	SHAPE("gldt-", 20),    SHAPE("glrt-", 20),	 SHAPE("glcbt-", 20),
	SHAPE("glptt-", 20),   SHAPE("xoxa-", 10),	 SHAPE("xoxb-", 10),
	SHAPE("xoxe-", 10),    SHAPE("xoxp-", 10),	 SHAPE("xoxr-", 10),
	SHAPE("xoxs-", 10),    SHAPE("xapp-", 10),	 SHAPE("sk_live_", 10),
	SHAPE("sk_test_", 10), SHAPE("rk_live_", 10),	 SHAPE("rk_test_", 10),
	SHAPE("whsec_", 16),   SHAPE("apl_", 16),	 SHAPE("AIza", 35),
	SHAPE("npm_", 36),     SHAPE("pypi-", 32),	 SHAPE("dop_v1_", 32),
	SHAPE("sk-ant-", 20),  SHAPE("sk-proj-", 20),	 SHAPE("hvs.", 24),
	SHAPE("shpat_", 32),   SHAPE("dckr_pat_", 20),	 SHAPE("glsa_", 32),
	SHAPE("sntrys_", 32),  SHAPE("lin_api_", 32),	 SHAPE("AGE-SECRET-KEY-1", 40),
};

static bool shape_at(struct str s, size_t i, struct hit *h)
{
	if (!is_alnum(s.at[i]))
		return false;
	for (size_t k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
		if (s.at[i] != shapes[k].prefix.at[0] || !has_at(s, i, shapes[k].prefix))
			continue;
		size_t from = i + shapes[k].prefix.len, to = token_end(s, from);
		*h = (struct hit){ i, to };
		return to - from >= shapes[k].least;
	}
	return false;
}

/* header.payload.signature, the first two of which begin like base64 of {" */
static bool jwt_at(struct str s, size_t i, struct hit *h)
{
	enum { LEAST = 8 };
	size_t at = i;
	if (!has_at(s, i, STR("eyJ")))
		return false;
	for (int part = 0; part < 3; part++) {
		size_t end = token_end(s, at);
		if (end - at < LEAST || (part < 2 && (end == s.len || s.at[end] != '.')))
			return false;
		at = part < 2 ? end + 1 : end;
	}
	*h = (struct hit){ i, at };
	return true;
}

/* Where a quoted value ends whose opening quote stood behind `depth` backslashes: 0 in JSON, 1 in
 * JSON within a JSON text, then 3, 7. A quote that closes a text around it ends it too, and so does the
 * end of the line. */
static size_t quoted_end(struct str s, size_t i, size_t depth)
{
	size_t run = 0;
	for (; i < s.len && s.at[i] != '\n'; i++) {
		for (size_t d = 0; s.at[i] == '"' && d <= depth; d = 2 * d + 1)
			if (run % (2 * (d + 1)) == d)
				return i - d;
		run = s.at[i] == '\\' ? run + 1 : 0;
	}
	return i;
}

static bool private_key_at(struct str s, size_t i, struct hit *h)
{
	enum { LONGEST_KIND = 48 }; /* "-----BEGIN ENCRYPTED PRIVATE KEY-----" and kin */
	if (!has_at(s, i, STR("-----BEGIN ")))
		return false;
	size_t begin = str_find(str_sub(s, i, LONGEST_KIND), STR("PRIVATE KEY"));
	if (begin == SIZE_MAX)
		return false;
	size_t quote = i;
	while (quote < s.len && s.at[quote] != '"' && !has_at(s, quote, STR("-----END ")))
		quote++;
	size_t to = quote;
	if (to < s.len && s.at[to] == '-') {
		size_t tail = str_find(str_sub(s, to + 9, LONGEST_KIND), STR("-----"));
		to = tail == SIZE_MAX ? to + 9 : to + 9 + tail + 5;
	}
	while (to > i && s.at[to - 1] == '\\')
		to--;
	*h = (struct hit){ i, to };
	return true;
}

/* No user and no password has these; each address is looked at, so not with strchr. */
static bool ends_userinfo(char c)
{
	switch (c) {
	case '/':
	case '?':
	case '#':
	case '"':
	case '\'':
	case '\\':
	case '<':
	case '>':
	case '@':
		return true;
	default:
		return (unsigned char)c <= ' ';
	}
}

/* https://user:password@host: the password. */
static bool userinfo_at(struct str s, size_t i, struct hit *h)
{
	enum { LONGEST = 256 };
	if (!has_at(s, i, STR("://")))
		return false;
	size_t colon = 0;
	for (size_t k = i + 3; k < s.len && k < i + LONGEST; k++) {
		char c = s.at[k];
		if (c == ':' && !colon)
			colon = k;
		if (c == '@' && colon && k > colon + 1) {
			*h = (struct hit){ colon + 1, k };
			return !is_hidden(s, colon + 1);
		}
		if (ends_userinfo(c))
			return false;
	}
	return false;
}

/* Names whose value is a secret, lower case; '_' stands for '_', '-' or nothing. */
static const char *const secret_names[] = {
	"password",	  "passwd",	   "pwd",
	"passphrase",	  "secret",	   "secret_key",
	"secret_id",	  "client_secret", "secret_access_key",
	"api_key",	  "access_key",	   "private_key",
	"encryption_key", "signing_key",   "token",
	"authorization",  "cookie",	   "credentials",
	"database_url",
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The end of the name, or i. */
static size_t name_end(struct str s, size_t i, const char *name)
{
	size_t at = i;
	for (; *name; name++) {
		if (*name == '_') {
			at += at < s.len && (s.at[at] == '_' || s.at[at] == '-');
			continue;
		}
		if (at >= s.len || lower(s.at[at]) != *name)
			return i;
		at++;
	}
	return at < s.len && is_token(s.at[at]) ? i : at;
}

static size_t bare_end(struct str s, size_t i)
{
	while (i < s.len && (unsigned char)s.at[i] > ' ' && !strchr(",;&\"'()[]{}<>\\`", s.at[i]))
		i++;
	return i;
}

/* "Bearer abc" is two words, of which the first names a scheme. */
static size_t bare_value_end(struct str s, size_t i)
{
	size_t end = bare_end(s, i);
	struct str word = str_sub(s, i, end - i);
	static const char *const schemes[] = { "bearer", "basic", "token", "geniekey", "digest" };
	for (size_t k = 0; k < sizeof(schemes) / sizeof(schemes[0]); k++)
		if (str_eq_nocase(word, str_of(schemes[k])) && end < s.len && s.at[end] == ' ')
			return bare_end(s, end + 1);
	return end;
}

/* Where a value begins, and how its name was written. */
struct pair {
	size_t value;
	size_t least;	/* bytes of a bare value worth masking */
	size_t slashes; /* before the name's closing quote */
	char quote;	/* that quote, or 0 */
};

/* In JSON a bare name stands inside a string, which a quote behind an even number of
 * backslashes ends. */
static bool is_json(struct str s)
{
	enum { MOST_BLANKS = 64 };
	size_t i = 0;
	while (i < s.len && i < MOST_BLANKS && (unsigned char)s.at[i] <= ' ')
		i++;
	return i < s.len && (s.at[i] == '{' || s.at[i] == '[');
}

static bool value_at(struct str s, const struct pair *p, struct hit *h)
{
	size_t i = p->value, quote = i;
	while (quote < s.len && s.at[quote] == '\\')
		quote++;
	size_t slashes = quote - i;
	if (quote < s.len && s.at[quote] == '"') {
		if (p->quote == '"' ? slashes != p->slashes : slashes % 2 == 0 && is_json(s))
			return false;
		*h = (struct hit){ quote + 1, quoted_end(s, quote + 1, slashes) };
	} else if (i < s.len && s.at[i] == '\'') {
		size_t to = i + 1;
		while (to < s.len && !strchr("'\"\\\n", s.at[to]))
			to++;
		*h = (struct hit){ i + 1, to };
	} else if (p->quote) {
		return false; /* a number, true, null or a list */
	} else {
		*h = (struct hit){ i, bare_value_end(s, i) };
		if (h->to - h->from < p->least)
			return false;
	}
	return h->to > h->from && !is_hidden(s, h->from);
}

/* name=value, name: value, "name": "value", \"name\":\"value\" */
static bool pair_at(struct str s, size_t i, struct hit *h)
{
	enum { LEAST_AFTER_COLON = 6 }; /* "password: none" is a sentence */
	char first = lower(s.at[i]);
	size_t at = i;
	if (first < 'a' || first > 'z')
		return false;
	for (size_t k = 0; at == i && k < sizeof(secret_names) / sizeof(secret_names[0]); k++)
		if (secret_names[k][0] == first)
			at = name_end(s, i, secret_names[k]);
	if (at == i)
		return false;
	size_t sign = at;
	while (sign < s.len && s.at[sign] == '\\')
		sign++;
	struct pair p = { .slashes = sign - at };
	if (sign < s.len && (s.at[sign] == '"' || s.at[sign] == '\''))
		p.quote = s.at[sign];
	sign = skip_blanks(s, p.quote ? sign + 1 : at);
	if (sign >= s.len || (s.at[sign] != ':' && s.at[sign] != '='))
		return false;
	p.least = s.at[sign] == '=' ? 1 : LEAST_AFTER_COLON;
	p.value = skip_blanks(s, sign + (has_at(s, sign, STR("=>")) ? 2 : 1));
	return value_at(s, &p, h);
}

static bool secret_at(struct str s, size_t i, struct hit *h)
{
	char c = s.at[i];
	if (c == '-')
		return private_key_at(s, i, h);
	if (c == ':')
		return userinfo_at(s, i, h);
	if (!is_alnum(c))
		return false;
	char before = i ? s.at[i - 1] : ' ';
	bool fresh = !is_token(before) || after_escape(s, i);
	if (fresh && (shape_at(s, i, h) || jwt_at(s, i, h)))
		return true;
	bool camel = before >= 'a' && before <= 'z' && c >= 'A' && c <= 'Z';
	return (fresh || camel || before == '_' || before == '-') && pair_at(s, i, h);
}

/* The first three characters of everything that secret_at looks for, in lower case: nearly every place of a body falls
 * out here. A new shape or name needs its own (a test in mask_test.c finds one that has none). They lie in eight buckets
 * for the sake of skip_32, dealt out so that ordinary text fits seldom. */
#define BUCKET_0(x, n) \
	(x(n, 'd', 'o', 'p') | x(n, 'd', 'c', 'k') | x(n, 'd', 'a', 't') | x(n, '-', '-', '-'))
#define BUCKET_1(x, n)                                                                           \
	(x(n, 'p', 'a', 's') | x(n, 'p', 'r', 'i') | x(n, 'p', 'w', 'd') | x(n, 'p', 'y', 'p') | \
	 x(n, 'x', 'a', 'p') | x(n, 'x', 'o', 'x'))
#define BUCKET_2(x, n)                                                                           \
	(x(n, 'a', 'c', 'c') | x(n, 'a', 'g', 'e') | x(n, 'a', 'i', 'z') | x(n, 'a', 'k', 'i') | \
	 x(n, 'a', 'p', 'i') | x(n, 'a', 'p', 'l') | x(n, 'a', 's', 'i') | x(n, 'a', 'u', 't'))
#define BUCKET_3(x, n) \
	(x(n, 'e', 'n', 'c') | x(n, 'e', 'y', 'j') | x(n, 'l', 'i', 'n') | x(n, 't', 'o', 'k'))
#define BUCKET_4(x, n) \
	(x(n, 'h', 'v', 's') | x(n, 'r', 'k', '_') | x(n, 'w', 'h', 's') | x(n, ':', '/', '/'))
#define BUCKET_5(x, n) (x(n, 'c', 'l', 'i') | x(n, 'c', 'o', 'o') | x(n, 'c', 'r', 'e'))
#define BUCKET_6(x, n)                                                                           \
	(x(n, 's', 'e', 'c') | x(n, 's', 'h', 'p') | x(n, 's', 'i', 'g') | x(n, 's', 'k', '_') | \
	 x(n, 's', 'k', '-') | x(n, 's', 'n', 't'))
#define BUCKET_7(x, n)                                                                           \
	(x(n, 'g', 'h', 'p') | x(n, 'g', 'h', 'o') | x(n, 'g', 'h', 'r') | x(n, 'g', 'h', 's') | \
	 x(n, 'g', 'h', 'u') | x(n, 'g', 'i', 't') | x(n, 'g', 'l', 'c') | x(n, 'g', 'l', 'd') | \
	 x(n, 'g', 'l', 'p') | x(n, 'g', 'l', 'r') | x(n, 'g', 'l', 's') | x(n, 'n', 'p', 'm'))
#define SPREAD(a, b, c) \
	((((unsigned)(a) | 32) * 149 ^ ((unsigned)(b) | 32) * 23 ^ ((unsigned)(c) | 32)) & 2047)
#define MARK(n, a, b, c) (SPREAD(a, b, c) / 64 == (n) ? UINT64_C(1) << SPREAD(a, b, c) % 64 : 0)
#define MARKS(n)                                                                         \
	(BUCKET_0(MARK, n) | BUCKET_1(MARK, n) | BUCKET_2(MARK, n) | BUCKET_3(MARK, n) | \
	 BUCKET_4(MARK, n) | BUCKET_5(MARK, n) | BUCKET_6(MARK, n) | BUCKET_7(MARK, n))
#define MARKS_4(n) MARKS(n), MARKS(n + 1), MARKS(n + 2), MARKS(n + 3)
static const uint64_t beginnings[32] = { MARKS_4(0),  MARKS_4(4),  MARKS_4(8),	MARKS_4(12),
					 MARKS_4(16), MARKS_4(20), MARKS_4(24), MARKS_4(28) };

static bool may_begin(const char *at)
{
	unsigned n = SPREAD((unsigned char)at[0], (unsigned char)at[1], (unsigned char)at[2]);
	return beginnings[n / 64] >> n % 64 & 1;
}

#ifdef __x86_64__
#define AVX2 __attribute__((target("avx2")))

/* Which buckets a character fits as the first, second or third, by the low half of its code and by the high one, which
 * is blind to the case: one look-up of either for 32 characters at a time. Codes above 127 fit none. */
#define LOW_1(n, a, b, c) ((a) % 16 == (n))
#define LOW_2(n, a, b, c) ((b) % 16 == (n))
#define LOW_3(n, a, b, c) ((c) % 16 == (n))
#define HIGH_1(n, a, b, c) (((a) / 16 | 2) == ((n) | 2))
#define HIGH_2(n, a, b, c) (((b) / 16 | 2) == ((n) | 2))
#define HIGH_3(n, a, b, c) (((c) / 16 | 2) == ((n) | 2))
#define FITS(x, n)                                                                          \
	(BUCKET_0(x, n) | BUCKET_1(x, n) << 1 | BUCKET_2(x, n) << 2 | BUCKET_3(x, n) << 3 | \
	 BUCKET_4(x, n) << 4 | BUCKET_5(x, n) << 5 | BUCKET_6(x, n) << 6 | BUCKET_7(x, n) << 7)
#define FITS_4(x, n) FITS(x, n), FITS(x, n + 1), FITS(x, n + 2), FITS(x, n + 3)
#define FITS_16(x)                                                      \
	{                                                               \
		FITS_4(x, 0), FITS_4(x, 4), FITS_4(x, 8), FITS_4(x, 12) \
	}
static const uint8_t low_fits[3][16] = { FITS_16(LOW_1), FITS_16(LOW_2), FITS_16(LOW_3) };
static const uint8_t high_fits[3][16] = { FITS_16(HIGH_1), FITS_16(HIGH_2), FITS_16(HIGH_3) };

AVX2 static __m256i fits_32(const char *at, int k)
{
	__m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)low_fits[k]));
	__m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)high_fits[k]));
	__m256i c = _mm256_loadu_si256((const void *)(at + k));
	__m256i half = _mm256_and_si256(_mm256_srli_epi16(c, 4), _mm256_set1_epi8(15));
	return _mm256_and_si256(_mm256_shuffle_epi8(low, c), _mm256_shuffle_epi8(high, half));
}

/* The first place from i on that fits a bucket and may begin; or one too near to the end to look at 32 from there. */
AVX2 static size_t skip_32(struct str s, size_t i)
{
	for (; i + 34 <= s.len; i += 32) {
		const char *at = s.at + i;
		__m256i fits = _mm256_and_si256(fits_32(at, 0), fits_32(at, 1));
		fits = _mm256_and_si256(fits, fits_32(at, 2));
		__m256i none = _mm256_cmpeq_epi8(fits, _mm256_setzero_si256());
		for (unsigned some = ~(unsigned)_mm256_movemask_epi8(none); some;
		     some &= some - 1) {
			unsigned k = (unsigned)__builtin_ctz(some);
			if (may_begin(at + k))
				return i + k;
		}
	}
	return i;
}
#endif

/* The next place from i on where secret_at could say yes; s.len when there is none. */
static size_t next_place(struct str s, size_t i)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		i = skip_32(s, i);
#endif
	while (i + 2 < s.len && !may_begin(s.at + i))
		i++;
	return i + 2 < s.len ? i : s.len;
}

struct str mask_secrets(struct arena *a, struct str s, size_t *count)
{
	struct buf out = BUF(a);
	size_t done = 0, found = 0;
	for (size_t i = next_place(s, 0); i < s.len; i = next_place(s, i)) {
		struct hit h;
		if (!secret_at(s, i, &h)) {
			i++;
			continue;
		}
		buf_add(&out, str_sub(s, done, h.from - done));
		buf_z(&out, MASKED);
		i = done = h.to;
		found++;
	}
	if (count)
		*count = found;
	if (!found)
		return s;
	buf_add(&out, str_sub(s, done, s.len - done));
	return buf_str(&out);
}
