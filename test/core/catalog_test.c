/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include "core/catalog.h"

static const struct service *find(struct bench *b, const char *name)
{
	return services_find(&b->desk.services, str_of(name));
}

/* "payments|owner|tier|dep,dep" a line, applied as services.yaml. */
static int apply(struct bench *b, const char *lines, const char *revision, bool prune)
{
	struct catalog_file file = { .file = STR("services.yaml"),
				     .revision = str_of(revision),
				     .prune = prune };
	struct command cmd = { .verb = verb_find(STR("service"), STR("apply")),
			       .actor = STR("ana"),
			       .stream = DESK_STREAM,
			       .fields = &file };
	struct str rest = str_of(lines), line;
	while (str_cut(&rest, '\n', &line)) {
		struct service_words *w = LIST_ADD(&b->arena, &file.services);
		struct str tier = { NULL, 0 };
		int64_t n = 0;
		str_cut(&line, '|', &w->name);
		str_cut(&line, '|', &w->owner);
		str_cut(&line, '|', &tier);
		(void)str_to_int(tier, &n);
		w->tier = (int)n;
		w->depends = strs_split(&b->arena, line, ',');
	}
	ARENA(a);
	struct decision d = { .arena = &a };
	struct facts facts = bench_facts(b, "ana");
	if (bench_decide(b, &facts, &cmd, &d))
		return -1;
	bench_append(b, DESK_STREAM, "ana", &d);
	return 0;
}

TEST(a_responder_sets_changes_and_removes_one)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "service set",
		  "name=payments|owner=payments-team|tier=1|depends=ledger, kafka");
	assert_str(bench_said(&b), "Ana added the service payments, owned by payments-team.");
	assert_int_equal(find(&b, "payments")->tier, TIER_1);
	assert_str(find(&b, "payments")->depends.at[1], "kafka");
	assert_null(find(&b, "Payments"));
	bench_yes(&b, "bob", "service set", "name=payments|owner=core-team|depends=kafka,mail");
	assert_str(bench_said(&b), "Bob changed the service payments: owner payments-team -> "
				   "core-team; depends + mail, - ledger.");
	assert_int_equal(find(&b, "payments")->tier, TIER_1);
	assert_str(find(&b, "payments")->by.id, "bob");
	bench_yes(&b, "bob", "service set", "name=payments|owner=-|tier=-|depends=-");
	assert_str(find(&b, "payments")->owner, "");
	assert_int_equal(find(&b, "payments")->tier, TIER_UNSET);
	assert_int_equal(find(&b, "payments")->depends.len, 0);
	bench_yes(&b, "bob", "service remove", "name=payments");
	assert_str(bench_said(&b), "Bob removed the service payments from the catalogue.");
	assert_null(find(&b, "payments"));
	bench_no(&b, "bob", "service remove", "name=payments", ERR_NOT_FOUND, "");
	bench_no(&b, "vic", "service set", "name=payments", ERR_FORBIDDEN, "");
	bench_close(&b);
}

TEST(a_whole_form_empties_what_it_does_not_say)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "service set", "name=api|owner=web|tier=2|about=The door|depends=db");
	bench_yes(&b, "ana", "service set", "name=api|owner=web|whole=yes");
	assert_int_equal(find(&b, "api")->tier, TIER_UNSET);
	assert_str(find(&b, "api")->about, "");
	assert_int_equal(find(&b, "api")->depends.len, 0);
	size_t events = b.events.len;
	bench_yes(&b, "ana", "service set", "name=api|owner=web|whole=yes");
	assert_int_equal(b.events.len, events); /* it is so already */
	bench_close(&b);
}

TEST(names_addresses_and_links_are_checked)
{
	struct bench b;
	bench_open(&b);
	bench_no(&b, "ana", "service set", "name=-x", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a/../b", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a,b", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a|links=Dashboard", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a|links=javascript:alert(1)", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a|runbook=javascript:alert(1)", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a|runbook=https://x y", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "service set", "name=a|depends=b,-c", ERR_BAD_FIELD, "");
	bench_yes(&b, "ana", "service set",
		  "name=shop/<b>&co|links=Board https://x/1, https://y|runbook=http://w");
	struct str title, address;
	assert_true(service_link(find(&b, "shop/<b>&co")->links.at[0], &title, &address));
	assert_str(title, "Board");
	assert_str(address, "https://x/1");
	assert_true(service_link(STR("https://y"), &title, &address));
	assert_str(title, "https://y");
	bench_close(&b);
}

TEST(a_file_records_only_what_it_changes)
{
	struct bench b;
	bench_open(&b);
	assert_int_equal(apply(&b, "payments|pay|1|ledger\nledger|core|2|", "r1", false), 0);
	assert_str(bench_said(&b), "Ana applied services.yaml (r1): 2 added (ledger, payments).");
	assert_str(b.desk.services.at[0].name, "ledger");
	assert_int_equal(find(&b, "ledger")->origin, ORIGIN_FILE);
	size_t events = b.events.len;
	assert_int_equal(apply(&b, "payments|pay|1|ledger\nledger|core|2|", "r2", false), 0);
	assert_int_equal(b.events.len, events);
	assert_int_equal(
		apply(&b, "payments|pay|1|ledger\nledger|money|2|\nmail|core||", "r3", false), 0);
	assert_str(bench_said(&b),
		   "Ana applied services.yaml (r3): 1 added (mail), 1 changed (ledger).");
	assert_str(find(&b, "payments")->revision, "r1");
	assert_str(find(&b, "ledger")->revision, "r3");
	bench_close(&b);
}

TEST(what_left_the_file_leaves_only_by_prune)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "service set", "name=here");
	assert_int_equal(apply(&b, "a|x||\nb|x||", "", false), 0);
	assert_int_equal(apply(&b, "a|x||", "", false), 0);
	assert_str(bench_said(&b), "Ana applied services.yaml: 1 no longer in it (b).");
	assert_true(find(&b, "b")->is_gone);
	struct strs drift = service_drift(find(&b, "b"), &b.arena);
	assert_int_equal(drift.len, 1);
	assert_str(drift.at[0], "services.yaml does not name it any more");
	size_t events = b.events.len;
	assert_int_equal(apply(&b, "a|x||", "", false), 0);
	assert_int_equal(b.events.len, events); /* said once */
	assert_int_equal(apply(&b, "a|x||", "", true), 0);
	assert_str(bench_said(&b), "Ana applied services.yaml: 1 removed (b).");
	assert_null(find(&b, "b"));
	assert_non_null(find(&b, "here")); /* no file ever named it */
	bench_close(&b);
}

TEST(a_change_on_screen_drifts_until_the_file_is_applied)
{
	struct bench b;
	bench_open(&b);
	assert_int_equal(apply(&b, "payments|payments-team|1|ledger", "", false), 0);
	assert_int_equal(service_drift(find(&b, "payments"), &b.arena).len, 0);
	bench_yes(&b, "bob", "service set", "name=payments|owner=core-team|depends=-");
	struct strs drift = service_drift(find(&b, "payments"), &b.arena);
	assert_int_equal(drift.len, 2);
	assert_str(drift.at[0], "owner: payments-team in services.yaml, core-team here");
	assert_str(drift.at[1], "depends: ledger in services.yaml, nothing here");
	assert_int_equal(find(&b, "payments")->origin, ORIGIN_SCREEN);
	/* the file follows the screen: nothing changes, and it drifts no more */
	assert_int_equal(apply(&b, "payments|core-team|1|", "", false), 0);
	assert_str(bench_said(&b),
		   "Ana applied services.yaml: 1 as the file says already (payments).");
	assert_int_equal(service_drift(find(&b, "payments"), &b.arena).len, 0);
	bench_yes(&b, "bob", "service set", "name=payments|owner=x");
	assert_int_equal(apply(&b, "payments|core-team|1|", "", false), 0);
	assert_str(find(&b, "payments")->owner, "core-team");
	bench_close(&b);
}

TEST(a_file_that_is_wrong_changes_nothing)
{
	struct bench b;
	bench_open(&b);
	assert_int_equal(apply(&b, "a|x||\na|y||", "", false), -1);
	assert_int_equal(apply(&b, "a|x||\nb|y||-c", "", false), -1);
	assert_non_null(strstr(b.err.text, "b: "));
	assert_int_equal(b.desk.services.len, 0);
	bench_close(&b);
}

TEST(a_thousand_services_and_no_more)
{
	struct bench b;
	struct buf lines;
	bench_open(&b);
	lines = BUF(&b.arena);
	for (int i = 0; i < SERVICES_MAX; i++)
		buf_fmt(&lines, "%sservice-%d|team||service-%d", i ? "\n" : "", i, i / 2);
	assert_int_equal(apply(&b, lines.at, "", false), 0);
	assert_int_equal(b.desk.services.len, SERVICES_MAX);
	for (size_t i = 1; i < b.desk.services.len; i++)
		assert_true(str_cmp(b.desk.services.at[i - 1].name, b.desk.services.at[i].name) <
			    0);
	bench_no(&b, "ana", "service set", "name=more", ERR_CONFLICT, "");
	bench_yes(&b, "ana", "service set", "name=service-7|owner=other");
	bench_close(&b);
}

TEST(an_alert_without_service_finds_its_own)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "ana", "service set", "name=db|alerts=DiskFull, Replication is late");
	assert_str(services_of_alert(&b.desk.services, STR("DiskFull"))->name, "db");
	assert_null(services_of_alert(&b.desk.services, STR("diskfull")));
	assert_null(services_of_alert(&b.desk.services, STR("")));
	bench_close(&b);
}

TESTS(T(a_responder_sets_changes_and_removes_one), T(a_whole_form_empties_what_it_does_not_say),
      T(names_addresses_and_links_are_checked), T(a_file_records_only_what_it_changes),
      T(what_left_the_file_leaves_only_by_prune),
      T(a_change_on_screen_drifts_until_the_file_is_applied),
      T(a_file_that_is_wrong_changes_nothing), T(a_thousand_services_and_no_more),
      T(an_alert_without_service_finds_its_own))
