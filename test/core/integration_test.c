/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include "core/integration.h"

TEST(an_admin_adds_changes_and_removes_one)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "root", "integration add", "name=disks|source=generic|note=db|title=host");
	assert_str(bench_said(&b), "Root added the integration disks for generic.");
	const struct integration *i = desk_find_integration(&b.desk, STR("disks"));
	assert_str(i->mapping.title, "host");
	assert_str(i->by.id, "root");
	bench_yes(&b, "root", "integration edit", "name=disks|key=id|note=-");
	i = desk_find_integration(&b.desk, STR("disks"));
	assert_str(i->mapping.title, "host");
	assert_str(i->mapping.key, "id");
	assert_str(i->source, "generic");
	assert_str(i->note, "");
	bench_yes(&b, "root", "integration rotate", "name=disks");
	bench_yes(&b, "root", "integration remove", "name=disks");
	assert_null(desk_find_integration(&b.desk, STR("disks")));
	assert_int_equal(b.desk.integrations.len,
			 1); /* what it sent is still read by its mapping */
	bench_no(&b, "root", "integration edit", "name=disks|key=id", ERR_NOT_FOUND, "");
	bench_yes(&b, "root", "integration add", "name=disks|source=grafana");
	i = desk_find_integration(&b.desk, STR("disks"));
	assert_str(i->source, "grafana");
	assert_str(i->mapping.title, "");
	bench_close(&b);
}

TEST(names_are_words_and_used_once)
{
	struct bench b;
	bench_open(&b);
	bench_yes(&b, "root", "integration add", "name=a-1|source=generic");
	bench_no(&b, "root", "integration add", "name=a-1|source=grafana", ERR_CONFLICT, "");
	bench_no(&b, "root", "integration add", "name=A|source=grafana", ERR_BAD_FIELD, "");
	bench_no(&b, "root", "integration add", "name=-a|source=grafana", ERR_BAD_FIELD, "");
	bench_no(&b, "root", "integration add", "name=a/b|source=grafana", ERR_BAD_FIELD, "");
	bench_no(&b, "root", "integration add", "name=b|source=a b", ERR_BAD_FIELD, "");
	bench_no(&b, "ana", "integration add", "name=b|source=grafana", ERR_FORBIDDEN, "");
	bench_close(&b);
}

TEST(what_cannot_be_read_later_is_refused_now)
{
	struct bench b;
	bench_open(&b);
	bench_no(&b, "root", "integration add", "name=b|source=generic|severities=crit",
		 ERR_BAD_FIELD, "");
	bench_no(&b, "root", "integration add", "name=b|source=generic|severities==critical",
		 ERR_BAD_FIELD, "");
	bench_yes(&b, "root", "integration add", "name=b|source=generic|severities=a=b, *=c,");
	bench_no(&b, "root", "integration edit", "name=b|severities=a", ERR_BAD_FIELD, "");
	bench_no(&b, "root", "integration edit", "name=b", ERR_BAD_FIELD, "");
	bench_no(&b, "root", "integration edit", "name=b|note=-", ERR_BAD_FIELD, "");
	bench_close(&b);
}

TESTS(T(an_admin_adds_changes_and_removes_one), T(names_are_words_and_used_once),
      T(what_cannot_be_read_later_is_refused_now))
