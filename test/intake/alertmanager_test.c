/* SPDX-License-Identifier: Apache-2.0 */
/* Alertmanager's webhook: our own samples, and the recorded ones of ../shared/payloads (or
 * $APLOMB_SHARED/payloads) where they are present. */
#include "test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "intake/source.h"

#define NOW 1795423720000 /* 2026-11-23T08:48:40Z */

static int read(struct arena *a, struct str body, struct intake_result *r, struct err *e)
{
	const struct intake_request q = {
		.method = STR("POST"), .body = body, .now_ms = NOW, .resolve_timeout_ms = 300000
	};
	*r = (struct intake_result){ 0 };
	*e = (struct err){ 0 };
	return source_find(STR("alertmanager"))->read(&q, a, r, e);
}

#define ALERT(status, ends)                                                             \
	"{\"status\":\"" status                                                         \
	"\",\"labels\":{\"alertname\":\"DiskFull\",\"job\":\"db\"},\"annotations\":{}," \
	"\"startsAt\":\"2026-11-23T08:40:00Z\",\"endsAt\":\"" ends                      \
	"\",\"fingerprint\":\"00112233aabbccdd\"}"

TEST(a_firing_alert_has_no_lease)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      STR("{\"version\":\"4\",\"alerts\":[" ALERT(
				      "firing", "0001-01-01T00:00:00Z") "]}"),
			      &r, &e),
			 0);
	assert_int_equal(r.signals.len, 1);
	assert_true(r.signals.at[0].is_firing);
	assert_int_equal(r.signals.at[0].ends_ms, 0);
	assert_str(r.signals.at[0].fingerprint, "00112233aabbccdd");
	assert_str(r.signals.at[0].service, "db");
}

TEST(a_resolved_alert_has_its_end)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      STR("{\"alerts\":[" ALERT("resolved", "2026-11-23T08:45:00Z") "]}"),
			      &r, &e),
			 0);
	assert_false(r.signals.at[0].is_firing);
	assert_int_equal(r.signals.at[0].ends_ms, NOW - 220000);
}

TEST(one_bad_alert_does_not_lose_the_others)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a,
			      STR("{\"alerts\":[{\"status\":\"firing\",\"labels\":{}}," ALERT(
				      "firing", "0001-01-01T00:00:00Z") "]}"),
			      &r, &e),
			 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.signals.len, 1);
	assert_true(r.complaint.len > 0);
}

TEST(refuses_what_is_no_webhook)
{
	ARENA(a);
	struct intake_result r;
	struct err e;
	assert_int_equal(read(&a, STR("[]"), &r, &e), -1);
	assert_string_equal(e.field, "alerts");
	assert_int_equal(read(&a, STR("nonsense"), &r, &e), -1);
}

static struct str whole(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	char *p = arena_alloc(a, 1 << 20);
	size_t n = fread(p, 1, 1 << 20, f);
	(void)fclose(f);
	return (struct str){ p, n };
}

TEST(reads_the_recorded_webhooks)
{
	ARENA(a);
	glob_t found;
	static const char bodies[] = "payloads/recorded-alertmanager-0.25/http/*webhook*.body";
	const char *named = getenv("APLOMB_SHARED");
	const char *pattern =
		named ? str_fmt(&a, "%s/%s", named, bodies).at
		      : str_fmt(&a, "%s/../shared/%s", getenv("APLOMB_SOURCE"), bodies).at;
	if (glob(pattern, 0, NULL, &found) != 0) {
		print_message("skipped recorded webhooks: there is no ../shared/payloads, and no "
			      "APLOMB_SHARED.\n");
		arena_clear(&a); /* skip() jumps over the end of the scope */
		skip();
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct intake_result r;
		struct err e;
		assert_int_equal(read(&a, whole(&a, found.gl_pathv[i]), &r, &e), 0);
		assert_true(r.signals.len > 0);
		assert_int_equal(r.complaint.len, 0);
		LIST_EACH (s, &r.signals) {
			assert_int_equal(s->fingerprint.len, 16);
			assert_true(s->name.len > 0 && s->service.len > 0);
		}
	}
	globfree(&found);
}

TESTS(T(a_firing_alert_has_no_lease), T(a_resolved_alert_has_its_end),
      T(one_bad_alert_does_not_lose_the_others), T(refuses_what_is_no_webhook),
      T(reads_the_recorded_webhooks))
