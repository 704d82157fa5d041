/* SPDX-License-Identifier: Apache-2.0 */
/* mask: see mask.h. One pass from left to right; at each place a few shapes are tried, and each
 * gives up after a bounded look or eats what it read, so that time grows with the length alone.
 * A masked stretch never crosses an unescaped quote and never splits an escape. */
#include "base/mask.h"

#include <string.h>

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

/* The first three characters of everything that secret_at looks for at a word, in lower case: nearly every word of a body
 * falls out here. A new shape or name needs its own (a test in mask_test.c finds one that has none). */
#define BEGINNINGS(x, w)                                                                             \
	x(w, 'a', 'k', 'i') x(w, 'a', 's', 'i') x(w, 'g', 'h', 'p') x(w, 'g', 'h', 'o') x(           \
		w, 'g', 'h', 'u') x(w, 'g', 'h', 's') x(w, 'g', 'h', 'r') x(w, 'g', 'i', 't')        \
		x(w, 'g', 'l', 'p') x(w, 'g', 'l', 'd') x(w, 'g', 'l', 'r') x(w, 'g', 'l', 'c')      \
			x(w, 'x', 'o', 'x') x(w, 'x', 'a', 'p') x(w, 's', 'k', '_') x(               \
				w, 'r', 'k', '_') x(w, 'w', 'h', 's') x(w, 'a', 'p', 'l')            \
				x(w, 'a', 'i', 'z') x(w, 'n', 'p', 'm') x(w, 'p', 'y', 'p') x(       \
					w, 'd', 'o', 'p') x(w, 's', 'k', '-') x(w, 'h', 'v', 's')    \
					x(w, 's', 'h', 'p') x(w, 'd', 'c',                           \
							      'k') x(w, 'g', 'l', 's')               \
						x(w, 's', 'n', 't') x(w, 'l', 'i', 'n') x(           \
							w, 'a', 'g', 'e') x(w, 'e', 'y', 'j')        \
							x(w, 'p', 'a', 's') x(w, 'p', 'w', 'd') x(   \
								w, 's', 'e', 'c') x(w, 'c',          \
										    'l', 'i')        \
								x(w, 'a', 'p',                       \
								  'i') x(w, 'a', 'c',                \
									 'c') x(w, 'p', 'r', 'i')    \
									x(w, 'e', 'n',               \
									  'c') x(w, 's', 'i',        \
										 'g') x(w, 't',      \
											'o', 'k')    \
										x(w, 'a', 'u',       \
										  't') x(w, 'c',     \
											 'o',        \
											 'o') x(w,   \
												'c', \
												'r', \
												'e') \
											x(w, 'd',    \
											  'a',       \
											  't')
#define SPREAD(a, b, c) \
	((((unsigned)(a) | 32) * 149 ^ ((unsigned)(b) | 32) * 23 ^ ((unsigned)(c) | 32)) & 2047)
#define MARK(w, a, b, c) | (SPREAD(a, b, c) / 64 == (w) ? UINT64_C(1) << SPREAD(a, b, c) % 64 : 0)
#define WORDS(w)                                                                     \
	0 BEGINNINGS(MARK, w), 0 BEGINNINGS(MARK, w + 1), 0 BEGINNINGS(MARK, w + 2), \
		0 BEGINNINGS(MARK, w + 3)
static const uint64_t beginnings[32] = { WORDS(0),  WORDS(4),  WORDS(8),  WORDS(12),
					 WORDS(16), WORDS(20), WORDS(24), WORDS(28) };

static bool may_begin(const char *at)
{
	unsigned n = SPREAD((unsigned char)at[0], (unsigned char)at[1], (unsigned char)at[2]);
	return beginnings[n / 64] >> n % 64 & 1;
}

/* Which characters follow each, by their low five bits, where something begins: "--" and ":/" are among them. A byte that
 * follows no first one this way is passed over at the cost of one look. */
#define FIVE(c) ((unsigned)(c)&31)
#define FOLLOWS(first, a, b, c) | (FIVE(a) == (first) ? UINT32_C(1) << FIVE(b) : 0)
#define NEXT(first) \
	(0 BEGINNINGS(FOLLOWS, first) FOLLOWS(first, '-', '-', 0) FOLLOWS(first, ':', '/', 0))
#define NEXT4(first) NEXT(first), NEXT((first) + 1), NEXT((first) + 2), NEXT((first) + 3)
static const uint32_t next_of[32] = { NEXT4(0),	 NEXT4(4),  NEXT4(8),  NEXT4(12),
				      NEXT4(16), NEXT4(20), NEXT4(24), NEXT4(28) };

/* The next place from i on where secret_at could say yes; s.len when there is none. */
static size_t next_place(struct str s, size_t i)
{
	if (i + 2 >= s.len)
		return s.len;
	uint32_t wanted = next_of[FIVE(s.at[i])];
	for (; i + 2 < s.len; i++) {
		unsigned then = FIVE(s.at[i + 1]);
		uint32_t is_pair = wanted >> then & 1;
		wanted = next_of[then];
		if (!is_pair)
			continue;
		char c = s.at[i];
		if (c == '-' || c == ':' ? s.at[i + 1] == (c == '-' ? '-' : '/')
					 : may_begin(s.at + i))
			return i;
	}
	return s.len;
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
