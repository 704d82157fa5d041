/* SPDX-License-Identifier: Apache-2.0 */
/* form_html: what is printed for each kind of row, what is kept, what is escaped. */
#include "web/form_html.h"

#include <string.h>

#include "test.h"

static const char *const level_names[] = { "", "sev1", "scale-to-zero", NULL };
static const char *const role_here_names[] = { "lead", "scribe", NULL };

struct thing {
	struct str root_cause, services_note, blob;
	int level, role;
	struct when due;
	struct span hold;
	struct strs evidence, services;
	struct person owner;
	int64_t action;
	bool hidden_one;
};
static const struct field thing_fields[] = {
	FIELD(thing, root_cause, "why it happened", .required = true, .max = 200, .lines = 3),
	FIELD(thing, services_note, "a note"),
	FIELD(thing, blob, "a hash", .hidden = true),
	CHOICE(thing, level, level, "how bad", .required = true),
	CHOICE(thing, role, role_here, "which role", .required = true),
	FIELD(thing, due, "until when"),
	FIELD(thing, hold, "how long"),
	FIELD(thing, evidence, "what shows it", .suggest = "evidence"),
	FIELD(thing, services, "what it touches", .suggest = "service"),
	FIELD(thing, owner, "who", .suggest = "person"),
	FIELD(thing, action, "its number"),
	FIELD(thing, hidden_one, "leave it out"),
	END,
};

static const struct form nothing;

static struct str print(struct arena *a, struct form_print how)
{
	how.table = thing_fields;
	return form_html(&how, a).raw;
}

static void assert_has(struct str html, const char *part)
{
	ARENA(a);
	if (!strstr(str_z(&a, html), part))
		fail_msg("no %s in %s", part, str_z(&a, html));
}

static void assert_lacks(struct str html, const char *part)
{
	ARENA(a);
	if (strstr(str_z(&a, html), part))
		fail_msg("%s in %s", part, str_z(&a, html));
}

static void add(struct arena *a, struct form *f, const char *name, const char *value)
{
	*LIST_ADD(a, &f->pairs) = (struct form_pair){ str_of(name), str_of(value) };
}

TEST(names_become_labels)
{
	ARENA(a);
	assert_str(form_label(&a, "root_cause"), "Root cause");
	assert_str(form_label(&a, "scale-to-zero"), "Scale to zero");
	assert_str(form_label(&a, "sev1"), "SEV 1");
	assert_str(form_label(&a, "severity"), "Severity");
	assert_str(form_label(&a, ""), "");
}

TEST(every_input_has_its_label_and_help)
{
	ARENA(a);
	struct str html = print(&a, (struct form_print){ .given = &nothing });
	assert_has(
		html,
		"<label for=\"f-root_cause\">Root cause</label><textarea id=\"f-root_cause\" "
		"name=\"root_cause\" required aria-describedby=\"f-root_cause-help\" rows=\"3\">");
	assert_has(html, "<span class=\"help\" id=\"f-root_cause-help\">Why it happened</span>");
	assert_has(html, "Services note <span class=\"dim\">(optional)</span>");
	assert_has(html, "Until when. Such as 2026-12-04 or +7d");
	assert_has(html, "How long. Such as 30m or 2h");
	assert_has(html, "inputmode=\"numeric\"");
	assert_lacks(html, "name=\"blob\"");
	html = print(&a, (struct form_print){ .id = "other" });
	assert_has(html, "<label for=\"other-root_cause\">");
	assert_lacks(html, "\"f-");
}

TEST(a_required_choice_is_asked_for)
{
	ARENA(a);
	struct thing now = { .level = 2, .role = 1 };
	struct str html = print(&a, (struct form_print){ .given = &nothing });
	assert_has(
		html,
		"<option value=\"\" selected>Choose</option><option value=\"sev1\">SEV 1</option>");
	assert_has(
		html,
		"<option value=\"\" selected>Choose</option><option value=\"lead\">Lead</option>");
	html = print(&a, (struct form_print){ .current = &now });
	assert_has(html, "<option value=\"scale-to-zero\" selected>Scale to zero</option>");
	assert_has(html, "<option value=\"scribe\" selected>Scribe</option>");
}

TEST(what_was_typed_wins_and_is_escaped)
{
	ARENA(a);
	struct thing now = { .root_cause = STR("old"),
			     .services_note = STR("kept"),
			     .hidden_one = true };
	struct form typed = { 0 };
	add(&a, &typed, "root_cause", "</textarea><b>\"&");
	add(&a, &typed, "due", "\"tomorrow\"");
	add(&a, &typed, "blob", "ab\"c");
	struct str html = print(
		&a, (struct form_print){ .current = &now, .given = &typed, .bad = "due" });
	assert_has(html, "rows=\"3\">\n&lt;/textarea&gt;&lt;b&gt;&quot;&amp;</textarea>");
	assert_has(html,
		   "aria-invalid=\"true\" autocomplete=\"off\" value=\"&quot;tomorrow&quot;\"");
	assert_has(html, "<input type=\"hidden\" name=\"blob\" value=\"ab&quot;c\">");
	assert_has(html, "value=\"kept\"");
	assert_has(html, "name=\"hidden_one\" aria-describedby=\"f-hidden_one-help\" checked>");
	html = print(&a,
		     (struct form_print){ .current = &now, .given = &typed, .is_posted = true });
	assert_lacks(html, "kept");
	assert_lacks(html, " checked");
}

TEST(offers_are_picked)
{
	ARENA(a);
	struct form_hints hints = { 0 };
	struct thing now = { .owner = { STR("u1") }, .action = 2 };
	struct form typed = { 0 };
	*LIST_ADD(&a, &hints.evidence) = (struct form_offer){ .value = STR("1"),
							      .label = STR("1: a <log>") };
	*LIST_ADD(&a, &hints.evidence) = (struct form_offer){ .value = STR("2"),
							      .label = STR("2: CPU") };
	*LIST_ADD(&a, &hints.services) = (struct form_offer){ .value = STR("checkout"),
							      .label = STR("checkout") };
	*LIST_ADD(&a, &hints.people) = (struct form_offer){ .value = STR("ana"),
							    .label = STR("Ana"),
							    .id = STR("u1") };
	*LIST_ADD(&a, &hints.actions) = (struct form_offer){ .value = STR("1"),
							     .label = STR("1: x") };
	add(&a, &typed, "evidence", "2");
	struct str html = print(
		&a, (struct form_print){ .current = &now, .given = &typed, .hints = &hints });
	assert_has(html, "name=\"evidence\" value=\"1\"> 1: a &lt;log&gt;</label>");
	assert_has(html, "name=\"evidence\" value=\"2\" checked>");
	assert_has(html, "list=\"f-services-list\"");
	assert_has(html, "<datalist id=\"f-services-list\"><option value=\"checkout\">");
	assert_has(html, "<option value=\"ana\" selected>Ana</option>");
	/* a number that is not offered any more is kept all the same */
	assert_has(html, "<option value=\"2\" selected>2</option>");
}

TEST(prints_a_part_of_the_rows)
{
	ARENA(a);
	static const char *const some[] = { "due", "hold", NULL };
	struct str only = print(&a, (struct form_print){ .only = some });
	struct str rest = print(&a, (struct form_print){ .skip = some });
	assert_has(only, "name=\"due\"");
	assert_lacks(only, "root_cause");
	assert_has(rest, "root_cause");
	assert_lacks(rest, "name=\"hold\"");
}

TEST(a_time_comes_back_as_it_was)
{
	ARENA(a);
	struct thing now = { .due = { 1795431900000 } }, back = { 0 }; /* 2026-11-23T11:05:00Z */
	struct err e = { 0 };
	struct reading how = { .arena = &a, .now_ms = 1795431942000 };
	struct str html = print(&a, (struct form_print){ .current = &now });
	assert_has(html, "value=\"2026-11-23 11:05\"");
	assert_int_equal(field_parse(field_find(thing_fields, STR("due")), &back,
				     STR("2026-11-23 11:05"), &how, &e),
			 0);
	assert_int_equal(back.due.ms, now.due.ms);
}

TEST(a_long_text_is_seen_whole)
{
	ARENA(a);
	struct thing now = { .root_cause = STR("1\n2\n3\n4\n5") };
	assert_has(print(&a, (struct form_print){ .current = &now }), "rows=\"5\"");
}

TESTS(T(names_become_labels), T(every_input_has_its_label_and_help),
      T(a_required_choice_is_asked_for), T(what_was_typed_wins_and_is_escaped),
      T(offers_are_picked), T(prints_a_part_of_the_rows), T(a_time_comes_back_as_it_was),
      T(a_long_text_is_seen_whole))
