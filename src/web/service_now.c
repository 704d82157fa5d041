/* SPDX-License-Identifier: Apache-2.0 */
/* service_now: see service_now.h. */
#include "web/service_now.h"

#include "base/json.h"
#include "core/freeze.h"
#include "store/view_change.h"
#include "web/alert_look.h"
#include "web/inside.h"

const char *const service_state_names[] = { "calm", "frozen", "firing", "incident", NULL };

const struct field service_now_fields[] = {
	FIELD(service_now, name, "its name"),
	CHOICE(service_now, state, service_state, "the worst of what is known"),
	FIELD(service_now, firing, "alerts that fire and are not silenced"),
	FIELD(service_now, incidents, "numbers of the open incidents about it"),
	FIELD(service_now, is_frozen, "changes to it are frozen"),
	FIELD(service_now, is_changed, "a change of the last seven days names it"),
	FIELD(service_now, used_by, "services that call it"),
	END,
};

/* Which service an alert without one belongs to, by its name. */
struct alert_owner {
	struct str alert;
	size_t service;
};

enum { CHANGES_FROM_MS = 7 * 24 * 3600 * 1000 }; /* older ones ask for no owner any more */

struct looking {
	struct visit *v;
	struct look look;
	struct services_now *now;
	LIST_OF(struct alert_owner) owners; /* sorted */
};

static int owner_order(const void *a, const void *b)
{
	const struct alert_owner *x = a, *y = b;
	int c = str_cmp(x->alert, y->alert);
	return c ? c : (x->service > y->service) - (x->service < y->service);
}

static int by_alert(const void *key, const void *item)
{
	return str_cmp(((const struct alert_owner *)key)->alert,
		       ((const struct alert_owner *)item)->alert);
}

static struct service_now *known(struct services_now *now, struct str name)
{
	const struct service *s = services_find(&now->services, name);
	return s ? &now->known.at[s - now->services.at] : NULL;
}

static struct service_now *unowned(struct visit *v, struct services_now *now, struct str name)
{
	LIST_EACH (u, &now->unowned)
		if (str_eq(u->name, name))
			return u;
	if (!name.len || now->unowned.len >= UNOWNED_MAX)
		return NULL;
	struct service_now *u = LIST_ADD(v->arena, &now->unowned);
	u->name = str_copy(v->arena, name);
	return u;
}

static struct service_now *row_for(struct visit *v, struct services_now *now, struct str name)
{
	struct service_now *s = known(now, name);
	return s ? s : unowned(v, now, name);
}

static struct service_now *row_of_alert(struct looking *l, const struct live_alert *a)
{
	const struct alert_owner key = { .alert = a->name };
	const struct list *owners = (const struct list *)(const void *)&l->owners;
	if (a->service.len)
		return row_for(l->v, l->now, a->service);
	const struct alert_owner *o = list_find(owners, &key, sizeof(key), by_alert);
	return o ? &l->now->known.at[o->service] : NULL;
}

static void count(void *ctx, const struct live_alert *a)
{
	struct looking *l = ctx;
	struct service_now *s = row_of_alert(l, a);
	if (s && a->is_firing && !look_silence(&l->look, a))
		s->firing++;
}

static void add_text(struct arena *a, struct strs *l, struct str s)
{
	struct str *at = ARENA_ARRAY(a, struct str, l->len + 1);
	for (size_t i = 0; i < l->len; i++)
		at[i] = l->at[i];
	at[l->len] = s;
	*l = (struct strs){ at, l->len + 1 };
}

static int add_incidents(struct visit *v, struct services_now *now, struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter open = { .open_only = true };
	if (view_incidents(v->db, &open, v->arena, &rows, e) != 0)
		return -1;
	LIST_EACH (row, &rows) {
		struct folded f;
		struct str number = str_fmt(v->arena, "%lld", (long long)row->id);
		for (size_t i = 0; i < row->services.len; i++) {
			struct service_now *s = row_for(v, now, row->services.at[i]);
			if (!s)
				continue;
			add_text(v->arena, &s->incidents, number);
			if (!s->severity || (row->severity && row->severity < s->severity))
				s->severity = row->severity;
		}
		if (!row->frozen_until.ms)
			continue;
		if (engine_fold(v->db, row->id, v->arena, &f, e) != 0)
			return -1;
		LIST_EACH (s, &now->known)
			s->is_frozen = s->is_frozen || freeze_covers(f.incident, s->name,
								     (struct str){ NULL, 0 }, NULL);
	}
	return 0;
}

/* What a change names and the catalogue does not have. */
static int add_changed(struct visit *v, struct services_now *now, struct err *e)
{
	struct strs names = { 0 };
	if (view_change_services(v->db, v->now_ms - CHANGES_FROM_MS, v->arena, &names, e) != 0)
		return -1;
	for (size_t i = 0; i < names.len; i++) {
		struct service_now *s = row_for(v, now, names.at[i]);
		if (s)
			s->is_changed = true;
	}
	return 0;
}

static void settle(struct arena *a, struct service_now *s)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < s->incidents.len; i++)
		buf_fmt(&b, "%sINC-" STR_FMT, i ? ", " : "", STR_ARG(s->incidents.at[i]));
	if (s->incidents.len)
		buf_z(&b, " open");
	if (s->firing)
		buf_fmt(&b, "%s" STR_FMT " firing", b.len ? ", " : "",
			STR_ARG(thousands(a, s->firing)));
	if (s->is_frozen)
		buf_fmt(&b, "%sfrozen", b.len ? ", " : "");
	s->state = s->incidents.len ? SERVICE_INCIDENT
		   : s->firing	    ? SERVICE_FIRING
		   : s->is_frozen   ? SERVICE_FROZEN
				    : SERVICE_CALM;
	s->word = b.len		  ? buf_str(&b)
		  : s->service	  ? STR("calm")
		  : s->is_changed ? STR("a change names it")
				  : STR("calm");
}

int services_now(struct visit *v, struct services_now *now, struct err *e)
{
	struct looking l = { .v = v, .now = now };
	*now = (struct services_now){ 0 };
	if (look_open(v, &l.look, e) != 0)
		return -1;
	engine_services(v->config->engine, v->arena, &now->services);
	LIST_EACH (s, &now->services) {
		struct service_now *row = LIST_ADD(v->arena, &now->known);
		row->name = s->name;
		row->service = s;
		for (size_t i = 0; i < s->alerts.len; i++)
			*LIST_ADD(v->arena, &l.owners) = (struct alert_owner){ s->alerts.at[i],
									       now->known.len - 1 };
	}
	LIST_SORT(&l.owners, owner_order);
	LIST_EACH (s, &now->services)
		for (size_t i = 0; i < s->depends.len; i++) {
			struct service_now *callee = known(now, s->depends.at[i]);
			if (callee && !str_eq(callee->name, s->name))
				add_text(v->arena, &callee->used_by, s->name);
		}
	engine_each_alert(v->config->engine, look_texts(&l.look), count, &l);
	if (add_incidents(v, now, e) != 0 || add_changed(v, now, e) != 0)
		return -1;
	LIST_EACH (s, &now->known)
		settle(v->arena, s);
	LIST_EACH (s, &now->unowned)
		settle(v->arena, s);
	return 0;
}

const struct service_now *service_now_find(const struct services_now *now, struct str name)
{
	const struct service *s = services_find(&now->services, name);
	return s ? &now->known.at[s - now->services.at] : NULL;
}

const char *service_tone(const struct service_now *s)
{
	if (s->state == SERVICE_INCIDENT && s->severity == SEV_1)
		return "sev1";
	return s->service || s->state != SERVICE_CALM ? service_state_names[s->state] : "unknown";
}

/* What the catalogue says, and how it stands now. */
static void print(struct visit *v, const struct service_now *s, struct buf *b)
{
	struct strs drift = service_drift(s->service, v->arena);
	fields_to_json(service_fields, s->service, b);
	b->len--; /* the closing brace: what follows joins it */
	buf_c(b, ',');
	struct buf more = BUF(v->arena);
	fields_to_json(service_now_fields + 1, s, &more);
	buf_add(b, str_sub(buf_str(&more), 1, more.len));
	if (!drift.len)
		return;
	b->len--;
	buf_z(b, ",\"drift\":[");
	for (size_t i = 0; i < drift.len; i++) {
		buf_z(b, i ? "," : "");
		buf_json(b, drift.at[i]);
	}
	buf_z(b, "]}");
}

int api_services(struct visit *v, struct reply *r, struct err *e)
{
	struct services_now now;
	struct buf b = BUF(v->arena);
	if (services_now(v, &now, e) != 0)
		return -1;
	buf_z(&b, "{\"services\":[");
	LIST_EACH (s, &now.known) {
		buf_z(&b, s == now.known.at ? "" : ",");
		print(v, s, &b);
	}
	buf_z(&b, "],\"unowned\":[");
	LIST_EACH (s, &now.unowned) {
		buf_z(&b, s == now.unowned.at ? "" : ",");
		fields_to_json(service_now_fields, s, &b);
	}
	buf_z(&b, "]}");
	return reply_json(v, 200, &b, r);
}

int api_service(struct visit *v, struct reply *r, struct err *e)
{
	struct services_now now;
	struct buf b = BUF(v->arena);
	if (services_now(v, &now, e) != 0)
		return -1;
	const struct service_now *s = service_now_find(&now, v->arg[0]);
	if (!s) {
		err_refuse(e, ERR_NOT_FOUND, "The catalogue has no service " STR_FMT ".",
			   STR_ARG(str_clip(v->arg[0], 60)));
		err_next(e, "Case counts; Services lists those there are.");
		return -1;
	}
	print(v, s, &b);
	return reply_json(v, 200, &b, r);
}
