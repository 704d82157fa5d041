/* SPDX-License-Identifier: Apache-2.0 */
/* api_v2: Alertmanager's API as its readers know it (prometheus/alertmanager api/v2/openapi.yaml): alerts, their groups,
 * receivers and status. Taking alerts: intake.c. Silences: api_v2_silences.c. */
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "base/when.h"
#include "web/alert_look.h"
#include "web/api_v2.h"
#include "web/inside.h"

enum {
	LEASE_MS = 5 * 60 * 1000,   /* Alertmanager's resolve_timeout */
	LIST_MAX_BYTES = 256 << 20, /* this API has no pages: 100,000 alerts are some 80 MB */
};

#define RECEIVER "aplomb"

int api_v2_refuse(struct visit *v, const struct err *e, struct reply *r)
{
	struct buf b = BUF(v->arena), text = BUF(v->arena);
	buf_z(&text, e->text);
	if (e->next[0])
		buf_fmt(&text, " %s", e->next);
	buf_json(&b, buf_str(&text));
	return reply_json(v, e->code == ERR_BAD_FIELD ? 400 : err_status(e->code), &b, r);
}

void api_v2_time(struct buf *b, const char *key, int64_t at_ms)
{
	buf_fmt(b, "\"%s\":\"", key);
	when_rfc3339(b, at_ms);
	buf_c(b, '"');
}

bool api_v2_wants(const struct visit *v, const char *name)
{
	struct str s = form_get(&v->query, name);
	return !str_eq_nocase(s, STR("false")) && !str_is(s, "0");
}

/* Alerts that were asked for, and what silences each. */
struct found {
	struct live_alert alert;
	struct str name, service; /* its labels alertname and service */
	struct strs silenced_by;
};
struct finding {
	struct look look;
	LIST_OF(struct found) found;
	bool active, silenced;
};

static void keep(void *ctx, const struct live_alert *a)
{
	struct finding *f = ctx;
	struct arena *arena = f->look.arena;
	if (!a->is_firing || !look_wants(&f->look, a))
		return;
	const struct silence *s = look_silence(&f->look, a);
	if (s ? !f->silenced : !f->active)
		return;
	struct found *x = LIST_ADD(arena, &f->found);
	fields_copy(live_alert_fields, &x->alert, a, sizeof(x->alert), arena);
	if (!s)
		return;
	x->silenced_by.at = ARENA_ARRAY(arena, struct str, f->look.active.len);
	LIST_EACH (h, &f->look.active)
		if (match_fits(h->match, a->labels))
			x->silenced_by.at[x->silenced_by.len++] = h->silence->id;
}

static int by_fingerprint(const void *pa, const void *pb)
{
	return str_cmp(((const struct found *)pa)->alert.fingerprint,
		       ((const struct found *)pb)->alert.fingerprint);
}

/* Does the pattern asked for fit our one receiver? */
static int wants_receiver(struct visit *v, bool *yes, struct err *e)
{
	struct str pattern = form_get(&v->query, "receiver");
	struct matchers all = { 0 };
	struct match *m;
	*yes = true;
	if (!pattern.len)
		return 0;
	*LIST_ADD(v->arena, &all) = (struct matcher){ STR("receiver"), pattern, MATCH_LIKE };
	if (match_new(v->arena, &all, &m, e) != 0)
		return -1;
	*yes = match_fits(m, STR("{\"receiver\":\"" RECEIVER "\"}"));
	return 0;
}

static int find(struct visit *v, struct finding *f, struct err *e)
{
	bool is_ours;
	*f = (struct finding){ .active = api_v2_wants(v, "active"),
			       .silenced = api_v2_wants(v, "silenced") };
	if (look_open(v, &f->look, e) != 0 || wants_receiver(v, &is_ours, e) != 0)
		return -1;
	f->look.name = (struct str){ NULL, 0 }; /* a parameter of our pages, not of this API */
	if (is_ours)
		engine_each_alert(v->config->engine, ALERT_ALL, keep, f);
	if (f->look.filter && match_gave_up(f->look.filter))
		return err_refuse(e, ERR_BAD_INPUT, "The filter's pattern costs too much to try.");
	if (f->found.len)
		qsort(f->found.at, f->found.len, sizeof(*f->found.at), by_fingerprint);
	return 0;
}

static void add_status(struct buf *b, const struct found *x)
{
	buf_z(b, ",\"status\":{\"inhibitedBy\":[],\"mutedBy\":[],\"silencedBy\":[");
	for (size_t i = 0; i < x->silenced_by.len; i++) {
		if (i)
			buf_c(b, ',');
		buf_json(b, x->silenced_by.at[i]);
	}
	buf_fmt(b, "],\"state\":\"%s\"}", x->silenced_by.len ? "suppressed" : "active");
}

static void add_alert(struct buf *b, const struct found *x, int64_t now_ms)
{
	const struct live_alert *a = &x->alert;
	buf_z(b, "{\"annotations\":");
	buf_add(b, a->annotations.len ? a->annotations : STR("{}"));
	buf_c(b, ',');
	/* readers expect an end: one who never told is taken to renew it */
	api_v2_time(b, "endsAt", a->ends.ms ? a->ends.ms : now_ms + LEASE_MS);
	buf_z(b, ",\"fingerprint\":");
	buf_json(b, a->fingerprint);
	buf_z(b, ",\"receivers\":[{\"name\":\"" RECEIVER "\"}],");
	api_v2_time(b, "startsAt", a->started.ms);
	add_status(b, x);
	buf_c(b, ',');
	api_v2_time(b, "updatedAt", a->updated.ms);
	buf_z(b, ",\"generatorURL\":");
	buf_json(b, a->generator);
	buf_z(b, ",\"labels\":");
	buf_add(b, a->labels.len ? a->labels : STR("{}"));
	buf_c(b, '}');
}

static int reply_list(struct visit *v, const struct buf *b, struct reply *r)
{
	struct err e = { 0 };
	if (!b->too_big)
		return reply_json(v, 200, b, r);
	err_refuse(&e, ERR_TOO_LARGE, "These are too many alerts for one answer: name a filter.");
	return api_v2_refuse(v, &e, r);
}

int api_v2_alerts(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct finding f;
	struct err bad = { 0 };
	struct buf b = { .arena = v->arena, .max = LIST_MAX_BYTES };
	if (find(v, &f, &bad) != 0)
		return api_v2_refuse(v, &bad, r);
	buf_c(&b, '[');
	LIST_EACH (x, &f.found) {
		if (x != f.found.at)
			buf_c(&b, ',');
		add_alert(&b, x, v->now_ms);
	}
	buf_c(&b, ']');
	return reply_list(v, &b, r);
}

static int by_group(const void *pa, const void *pb)
{
	const struct found *a = pa, *b = pb;
	int names = str_cmp(a->name, b->name);
	int services = names ? 0 : str_cmp(a->service, b->service);
	return names ? names : services ? services : by_fingerprint(pa, pb);
}

static void add_group_labels(struct visit *v, struct buf *b, struct str labels)
{
	static const char *const by[] = { "alertname", "service" };
	bool any = false;
	buf_c(b, '{');
	for (size_t i = 0; i < 2; i++) {
		struct str value = match_label(v->arena, labels, by[i]);
		if (!value.len)
			continue;
		buf_fmt(b, "%s\"%s\":", any ? "," : "", by[i]);
		buf_json(b, value);
		any = true;
	}
	buf_c(b, '}');
}

/* Grouped as the route in our status says: by alertname and service. */
int api_v2_groups(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct finding f;
	struct err bad = { 0 };
	struct buf b = { .arena = v->arena, .max = LIST_MAX_BYTES };
	const struct found *first = NULL;
	if (find(v, &f, &bad) != 0)
		return api_v2_refuse(v, &bad, r);
	LIST_EACH (x, &f.found) {
		x->name = match_label(v->arena, x->alert.labels, "alertname");
		x->service = match_label(v->arena, x->alert.labels, "service");
	}
	if (f.found.len)
		qsort(f.found.at, f.found.len, sizeof(*f.found.at), by_group);
	buf_c(&b, '[');
	LIST_EACH (x, &f.found) {
		bool is_same = first && str_eq(first->name, x->name) &&
			       str_eq(first->service, x->service);
		if (!is_same) {
			buf_z(&b, first ? "]},{\"labels\":" : "{\"labels\":");
			add_group_labels(v, &b, x->alert.labels);
			buf_z(&b, ",\"routeLabels\":{},\"receiver\":{\"name\":\"" RECEIVER
				  "\"},\"alerts\":[");
			first = x;
		} else {
			buf_c(&b, ',');
		}
		add_alert(&b, x, v->now_ms);
	}
	buf_z(&b, first ? "]}]" : "]");
	return reply_list(v, &b, r);
}

int api_v2_receivers(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct buf b = BUF(v->arena);
	buf_z(&b, "[{\"name\":\"" RECEIVER "\"}]");
	return reply_json(v, 200, &b, r);
}

int api_v2_status(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct buf b = BUF(v->arena);
	buf_z(&b, "{\"cluster\":{\"name\":\"aplomb\",\"peers\":[],\"status\":\"disabled\"},"
		  "\"config\":{\"original\":");
	/* what `amtool config show` prints: how alerts are grouped, and to whom they go */
	buf_json(&b, STR("route:\n  receiver: " RECEIVER
			 "\n  group_by: [alertname, service]\nreceivers:\n- name: " RECEIVER "\n"));
	buf_z(&b, "},");
	api_v2_time(&b, "uptime", v->web->started_ms);
	buf_z(&b, ",\"versionInfo\":{\"branch\":\"\",\"buildDate\":\"\",\"buildUser\":\"\","
		  "\"goVersion\":\"\",\"revision\":\"\",");
	buf_fmt(&b, "\"version\":\"aplomb %s\"}}", aplomb_version);
	return reply_json(v, 200, &b, r);
}
