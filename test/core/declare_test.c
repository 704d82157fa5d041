/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

TEST(declares_and_leads)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "incident declare",
		  "title= Payments slow |severity=2|services=payments,checkout");
	assert_str(bench_said(&b), "Ana declared: Payments slow (sev2).");
	assert_str(b.incident.role[ROLE_LEAD].id, "ana");
	assert_int_equal(b.incident.started.ms, b.now_ms);
	assert_int_equal(b.incident.moved.ms, b.now_ms);
	assert_int_equal(b.incident.services.len, 2);
	assert_int_equal(incident_phase(&b.incident), PHASE_INVESTIGATING);
	bench_no(&b, "bob", "incident declare", "title=Again|severity=2", ERR_CONFLICT, "");
	bench_close(&b);
}

TEST(refuses_what_is_missing)
{
	struct bench b;
	bench_open(&b);
	bench_no(&b, "ana", "incident declare", "severity=2", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "title");
	bench_no(&b, "ana", "incident declare", "title=Slow", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "severity");
	bench_no(&b, "ana", "incident declare", "title=Slow|severity=1|started=+5m", ERR_BAD_FIELD,
		 "");
	assert_string_equal(b.err.field, "started");
	bench_no(&b, "vic", "incident declare", "title=Slow|severity=1", ERR_FORBIDDEN, "");
	assert_int_equal(b.events.len, 0);
	bench_close(&b);
}

TEST(takes_start_and_services_from_the_alerts)
{
	struct bench b;
	bench_open(&b);
	int64_t first_ms = b.now_ms;
	bench_alert(&b, "HighLatency", "checkout", true);
	b.now_ms += 3 * BENCH_MINUTE_MS;
	bench_alert(&b, "PoolTimeout", "db", true);
	b.now_ms += BENCH_MINUTE_MS;
	bench_no(&b, "ana", "incident declare", "title=Slow|severity=2|alerts=Nothing",
		 ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "incident declare",
		  "title=Slow|severity=2|alerts=HighLatency,PoolTimeout,HighLatency");
	assert_int_equal(b.incident.started.ms, first_ms);
	assert_int_equal(b.incident.alerts.len, 2);
	assert_int_equal(b.incident.services.len, 2);
	assert_str(b.incident.services.at[1], "db");
	assert_str(bench_said(&b), "Ana attached the alert PoolTimeout of db: p99 above 1 s.");
	bench_close(&b);
}

static void add_open(struct bench *b, const char *title, const char *service, const char *alert)
{
	struct open_incident *o = LIST_ADD(&b->arena, &b->open);
	o->id = 41;
	o->title = str_of(title);
	o->services = strs_split(&b->arena, str_of(service), ',');
	o->alerts = strs_split(&b->arena, str_of(alert), ',');
}

TEST(an_incident_that_looks_the_same_stands_in_the_way)
{
	struct bench b;
	bench_open(&b);
	add_open(&b, "Checkout is slow", "checkout", "HighLatency");
	bench_alert(&b, "HighLatency", "web", true);
	bench_no(&b, "ana", "incident declare",
		 "title=Pool timeouts|severity=2|services=db,checkout", ERR_GUARD,
		 "looks-the-same");
	assert_string_equal(b.err.text,
			    "INC-41 \"Checkout is slow\" is open and names checkout too.");
	assert_string_equal(b.err.next, "Join INC-41, or declare anyway with a reason.");
	bench_no(&b, "ana", "incident declare", "title=Errors|severity=2|alerts=HighLatency",
		 ERR_GUARD, "looks-the-same");
	bench_no(&b, "ana", "incident declare", "title=The CHECKOUT is slow!|severity=2|services=x",
		 ERR_GUARD, "looks-the-same");
	assert_int_equal(b.events.len, 0);
	bench_yes(&b, "ana", "incident declare",
		  "title=Checkout is slow|severity=2|because=another region");
	assert_string_equal(b.events.at[0].type->name, "incident.declared");
	assert_int_equal(bench_count(&b, "guard.overridden"), 1);
	assert_true(bench_told(&b, "sounds the same. Reason: another region."));
	bench_close(&b);
}

TEST(an_incident_about_something_else_does_not)
{
	struct bench b;
	bench_open(&b);
	add_open(&b, "Mail is not delivered at all", "mail", "Queue");
	bench_yes(&b, "ana", "incident declare", "title=Login is slow|severity=3|services=login");
	assert_int_equal(bench_count(&b, "guard.overridden"), 0);
	bench_close(&b);
}

TEST(edit_keeps_only_what_changes)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	b.now_ms += BENCH_MINUTE_MS;
	bench_no(&b, "bob", "incident edit", "title=Checkout is slow|severity=2", ERR_BAD_FIELD,
		 "");
	bench_yes(&b, "bob", "incident edit", "title=Checkout is down|severity=1");
	assert_str(bench_said(&b),
		   "Bob edited the incident. Title: Checkout is down. Severity: sev1.");
	assert_int_equal(b.incident.severity, SEV_1);
	assert_str(b.incident.services.at[0], "checkout");
	bench_yes(&b, "bob", "incident edit", "title=Checkout is down|services=checkout,db");
	assert_str(bench_said(&b), "Bob edited the incident. Services: checkout, db.");
	bench_close(&b);
}

TEST(attaches_each_alert_once)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_alert(&b, "A", "db", true);
	bench_alert(&b, "B", "", false);
	bench_yes(&b, "bob", "alert attach", "alerts=A");
	bench_no(&b, "bob", "alert attach", "alerts=A", ERR_CONFLICT, "");
	bench_yes(&b, "bob", "alert attach", "alerts=A,B");
	assert_int_equal(bench_count(&b, "alert.attached"), 2);
	assert_int_equal(b.incident.alerts.len, 2);
	assert_false(b.incident.alerts.at[1].firing);
	bench_no(&b, "bob", "alert attach", "alerts=C", ERR_BAD_FIELD, "");
	bench_close(&b);
}

TEST(a_change_of_an_alert_counts_from_when_it_was)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_alert(&b, "A", "db", true);
	bench_yes(&b, "bob", "alert attach", "alerts=A");
	b.now_ms += 10 * BENCH_MINUTE_MS;
	bench_yes(&b, "", "alert change", "fingerprint=A|firing=yes");
	assert_int_equal(bench_count(&b, "alert.changed"), 0);
	bench_yes(&b, "", "alert change", "fingerprint=A|firing=no|at=-4m");
	assert_str(bench_said(&b), "The alert A has stopped firing.");
	assert_int_equal(b.incident.alerts.at[0].changed.ms, b.now_ms - 4 * BENCH_MINUTE_MS);
	assert_int_equal(b.events.at[b.events.len - 1].happened_ms, b.now_ms - 4 * BENCH_MINUTE_MS);
	bench_no(&b, "", "alert change", "fingerprint=Z|firing=no", ERR_NOT_FOUND, "");
	bench_yes(&b, "", "alert change", "fingerprint=A|firing=yes");
	assert_true(b.incident.alerts.at[0].firing);
	bench_close(&b);
}

TESTS(T(declares_and_leads), T(refuses_what_is_missing),
      T(takes_start_and_services_from_the_alerts),
      T(an_incident_that_looks_the_same_stands_in_the_way),
      T(an_incident_about_something_else_does_not), T(edit_keeps_only_what_changes),
      T(attaches_each_alert_once), T(a_change_of_an_alert_counts_from_when_it_was))
