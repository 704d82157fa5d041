/* SPDX-License-Identifier: Apache-2.0 */
/* server: replies over real sockets: order, limits, refusals, workers, stopping. */
#include "house.h"

#include <errno.h>

/* One request on a connection of its own; all that came back. */
static struct str ask(struct arena *a, const struct house *house, struct str text, bool *closed)
{
	int fd = knock(house);
	say(fd, text);
	(void)shutdown(fd, SHUT_WR);
	struct str got = hear(a, fd, "", closed);
	(void)close(fd);
	return got;
}

TEST(keeps_a_connection)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	for (int i = 0; i < 3; i++) {
		say(fd, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
		struct str got = hear(&a, fd, "GET /a 127.0.0.1 ", NULL);
		assert_true(str_starts(got, STR("HTTP/1.1 200 OK\r\n")));
		assert_has(got, "X-House: yes\r\n");
		assert_has(got, "\r\nDate: ");
		assert_has(got, "\r\nContent-Type: text/html\r\n");
		assert_lacks(got, "Connection:");
	}
	assert_int_equal(server_counts(house.server).conns, 1);
	assert_int_equal(server_counts(house.server).requests, 3);
	say(fd, STR("GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
	bool closed = false;
	assert_has(hear(&a, fd, "", &closed), "Connection: close\r\n");
	assert_true(closed);
	(void)close(fd);
	house_close(&house);
}

TEST(dates_its_replies)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	bool is_now = false;
	for (int i = 0; i < 3 && !is_now; i++) { /* a second may end in between */
		char want[64];
		struct tm t;
		time_t now = time(NULL);
		assert_non_null(gmtime_r(&now, &t));
		(void)strftime(want, sizeof(want), "\r\nDate: %a, %d %b %Y %H:%M:%S GMT\r\n", &t);
		struct str got = ask(&a, &house, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), NULL);
		is_now = str_find(got, str_of(want)) != SIZE_MAX;
	}
	assert_true(is_now);
	house_close(&house);
}

TEST(answers_in_order)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct buf b = BUF(&a);
	buf_z(&b, "GET /work/slow HTTP/1.1\r\nHost: x\r\n\r\n");
	for (int i = 0; i < 2000; i++)
		buf_fmt(&b, "GET /n%d. HTTP/1.1\r\nHost: x\r\n\r\n", i);
	struct str got = ask(&a, &house, buf_str(&b), NULL);
	assert_true(str_starts(got, STR("HTTP/1.1 202 Accepted\r\n")));
	assert_int_equal(times_in(got, "HTTP/1.1 200 OK"), 2000);
	size_t at = 0;
	for (int i = 0; i < 2000; i++) {
		struct str rest = str_sub(got, at, got.len);
		size_t next = str_find(rest, str_fmt(&a, "GET /n%d. ", i));
		assert_true(next != SIZE_MAX && next < 500);
		at += next;
	}
	house_close(&house);
}

TEST(refuses_large_bodies)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	bool closed = false;
	struct str got = ask(&a, &house,
			     STR("POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"),
			     &closed);
	assert_true(str_starts(got, STR("HTTP/1.1 413 ")));
	assert_has(got, "Connection: close");
	assert_has(got, "X-House: yes");
	assert_has(got, "{\"status\":413,\"read\":1}");
	assert_true(closed);
	struct buf b = BUF(&a);
	buf_z(&b, "POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n");
	for (int i = 0; i < 1000; i++)
		buf_c(&b, 'x');
	buf_z(&b, "\r\n1\r\nx\r\n0\r\n\r\n");
	assert_true(str_starts(ask(&a, &house, buf_str(&b), NULL), STR("HTTP/1.1 413 ")));
	got = ask(&a, &house, STR("GET /f HTTP/1.1\r\n\r\n"), NULL);
	assert_true(str_starts(got, STR("HTTP/1.1 400 ")));
	assert_has(got, "{\"status\":400,\"read\":0}");
	assert_int_equal(atomic_load(&house.refusals), 3);
	assert_int_equal(server_counts(house.server).refused, 3);
	house_close(&house);
}

TEST(answers_head_without_a_body)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct str got = ask(
		&a, &house,
		STR("HEAD /page HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\n"),
		NULL);
	assert_has(got, "Content-Length: 5000\r\n");
	size_t end = str_find(got, STR("\r\n\r\n"));
	got = str_sub(got, end + 4, got.len);
	assert_true(str_starts(got, STR("HTTP/1.1 204 No Content\r\n")));
	assert_lacks(got, "Content-Length");
	house_close(&house);
}

TEST(reads_bodies)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct str got = ask(&a, &house,
			     STR("POST /f HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
				 "2\r\nhi\r\n4\r\n you\r\n0\r\nT: t\r\n\r\n"
				 "POST /work HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nagain"
				 "GET /c HTTP/1.1\r\nHost: x\r\n\r\n"),
			     NULL);
	assert_has(got, "POST /f 127.0.0.1 hi you");
	assert_has(got, "\r\n\r\nagainHTTP/1.1 200");
	assert_has(got, "GET /c 127.0.0.1 ");
	house_close(&house);
}

TEST(carries_blobs_both_ways)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct str blob = { arena_alloc(&a, 3000000), 3000000 };
	memset((char *)(uintptr_t)blob.at, 'b', blob.len);
	int fd = knock(&house);
	say(fd, STR("POST /blob HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
		    "3000000\r\n\r\n"));
	assert_str(hear(&a, fd, "\r\n\r\n", NULL), "HTTP/1.1 100 Continue\r\n\r\n");
	say(fd, blob);
	(void)shutdown(fd, SHUT_WR);
	struct str got = hear(&a, fd, "", NULL);
	assert_has(str_sub(got, 0, 500), "POST /blob 127.0.0.1 bbbb");
	assert_true(got.len > blob.len && str_ends(got, STR("bbbb")));
	(void)close(fd);
	got = ask(&a, &house,
		  STR("GET /big HTTP/1.1\r\nHost: x\r\n\r\nGET /z HTTP/1.1\r\nHost: x\r\n\r\n"),
		  NULL);
	assert_has(str_sub(got, 0, 500), "Content-Length: 4194304\r\n");
	assert_true(got.len > BLOB_MAX && str_ends(got, STR("GET /z 127.0.0.1 ")));
	house_close(&house);
}

/* What libevent reads in one go, what is read past it, and the request right behind. */
TEST(reads_bodies_in_pieces)
{
	static const size_t sizes[] = { 1, 4095, 4096, 4097, 65536, 70000, 200000 };
	static const size_t steps[] = { SIZE_MAX, 4100, 30011 };
	struct house house = { 0 };
	house_open(&house);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes) * 3; i++) {
		ARENA(a);
		size_t len = sizes[i / 3];
		char *body = arena_alloc(&a, len);
		for (size_t k = 0; k < len; k++)
			body[k] = (char)('a' + (k * k / 7 + k) % 26);
		struct buf b = BUF(&a);
		buf_fmt(&b, "POST /blob HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", len);
		buf_add(&b, (struct str){ body, len });
		buf_z(&b, "GET /behind HTTP/1.1\r\nHost: x\r\n\r\n");
		int fd = knock(&house);
		for (struct str rest = buf_str(&b); rest.len;) {
			struct str part = str_sub(rest, 0, steps[i % 3]);
			say(fd, part);
			rest = str_sub(rest, part.len, rest.len);
			if (rest.len)
				nap_ms(2);
		}
		struct str got = hear(&a, fd, "GET /behind 127.0.0.1", NULL);
		assert_true(str_find(got, (struct str){ body, len }) != SIZE_MAX);
		assert_int_equal(times_in(got, "HTTP/1.1 200 OK"), 2);
		(void)close(fd);
	}
	house_close(&house);
}

TEST(gives_connections_to_loops_in_turns)
{
	enum { CLIENTS = 6 };
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	int fd[CLIENTS];
	struct str thread[CLIENTS];
	size_t same = 0;
	for (int i = 0; i < CLIENTS; i++)
		fd[i] = knock(&house);
	for (int i = 0; i < CLIENTS; i++) {
		say(fd[i], STR("GET /thread HTTP/1.1\r\nHost: x\r\n\r\n"));
		struct str got = hear(&a, fd[i], "thread ", NULL);
		thread[i] = str_sub(got, str_find(got, STR("thread ")), got.len);
		same += str_eq(thread[i], thread[0]);
	}
	assert_int_equal(same, CLIENTS / 2);
	for (int i = 0; i < CLIENTS; i++)
		(void)close(fd[i]);
	house_close(&house);
}

TEST(compresses_text_where_asked)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct str got = ask(
		&a, &house,
		STR("GET /page HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip;q=0.5\r\n\r\n"),
		NULL);
	assert_has(got, "Content-Encoding: gzip\r\n");
	assert_has(got, "Vary: Accept-Encoding\r\n");
	assert_has(got, "\r\n\r\n\x1f\x8b\x08");
	assert_true(got.len < 600);
	got = ask(&a, &house,
		  STR("GET /page HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0\r\n\r\n"), NULL);
	assert_lacks(got, "Content-Encoding");
	assert_has(got, "Vary: Accept-Encoding\r\n");
	assert_has(got, "Content-Length: 5000\r\n");
	got = ask(&a, &house, STR("GET /a HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n"),
		  NULL);
	assert_lacks(got, "Content-Encoding");
	house_close(&house);
}

TEST(keeps_a_header_in_its_line)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	struct str got = ask(&a, &house, STR("GET /split HTTP/1.1\r\nHost: x\r\n\r\n"), NULL);
	assert_has(got, "X-Split: a  X-Evil: b\r\n");
	house_close(&house);
}

TEST(does_not_read_a_body_nobody_wants)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	bool closed = false;
	struct str got = ask(&a, &house,
			     STR("GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n"
				 "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n"),
			     &closed);
	assert_int_equal(times_in(got, "HTTP/1.1 "), 1);
	assert_has(got, "Connection: close");
	assert_lacks(got, "/admin");
	assert_true(closed);
	house_close(&house);
}

TEST(gives_up_on_slow_heads)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	say(fd, STR("GET /a HTTP/1.1\r\n"));
	nap_ms(3500);
	say(fd, STR("Host: x\r\n"));
	struct str got = hear(&a, fd, "\r\n\r\n", NULL);
	assert_true(str_starts(got, STR("HTTP/1.1 408 ")));
	(void)close(fd);
	house_close(&house);
}

TEST(survives_clients_that_vanish)
{
	struct house house = { 0 };
	house_open(&house);
	const struct linger at_once = { .l_onoff = 1 };
	for (int i = 0; i < 50; i++) {
		int fd = knock(&house);
		say(fd, i % 2 ? STR("GET /work/slow HTTP/1.1\r\nHost: x\r\n\r\n")
			      : STR("GET /big HTTP/1.1\r\nHost: x\r\n\r\nPOST /f HTTP/1.1\r\nHost: "
				    "x\r\n"));
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		(void)close(fd);
	}
	ARENA(a);
	assert_has(ask(&a, &house, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), NULL), "200 OK");
	house_close(&house);
}

TEST(turns_away_one_too_many)
{
	struct house house = { 0 };
	house_open_with(&house, 2);
	ARENA(a);
	int one = knock(&house), two = knock(&house);
	say(one, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	say(two, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	(void)hear(&a, one, "GET /a", NULL);
	(void)hear(&a, two, "GET /a", NULL);
	int three = knock(&house);
	bool closed = false;
	struct str got = hear(&a, three, "", &closed);
	assert_true(str_starts(got, STR("HTTP/1.1 503 ")));
	assert_has(got, "Retry-After: 2\r\n");
	assert_true(closed);
	(void)close(one);
	(void)close(two);
	(void)close(three);
	house_close(&house);
}

TEST(stops_after_the_last_reply)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	int idle = knock(&house), busy = knock(&house);
	say(idle, STR("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	(void)hear(&a, idle, "GET /a", NULL);
	say(busy, STR("GET /work/slow HTTP/1.1\r\nHost: x\r\n\r\n"));
	nap_ms(100);
	server_stop(house.server);
	bool closed = false;
	assert_int_equal(hear(&a, idle, "", &closed).len, 0);
	assert_true(closed);
	struct str got = hear(&a, busy, "", &closed);
	assert_has(got, "Connection: close\r\n");
	assert_true(str_ends(got, STR("\r\n\r\nworked")));
	assert_true(closed);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)house.port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(late, (const struct sockaddr *)&to, sizeof(to)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	(void)close(idle);
	(void)close(busy);
	(void)close(late);
	house_close(&house);
}

TEST(says_when_a_port_is_taken)
{
	struct house house = { 0 };
	house_open(&house);
	struct server *second = NULL;
	struct err e = { 0 };
	struct server_config config = { .port = house.port,
					.body_limit = house_limit,
					.handle = house_handle };
	assert_int_equal(server_new(&config, &second, &e), -1);
	assert_null(second);
	assert_has(str_of(e.text), "Address already in use");
	house_close(&house);
}

TESTS(T(keeps_a_connection), T(dates_its_replies), T(answers_in_order), T(refuses_large_bodies),
      T(answers_head_without_a_body), T(reads_bodies), T(carries_blobs_both_ways),
      T(reads_bodies_in_pieces), T(gives_connections_to_loops_in_turns),
      T(compresses_text_where_asked), T(keeps_a_header_in_its_line),
      T(does_not_read_a_body_nobody_wants), T(gives_up_on_slow_heads),
      T(survives_clients_that_vanish), T(turns_away_one_too_many), T(stops_after_the_last_reply),
      T(says_when_a_port_is_taken))
