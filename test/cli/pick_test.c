/* SPDX-License-Identifier: Apache-2.0 */
/* pick and state: replies read, also those of a newer server; and which command was meant. */
#include "cli/attach.h"
#include "cli/commands.h"
#include "cli/pick.h"
#include "cli/state.h"
#include "test.h"

static const struct json *parsed(struct arena *a, const char *text)
{
	struct json *j = NULL;
	struct err e = { 0 };
	assert_int_equal(json_parse(a, str_of(text), &j, &e), 0);
	return j;
}

static struct str picked(struct arena *a, const char *reply, const char *names)
{
	struct buf b = BUF(a);
	pick_fields(a, parsed(a, reply), str_of(names), &b);
	return buf_str(&b);
}

TEST(picks_members_of_an_object_and_of_rows)
{
	ARENA(a);
	assert_str(picked(&a, "{\"id\":1,\"next\":{\"text\":\"Go\"},\"alerts\":[1]}",
			  "next.text,id,none"),
		   "{\"next.text\":\"Go\",\"id\":1,\"none\":null}");
	assert_str(picked(&a, "{\"incidents\":[{\"id\":1,\"t\":true},{\"id\":2}],\"next\":\"\"}",
			  "id,t"),
		   "[{\"id\":1,\"t\":true},{\"id\":2,\"t\":null}]");
	assert_str(picked(&a, "{\"incident\":4,\"timeline\":[{\"seq\":1}]}", "seq"),
		   "[{\"seq\":1}]");
	assert_str(picked(&a, "[]", "id"), "[]");
}

TEST(prints_what_it_read)
{
	ARENA(a);
	struct buf b = BUF(&a);
	const char text[] = "{\"a\":[1,-2,\"x\\ny\"],\"b\":{},\"c\":false}";
	pick_print(parsed(&a, text), &b);
	struct json *again;
	struct err e = { 0 };
	assert_int_equal(json_parse(&a, buf_str(&b), &again, &e), 0);
	assert_str(buf_str(&b), text);
}

TEST(reads_texts_numbers_and_times)
{
	ARENA(a);
	const struct json *j = parsed(
		&a, "{\"n\":7,\"s\":[\"x\",\"y\"],\"at\":\"1970-01-01T00:00:01Z\",\"ms\":5}");
	assert_str(pick_text(&a, j, "n"), "7");
	assert_str(pick_text(&a, j, "s"), "x, y");
	assert_int_equal(pick_text(&a, j, "s.x").len, 0);
	assert_int_equal(pick_when(j, "at"), 1000);
	assert_int_equal(pick_when(j, "ms"), 5);
	assert_int_equal(pick_when(j, "none"), 0);
}

TEST(reads_an_incident_of_a_newer_server)
{
	ARENA(a);
	struct err e = { 0 };
	struct incident inc;
	const struct reading reading = { &a, 0, 0 };
	const char reply[] =
		"{\"id\":42,\"title\":\"Slow\",\"mood\":\"calm\",\"hypotheses\":[{\"number\":1,"
		"\"cause\":\"DB\",\"state\":\"open\",\"odds\":9}],\"rhythm\":[]}";
	assert_int_equal(state_of_json(parsed(&a, reply), &reading, &inc, &e), 0);
	assert_int_equal(inc.id, 42);
	assert_non_null(incident_open_hypothesis(&inc));
	assert_str(incident_open_hypothesis(&inc)->cause, "DB");
}

TEST(suggests_the_nearest_command)
{
	ARENA(a);
	static const struct cli_extra extra[] = { { "backup", "", "" }, { NULL, NULL, NULL } };
	const struct caller c = { .arena = &a, .extra = extra };
	assert_str(cli_command_near(&c, STR("backp"), STR("")), "backup");
	assert_str(cli_command_near(&c, STR("stauts"), STR("")), "status");
	assert_str(cli_command_near(&c, STR("hypothsis"), STR("opne")), "hypothesis open");
	assert_str(cli_command_near(&c, STR("incident"), STR("lsit")), "incident list");
	assert_int_equal(cli_command_near(&c, STR("bake"), STR("cake")).len, 0);
}

TEST(finds_two_words_before_one)
{
	assert_ptr_equal(cli_command_find(STR("review"), STR("list"))->run, run_reviews);
	assert_null(cli_command_find(STR("review"), STR("publish")));
	assert_ptr_equal(cli_command_find(STR("status"), STR("42"))->run, run_status);
}

TEST(tells_the_kind_of_evidence_by_its_file_name)
{
	assert_string_equal(attach_kind(STR("graph.PNG")), "screenshot");
	assert_string_equal(attach_kind(STR("db.log")), "log");
	assert_string_equal(attach_kind(STR("pool.diff")), "config-diff");
	assert_string_equal(attach_kind(STR("dump.bin")), "output");
	assert_string_equal(attach_kind(STR(".log")), "output");
}

TEST(problems_become_their_exit_codes)
{
	ARENA(a);
	struct err e = { 0 };
	caller_problem(&a, 409,
		       STR("{\"code\":\"guard\",\"detail\":\"Ana is at "
			   "it.\",\"next\":\"Wait.\",\"guard\":\"one-change\"}"),
		       &e);
	assert_int_equal(err_exit(e.code), 8);
	assert_string_equal(e.text, "Ana is at it.");
	assert_string_equal(e.guard, "one-change");
	caller_problem(&a, 401, STR("<html>"), &e);
	assert_int_equal(err_exit(e.code), 4);
	caller_problem(&a, 502, STR(""), &e);
	assert_int_equal(err_exit(e.code), 1);
}

TESTS(T(picks_members_of_an_object_and_of_rows), T(prints_what_it_read),
      T(reads_texts_numbers_and_times), T(reads_an_incident_of_a_newer_server),
      T(suggests_the_nearest_command), T(finds_two_words_before_one),
      T(tells_the_kind_of_evidence_by_its_file_name), T(problems_become_their_exit_codes))
