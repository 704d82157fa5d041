/* SPDX-License-Identifier: Apache-2.0 */
/* client: see client.h. libcurl's easy interface; for a stream its multi interface, so that whoever waits
 * is asked once a second whether it still wants to. */
#include "net/client.h"

#include <curl/curl.h>
#include <string.h>

#include "base/buf.h"

enum { POLL_MS = 1000 };

struct client {
	CURL *easy;
	struct client_config config;
	struct arena arena; /* the texts of config */
};

/* One request under way. */
struct taking {
	struct client *client;
	struct arena *arena;
	struct client_reply *reply;
	struct buf body;
	const struct client_stream *stream; /* NULL for a plain request */
	struct buf line;
	bool has_enough, is_too_big;
	struct curl_slist *headers;
};

static const char *kept(struct client *c, const char *text)
{
	return text ? str_z(&c->arena, str_of(text)) : NULL;
}

int client_new(const struct client_config *config, struct client **out, struct err *e)
{
	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return err_fail(e, ERR_FAILED, "The HTTP library could not be started.");
	struct client *c = heap_new(sizeof(*c));
	c->easy = curl_easy_init();
	c->config = (struct client_config){
		.agent = kept(c, config->agent ? config->agent : "aplomb"),
		.ca_file = kept(c, config->ca_file),
		.unix_socket = kept(c, config->unix_socket),
		.timeout_ms = config->timeout_ms ? config->timeout_ms : CLIENT_TIMEOUT_MS,
	};
	*out = c;
	if (c->easy)
		return 0;
	client_free(out);
	return err_fail(e, ERR_FAILED, "The HTTP library could not be started.");
}

void client_free(struct client **p)
{
	struct client *c = *p;
	*p = NULL;
	if (!c)
		return;
	if (c->easy)
		curl_easy_cleanup(c->easy);
	curl_global_cleanup();
	arena_clear(&c->arena);
	heap_free(c);
}

struct str client_reply_header(const struct client_reply *r, const char *name)
{
	LIST_EACH (h, &r->headers) {
		if (str_eq_nocase(h->name, str_of(name)))
			return h->value;
	}
	return (struct str){ 0 };
}

static size_t on_header(char *at, size_t one, size_t n, void *arg)
{
	struct taking *t = arg;
	struct str line = str_trim((struct str){ at, one * n }), name;
	if (str_starts(line, STR("HTTP/"))) /* the final reply after a 100 Continue */
		t->reply->headers.len = 0;
	else if (line.len && str_cut(&line, ':', &name))
		*LIST_ADD(t->arena, &t->reply->headers) = (struct header){
			str_copy(t->arena, name), str_copy(t->arena, str_trim(line))
		};
	return one * n;
}

/* Hands out whole lines, keeps the rest. False when the reader has enough or the line is too long. */
static bool take_lines(struct taking *t, struct str bytes)
{
	while (bytes.len) {
		const char *lf = memchr(bytes.at, '\n', bytes.len);
		size_t n = lf ? (size_t)(lf - bytes.at) : bytes.len;
		buf_add(&t->line, str_sub(bytes, 0, n));
		if (t->line.too_big) {
			t->is_too_big = true;
			return false;
		}
		if (!lf)
			return true;
		bytes = str_sub(bytes, n + 1, bytes.len);
		struct str line = buf_str(&t->line);
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		t->line.len = 0;
		if (!t->stream->line(t->stream->ctx, line)) {
			t->has_enough = true;
			return false;
		}
	}
	return true;
}

static size_t on_body(char *at, size_t one, size_t n, void *arg)
{
	struct taking *t = arg;
	struct str bytes = { at, one * n };
	long status = 0;
	(void)curl_easy_getinfo(t->client->easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->stream && status == 200)
		return take_lines(t, bytes) ? bytes.len : 0;
	buf_add(&t->body, bytes);
	t->is_too_big = t->body.too_big;
	return t->is_too_big ? 0 : bytes.len;
}

static void add_header(struct taking *t, struct str name, struct str value)
{
	struct buf b = BUF(t->arena);
	buf_add(&b, name);
	buf_z(&b, value.len ? ": " : ";"); /* libcurl's spelling of an empty value */
	buf_add(&b, value);
	struct curl_slist *longer = curl_slist_append(t->headers, str_z(t->arena, buf_str(&b)));
	if (longer)
		t->headers = longer;
}

static void set_headers(struct taking *t, const struct client_ask *ask)
{
	for (size_t i = 0; i < ask->headers_len; i++)
		add_header(t, ask->headers[i].name, ask->headers[i].value);
	if (t->stream && t->stream->last_event_id.len)
		add_header(t, STR("Last-Event-ID"), t->stream->last_event_id);
	/* no round trip before a body, no form type nobody asked for */
	struct curl_slist *longer = curl_slist_append(t->headers, "Expect:");
	t->headers = longer ? longer : t->headers;
	bool has_type = false;
	for (size_t i = 0; i < ask->headers_len; i++)
		has_type = has_type || str_eq_nocase(ask->headers[i].name, STR("Content-Type"));
	if (!has_type && (longer = curl_slist_append(t->headers, "Content-Type:")))
		t->headers = longer;
	(void)curl_easy_setopt(t->client->easy, CURLOPT_HTTPHEADER, t->headers);
}

static void set_method(CURL *x, const struct client_ask *ask)
{
	struct str m = str_of(ask->method);
	bool posts = str_is(m, "POST") || str_is(m, "PUT") || str_is(m, "PATCH") || ask->body.len;
	if (posts) {
		(void)curl_easy_setopt(x, CURLOPT_POST, 1L);
		(void)curl_easy_setopt(x, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.len);
		(void)curl_easy_setopt(x, CURLOPT_POSTFIELDS, ask->body.len ? ask->body.at : "");
	} else if (str_is(m, "HEAD")) {
		(void)curl_easy_setopt(x, CURLOPT_NOBODY, 1L);
	}
	(void)curl_easy_setopt(x, CURLOPT_CUSTOMREQUEST, ask->method);
}

/* The options every request has; connections are kept over the reset. */
static int set_up(struct taking *t, const struct client_ask *ask, char *why, struct err *e)
{
	CURL *x = t->client->easy;
	const struct client_config *config = &t->client->config;
	curl_easy_reset(x);
	why[0] = '\0';
	(void)curl_easy_setopt(x, CURLOPT_ERRORBUFFER, why);
	(void)curl_easy_setopt(x, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(x, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(x, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(x, CURLOPT_CONNECTTIMEOUT_MS, (long)CLIENT_CONNECT_MS);
	(void)curl_easy_setopt(x, CURLOPT_USERAGENT, config->agent);
	(void)curl_easy_setopt(x, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(x, CURLOPT_HEADERDATA, t);
	(void)curl_easy_setopt(x, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(x, CURLOPT_WRITEDATA, t);
	if (config->ca_file)
		(void)curl_easy_setopt(x, CURLOPT_CAINFO, config->ca_file);
	if (config->unix_socket)
		(void)curl_easy_setopt(x, CURLOPT_UNIX_SOCKET_PATH, config->unix_socket);
	if (t->stream) {
		(void)curl_easy_setopt(x, CURLOPT_LOW_SPEED_LIMIT, 1L);
		(void)curl_easy_setopt(x, CURLOPT_LOW_SPEED_TIME, (long)CLIENT_SILENCE_S);
	} else {
		int64_t limit_ms = ask->timeout_ms ? ask->timeout_ms : config->timeout_ms;
		(void)curl_easy_setopt(x, CURLOPT_TIMEOUT_MS, (long)limit_ms);
		(void)curl_easy_setopt(x, CURLOPT_ACCEPT_ENCODING, "gzip");
	}
	if (curl_easy_setopt(x, CURLOPT_URL, ask->url) != CURLE_OK)
		return err_refuse(e, ERR_USAGE, "The address %s is not understood.", ask->url);
	set_method(x, ask);
	set_headers(t, ask);
	return 0;
}

static bool is_about_tls(CURLcode rc)
{
	return rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CACERT_BADFILE ||
	       rc == CURLE_SSL_CONNECT_ERROR;
}

/* Nothing was sent in any of these. */
static int refuse_tls(const struct taking *t, CURLcode rc, const char *text, struct err *e)
{
	const char *verifying = strstr(text, "certificate problem: ");
	if (rc == CURLE_SSL_CACERT_BADFILE) {
		err_refuse(e, ERR_USAGE, "%s holds no certificate that can be trusted.",
			   t->client->config.ca_file ? t->client->config.ca_file
						     : "The system's store");
		err_next(e, "--ca and APLOMB_CA name a file in PEM form with the certificate of "
			    "your authority.");
	} else if (rc == CURLE_SSL_CONNECT_ERROR) {
		(void)err_fail(e, ERR_UNREACHABLE, "No TLS with the server: %s.", text);
		err_next(e, "Is it https that is spoken at this port? Look at --server.");
	} else if (verifying) {
		(void)err_fail(e, ERR_UNREACHABLE,
			       "The server's certificate is not trusted: %s. Nothing was sent.",
			       verifying + strlen("certificate problem: "));
		err_next(e, "Is it of your own authority: --ca FILE, or APLOMB_CA. Has it "
			    "expired: whoever runs the server renews it.");
	} else {
		(void)err_fail(
			e, ERR_UNREACHABLE,
			"The server's certificate is for another name (%s). Nothing was sent.",
			text);
		err_next(e, "Say --server with the name that stands in the certificate.");
	}
	return -1;
}

static int finish(struct taking *t, CURLcode rc, const char *why, struct err *e)
{
	long status = 0;
	CURL *x = t->client->easy;
	(void)curl_easy_getinfo(x, CURLINFO_RESPONSE_CODE, &status);
	t->reply->status = (int)status;
	t->reply->body = buf_str(&t->body);
	/* nothing of this frame may be left in the handle */
	(void)curl_easy_setopt(x, CURLOPT_ERRORBUFFER, NULL);
	(void)curl_easy_setopt(x, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(t->headers);
	if (t->is_too_big)
		return err_fail(e, ERR_TOO_LARGE,
				"The server's answer is larger than this program takes.");
	if (rc == CURLE_OK || t->has_enough)
		return 0;
	const char *text = why[0] ? why : curl_easy_strerror(rc);
	if (is_about_tls(rc))
		return refuse_tls(t, rc, text, e);
	if (rc == CURLE_URL_MALFORMAT || rc == CURLE_UNSUPPORTED_PROTOCOL)
		return err_refuse(e, ERR_USAGE, "The address is not understood: %s.", text);
	return err_fail(e, ERR_UNREACHABLE, "The server cannot be reached: %s.", text);
}

int client_request(struct client *c, const struct client_ask *ask, struct arena *a,
		   struct client_reply *reply, struct err *e)
{
	char why[CURL_ERROR_SIZE];
	struct taking t = { .client = c, .arena = a, .reply = reply, .body = BUF(a) };
	*reply = (struct client_reply){ 0 };
	t.body.max = CLIENT_MAX_REPLY_BYTES;
	if (set_up(&t, ask, why, e))
		return -1;
	return finish(&t, curl_easy_perform(c->easy), why, e);
}

/* Runs until the transfer ends or somebody has enough. */
static CURLcode run_stream(struct taking *t, CURLM *multi)
{
	const struct client_stream *s = t->stream;
	int running = 1, left = 0;
	while (running) {
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			return CURLE_RECV_ERROR;
		if (running && s->is_over && s->is_over(s->ctx)) {
			t->has_enough = true;
			return CURLE_OK;
		}
		if (running && curl_multi_poll(multi, NULL, 0, POLL_MS, NULL) != CURLM_OK)
			return CURLE_RECV_ERROR;
	}
	const CURLMsg *m = curl_multi_info_read(multi, &left);
	return m ? m->data.result : CURLE_OK;
}

int client_stream(struct client *c, const struct client_ask *ask, const struct client_stream *s,
		  struct client_reply *reply, struct err *e)
{
	char why[CURL_ERROR_SIZE];
	ARENA(lines);
	struct taking t = { .client = c, .arena = s->arena, .reply = reply, .stream = s };
	*reply = (struct client_reply){ 0 };
	t.body = BUF(s->arena);
	t.body.max = CLIENT_MAX_REPLY_BYTES;
	t.line = BUF(&lines);
	t.line.max = CLIENT_MAX_LINE_BYTES;
	if (set_up(&t, ask, why, e))
		return -1;
	CURLM *multi = curl_multi_init();
	CURLcode rc = CURLE_OUT_OF_MEMORY;
	if (multi && curl_multi_add_handle(multi, c->easy) == CURLM_OK) {
		rc = run_stream(&t, multi);
		(void)curl_multi_remove_handle(multi, c->easy);
	}
	/* remove_handle forgets nothing of the reply: the status is still there */
	int done = finish(&t, rc, why, e);
	if (multi)
		(void)curl_multi_cleanup(multi);
	return done;
}
