/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of all rooms against each other: names, holes of sentences, members of structs. */
#include "bench.h"

/* Every {name} is a member of the body or the actor, and every bracket closes. */
static void check_sentence(const struct event_type *t)
{
	struct str rest = str_of(t->sentence), before;
	int depth = 0;
	if (!str_ends(rest, STR(".")) && !str_ends(rest, STR(".]")))
		fail_msg("%s does not end its sentence: %s", t->name, t->sentence);
	for (size_t i = 0; i < rest.len; i++) {
		depth += (rest.at[i] == '[') - (rest.at[i] == ']');
		assert_in_range(depth, 0, 1);
	}
	assert_int_equal(depth, 0);
	while (str_cut(&rest, '{', &before) && rest.len) {
		struct str name = { NULL, 0 };
		assert_true(str_cut(&rest, '}', &name));
		if (!str_is(name, "actor") && !field_find(t->fields, name))
			fail_msg("%s has no " STR_FMT, t->name, STR_ARG(name));
	}
}

TEST(sentences_name_members_that_exist)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct event_type *t = (*m)->events; t && t->name; t++)
			check_sentence(t);
}

TEST(event_names_are_used_once)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct event_type *t = (*m)->events; t && t->name; t++) {
			assert_ptr_equal(event_type_find(str_of(t->name)), t);
			assert_true(t->evolve != NULL && t->size > 0 && t->version > 0);
		}
}

static void check_verb(const struct module *m, const struct verb *v)
{
	struct str noun = str_of(v->noun), name = str_of(v->name);
	bool is_internal = v->traits & INTERNAL;
	assert_ptr_equal(is_internal ? verb_find_internal(noun, name) : verb_find(noun, name), v);
	assert_null(is_internal ? verb_find(noun, name) : verb_find_internal(noun, name));
	assert_ptr_equal(verb_stream(v), m->stream);
	assert_true(v->label && v->help && str_ends(str_of(v->help), STR(".")));
	assert_true(v->decide != NULL);
	if (v->alias)
		assert_ptr_equal(verb_by_alias(str_of(v->alias)), v);
}

TEST(verbs_and_aliases_are_used_once)
{
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			check_verb(*m, v);
	assert_null(verb_find(STR("incident"), STR("forget")));
	assert_null(verb_by_alias(STR("")));
}

static size_t kind_bytes(const struct field *f)
{
	static const size_t bytes[] = {
		[KIND_STR] = sizeof(struct str),
		[KIND_INT] = sizeof(int64_t),
		[KIND_BOOL] = sizeof(bool),
		[KIND_WHEN] = sizeof(struct when),
		[KIND_SPAN] = sizeof(struct span),
		[KIND_MAYBE_INT] = sizeof(struct maybe_int),
		[KIND_PERSON] = sizeof(struct person),
		[KIND_HTML] = sizeof(struct html),
		[KIND_STRS] = sizeof(struct strs),
		[KIND_CHOICE] = sizeof(int),
		[KIND_ITEMS] = sizeof(struct list),
	};
	return bytes[f->kind];
}

/* What a table forgets would be lost in the ledger: each byte of a struct is some row's, but for
 * padding. */
static void check_covers(const struct field *table, size_t size, const char *what)
{
	size_t known = 0;
	for (const struct field *f = table; f->name; f++) {
		assert_true(f->at < sizeof(struct incident));
		for (const struct field *g = table; g < f; g++)
			assert_true(strcmp(f->name, g->name) != 0 && f->at != g->at);
		known += (kind_bytes(f) + 7) / 8 * 8;
	}
	if (known < size && table->name)
		fail_msg("the table of %s knows %zu of %zu bytes", what, known, size);
}

TEST(tables_know_every_member)
{
	for (const struct module *const *m = modules; *m; m++) {
		for (const struct event_type *t = (*m)->events; t && t->name; t++)
			check_covers(t->fields, t->size, t->name);
		for (const struct verb *v = (*m)->verbs; v && v->name; v++)
			check_covers(v->fields, v->size, v->name);
	}
	check_covers(incident_fields, sizeof(struct incident) - sizeof(struct arena *), "incident");
	check_covers(change_fields,
		     sizeof(struct change) - sizeof(struct arena *) - sizeof(int64_t), "change");
	check_covers(linked_alert_fields, sizeof(struct linked_alert), "linked_alert");
	check_covers(freeze_fields, sizeof(struct freeze), "freeze");
	check_covers(evidence_fields, sizeof(struct evidence), "evidence");
	check_covers(suspect_fields, sizeof(struct suspect), "suspect");
	check_covers(given_series_fields, sizeof(struct given_series), "given_series");
	check_covers(hypothesis_fields, sizeof(struct hypothesis), "hypothesis");
	check_covers(hypothesis_test_fields, sizeof(struct hypothesis_test), "hypothesis_test");
	check_covers(mitigation_fields, sizeof(struct mitigation), "mitigation");
	check_covers(check_fields, sizeof(struct check), "check");
	check_covers(update_fields, sizeof(struct update), "update");
	check_covers(pause_fields, sizeof(struct pause), "pause");
	check_covers(overridden_fields, sizeof(struct overridden), "overridden");
	check_covers(action_fields, sizeof(struct action), "action");
}

TESTS(T(sentences_name_members_that_exist), T(event_names_are_used_once),
      T(verbs_and_aliases_are_used_once), T(tables_know_every_member))
