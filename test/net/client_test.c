/* SPDX-License-Identifier: Apache-2.0 */
/* client: requests and streams against a server of ours. */
#include "house.h"

#include "net/client.h"

static struct client *open_client(void)
{
	struct err e = { 0 };
	struct client *c = NULL;
	assert_int_equal(client_new(&(struct client_config){ .agent = "test" }, &c, &e), 0);
	return c;
}

static const char *url_of(struct arena *a, const struct house *house, const char *path)
{
	struct str s = str_fmt(a, "http://127.0.0.1:%d%s", house->port, path);
	return str_z(a, s);
}

TEST(asks_and_reads)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct client *c = open_client();
	struct client_reply r;
	struct err e = { 0 };
	const struct header json = { STR("Content-Type"), STR("application/json") };
	struct client_ask ask = { .method = "POST",
				  .url = url_of(&a, &house, "/f"),
				  .headers = &json,
				  .headers_len = 1,
				  .body = STR("hello") };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), 0);
	assert_int_equal(r.status, 200);
	assert_str(r.body, "POST /f 127.0.0.1 hello");
	assert_str(client_reply_header(&r, "x-house"), "yes");
	assert_str(client_reply_header(&r, "content-type"), "text/html");
	ask = (struct client_ask){ .method = "GET", .url = url_of(&a, &house, "/page") };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), 0);
	assert_int_equal(r.body.len, PAGE_BYTES);
	assert_str(client_reply_header(&r, "Content-Encoding"), "gzip");
	ask = (struct client_ask){ .method = "DELETE", .url = url_of(&a, &house, "/x") };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), 0);
	assert_str(r.body, "DELETE /x 127.0.0.1 ");
	ask = (struct client_ask){ .method = "HEAD", .url = url_of(&a, &house, "/x") };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), 0);
	assert_int_equal(r.body.len, 0);
	assert_int_equal(server_counts(house.server).conns, 1);
	client_free(&c);
	house_close(&house);
}

TEST(says_what_stands_in_the_way)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct client *c = open_client();
	struct client_reply r;
	struct err e = { 0 };
	struct client_ask ask = { .method = "GET",
				  .url = url_of(&a, &house, "/work/slow"),
				  .timeout_ms = 50 };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), -1);
	assert_int_equal(e.code, ERR_UNREACHABLE);
	ask = (struct client_ask){ .method = "GET", .url = "ftp://127.0.0.1/" };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	ask = (struct client_ask){ .method = "GET", .url = url_of(&a, &house, "/a") };
	house_close(&house);
	assert_int_equal(client_request(c, &ask, &a, &r, &e), -1);
	assert_int_equal(e.code, ERR_UNREACHABLE);
	assert_has(str_of(e.text), "The server cannot be reached: ");
	client_free(&c);
	assert_null(c);
}

struct watch {
	struct house *house;
	int ids, lines, asked;
	int enough_at;
};

static bool on_line(void *ctx, struct str line)
{
	struct watch *w = ctx;
	w->lines++;
	w->ids += str_starts(line, STR("id: "));
	if (w->ids == 3 && atomic_load(&w->house->last) == 3) {
		atomic_store(&w->house->last, 4);
		server_wake(w->house->server);
	}
	return w->ids < w->enough_at;
}

static bool is_over(void *ctx)
{
	struct watch *w = ctx;
	w->asked++;
	return w->asked > 500 || (w->asked > 2 && w->ids); /* a busy machine tells late */
}

TEST(follows_a_stream)
{
	struct house house = { .last = 3 };
	house_open(&house);
	ARENA(a);
	struct client *c = open_client();
	struct client_reply r;
	struct err e = { 0 };
	struct watch w = { .house = &house, .enough_at = 4 };
	struct client_ask ask = { .method = "GET", .url = url_of(&a, &house, "/events") };
	struct client_stream s = { .line = on_line, .ctx = &w, .arena = &a };
	assert_int_equal(client_stream(c, &ask, &s, &r, &e), 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(w.ids, 4);
	assert_int_equal(w.lines, 10);
	w = (struct watch){ .house = &house, .enough_at = 9 };
	s.last_event_id = STR("3");
	s.is_over = is_over;
	assert_int_equal(client_stream(c, &ask, &s, &r, &e), 0);
	assert_int_equal(w.ids, 1);
	assert_true(w.asked > 2);
	w = (struct watch){ .house = &house, .enough_at = 9 };
	ask.url = url_of(&a, &house, "/work");
	assert_int_equal(client_stream(c, &ask, &s, &r, &e), 0);
	assert_int_equal(r.status, 202);
	assert_str(r.body, "worked");
	assert_int_equal(w.lines, 0);
	client_free(&c);
	house_close(&house);
	assert_int_equal(atomic_load(&house.freed), 2);
}

TEST(speaks_through_a_unix_socket)
{
	struct house house = { 0 };
	ARENA(a);
	struct err e = { 0 };
	const char *path = str_z(&a, str_fmt(&a, "/tmp/aplomb-client-test-%d", (int)getpid()));
	struct server_config config = {
		.host = path, .ctx = &house, .body_limit = house_limit, .handle = house_handle
	};
	assert_int_equal(server_new(&config, &house.server, &e), 0);
	assert_int_equal(server_start(house.server, &e), 0);
	struct client *c = NULL;
	assert_int_equal(client_new(&(struct client_config){ .unix_socket = path }, &c, &e), 0);
	struct client_reply r;
	struct client_ask ask = { .method = "GET", .url = "http://local/a" };
	assert_int_equal(client_request(c, &ask, &a, &r, &e), 0);
	assert_str(r.body, "GET /a local ");
	client_free(&c);
	server_free(&house.server);
	(void)unlink(path);
}

TESTS(T(asks_and_reads), T(says_what_stands_in_the_way), T(follows_a_stream),
      T(speaks_through_a_unix_socket))
