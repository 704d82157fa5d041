/* SPDX-License-Identifier: Apache-2.0 */
/* args: flags in any place, the command's two words, what is refused. */
#include "cli/args.h"
#include "test.h"

enum { MOST_WORDS = 16 };

static struct strs words_of(struct arena *a, const char *const *z)
{
	struct strs w = { ARENA_ARRAY(a, struct str, MOST_WORDS), 0 };
	while (z[w.len]) {
		w.at[w.len] = str_of(z[w.len]);
		w.len++;
	}
	return w;
}
#define WORDS(a, ...) words_of(a, (const char *const[]){ __VA_ARGS__, NULL })

TEST(takes_flags_before_and_between_the_first_words)
{
	ARENA(a);
	struct err e = { 0 };
	struct args args;
	struct strs w = WORDS(&a, "-i", "7", "hypothesis", "--json=id,title", "open", "Too slow",
			      "-q");
	assert_int_equal(args_lead(&a, &w, &args, &e), 0);
	assert_int_equal(args.incident, 7);
	assert_true(args.json);
	assert_str(args.json_fields, "id,title");
	assert_str(args.first, "hypothesis");
	assert_str(args.second, "open");
	assert_int_equal(args.words.len, 4); /* what stands behind is the verb's to read */
	assert_str(args.words.at[3], "-q");
	assert_false(args.quiet);
}

TEST(help_counts_anywhere_but_behind_the_dashes)
{
	ARENA(a);
	struct err e = { 0 };
	struct args args;
	struct strs w = WORDS(&a, "mitigation", "start", "1", "--help");
	assert_int_equal(args_lead(&a, &w, &args, &e), 0);
	assert_true(args.help);
	w = WORDS(&a, "capture", "--", "ls", "--help", "--version");
	assert_int_equal(args_lead(&a, &w, &args, &e), 0);
	assert_false(args.help);
	assert_false(args.version);
	w = WORDS(&a, "change", "list", "--version");
	assert_int_equal(args_lead(&a, &w, &args, &e), 0);
	assert_true(args.version);
	w = WORDS(&a, "change", "send", "payments", "--version", "v812"); /* what runs after it */
	assert_int_equal(args_lead(&a, &w, &args, &e), 0);
	assert_false(args.version);
}

TEST(rest_takes_flags_in_any_place)
{
	ARENA(a);
	struct err e = { 0 };
	struct args args = { 0 };
	struct strs bare, w = WORDS(&a, "GET", "-v", "/x", "--timeout", "5", "--color=never");
	assert_int_equal(args_rest(&a, &w, &args, &bare, &e), 0);
	assert_int_equal(bare.len, 2);
	assert_str(bare.at[1], "/x");
	assert_true(args.verbose);
	assert_int_equal(args.timeout_ms, 5000);
	assert_int_equal(args.color, COLOR_NEVER);
}

TEST(behind_the_dashes_all_is_bare)
{
	ARENA(a);
	struct err e = { 0 };
	struct args args = { 0 };
	struct strs bare, w = WORDS(&a, "-q", "--", "grep", "-v", "--", "x");
	assert_int_equal(args_rest(&a, &w, &args, &bare, &e), 0);
	assert_true(args.quiet);
	assert_false(args.verbose);
	assert_int_equal(bare.len, 4);
	assert_str(bare.at[2], "--");
}

TEST(refuses_what_is_not_understood)
{
	ARENA(a);
	struct args args = { 0 };
	const struct strs wrong[] = {
		WORDS(&a, "--collor=never"), WORDS(&a, "--color", "red"), WORDS(&a, "-i"),
		WORDS(&a, "--timeout", "0"), WORDS(&a, "-i", "INC-x"),	  WORDS(&a, "-i", "0")
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err e = { 0 };
		struct strs bare;
		assert_int_equal(args_rest(&a, &wrong[i], &args, &bare, &e), -1);
		assert_int_equal(e.code, ERR_USAGE);
	}
}

TEST(reads_numbers_of_incidents)
{
	int64_t n = 0;
	assert_true(args_incident(STR("42"), &n) && n == 42);
	assert_true(args_incident(STR("INC-7"), &n) && n == 7);
	assert_true(args_incident(STR("inc-8"), &n) && n == 8);
	assert_true(args_incident(STR("#9"), &n) && n == 9);
	assert_false(args_incident(STR("INC-"), &n));
	assert_false(args_incident(STR("-3"), &n));
	assert_false(args_incident(STR("4x"), &n));
}

TESTS(T(takes_flags_before_and_between_the_first_words),
      T(help_counts_anywhere_but_behind_the_dashes), T(rest_takes_flags_in_any_place),
      T(behind_the_dashes_all_is_bare), T(refuses_what_is_not_understood),
      T(reads_numbers_of_incidents))
