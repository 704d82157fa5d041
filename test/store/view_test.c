/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the views: rows follow from the state, and a rebuild changes nothing. */
#include "fixture.h"

static void one_action(struct incident *i, const char *title, const char *owner, int state)
{
	struct action *action = LIST_ADD(i->arena, &i->actions);
	*action = (struct action){ .number = (int64_t)i->actions.len,
				   .title = str_of(title),
				   .owner = { str_of(owner) },
				   .due = { 5000 * (int64_t)i->actions.len },
				   .state = state };
}

static void one_update(struct incident *i, int64_t next_ms, int promise)
{
	struct update *update = LIST_ADD(i->arena, &i->updates);
	*update = (struct update){ .number = (int64_t)i->updates.len,
				   .sent = { 1000 },
				   .next = { next_ms },
				   .promise = promise,
				   .late_by = { promise == PROMISE_LATE ? 60000 : 0 },
				   .by = { STR("uana") } };
}

static struct incident *made(struct arena *a, int64_t id, bool over)
{
	struct incident *i = ARENA_NEW(a, struct incident);
	struct str *services = ARENA_ARRAY(a, struct str, 2);
	services[0] = STR("api");
	services[1] = STR("web shop");
	*i = (struct incident){ .arena = a,
				.id = id,
				.seq = 12,
				.title = str_fmt(a, "Payments slow %lld", (long long)id),
				.severity = SEV_2,
				.services = { services, 2 },
				.started = { 900 },
				.declared = { 1000 },
				.declared_by = { STR("uana") },
				.promised = { 9000 } };
	i->role[ROLE_LEAD] = (struct person){ STR("uben") };
	if (over) {
		i->resolved.ms = i->closed.ms = 8000;
		i->cause = (struct cause){ .at = { 8000 }, .change = 7 };
	}
	struct linked_alert *alert = LIST_ADD(a, &i->alerts);
	*alert = (struct linked_alert){ .fingerprint = STR("00ff"),
					.name = STR("latency"),
					.firing = !over };
	*LIST_ADD(a, &i->alerts) = (struct linked_alert){ .fingerprint = str_fmt(a, "a%lld",
										 (long long)id) };
	one_update(i, 0, PROMISE_OPEN);
	one_update(i, 4000, PROMISE_LATE);
	one_update(i, 9000, over ? PROMISE_DROPPED : PROMISE_OPEN);
	one_action(i, "Alert on queue length", "uana", ACTION_OPEN);
	one_action(i, "Write it down", "uben", ACTION_DONE);
	return i;
}

TEST(rows_follow_the_state)
{
	FIXTURE(f, w);
	struct incident_row row;
	OK(f, view_write(w, made(&f.arena, 42, false), &f.e));
	OK(f, view_incident(w, 42, &f.arena, &row, &f.e));
	assert_str(row.title, "Payments slow 42");
	assert_int_equal(row.severity, SEV_2);
	assert_int_equal(row.services.len, 2);
	assert_str(row.services.at[1], "web shop");
	assert_str(row.lead.id, "uben");
	assert_int_equal(row.promised.ms, 9000);
	assert_int_equal(row.firing, 1);
	assert_int_equal(row.open_actions, 1);
	assert_true(row.is_open);
	REFUSED(f, view_incident(w, 43, &f.arena, &row, &f.e), ERR_NOT_FOUND);
}

TEST(lists_are_filtered_and_ordered)
{
	FIXTURE(f, w);
	struct incident_rows incidents = { 0 };
	struct action_rows actions = { 0 };
	struct promise_rows promises = { 0 };
	for (int64_t id = 1; id <= 3; id++)
		OK(f, view_write(w, made(&f.arena, id, id == 2), &f.e));
	struct view_filter all = { 0 }, open = { .open_only = true },
			   below = { .before = 3, .limit = 1 };
	OK(f, view_incidents(w, &open, &f.arena, &incidents, &f.e));
	assert_int_equal(incidents.len, 2);
	assert_int_equal(incidents.at[0].id, 3);
	incidents.len = 0;
	OK(f, view_incidents(w, &below, &f.arena, &incidents, &f.e));
	assert_int_equal(incidents.len, 1);
	assert_int_equal(incidents.at[0].id, 2);
	struct view_filter mine = { .owner = STR("uana"), .open_only = true };
	OK(f, view_actions(w, &mine, &f.arena, &actions, &f.e));
	assert_int_equal(actions.len, 3);
	actions.len = 0;
	OK(f, view_actions(w, &all, &f.arena, &actions, &f.e));
	assert_int_equal(actions.len, 6);
	assert_int_equal(actions.at[0].state, ACTION_OPEN);
	assert_int_equal(actions.at[5].state, ACTION_DONE);
	assert_str(actions.at[0].incident_title, "Payments slow 1");
	OK(f, view_promises(w, &open, &f.arena, &promises, &f.e));
	assert_int_equal(promises.len, 2);
	assert_int_equal(promises.at[0].due.ms, 9000);
	promises.len = 0;
	struct view_filter of_two = { .incident = 2 };
	OK(f, view_promises(w, &of_two, &f.arena, &promises, &f.e));
	assert_int_equal(promises.len, 2);
	assert_int_equal(promises.at[0].late_by.ms, 60000);
	assert_int_equal(promises.at[0].state, PROMISE_LATE);
}

/* A redaction may have taken all that it had of a kind. */
TEST(what_was_forgotten_leaves_no_row)
{
	FIXTURE(f, w);
	struct incident *inc = made(&f.arena, 7, false), *other = made(&f.arena, 8, false);
	struct buf want = BUF(&f.arena), got = BUF(&f.arena);
	OK(f, view_write(w, other, &f.e));
	OK(f, view_write(w, inc, &f.e));
	inc->actions.len = inc->updates.len = inc->alerts.len = 0;
	OK(f, view_forget(w, inc->id, &f.e));
	OK(f, view_write(w, inc, &f.e));
	OK(f, view_dump(w, &got, &f.e));
	OK(f, view_clear(w, &f.e));
	OK(f, view_write(w, other, &f.e));
	OK(f, view_write(w, inc, &f.e));
	OK(f, view_dump(w, &want, &f.e));
	assert_str(buf_str(&got), str_z(&f.arena, buf_str(&want)));
}

TEST(a_ledger_that_was_cut_short_is_seen)
{
	FIXTURE(f, w);
	struct missing_end gone;
	struct incident *inc = made(&f.arena, 7, true);
	OK(f, view_missing_end(w, &gone, &f.e));
	assert_int_equal(gone.incident, 0);
	OK(f, view_write(w, inc, &f.e)); /* its events are not in the ledger */
	OK(f, view_missing_end(w, &gone, &f.e));
	assert_int_equal(gone.incident, 7);
	assert_int_equal(gone.wanted_seq, inc->seq);
	assert_int_equal(gone.found_seq, 0);
}

TEST(an_alert_finds_its_open_incident)
{
	FIXTURE(f, w);
	struct open_incidents open = { 0 };
	struct alert_holders held = { 0 }, over = { 0 }, none = { 0 };
	OK(f, view_write(w, made(&f.arena, 1, false), &f.e));
	OK(f, view_write(w, made(&f.arena, 2, true), &f.e));
	OK(f, view_alert_holders(w, STR("00ff"), &f.arena, &held, &f.e));
	assert_int_equal(held.len, 1);
	assert_int_equal(held.at[0], 1);
	OK(f, view_alert_holders(w, STR("a2"), &f.arena, &over, &f.e)); /* its incident is over */
	assert_int_equal(over.len, 0);
	OK(f, view_alert_holders(w, STR("none"), &f.arena, &none, &f.e));
	assert_int_equal(none.len, 0);
	OK(f, view_open(w, &f.arena, &open, &f.e));
	assert_int_equal(open.len, 1);
	assert_int_equal(open.at[0].id, 1);
	assert_int_equal(open.at[0].services.len, 2);
	assert_int_equal(open.at[0].alerts.len, 2);
	assert_str(open.at[0].alerts.at[0], "00ff");
}

TEST(rebuild_is_identity)
{
	FIXTURE(f, w);
	struct buf before = BUF(&f.arena), after = BUF(&f.arena), empty = BUF(&f.arena);
	struct incident *first = made(&f.arena, 1, false), *second = made(&f.arena, 2, true);
	OK(f, view_write(w, made(&f.arena, 1, true), &f.e)); /* as it was before */
	OK(f, view_write(w, second, &f.e));
	OK(f, view_write(w, first, &f.e));
	OK(f, view_write(w, first, &f.e));
	OK(f, view_dump(w, &before, &f.e));
	OK(f, db_begin(w, &f.e));
	OK(f, view_clear(w, &f.e));
	OK(f, view_dump(w, &empty, &f.e));
	assert_int_equal(empty.len, 0);
	OK(f, view_write(w, first, &f.e));
	OK(f, view_write(w, second, &f.e));
	OK(f, db_commit(w, &f.e));
	OK(f, view_dump(w, &after, &f.e));
	assert_true(before.len > 1000);
	assert_str(buf_str(&after), str_z(&f.arena, buf_str(&before)));
}

TESTS(T(rows_follow_the_state), T(lists_are_filtered_and_ordered),
      T(what_was_forgotten_leaves_no_row), T(a_ledger_that_was_cut_short_is_seen),
      T(an_alert_finds_its_open_incident), T(rebuild_is_identity))
