/* SPDX-License-Identifier: Apache-2.0 */
/* api_v2: Alertmanager's API as its readers know it (prometheus/alertmanager api/v2/openapi.yaml): alerts and status.
 * Taking alerts: intake.c. */
#include "base/when.h"
#include "web/inside.h"

enum { LEASE_MS = 5 * 60 * 1000 }; /* Alertmanager's resolve_timeout */

static void add_time(struct buf *b, const char *key, int64_t at_ms)
{
	buf_fmt(b, "\"%s\":\"", key);
	when_rfc3339(b, at_ms);
	buf_z(b, "\",");
}

static void add_alert(struct buf *b, const struct live_alert *a, int64_t now_ms)
{
	buf_z(b, "{\"annotations\":");
	buf_add(b, a->annotations.len ? a->annotations : STR("{}"));
	buf_c(b, ',');
	/* readers expect an end: one who never told is taken to renew it */
	add_time(b, "endsAt", a->ends.ms ? a->ends.ms : now_ms + LEASE_MS);
	buf_z(b, "\"fingerprint\":");
	buf_json(b, a->fingerprint);
	buf_z(b, ",\"receivers\":[{\"name\":\"aplomb\"}],");
	add_time(b, "startsAt", a->started.ms);
	buf_z(b, "\"status\":{\"inhibitedBy\":[],\"silencedBy\":[],\"state\":\"active\"},");
	add_time(b, "updatedAt", a->updated.ms);
	buf_z(b, "\"generatorURL\":");
	buf_json(b, a->generator);
	buf_z(b, ",\"labels\":");
	buf_add(b, a->labels);
	buf_c(b, '}');
}

int api_v2_alerts(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct live_alerts list = { 0 };
	struct buf b = BUF(v->arena);
	engine_alerts(v->config->engine, v->arena, &list);
	buf_c(&b, '[');
	LIST_EACH (a, &list) {
		if (!a->is_firing)
			continue;
		if (b.len > 1)
			buf_c(&b, ',');
		add_alert(&b, a, v->now_ms);
	}
	buf_c(&b, ']');
	return reply_json(v, 200, &b, r);
}

int api_v2_status(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct buf b = BUF(v->arena);
	buf_z(&b, "{\"cluster\":{\"name\":\"aplomb\",\"peers\":[],\"status\":\"disabled\"},"
		  "\"config\":{\"original\":\"\"},");
	add_time(&b, "uptime", v->web->started_ms);
	buf_z(&b, "\"versionInfo\":{\"branch\":\"\",\"buildDate\":\"\",\"buildUser\":\"\","
		  "\"goVersion\":\"\",\"revision\":\"\","
		  "\"version\":\"aplomb 0.1.0\"}}");
	return reply_json(v, 200, &b, r);
}
