/* SPDX-License-Identifier: Apache-2.0 */
/* sse: streams: backlog, news, the fifth one of a session, slow readers, ends. */
#include "house.h"

#define EVENTS "GET /events HTTP/1.1\r\nHost: x\r\nCookie: a=b; sid=s1\r\n"

TEST(tells_backlog_and_news)
{
	struct house house = { .last = 2 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	say(fd, STR(EVENTS "Last-Event-ID: 1\r\n\r\n"));
	struct str got = hear(&a, fd, "id: 2\n", NULL);
	assert_true(str_starts(got, STR("HTTP/1.1 200 OK\r\n")));
	assert_has(got, "Content-Type: text/event-stream");
	assert_has(got, "X-House: yes\r\n");
	assert_lacks(got, "Content-Length");
	assert_lacks(got, "id: 1\n");
	atomic_store(&house.last, 3);
	server_wake(house.server);
	got = hear(&a, fd, "id: 3\n", NULL);
	assert_has(got, "id: 3\n");
	assert_lacks(got, "id: 2\n");
	(void)close(fd);
	house_close(&house);
	assert_int_equal(atomic_load(&house.freed), 1);
}

TEST(makes_the_fifth_a_poll)
{
	struct house house = { .last = 1 };
	house_open(&house);
	ARENA(a);
	int fd[5];
	for (int i = 0; i < 4; i++) {
		fd[i] = knock(&house);
		say(fd[i], STR(EVENTS "\r\n"));
		assert_lacks(hear(&a, fd[i], "id: 1\n", NULL), "retry:");
	}
	assert_int_equal(server_counts(house.server).streams, 4);
	fd[4] = knock(&house);
	say(fd[4], STR(EVENTS "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
	struct str got = hear(&a, fd[4], "GET /a", NULL);
	assert_has(got, "retry: 2000\n\nid: 1\n");
	assert_has(got, "Content-Length: ");
	assert_has(got, "GET /a");
	int other = knock(&house);
	say(other, STR("GET /work/stream HTTP/1.1\r\nHost: x\r\nCookie: sid=s2\r\n\r\n"));
	assert_lacks(hear(&a, other, "id: 1\n", NULL), "retry:");
	(void)close(other);
	(void)close(fd[0]);
	for (int i = 0; i < 100 && server_counts(house.server).streams > 3; i++)
		nap_ms(20);
	assert_int_equal(server_counts(house.server).streams, 3);
	say(fd[4], STR(EVENTS "\r\n"));
	assert_lacks(hear(&a, fd[4], "id: 1\n", NULL), "retry:");
	for (int i = 1; i < 5; i++)
		(void)close(fd[i]);
	house_close(&house);
	assert_int_equal(atomic_load(&house.freed), 7);
}

TEST(waits_for_slow_readers)
{
	struct house house = { .last = 60000 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	say(fd, STR("GET /events HTTP/1.1\r\nHost: x\r\n\r\n"));
	nap_ms(300);
	atomic_store(&house.last, 60001);
	server_wake(house.server);
	struct buf all = BUF(&a);
	while (str_find(str_sub(buf_str(&all), all.len < 9000 ? 0 : all.len - 9000, 9000),
			STR("id: 60001\n")) == SIZE_MAX) {
		char part[65536];
		ssize_t n = recv(fd, part, sizeof(part), 0);
		assert_true(n > 0);
		buf_add(&all, (struct str){ part, (size_t)n });
	}
	assert_int_equal(times_in(buf_str(&all), "id: "), 60001);
	(void)close(fd);
	house_close(&house);
}

TEST(ends_when_the_filler_says_so)
{
	struct house house = { .last = 1 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	say(fd, STR(EVENTS "\r\n"));
	(void)hear(&a, fd, "id: 1\n", NULL);
	atomic_store(&house.last, -1);
	server_wake(house.server);
	bool closed = false;
	(void)hear(&a, fd, "", &closed);
	assert_true(closed);
	assert_int_equal(server_counts(house.server).streams, 0);
	(void)close(fd);
	house_close(&house);
	assert_int_equal(atomic_load(&house.freed), 1);
}

TEST(says_when_to_come_back)
{
	struct house house = { .last = 1 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	say(fd, STR(EVENTS "\r\n"));
	(void)hear(&a, fd, "id: 1\n", NULL);
	(void)shutdown(fd, SHUT_RD);
	int second = knock(&house);
	say(second, STR(EVENTS "\r\n"));
	(void)hear(&a, second, "id: 1\n", NULL);
	server_stop(house.server);
	bool closed = false;
	assert_true(str_ends(hear(&a, second, "", &closed), STR("retry: 2000\n\n")));
	assert_true(closed);
	(void)close(fd);
	(void)close(second);
	house_close(&house);
	assert_int_equal(atomic_load(&house.freed), 2);
}

TEST(still_beats)
{
	struct house house = { 0 };
	house_open(&house);
	ARENA(a);
	int fd = knock(&house);
	say(fd, STR(EVENTS "\r\n"));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	(void)hear(&a, fd, "\r\n\r\n", NULL);
	assert_int_equal(poll(&p, 1, 13000), 0);
	assert_int_equal(poll(&p, 1, 4000), 1);
	assert_str(hear(&a, fd, "\n\n", NULL), ": still here\n\n");
	(void)close(fd);
	house_close(&house);
}

TESTS(T(tells_backlog_and_news), T(makes_the_fifth_a_poll), T(waits_for_slow_readers),
      T(ends_when_the_filler_says_so), T(says_when_to_come_back), T(still_beats))
