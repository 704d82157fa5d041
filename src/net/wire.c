/* SPDX-License-Identifier: Apache-2.0 */
/* wire: a reply as the bytes that go out: status line, headers, compressed body (zlib). */
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "base/when.h"
#include "net/loop.h"

enum {
	GZIP_LEAST_BYTES = 1024, /* below, one packet either way */
	GZIP_LEVEL = 1,		 /* 5 saves a seventh of the bytes at three times the work */
	GZIP_WINDOW = 15 + 16,	 /* 16: with a gzip header */
	GZIP_MEMORY = 8,
	HEAD_BYTES = 1024, /* room for what nearly every head takes */
};

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = { { 200, "OK" },
			{ 201, "Created" },
			{ 202, "Accepted" },
			{ 204, "No Content" },
			{ 302, "Found" },
			{ 303, "See Other" },
			{ 304, "Not Modified" },
			{ 400, "Bad Request" },
			{ 401, "Unauthorized" },
			{ 403, "Forbidden" },
			{ 404, "Not Found" },
			{ 405, "Method Not Allowed" },
			{ 408, "Request Timeout" },
			{ 409, "Conflict" },
			{ 413, "Content Too Large" },
			{ 415, "Unsupported Media Type" },
			{ 417, "Expectation Failed" },
			{ 422, "Unprocessable Content" },
			{ 429, "Too Many Requests" },
			{ 431, "Request Header Fields Too Large" },
			{ 500, "Internal Server Error" },
			{ 501, "Not Implemented" },
			{ 503, "Service Unavailable" },
			{ 505, "HTTP Version Not Supported" } };
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Other";
}

struct reply reply_start(const struct request *q, int status)
{
	return (struct reply){ .arena = q->arena, .status = status };
}

/* A copy in which nothing can end the line it stands in. */
static struct str one_line(struct arena *a, struct str value)
{
	char *to = arena_alloc(a, value.len);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];
		to[i] = c < ' ' || c == 0x7f ? ' ' : value.at[i];
	}
	return (struct str){ to, value.len };
}

void reply_header(struct reply *r, const char *name, struct str value)
{
	struct header *h = LIST_ADD(r->arena, &r->headers);
	*h = (struct header){ str_of(name), one_line(r->arena, value) };
}

void reply_header_const(struct reply *r, const char *name, const char *value)
{
	struct header *h = LIST_ADD(r->arena, &r->headers);
	*h = (struct header){ str_of(name), str_of(value) };
}

bool reply_has(const struct reply *r, const char *name)
{
	LIST_EACH (h, &r->headers) {
		if (str_eq_nocase(h->name, str_of(name)))
			return true;
	}
	return false;
}

static bool is_text(struct str type)
{
	static const char *const texts[] = { "text/html",
					     "text/css",
					     "text/plain",
					     "text/javascript",
					     "application/javascript",
					     "application/json",
					     "image/svg+xml",
					     "application/problem+json" };
	struct str rest = type, bare;
	if (!str_cut(&rest, ';', &bare))
		return false;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (str_eq_nocase(str_trim(bare), str_of(texts[i])))
			return true;
	return false;
}

/* "gzip" without a weight, or with one other than 0 ("0", "0.0", "0.00", "0.000"). */
static bool takes_gzip(const struct head *h)
{
	struct str rest = head_get(h, "Accept-Encoding"), part;
	while (str_cut(&rest, ',', &part)) {
		struct str name;
		if (!str_cut(&part, ';', &name) || !str_eq_nocase(str_trim(name), STR("gzip")))
			continue;
		struct str weight = str_trim(part);
		if (weight.len == 0)
			return true;
		for (size_t i = 0; i < weight.len; i++)
			if (weight.at[i] >= '1' && weight.at[i] <= '9')
				return true;
		return false;
	}
	return false;
}

static bool gzip(struct arena *a, struct str plain, struct str *packed)
{
	z_stream z = { 0 };
	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t room = deflateBound(&z, plain.len);
	unsigned char *to = arena_alloc(a, room);
	z.next_in = (z_const Bytef *)(uintptr_t)plain.at;
	z.avail_in = (uInt)plain.len; /* a body is at most BUF_MAX_BYTES, far below 4 GiB */
	z.next_out = to;
	z.avail_out = (uInt)room;
	bool is_done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	*packed = (struct str){ (char *)to, (size_t)z.total_out };
	(void)deflateEnd(&z);
	return is_done && packed->len < plain.len;
}

static void add_two(struct buf *b, int n)
{
	buf_c(b, (char)('0' + n / 10 % 10));
	buf_c(b, (char)('0' + n % 10));
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"; by hand, since each reply has one. */
static void add_date(struct buf *b)
{
	static const char days[][6] = { "Sun, ", "Mon, ", "Tue, ", "Wed, ",
					"Thu, ", "Fri, ", "Sat, " };
	static const char months[][6] = { " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ",
					  " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec " };
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	struct when_parts t = when_parts((int64_t)now.tv_sec * 1000);
	buf_add(b, STR("Date: "));
	buf_add(b, (struct str){ days[t.weekday], 5 });
	add_two(b, t.day);
	buf_add(b, (struct str){ months[t.month - 1], 5 });
	add_two(b, t.year / 100);
	add_two(b, t.year);
	buf_c(b, ' ');
	add_two(b, t.hour);
	buf_c(b, ':');
	add_two(b, t.minute);
	buf_c(b, ':');
	add_two(b, t.second);
	buf_add(b, STR(" GMT\r\n"));
}

static void add_line(struct buf *b, struct str name, struct str value)
{
	buf_add(b, name);
	buf_add(b, STR(": "));
	buf_add(b, value);
	buf_add(b, STR("\r\n"));
}

/* Compresses where it pays and says so; returns what will be sent. */
static struct str body_of(struct call *c, struct reply *r)
{
	struct str packed;
	if (r->body.len < GZIP_LEAST_BYTES || !is_text(r->type) || reply_has(r, "Content-Encoding"))
		return r->body;
	reply_header(r, "Vary", STR("Accept-Encoding"));
	if (!takes_gzip(&c->head) || !gzip(&c->arena, r->body, &packed))
		return r->body;
	reply_header(r, "Content-Encoding", STR("gzip"));
	return packed;
}

void wire_build(struct call *c, const struct reply *asked, int flags)
{
	struct reply r = *asked;
	r.arena = &c->arena;
	/* a list of its own, so that what is added here does not show up in the caller's */
	r.headers.cap = r.headers.len;
	if (c->server->config.defaults)
		c->server->config.defaults(c->server->config.ctx, &r);
	bool is_bare = r.status == 204 || r.status == 304;
	struct str body = is_bare ? (struct str){ 0 } : body_of(c, &r);
	struct buf b = BUF(&c->arena);
	b.cap = HEAD_BYTES;
	b.at = arena_raw(&c->arena, b.cap);
	buf_fmt(&b, "HTTP/1.1 %d %s\r\n", r.status, reason_of(r.status));
	add_date(&b);
	if (r.type.len && !is_bare)
		add_line(&b, STR("Content-Type"), one_line(&c->arena, r.type));
	LIST_EACH (h, &r.headers) {
		add_line(&b, h->name, h->value);
	}
	if (!is_bare && !(flags & WIRE_STREAM))
		buf_fmt(&b, "Content-Length: %zu\r\n", body.len);
	if (flags & WIRE_CLOSE)
		buf_z(&b, "Connection: close\r\n");
	else if (c->head.minor == 0)
		buf_z(&b, "Connection: keep-alive\r\n");
	buf_z(&b, "\r\n");
	c->closes = flags & WIRE_CLOSE;
	if (str_is(c->head.method, "HEAD"))
		body = (struct str){ 0 };
	if (body.len <= BY_REFERENCE_BYTES) {
		buf_add(&b, body);
		body = (struct str){ 0 };
	}
	c->wire_head = buf_str(&b);
	c->wire_body = body;
}
