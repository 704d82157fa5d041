/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies of ../shared/payloads (or $APLOMB_SHARED/payloads), which are no part of the project: those of alert senders
 * read as payloads.want says, those of everybody else are refused by all with a sentence. */
#include "want.h"

#include <glob.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/mask.h"

enum { LEAST_BODIES = 40 };

struct payload {
	const char *path;
	struct str sha256, body;
};
struct payloads {
	LIST_OF(struct payload) set;
};

static void add(struct arena *a, const char *folder, const char *pattern, struct payloads *all)
{
	glob_t found;
	if (glob(str_fmt(a, "%s/payloads/%s", folder, pattern).at, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct str body = whole_file(a, found.gl_pathv[i]);
		struct sha256 h = sha256_of(body);
		*LIST_ADD(a, &all->set) = (struct payload){
			str_z(a, str_of(found.gl_pathv[i])),
			hex_of(a, (struct str){ (const char *)h.b, SHA256_BYTES }), body
		};
	}
	globfree(&found);
}

static const char *shared(struct arena *a)
{
	const char *named = getenv("APLOMB_SHARED");
	return named ? named : str_fmt(a, "%s/../shared", getenv("APLOMB_SOURCE")).at;
}

static void skip_without(const struct payloads *all, struct arena *a)
{
	if (all->set.len)
		return;
	print_message("skipped payloads: there is no ../shared/payloads, and no APLOMB_SHARED.\n");
	arena_clear(a); /* skip() jumps over the end of the scope */
	skip();
}

static const struct payload *find(const struct payloads *all, struct str sha256)
{
	LIST_EACH (p, &all->set)
		if (str_eq(p->sha256, sha256))
			return p;
	return NULL;
}

/* The lines up to the next "body". */
static struct str block(struct str *rest)
{
	size_t end = str_find(*rest, STR("\nbody "));
	struct str one = str_sub(*rest, 0, end == SIZE_MAX ? rest->len : end + 1);
	*rest = str_sub(*rest, one.len, rest->len);
	return one;
}

TEST(recorded_alerts_read_as_people_read_them)
{
	ARENA(a);
	struct payloads all = { 0 };
	size_t n = 0;
	add(&a, shared(&a), "*/*.json", &all);
	add(&a, shared(&a), "*/*/*.json", &all);
	add(&a, shared(&a), "*/*/*.body", &all);
	skip_without(&all, &a);
	struct str rest = whole_file(
		&a, str_fmt(&a, "%s/test/intake/payloads.want", getenv("APLOMB_SOURCE")).at);
	(void)block(&rest);
	for (; rest.len; n++) {
		struct str lines = block(&rest), line, word, sha256;
		(void)str_cut(&lines, '\n', &line);
		(void)str_cut(&line, ' ', &word);
		(void)str_cut(&line, ' ', &sha256);
		const struct payload *p = find(&all, sha256);
		const struct source *source = source_find(line);
		if (!p || !source)
			fail_msg("no body or no source: " STR_FMT " " STR_FMT, STR_ARG(sha256),
				 STR_ARG(line));
		expect_all(p->path, source, mask_secrets(&a, p->body, NULL), lines);
	}
	assert_true(n >= LEAST_BODIES);
}

/* Of a change, no source may make an alert, but for two: the generic one takes what has a title, and Opsgenie's API asks
 * for a message and no more. */
static void expect_refused(const struct source *source, const struct payload *p)
{
	ARENA(a);
	const struct intake_request q = { .method = STR("POST"),
					  .content_type = STR("application/json"),
					  .body = p->body,
					  .now_ms = NOW,
					  .resolve_timeout_ms = 300000 };
	struct told t = { .at = p->path, .source = source };
	t.rc = source->read(&q, &a, &t.r, &t.e);
	LIST_EACH (s, &t.r.signals)
		check_signal(&t, s);
	if (t.rc != 0 && !t.e.text[0])
		fail_msg("%s: %s refuses it without a sentence", p->path, source->name);
	LIST_EACH (c, &t.r.changes)
		check_change(&t, c);
	if (t.rc == 0 && !t.r.signals.len && !t.r.changes.len && !t.r.complaint.len)
		fail_msg("%s: %s drops it without a sentence", p->path, source->name);
	bool takes_much = str_is(str_of(source->name), "generic") ||
			  str_is(str_of(source->name), "opsgenie");
	if (t.rc == 0 && t.r.signals.len && !takes_much)
		fail_msg("%s: %s makes an alert of it", p->path, source->name);
}

TEST(bodies_of_change_senders_are_refused_with_a_sentence)
{
	ARENA(a);
	struct payloads all = { 0 };
	static const char *const folders[] = { "octokit/*.json", "gitlab/*.json", "go-scm/*.json",
					       "zulip/github/*.json", "zulip/gitlab/*.json" };
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		add(&a, shared(&a), folders[i], &all);
	skip_without(&all, &a);
	for (size_t i = 0; sources[i]; i++)
		LIST_EACH (p, &all.set)
			expect_refused(sources[i], p);
	assert_true(all.set.len > 200);
}

TESTS(T(recorded_alerts_read_as_people_read_them),
      T(bodies_of_change_senders_are_refused_with_a_sentence))
