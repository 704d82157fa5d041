/* SPDX-License-Identifier: Apache-2.0 */
/* words: what people type. */
#include "core/words.h"

#include "base/when.h"
#include "test.h"

static const struct words_flag own_flags[] = { { "incident", 'i', true },
					       { "json", 0, false },
					       { .name = NULL } };
static const int64_t noon_ms = 1772452800000; /* 2026-03-02 12:00 UTC */

static int read_words(struct arena *a, const char *line, struct words_command *w, struct err *e)
{
	struct strs words;
	*e = (struct err){ 0 };
	if (words_split(a, str_of(line), &words, e))
		return -1;
	struct reading r = { .arena = a, .now_ms = noon_ms };
	return words_to_command(&words, own_flags, &r, w, e);
}

static struct str value(struct arena *a, const struct words_command *w, const char *name)
{
	struct buf b = BUF(a);
	field_print(field_find(w->verb->fields, str_of(name)), w->fields, &b);
	return buf_str(&b);
}

#define assert_verb(w, noun_, name_)                          \
	do {                                                  \
		assert_string_equal((w).verb->noun, (noun_)); \
		assert_string_equal((w).verb->name, (name_)); \
	} while (0)

TEST(splits_a_line)
{
	ARENA(a);
	struct strs w;
	struct err e = { 0 };
	assert_int_equal(
		words_split(&a, STR("  a \"b c\" 'd \"e' f\"g h\"i \"\" \"x\\\"y\\nz\" "), &w, &e),
		0);
	assert_int_equal(w.len, 6);
	assert_str(w.at[0], "a");
	assert_str(w.at[1], "b c");
	assert_str(w.at[2], "d \"e");
	assert_str(w.at[3], "fg hi");
	assert_str(w.at[4], "");
	assert_str(w.at[5], "x\"y\nz");
	assert_int_equal(words_split(&a, STR("note \"open"), &w, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
}

TEST(measures_slips)
{
	assert_int_equal(words_distance(STR("start"), STR("start")), 0);
	assert_int_equal(words_distance(STR("strat"), STR("start")), 1);
	assert_int_equal(words_distance(STR("stat"), STR("start")), 1);
	assert_int_equal(words_distance(STR(""), STR("abc")), 3);
	assert_int_equal(words_distance(STR("kitten"), STR("sitting")), 3);
}

TEST(reads_noun_verb_and_alias)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(
		read_words(&a, "declare \"Payments slow\" --sev 2 --service payments", &w, &e), 0);
	assert_verb(w, "incident", "declare");
	assert_str(value(&a, &w, "title"), "Payments slow");
	assert_str(value(&a, &w, "severity"), "sev2");
	assert_str(value(&a, &w, "services"), "payments");
	assert_int_equal(read_words(&a, "hypothesis open \"Pool too small\"", &w, &e), 0);
	assert_verb(w, "hypothesis", "open");
	assert_str(value(&a, &w, "cause"), "Pool too small");
	assert_int_equal(read_words(&a, "note \"DB is fine\" --at -5m", &w, &e), 0);
	assert_verb(w, "note", "add");
	assert_str(value(&a, &w, "at"), "2026-03-02T11:55:00Z");
}

TEST(a_bare_number_goes_to_a_number)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(read_words(&a, "action done 3 Merged", &w, &e), 0);
	assert_str(value(&a, &w, "action"), "3");
	assert_str(value(&a, &w, "outcome"), "Merged");
	assert_int_equal(read_words(&a, "action drop \"No need\" 2", &w, &e), 0);
	assert_str(value(&a, &w, "action"), "2");
	assert_str(value(&a, &w, "reason"), "No need");
	assert_int_equal(read_words(&a, "note 500", &w, &e), 0);
	assert_str(value(&a, &w, "text"), "500");
	assert_int_equal(read_words(&a, "review pick 4 --hidden", &w, &e), 0);
	assert_str(value(&a, &w, "hidden"), "yes");
	assert_int_equal(read_words(&a, "recovery held 1 0", &w, &e), 0);
	assert_str(value(&a, &w, "check"), "1");
	assert_str(value(&a, &w, "saw"), "0");
	assert_int_equal(read_words(&a, "mitigation renew 15m", &w, &e), 0);
	assert_str(value(&a, &w, "lasts"), "15m");
	assert_int_equal(read_words(&a, "review publish now", &w, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
}

TEST(flags_in_all_their_forms)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(read_words(&a,
				    "-i 42 review edit --root-cause=Pool --lessons \"a=b\" --json",
				    &w, &e),
			 0);
	assert_str(value(&a, &w, "root_cause"), "Pool");
	assert_str(value(&a, &w, "lessons"), "a=b");
	assert_int_equal(w.options.len, 2);
	assert_string_equal(w.options.at[0].name, "incident");
	assert_str(w.options.at[0].value, "42");
	assert_string_equal(w.options.at[1].name, "json");
	assert_int_equal(
		read_words(&a, "declare x --sev=1 --service a --service b,c --because \"I must\"",
			   &w, &e),
		0);
	assert_str(value(&a, &w, "services"), "a, b, c");
	assert_str(w.because, "I must");
	assert_int_equal(read_words(&a, "note -- --text", &w, &e), 0);
	assert_str(value(&a, &w, "text"), "--text");
	assert_int_equal(read_words(&a, "declare x --sev 1 --sev 2", &w, &e), -1);
	assert_int_equal(read_words(&a, "declare x --sev", &w, &e), -1);
	assert_string_equal(e.text, "--sev needs a value.");
	assert_int_equal(read_words(&a, "note x -i", &w, &e), -1);
	assert_int_equal(read_words(&a, "note x -q", &w, &e), -1);
}

TEST(times_ahead_are_ahead)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(read_words(&a, "action add x --due 2d", &w, &e), 0);
	assert_str(value(&a, &w, "due"), "2026-03-04T12:00:00Z");
	assert_int_equal(read_words(&a, "action add x --due 11:30", &w, &e), 0);
	assert_str(value(&a, &w, "due"), "2026-03-03T11:30:00Z");
	assert_int_equal(read_words(&a, "action add x --due 12:30", &w, &e), 0);
	assert_str(value(&a, &w, "due"), "2026-03-02T12:30:00Z");
	assert_int_equal(read_words(&a, "action add x --due 2026-03-09", &w, &e), 0);
	assert_str(value(&a, &w, "due"), "2026-03-09T00:00:00Z");
	assert_int_equal(read_words(&a, "action add x --due soon", &w, &e), -1);
	assert_int_equal(e.code, ERR_BAD_FIELD);
}

TEST(matchers_are_several_words)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(read_words(&a,
				    "silence add alertname=DiskFull 'service=~\"db.*\"' team!=x "
				    "--for 2h --comment \"swapping disks\"",
				    &w, &e),
			 0);
	assert_verb(w, "silence", "add");
	assert_str(value(&a, &w, "matchers"), "alertname=DiskFull,service=~\"db.*\",team!=x");
	assert_str(value(&a, &w, "for"), "2h");
	assert_str(value(&a, &w, "comment"), "swapping disks");
	assert_int_equal(read_words(&a, "silence add a=b \"x and y\" 30m", &w, &e), 0);
	assert_str(value(&a, &w, "comment"), "x and y");
	assert_str(value(&a, &w, "for"), "30m");
	assert_int_equal(read_words(&a, "silence expire 3", &w, &e), 0);
	assert_str(value(&a, &w, "silence"), "3");
}

TEST(a_slip_gets_one_suggestion)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(read_words(&a, "mitigation strat 1", &w, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	assert_string_equal(e.text,
			    "There is no 'mitigation strat'. Did you mean 'mitigation start'?");
	assert_int_equal(read_words(&a, "mitigaton start 1", &w, &e), -1);
	assert_string_equal(e.text,
			    "There is no 'mitigaton start'. Did you mean 'mitigation start'?");
	assert_int_equal(read_words(&a, "freeze lfit", &w, &e), -1);
	assert_string_equal(e.text, "There is no 'freeze lfit'. Did you mean 'freeze lift'?");
	assert_int_equal(read_words(&a, "declrae x", &w, &e), -1);
	assert_string_equal(e.text, "There is no 'declrae x'. Did you mean 'declare'?");
	assert_int_equal(read_words(&a, "declare x --severty 2", &w, &e), -1);
	assert_string_equal(e.text,
			    "'incident declare' has no --severty. Did you mean '--severity'?");
	assert_int_equal(read_words(&a, "frobnicate", &w, &e), -1);
	assert_string_equal(e.text, "There is no 'frobnicate' here.");
	assert_int_equal(read_words(&a, "review publish --now yes", &w, &e), -1);
	assert_string_equal(e.text, "'review publish' takes no flags.");
	assert_int_equal(read_words(&a, "", &w, &e), -1);
	assert_int_equal(read_words(&a, "alert change x", &w, &e), -1); /* INTERNAL */
}

TEST(broken_values_name_their_field)
{
	ARENA(a);
	struct words_command w;
	struct err e;
	assert_int_equal(read_words(&a, "declare x --sev bad", &w, &e), -1);
	assert_int_equal(e.code, ERR_BAD_FIELD);
	assert_string_equal(e.field, "severity");
}

TESTS(T(splits_a_line), T(measures_slips), T(reads_noun_verb_and_alias),
      T(a_bare_number_goes_to_a_number), T(flags_in_all_their_forms), T(times_ahead_are_ahead),
      T(matchers_are_several_words), T(a_slip_gets_one_suggestion),
      T(broken_values_name_their_field))
