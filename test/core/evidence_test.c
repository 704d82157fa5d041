/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

TEST(keeps_what_was_seen_and_when)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	assert_false(incident_evidence_kept(&b.incident));
	bench_yes(&b, "bob", "evidence add",
		  "title=pool timeouts|kind=log|text=line 1\nline 2|source=loki|at=-20m");
	assert_int_equal(b.made, 1);
	assert_str(bench_said(&b), "Bob kept evidence 1, log: pool timeouts. From loki.");
	const struct evidence *v = INCIDENT_ITEM(b.incident.evidence, 1);
	assert_str(v->text, "line 1\nline 2");
	assert_int_equal(v->at.ms, b.now_ms - 20 * BENCH_MINUTE_MS);
	assert_int_equal(v->kept.ms, b.now_ms);
	assert_true(incident_evidence_kept(&b.incident));
	bench_close(&b);
}

TEST(needs_more_than_a_title)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "bob", "evidence add", "title=it is slow", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "text");
	bench_yes(&b, "bob", "evidence add", "title=a customer cannot pay|kind=user-report");
	bench_yes(&b, "bob", "evidence add", "title=graph|link=https://grafana.example/d/1");
	assert_int_equal(b.incident.evidence.at[1].kind, EVIDENCE_OUTPUT);
	bench_close(&b);
}

TEST(refuses_bad_links_hashes_and_times)
{
	struct bench b;
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "bob", "evidence add", "title=x|link=javascript:alert(1)", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "link");
	bench_no(&b, "bob", "evidence add", "title=x|blob=abc", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "blob");
	bench_no(&b, "bob", "evidence add", "title=x|text=y|at=+1h", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "at");
	bench_no(&b, "bob", "evidence add", "text=y", ERR_BAD_FIELD, "");
	assert_string_equal(b.err.field, "title");
	bench_yes(&b, "bob", "evidence add",
		  "title=x|blob=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	bench_close(&b);
}

TEST(a_retracted_piece_stays_and_does_not_count)
{
	struct bench b;
	struct err e = { 0 };
	struct str cited[] = { STR("1") };
	struct strs numbers = { cited, 1 };
	bench_open(&b);
	bench_declare(&b);
	bench_no(&b, "ana", "evidence retract", "evidence=1|reason=x", ERR_NOT_FOUND, "");
	bench_yes(&b, "bob", "evidence add", "title=x|text=y");
	assert_int_equal(incident_check_evidence(&b.incident, &numbers, &e), 0);
	bench_yes(&b, "ana", "evidence retract", "evidence=1|reason=wrong host");
	assert_str(bench_said(&b), "Ana retracted evidence 1: wrong host.");
	assert_false(incident_evidence_kept(&b.incident));
	assert_int_equal(incident_check_evidence(&b.incident, &numbers, &e), -1);
	assert_string_equal(e.text, "Evidence 1 was retracted.");
	bench_no(&b, "ana", "evidence retract", "evidence=1|reason=again", ERR_CONFLICT, "");
	cited[0] = STR("7");
	assert_int_equal(incident_check_evidence(&b.incident, &numbers, &e), -1);
	assert_string_equal(e.text, "There is no evidence 7. The newest is 1.");
	cited[0] = STR("first");
	assert_int_equal(incident_check_evidence(&b.incident, &numbers, &e), -1);
	bench_close(&b);
}

TESTS(T(keeps_what_was_seen_and_when), T(needs_more_than_a_title),
      T(refuses_bad_links_hashes_and_times), T(a_retracted_piece_stays_and_does_not_count))
