/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of v_cause: what is learnt from incidents that are over, and only from those. */
#include "fixture.h"
#include "store/view_cause.h"
#include "store/view_change.h"

static void change(struct fixture *f, struct db *w, int64_t number, const char *service, int kind)
{
	struct change c = { .number = number,
			    .title = STR("a change"),
			    .service = str_of(service),
			    .kind = kind,
			    .state = CHANGE_DONE,
			    .began = { 1000 * number },
			    .ended = { 1000 * number } };
	OK(*f, view_change_write(w, &c, &f->e));
}

static void incident(struct fixture *f, struct db *w, int64_t id, int64_t cause, bool is_over)
{
	struct incident i = { .arena = &f->arena,
			      .id = id,
			      .title = STR("Slow"),
			      .declared = { 1000 },
			      .resolved = { is_over ? 9000 : 0 },
			      .cause = { .at = { 9000 }, .change = cause } };
	OK(*f, view_cause_write(w, &i, &f->e));
}

static const struct cause_count *named(const struct cause_counts *list, const char *name)
{
	LIST_EACH (c, list)
		if (str_is(c->name, name))
			return c;
	return NULL;
}

TEST(causes_are_counted_by_service_and_kind)
{
	FIXTURE(f, w);
	struct cause_sums sums;
	change(&f, w, 1, "payments", CHANGE_DEPLOY);
	change(&f, w, 2, "payments", CHANGE_CONFIG);
	change(&f, w, 3, "cart", CHANGE_DEPLOY);
	OK(f, view_cause_sums(w, 0, &f.arena, &sums, &f.e));
	assert_int_equal(sums.changed, 0);
	assert_int_equal(sums.services.len, 0);
	incident(&f, w, 1, 2, true);
	incident(&f, w, 2, 2, true);
	incident(&f, w, 3, 0, true);
	incident(&f, w, 4, 3, false); /* open: nobody knows yet */
	OK(f, view_cause_sums(w, 0, &f.arena, &sums, &f.e));
	assert_int_equal(sums.changed, 2);
	assert_int_equal(sums.none, 1);
	assert_int_equal(sums.to_blame.len, 1);
	assert_int_equal(sums.to_blame.at[0], 2);
	assert_int_equal(named(&sums.services, "payments")->causes, 1);
	assert_int_equal(named(&sums.services, "payments")->changes, 2);
	assert_int_equal(named(&sums.services, "cart")->causes, 0);
	assert_int_equal(named(&sums.kinds, "config")->causes, 1);
	assert_int_equal(named(&sums.kinds, "deploy")->changes, 2);
	incident(&f, w, 1, 2, false); /* opened again */
	incident(&f, w, 2, 0, true);
	OK(f, view_cause_sums(w, 0, &f.arena, &sums, &f.e));
	assert_int_equal(sums.changed, 0);
	assert_int_equal(sums.none, 2);
}

TEST(old_changes_are_no_lesson)
{
	FIXTURE(f, w);
	struct cause_sums sums;
	change(&f, w, 1, "payments", CHANGE_DEPLOY);
	change(&f, w, 9, "cart", CHANGE_DEPLOY);
	incident(&f, w, 1, 1, true);
	OK(f, view_cause_sums(w, 5000, &f.arena, &sums, &f.e));
	assert_null(named(&sums.services, "payments"));
	assert_int_equal(named(&sums.services, "cart")->changes, 1);
}

TESTS(T(causes_are_counted_by_service_and_kind), T(old_changes_are_no_lesson))
