/* SPDX-License-Identifier: Apache-2.0 */
/* When the log is moved: a try at each step, a wait at each 64 MB; a reader that stays costs nothing more. */
#include "store/wal.h"

#include "test.h"

struct tried {
	int copies, waits;
};

/* Commits of so many pages each, from a log of `from` to one of `to`. */
static struct tried grow(struct wal_tries *t, int64_t from, int64_t to, int64_t pages)
{
	struct tried n = { 0 };
	for (int64_t at = from; at <= to; at += pages) {
		enum wal_step step = wal_next(t, at);
		n.copies += step == WAL_COPY;
		n.waits += step == WAL_WAIT;
	}
	return n;
}

TEST(a_short_log_is_left_alone)
{
	struct wal_tries t = { 0 };
	struct tried n = grow(&t, 0, WAL_STEP_PAGES - 1, 1);
	assert_int_equal(n.copies + n.waits, 0);
	assert_int_equal(wal_next(&t, WAL_STEP_PAGES), WAL_COPY);
}

TEST(a_log_that_started_over_is_tried_at_the_same_length)
{
	struct wal_tries t = { 0 };
	for (int i = 0; i < 20; i++) {
		struct tried n = grow(&t, 1, WAL_STEP_PAGES, 1);
		assert_int_equal(n.copies, 1);
		assert_int_equal(n.waits, 0);
	}
}

TEST(a_reader_that_stays_is_asked_once_a_step_and_waited_for_once_in_64_mb)
{
	struct wal_tries t = { 0 };
	struct tried n = grow(&t, 1, WAL_WAIT_PAGES - 1, 1);
	assert_int_equal(n.copies, WAL_WAIT_PAGES / WAL_STEP_PAGES);
	assert_int_equal(n.waits, 0);
	t = (struct wal_tries){ 0 };
	n = grow(&t, 7, 10 * WAL_WAIT_PAGES, 7);
	assert_in_range(n.waits, 8, 10);
	assert_in_range(n.copies, 60, 10 * WAL_WAIT_PAGES / WAL_STEP_PAGES);
}

TEST(a_commit_of_many_pages_is_one_try)
{
	struct wal_tries t = { 0 };
	assert_int_equal(wal_next(&t, 5 * WAL_STEP_PAGES), WAL_COPY);
	assert_int_equal(wal_next(&t, 5 * WAL_STEP_PAGES + 1), WAL_LEAVE);
	assert_int_equal(wal_next(&t, 3 * WAL_WAIT_PAGES), WAL_WAIT);
	assert_int_equal(wal_next(&t, 3 * WAL_WAIT_PAGES + 1), WAL_LEAVE);
	assert_int_equal(wal_next(&t, 1), WAL_LEAVE);
	assert_int_equal(wal_next(&t, WAL_STEP_PAGES), WAL_COPY);
}

TESTS(T(a_short_log_is_left_alone), T(a_log_that_started_over_is_tried_at_the_same_length),
      T(a_reader_that_stays_is_asked_once_a_step_and_waited_for_once_in_64_mb),
      T(a_commit_of_many_pages_is_one_try))
