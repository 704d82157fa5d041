/* SPDX-License-Identifier: Apache-2.0 */
/* suspects: measures the ranking on cases whose truth is known, beside chance and "newest first". The truth is looked at
 * only when a case is ranked. How it ranks: core/suspect.c. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "admin/cases.h"
#include "base/buf.h"
#include "base/stat.h"

enum { DEFAULT_BUDGET_MS = 300 * 1000, TOP = 3 };
#define COVERAGE .8 /* of the cases that a change set off, so many are to be accused */

/* How well a way of ranking did, ties counted as their expectation. */
struct tally {
	double first, top, reciprocal;
};
struct group {
	struct str name;
	int cases;
	struct tally ours, random, newest;
	bool has_changes;
	LIST_OF(double)
	with, without; /* how sure "none" was, of cases a change set off, and of others */
};
struct report {
	struct arena *arena;
	LIST_OF(struct group) groups;
	int unread;
};

/* The truth shares places from+1 to from+ties. */
static struct tally place(size_t from, size_t ties)
{
	struct tally t = { 0 };
	for (size_t i = from; i < from + ties; i++) {
		t.first += i == 0;
		t.top += i < TOP;
		t.reciprocal += 1 / (double)(i + 1);
	}
	double n = ties ? (double)ties : 1;
	return (struct tally){ t.first / n, t.top / n, t.reciprocal / n };
}

static void sum(struct tally *into, struct tally t)
{
	into->first += t.first;
	into->top += t.top;
	into->reciprocal += t.reciprocal;
}

static struct tally tally_of(const struct suspicions *ranked, struct str truth, size_t *rank)
{
	size_t better = 0, ties = 0;
	const struct suspicion *true_one = NULL;
	LIST_EACH (s, ranked)
		if (str_eq(s->name, truth))
			true_one = s;
	*rank = 0;
	if (!true_one)
		return (struct tally){ 0 };
	LIST_EACH (s, ranked) {
		better += s->score > true_one->score;
		ties += s->score == true_one->score;
	}
	*rank = better + 1;
	return place(better, ties);
}

static struct tally newest_of(const struct investigation *q, struct str truth)
{
	size_t newer = 0, ties = 0;
	int64_t at_ms = 0;
	LIST_EACH (c, &q->changes)
		if (str_eq(c->id, truth))
			at_ms = c->at_ms;
	LIST_EACH (c, &q->changes) {
		newer += c->at_ms > at_ms && c->at_ms <= q->now_ms;
		ties += c->at_ms == at_ms;
	}
	return place(newer, ties);
}

static struct group *group_of(struct report *r, struct str name)
{
	LIST_EACH (g, &r->groups)
		if (str_eq(g->name, name))
			return g;
	struct group *g = LIST_ADD(r->arena, &r->groups);
	g->name = str_copy(r->arena, name);
	return g;
}

static void print_case(const struct case_facts *c, const struct suspicions *ranked,
		       struct str truth, size_t rank)
{
	(void)printf(STR_FMT "\t%zu\t" STR_FMT, STR_ARG(c->id), rank,
		     STR_ARG(truth.len ? truth : STR("no change")));
	for (size_t i = 0; i < ranked->len && i < TOP; i++)
		(void)printf("\t" STR_FMT " %.2f", STR_ARG(ranked->at[i].name),
			     ranked->at[i].score);
	(void)printf("\n");
}

static void rank_case(struct report *r, const struct case_facts *c, struct arena *a)
{
	const struct investigation *q = &c->question;
	struct suspicions ranked = { 0 };
	struct group *g = group_of(r, c->group);
	double none = 0;
	size_t rank = 0, candidates = q->changes.len ? q->changes.len : q->services.len;
	if (q->changes.len)
		suspect_changes(q, a, &ranked, &none);
	else
		suspect_services(q, a, &ranked);
	struct str truth = case_truth(c);
	g->has_changes |= q->changes.len > 0;
	if (q->changes.len && !truth.len) {
		*LIST_ADD(r->arena, &g->without) = none;
	} else {
		sum(&g->ours, tally_of(&ranked, truth, &rank));
		sum(&g->random, place(0, candidates));
		if (q->changes.len) {
			sum(&g->newest, newest_of(q, truth));
			*LIST_ADD(r->arena, &g->with) = none;
		}
		g->cases++;
	}
	print_case(c, &ranked, truth, rank);
}

static void print_tally(const char *how, const struct group *g, struct tally t)
{
	double n = g->cases ? g->cases : 1;
	(void)printf(STR_FMT "\t%s\t%d\t%.2f\t%.2f\t%.2f\n", STR_ARG(g->name), how, g->cases,
		     t.first / n, t.top / n, t.reciprocal / n);
}

/* The bar that COVERAGE of the cases with a change pass, held against those without one. */
static void print_false_accusations(const struct group *g)
{
	if (!g->with.len || !g->without.len)
		return;
	stat_sort(g->with.at, g->with.len);
	double bar = stat_quantile(g->with.at, g->with.len, COVERAGE);
	size_t accused = 0;
	LIST_EACH (none, &g->without)
		accused += *none <= bar;
	(void)printf(STR_FMT "\tfalsely accused at %.0f %% coverage\t%zu\t%.2f\n", STR_ARG(g->name),
		     COVERAGE * 100, g->without.len, (double)accused / (double)g->without.len);
}

static void print_report(const struct report *r)
{
	(void)printf("\nset\tranking\tcases\ttop-1\ttop-3\tMRR\n");
	LIST_EACH (g, &r->groups) {
		print_tally("aplomb", g, g->ours);
		print_tally("random", g, g->random);
		if (g->has_changes)
			print_tally("newest first", g, g->newest);
		print_false_accusations(g);
	}
	if (r->unread)
		(void)fprintf(stderr, "aplomb suspects: %d cases could not be read.\n", r->unread);
}

/* "+0s", "+120s", "120" */
static int read_budget(struct str text, int64_t *budget_ms, struct err *e)
{
	int64_t s = 0;
	struct str n = str_starts(text, STR("+")) ? str_sub(text, 1, text.len) : text;
	if (str_ends(n, STR("s")))
		n.len--;
	if (!str_to_int(n, &s) || s < 0 || s > 24 * 3600)
		return err_refuse(
			e, ERR_USAGE,
			"--at wants seconds after the symptom, as in +120s, not \"" STR_FMT "\".",
			STR_ARG(text));
	*budget_ms = s * 1000;
	return 0;
}

/* "DIR/petshop/cases.jsonl" -> "DIR/" : paths in it start there. */
static struct str root_of(struct arena *a, struct str file)
{
	int slashes = 0;
	size_t n = file.len;
	while (n && (slashes += file.at[n - 1] == '/') < 2)
		n--;
	return n ? str_sub(file, 0, n) : slashes ? STR("") : str_fmt(a, "../");
}

static int measure(struct str file, int64_t budget_ms, struct err *e)
{
	ARENA(whole);
	ARENA(one);
	struct report r = { .arena = &whole };
	struct tables files = { .arena = &whole, .one = &one, .budget_ms = budget_ms };
	struct str text, line;
	if (tables_get(&files, file, &text, e) != 0)
		return -1;
	files.root = root_of(&whole, file);
	(void)printf("case\trank\ttruth\tfirst\tsecond\tthird\n");
	while (text.len && str_cut(&text, '\n', &line)) {
		struct case_facts c;
		struct err bad = { 0 };
		if (!str_trim(line).len)
			continue;
		arena_clear(&one);
		if (case_read(&files, line, &c, &bad) != 0) {
			(void)fprintf(stderr, "aplomb suspects: %s\n", bad.text);
			r.unread++;
			continue;
		}
		rank_case(&r, &c, &one);
	}
	print_report(&r);
	if (!r.groups.len)
		return err_refuse(e, ERR_BAD_INPUT, "There is no case in it that can be read.");
	return 0;
}

int admin_suspects(int argc, char **argv)
{
	struct err e = { 0 };
	const char *file = NULL, *at = NULL;
	int64_t budget_ms = DEFAULT_BUDGET_MS;
	const struct option options[] = {
		{ "cases", "a file of cases, a JSON object a line", &file, true },
		{ "at", "how long after the symptom it is asked (default: +300s)", &at, false },
		{ NULL, NULL, NULL, false },
	};
	const struct admin_command *self = admin_commands;
	while (strcmp(self->name, "suspects") != 0)
		self++;
	int read = options_read(self, options, argc, argv, &e);
	if (read > 0)
		return 0;
	if (read != 0 || (at && read_budget(str_of(at), &budget_ms, &e) != 0) ||
	    measure(str_of(file), budget_ms, &e) != 0)
		return admin_complain("suspects", &e);
	return 0;
}
