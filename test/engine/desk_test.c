/* SPDX-License-Identifier: Apache-2.0 */
/* The live desk by itself: packed texts read back, shards and their snapshots, leases, what is known and what is not on disk
 * yet, and threads that ask while the writer takes. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "engine/desk.h"
#include "engine/packed.h"
#include "engine/shard.h"

enum { NOW_MS = 1795431942, MANY = 100000 };

/* Number n of many: some texts that all share, some of its own. */
static struct signal signal_of(struct arena *a, int n)
{
	return (struct signal){
		.fingerprint = str_fmt(a, "%016llx",
				       0x9E3779B97F4A7C15u * (unsigned long long)(n + 1)),
		.name = STR("HighErrorRate"),
		.service = STR("checkout"),
		.summary = str_fmt(a, "Pod checkout-%d fails", n),
		.severity = STR("warning"),
		.labels = str_fmt(a,
				  "{\"alertname\":\"HighErrorRate\",\"pod\":\"checkout-%d\","
				  "\"service\":\"checkout\",\"severity\":\"warning\"}",
				  n),
		.annotations = str_fmt(
			a,
			"{\"runbook\":\"https://runbooks.example.com/a,\\\"b\\\",c\","
			"\"summary\":\"Pod checkout-%d fails\"}",
			n),
		.generator = STR("http://prometheus.example.com/graph"),
		.started_ms = NOW_MS - n % 1000,
		.ends_ms = NOW_MS + LIVE_LEASE_MS,
		.by_timeout = true,
		.is_firing = true,
	};
}

static bool take(struct live *l, const struct signal *s, struct arena *a, struct alert_flips *flips)
{
	struct intake_result r = { 0 };
	*LIST_ADD(a, &r.signals) = *s;
	return live_take(l, &(struct live_taking){ &r, STR("prometheus"), NOW_MS, 0, false, false },
			 a, flips);
}

static enum live_answer ask(struct live *l, const struct signal *s)
{
	ARENA(a);
	struct intake_result r = { 0 };
	*LIST_ADD(&a, &r.signals) = *s;
	return live_ask(l, &r);
}

/* The same with a mark, as what was glanced at has; `what` it says. */
static struct signal marked_of(struct arena *a, int n, int what)
{
	struct signal s = signal_of(a, n);
	s.annotations = str_fmt(a, "{\"says\":\"%d\"}", what);
	s.mark = (struct mark){ 0x9E3779B97F4A7C15u * (unsigned)(n * 100 + what + 1), 7 };
	return s;
}

static bool knows(struct live *l, const struct signal *s)
{
	ARENA(a);
	struct intake_result r = { 0 };
	*LIST_ADD(&a, &r.signals) = (struct signal){ .mark = s->mark,
						     .started_ms = s->started_ms,
						     .ends_ms = s->ends_ms,
						     .is_firing = s->is_firing };
	return live_knows(l, &r, &a);
}

static void fill(struct live *l, int count)
{
	for (int n = 0; n < count; n++) {
		ARENA(a);
		struct alert_flips flips = { 0 };
		struct signal s = signal_of(&a, n);
		assert_true(take(l, &s, &a, &flips));
		assert_int_equal(flips.len, 1);
	}
	live_settle(l);
}

static void assert_is(struct live *l, const struct signal *s)
{
	ARENA(a);
	struct live_alert x;
	assert_true(live_find(l, s->fingerprint, &a, &x));
	assert_str(x.fingerprint, str_z(&a, s->fingerprint));
	assert_str(x.name, str_z(&a, s->name));
	assert_str(x.service, str_z(&a, s->service));
	assert_str(x.summary, str_z(&a, s->summary));
	assert_str(x.severity, str_z(&a, s->severity));
	assert_str(x.source, "prometheus");
	assert_str(x.labels, str_z(&a, s->labels));
	assert_str(x.annotations, str_z(&a, s->annotations));
	assert_str(x.generator, str_z(&a, s->generator));
	assert_int_equal(x.started.ms, s->started_ms);
	assert_int_equal(x.is_firing, s->is_firing);
}

TEST(what_is_packed_reads_back)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	fill(l, 300);
	for (int n = 0; n < 300; n++) {
		struct signal s = signal_of(&a, n);
		assert_is(l, &s);
	}
	struct signal odd = signal_of(&a, 7); /* empty and long texts, no JSON at all */
	odd.labels = odd.name = odd.summary = (struct str){ NULL, 0 };
	odd.annotations = STR(",\",\",,\"");
	odd.generator = str_fmt(&a, "%0*d", 70000, 1);
	assert_true(take(l, &odd, &a, &flips));
	assert_is(l, &odd);
	assert_false(take(l, &odd, &a, &flips));
	odd.generator.len--;
	assert_true(take(l, &odd, &a, &flips));
	live_free(&l);
}

TEST(a_repeat_is_known_once_its_first_copy_is_on_disk)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	struct signal s = signal_of(&a, 1), other = signal_of(&a, 1);
	live_settle(l);
	assert_int_equal(ask(l, &s), LIVE_NEWS);
	assert_true(take(l, &s, &a, &flips));
	assert_int_equal(ask(l, &s), LIVE_PENDING);
	live_settle(l);
	assert_int_equal(ask(l, &s), LIVE_KNOWN);
	other.annotations = STR("{\"summary\":\"worse\"}");
	assert_int_equal(ask(l, &other), LIVE_NEWS);
	assert_true(take(l, &other, &a, &flips));
	assert_int_equal(ask(l, &s), LIVE_NEWS);
	assert_int_equal(ask(l, &other), LIVE_PENDING);
	live_reset(l); /* the commit failed */
	assert_int_equal(ask(l, &other), LIVE_NEWS);
	assert_true(
		take(l, &s, &a, &flips)); /* read back from disk, an older state for the moment */
	assert_int_equal(ask(l, &s), LIVE_PENDING);
	live_settle(l);
	assert_int_equal(ask(l, &s), LIVE_KNOWN);
	live_free(&l);
}

TEST(a_repeat_renews_the_lease)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	fill(l, 2);
	struct signal s = signal_of(&a, 0);
	s.ends_ms += LIVE_LEASE_MS;
	s.started_ms -= 5;
	assert_int_equal(ask(l, &s), LIVE_KNOWN);
	live_expire(l, NOW_MS + LIVE_LEASE_MS - 1, &a, &flips);
	assert_int_equal(flips.len, 0);
	live_expire(l, NOW_MS + LIVE_LEASE_MS, &a, &flips);
	assert_int_equal(flips.len, 1);
	struct signal ended = signal_of(&a, 1);
	assert_true(str_eq(flips.at[0].fingerprint, ended.fingerprint));
	assert_is(l, &s); /* with the earlier start */
	live_expire(l, NOW_MS + 2 * LIVE_LEASE_MS, &a, &flips);
	assert_int_equal(flips.len, 2);
	int64_t firing, acked, resolved;
	live_count(l, &firing, &acked, &resolved);
	assert_int_equal(firing, 0);
	assert_int_equal(resolved, 2);
	live_expire(l, NOW_MS + 2 * LIVE_LEASE_MS + LIVE_RESOLVED_KEPT_MS, &a, &flips);
	live_count(l, &firing, &acked, &resolved);
	assert_int_equal(resolved, 0);
	live_free(&l);
}

/* What the desk has of it after each of two words of its sender. */
static struct live_alert told_twice(struct arena *a, struct signal first, struct signal then)
{
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	struct live_alert x;
	assert_true(take(l, &first, a, &flips));
	live_settle(l);
	if (ask(l, &then) == LIVE_NEWS)
		(void)take(l, &then, a, &flips);
	assert_true(live_find(l, first.fingerprint, a, &x));
	live_free(&l);
	return x;
}

static struct signal ends_at(struct signal s, int64_t ends_ms, bool by_timeout)
{
	s.ends_ms = ends_ms;
	s.by_timeout = by_timeout;
	return s;
}

TEST(the_later_end_that_its_sender_named_stands)
{
	enum { SOON = NOW_MS + 60000, LATE = NOW_MS + 600000 };
	static const struct {
		int64_t first, then;
		bool by_us_first, by_us_then;
		int64_t stands;
		bool is_ours;
	} end[] = {
		{ LATE, SOON, false, false, LATE, false },
		{ SOON, LATE, false, false, LATE, false },
		{ LATE, SOON, false, true, LATE, false },
		{ SOON, LATE, false, true, LATE, true },
		{ LATE, SOON, true, false, SOON, false },
		{ SOON, LATE, true, true, LATE, true },
		{ LATE, 0, false, false, 0, false },
		{ 0, SOON, false, false, SOON, false },
	};
	for (size_t i = 0; i < sizeof(end) / sizeof(end[0]); i++) {
		ARENA(a);
		struct signal s = signal_of(&a, 1), other = s;
		other.annotations = STR("{\"summary\":\"it says something else now\"}");
		struct signal first = ends_at(s, end[i].first, end[i].by_us_first);
		const struct signal then[] = { ends_at(s, end[i].then, end[i].by_us_then),
					       ends_at(other, end[i].then, end[i].by_us_then) };
		for (size_t k = 0; k < 2; k++) {
			struct live_alert x = told_twice(&a, first, then[k]);
			assert_int_equal(x.ends.ms, end[i].stands);
			assert_int_equal(x.by_timeout, end[i].is_ours);
		}
	}
}

TEST(a_resolve_that_names_no_start_leaves_the_start)
{
	ARENA(a);
	struct signal fires = signal_of(&a, 1), ends = ends_at(fires, NOW_MS + 9000, false);
	ends.started_ms = ends.ends_ms;
	ends.is_firing = false;
	struct live_alert x = told_twice(&a, fires, ends);
	assert_false(x.is_firing);
	assert_int_equal(x.started.ms, fires.started_ms);
	assert_int_equal(x.ends.ms, ends.ends_ms);
	struct signal again = ends_at(fires, NOW_MS + 90000, false);
	again.started_ms = NOW_MS + 20000;
	assert_int_equal(told_twice(&a, ends, again).started.ms, again.started_ms);
}

TEST(a_lease_that_ran_anew_is_ours)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	struct signal s = ends_at(signal_of(&a, 1), NOW_MS + 1000, false);
	struct live_alert x;
	assert_true(take(l, &s, &a, &flips));
	live_settle(l);
	live_renew_leases(l, NOW_MS + 2000);
	s.ends_ms = NOW_MS + 3000;
	assert_int_equal(ask(l, &s), LIVE_KNOWN);
	assert_true(live_find(l, s.fingerprint, &a, &x));
	assert_int_equal(x.ends.ms, s.ends_ms);
	live_free(&l);
}

TEST(leases_run_anew_after_a_gap)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	fill(l, 50);
	live_renew_leases(l, NOW_MS + 3600000);
	live_expire(l, NOW_MS + 3600000 + LIVE_LEASE_MS - 1, &a, &flips);
	assert_int_equal(flips.len, 0);
	live_expire(l, NOW_MS + 3600000 + LIVE_LEASE_MS, &a, &flips);
	assert_int_equal(flips.len, 50);
	live_free(&l);
}

TEST(a_bare_word_flips_what_is_known_and_makes_nothing)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	fill(l, 1);
	struct signal known = signal_of(&a, 0), end = { .fingerprint = known.fingerprint,
							.ends_ms = NOW_MS,
							.is_partial = true };
	assert_true(take(l, &end, &a, &flips));
	assert_int_equal(flips.len, 1);
	assert_false(flips.at[0].is_firing);
	known.is_firing = false;
	assert_is(l, &known);
	assert_false(take(l, &end, &a, &flips));
	end.fingerprint = STR("00000000000000ff");
	assert_true(take(l, &end, &a, &flips)); /* kept as evidence */
	struct live_alert x;
	assert_false(live_find(l, end.fingerprint, &a, &x));
	assert_int_equal(flips.len, 1);
	live_free(&l);
}

struct looked {
	struct arena *arena;
	struct live_alerts all;
};

static void keep_words(void *ctx, const struct live_alert *x)
{
	struct looked *l = ctx;
	*LIST_ADD(l->arena,
		  &l->all) = (struct live_alert){ .fingerprint = str_copy(l->arena, x->fingerprint),
						  .name = str_copy(l->arena, x->name),
						  .service = str_copy(l->arena, x->service),
						  .severity = str_copy(l->arena, x->severity),
						  .labels = str_copy(l->arena, x->labels) };
}

/* However they are packed: shared, written out, found within another text, or nothing at all. */
TEST(a_quick_look_reads_the_same_words)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	fill(l, 300);
	for (int n = 300; n < 400; n++) {
		struct signal s = signal_of(&a, n);
		s.name = str_fmt(&a, "Only%d", n);
		s.service = n % 3 ? str_fmt(&a, "checkout-%d", n) : (struct str){ NULL, 0 };
		s.severity = n % 2 ? STR("p1") : str_fmt(&a, "fails %0*d", n, n);
		assert_true(take(l, &s, &a, &flips));
	}
	for (int round = 0; round < 4; round++) { /* the second time it knows where they are */
		struct looked seen = { .arena = &a };
		live_each(l, round % 2 ? ALERT_LABELS : ALERT_WORDS, keep_words, &seen);
		assert_int_equal(seen.all.len, 400);
		LIST_EACH (x, &seen.all) {
			struct live_alert whole;
			assert_true(live_find(l, x->fingerprint, &a, &whole));
			assert_true(str_eq(x->name, whole.name));
			assert_true(str_eq(x->service, whole.service));
			assert_true(str_eq(x->severity, whole.severity));
			assert_true(round % 2 == 0 || str_eq(x->labels, whole.labels));
		}
	}
	live_free(&l);
}

TEST(a_hundred_thousand_alerts_survive_their_snapshot)
{
	struct live *l = live_new(), *back = live_new();
	fill(l, MANY);
	size_t bytes = 0;
	for (size_t i = 0; i < LIVE_SHARDS; i++) {
		ARENA(a);
		struct str saved = live_shard_save(l, i, &a);
		bytes += saved.len;
		assert_true(live_shard_changed(l, i));
		live_shard_saved(l, i);
		assert_false(live_shard_changed(l, i));
		assert_true(live_shard_load(back, i, saved, 77));
		assert_false(live_shard_changed(back, i));
	}
	ARENA(one);
	struct signal first = signal_of(&one, 0);
	assert_int_equal(ask(back, &first), LIVE_PENDING); /* rows behind it may say otherwise */
	assert_true(bytes < (size_t)MANY * 200);	   /* of some 400 a piece */
	live_settle(back);
	for (int n = 0; n < MANY; n += 7) {
		ARENA(a);
		struct signal s = signal_of(&a, n);
		assert_is(back, &s);
		assert_int_equal(ask(back, &s), LIVE_KNOWN);
	}
	ARENA(a);
	struct alert_sights all = { 0 };
	live_sights(back, &a, &all);
	assert_int_equal(all.len, MANY);
	live_free(&back);
	live_free(&l);
}

struct thawing {
	struct live *live;
	struct str *saved;
	atomic_size_t next;
};

static void *thaw(void *arg)
{
	struct thawing *t = arg;
	for (size_t i; (i = atomic_fetch_add(&t->next, 1)) < LIVE_SHARDS;)
		if (!live_shard_load(t->live, i, t->saved[i], 77))
			return NULL;
	return t;
}

/* They share texts; each must end with as many users as alerts name it: when all alerts go, all texts do. */
TEST(threads_load_shards_side_by_side)
{
	enum { THREADS = 4 };
	ARENA(a);
	struct live *l = live_new(), *back = live_new();
	struct str saved[LIVE_SHARDS];
	pthread_t thread[THREADS];
	struct thawing t = { back, saved, 0 };
	fill(l, 4000);
	for (size_t i = 0; i < LIVE_SHARDS; i++)
		saved[i] = live_shard_save(l, i, &a);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, thaw, &t), 0);
	for (int i = 0; i < THREADS; i++) {
		void *all_loaded;
		assert_int_equal(pthread_join(thread[i], &all_loaded), 0);
		assert_non_null(all_loaded);
	}
	for (int n = 0; n < 4000; n++) {
		ARENA(one);
		struct signal s = signal_of(&one, n);
		assert_is(back, &s);
	}
	live_reset(back); /* ends the process if a text has fewer users than it was given */
	fill(back, 4000);
	for (int n = 0; n < 4000; n += 9) {
		ARENA(one);
		struct signal s = signal_of(&one, n);
		assert_is(back, &s);
	}
	live_free(&back);
	live_free(&l);
}

TEST(a_row_that_the_snapshot_knows_is_left_out)
{
	ARENA(a);
	struct live *l = live_new(), *back = live_new();
	struct alert_flips flips = { 0 };
	struct intake_result r = { 0 };
	fill(l, 40);
	for (size_t i = 0; i < LIVE_SHARDS; i++)
		assert_true(live_shard_load(back, i, live_shard_save(l, i, &a), 77));
	struct signal s = signal_of(&a, 3);
	s.is_firing = false;
	*LIST_ADD(&a, &r.signals) = s;
	(void)live_take(back,
			&(struct live_taking){ &r, STR("prometheus"), NOW_MS, 77, true, false }, &a,
			&flips);
	assert_int_equal(flips.len, 0);
	(void)live_take(back,
			&(struct live_taking){ &r, STR("prometheus"), NOW_MS, 78, true, false }, &a,
			&flips);
	assert_int_equal(flips.len, 1);
	live_free(&back);
	live_free(&l);
}

/* A resolve came in between: the copy that a sender makes of its first event, late, fires nothing again. */
TEST(an_event_that_comes_again_changes_nothing)
{
	ARENA(a);
	struct live *l = live_new(), *back = live_new();
	struct alert_flips flips = { 0 };
	struct signal fires = signal_of(&a, 1), ends = fires, again;
	fires.event = STR("00000000000000a1");
	ends.event = STR("00000000000000a2");
	ends.is_firing = false;
	ends.by_timeout = false;
	ends.ends_ms = NOW_MS;
	assert_true(take(l, &fires, &a, &flips) && take(l, &ends, &a, &flips));
	assert_int_equal(flips.len, 2);
	live_settle(l);
	assert_int_equal(ask(l, &fires), LIVE_KNOWN);
	assert_false(take(l, &fires, &a, &flips));
	for (size_t i = 0; i < LIVE_SHARDS; i++)
		assert_true(live_shard_load(back, i, live_shard_save(l, i, &a), 77));
	assert_false(take(back, &fires, &a, &flips));
	assert_int_equal(flips.len, 2);
	assert_is(back, &ends);
	for (int i = 0; i < 6; i++) { /* two and six: the first is still remembered, then no more */
		again = i % 2 ? ends : fires;
		again.event = str_fmt(&a, "00000000000000b%d", i);
		assert_true(take(back, &again, &a, &flips));
		assert_false(take(back, &fires, &a, &flips));
	}
	again = fires;
	again.event = STR("00000000000000c1");
	assert_true(take(back, &again, &a, &flips) && take(back, &ends, &a, &flips) == false);
	live_free(&back);
	live_free(&l);
}

TEST(a_fingerprint_is_a_number)
{
	char hex[FINGERPRINT_HEX + 1];
	for (uint64_t n = 1, key = 0; n < 2000; n++, key = n * 0x9E3779B97F4A7C15u) {
		key_print(key, hex);
		assert_true(key_of(str_of(hex)) == key);
	}
	/* any other byte in it makes it a text like others */
	key_print(0, hex);
	for (size_t i = 0; i < FINGERPRINT_HEX; i++) {
		for (int c = 1; c < 256; c++) {
			hex[i] = (char)c;
			int digit = c >= '0' && c <= '9'   ? c - '0'
				    : c >= 'a' && c <= 'f' ? c - 'a' + 10
							   : -1;
			uint64_t key = (uint64_t)digit << 4 * (15 - i);
			assert_int_equal(key_of(str_of(hex)) == key, digit >= 0);
		}
		hex[i] = '0';
	}
}

TEST(what_is_told_again_is_known_by_its_mark)
{
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	struct signal s = marked_of(&a, 1, 1), other = marked_of(&a, 1, 2);
	assert_false(knows(l, &s));
	assert_true(take(l, &s, &a, &flips));
	assert_false(knows(l, &s)); /* not on disk yet */
	live_settle(l);
	s.ends_ms += 60000;
	assert_true(knows(l, &s));
	struct live_alert x;
	assert_true(live_find(l, s.fingerprint, &a, &x));
	assert_int_equal(x.ends.ms, s.ends_ms);
	assert_false(knows(l, &other));
	struct signal half = s;
	half.mark.two++;
	assert_false(knows(l, &half));
	/* it ended, and nobody was told of that yet */
	s.is_firing = false;
	assert_false(knows(l, &s));
	s.is_firing = true;
	/* it says something else now, then what it said at first */
	assert_true(take(l, &other, &a, &flips));
	live_settle(l);
	assert_true(knows(l, &other));
	assert_false(knows(l, &s));
	live_blank(l, s.fingerprint);
	assert_false(knows(l, &other));
	live_reset(l);
	live_settle(l);
	assert_false(knows(l, &s));
	live_free(&l);
}

/* As after a start: what was read back has no mark until its sender told it once more. */
TEST(a_mark_is_learned_from_what_is_known)
{
	enum { COUNT = 5000 };
	ARENA(a);
	struct live *l = live_new();
	struct alert_flips flips = { 0 };
	struct intake_result all = { 0 };
	for (int n = 0; n < COUNT; n++) {
		struct signal s = marked_of(&a, n, 0), bare = s;
		bare.mark = (struct mark){ 0 };
		assert_true(take(l, &bare, &a, &flips));
		*LIST_ADD(&a, &all.signals) = s;
	}
	live_settle(l);
	assert_false(live_knows(l, &all, &a));
	assert_int_equal(live_ask(l, &all), LIVE_KNOWN);
	assert_true(live_knows(l, &all, &a));
	/* those that leave the table leave the others where they are found */
	for (int n = 0; n < COUNT; n += 2) {
		struct signal s = marked_of(&a, n, 1);
		assert_true(take(l, &s, &a, &flips));
	}
	live_settle(l);
	for (int n = 0; n < COUNT; n++)
		assert_int_equal(knows(l, &all.signals.at[n]), n % 2);
	live_free(&l);
}

/* Cut anywhere, or with any byte changed, it is refused or reads as alerts: never past its end (ASan watches). */
TEST(a_damaged_snapshot_does_no_harm)
{
	ARENA(a);
	struct live *l = live_new();
	fill(l, 60);
	for (int n = 0; n < 60; n++) {
		struct alert_flips flips = { 0 };
		struct signal s = signal_of(&a, n);
		s.event = s.fingerprint;
		s.annotations = STR("{}");
		assert_true(take(l, &s, &a, &flips));
	}
	struct str good = live_shard_save(l, 0, &a);
	assert_true(good.len > 100);
	for (size_t i = 0; i < good.len; i++) {
		struct live *back = live_new();
		assert_false(live_shard_load(back, 0, str_sub(good, 0, i), 1));
		struct str bad = str_copy(&a, good);
		((char *)(uintptr_t)bad.at)[i] ^= (char)(1 + i % 255);
		struct live_alerts all = { 0 };
		ARENA(list);
		(void)live_shard_load(back, 0, bad, 1);
		live_list(back, &list, &all);
		live_free(&back);
	}
	assert_false(live_shard_load(l, 1, good, 1)); /* another shard's */
	live_free(&l);
}

struct asking {
	struct live *live;
	atomic_bool is_over;
	atomic_int known;
};

static void *ask_on(void *arg)
{
	struct asking *q = arg;
	while (!atomic_load(&q->is_over)) {
		for (int n = 0; n < 200; n++) {
			ARENA(a);
			struct live_alert x;
			struct signal s = signal_of(&a, n);
			struct signal marked = marked_of(&a, n, n % 7);
			if (ask(q->live, &s) == LIVE_KNOWN || knows(q->live, &marked))
				atomic_fetch_add(&q->known, 1);
			if (live_find(q->live, s.fingerprint, &a, &x))
				assert_true(str_starts(x.labels, STR("{\"alertname\":")));
		}
	}
	return NULL;
}

TEST(others_ask_while_the_writer_takes)
{
	struct asking q = { .live = live_new() };
	pthread_t asker[2];
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&asker[i], NULL, ask_on, &q), 0);
	for (int round = 0; round < 20 || atomic_load(&q.known) < 100; round++) {
		ARENA(a);
		struct alert_flips flips = { 0 };
		fill(q.live, 200);
		for (int n = 0; n < 200; n += 3) {
			struct signal s = marked_of(&a, n, round % 7);
			(void)take(q.live, &s, &a, &flips);
		}
		live_settle(q.live);
		(void)live_shard_save(q.live, 0, &a).len;
		live_expire(q.live, NOW_MS + 10, &a, &flips);
		live_reset(q.live);
	}
	atomic_store(&q.is_over, true);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_join(asker[i], NULL), 0);
	live_free(&q.live);
}

TESTS(T(what_is_packed_reads_back), T(a_repeat_is_known_once_its_first_copy_is_on_disk),
      T(a_repeat_renews_the_lease), T(the_later_end_that_its_sender_named_stands),
      T(a_resolve_that_names_no_start_leaves_the_start), T(a_lease_that_ran_anew_is_ours),
      T(leases_run_anew_after_a_gap), T(a_bare_word_flips_what_is_known_and_makes_nothing),
      T(a_quick_look_reads_the_same_words), T(a_hundred_thousand_alerts_survive_their_snapshot),
      T(threads_load_shards_side_by_side), T(a_row_that_the_snapshot_knows_is_left_out),
      T(a_damaged_snapshot_does_no_harm), T(an_event_that_comes_again_changes_nothing),
      T(a_fingerprint_is_a_number), T(what_is_told_again_is_known_by_its_mark),
      T(a_mark_is_learned_from_what_is_known), T(others_ask_while_the_writer_takes))
