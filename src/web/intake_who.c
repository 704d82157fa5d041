/* SPDX-License-Identifier: Apache-2.0 */
/* intake_who: who may deliver at a sender's door: the key of an integration or a token with the scope intake, however the
 * sender carries it, or a signature by that key over the body as it came; on loopback nobody has to say, but a wrong key is
 * refused there too, once there are keys. */
#include "web/inside.h"
#include "web/intake.h"

static struct str none(void)
{
	return (struct str){ NULL, 0 };
}

/* "Bearer KEY", "GenieKey KEY", any scheme of Grafana's; "Basic base64(name:KEY)", or the key as the name alone. */
static struct str of_authorization(struct visit *v)
{
	struct str rest = request_header(v->request, "Authorization"), scheme, pair, name;
	if (!str_cut(&rest, ' ', &scheme))
		return none();
	if (!str_eq_nocase(scheme, STR("Basic")))
		return rest.len ? str_trim(rest) : scheme;
	if (!base64_parse(v->arena, str_trim(rest), &pair) || !str_cut(&pair, ':', &name))
		return STR("?"); /* one that opens nothing: it was meant to say who */
	return pair.len ? pair : name;
}

static struct str of_query(const struct visit *v)
{
	static const char *const names[] = { "token", "access_token", "apiKey", NULL };
	for (size_t i = 0; names[i]; i++) {
		struct str value = form_get(&v->query, names[i]);
		if (value.len)
			return value;
	}
	return none();
}

static struct str find_credential(struct visit *v, const struct source *source,
				  const struct intake_request *q)
{
	struct str found = source->credential ? source->credential(q, v->arena) : none();
	if (!found.len)
		found = of_authorization(v);
	if (!found.len)
		found = request_header(v->request, "X-Api-Key");
	return found.len ? found : of_query(v);
}

/* Both versions of PagerDuty's API, and its change events, share their keys. */
static bool is_family(struct str of_integration, const struct source *door)
{
	struct str name = str_of(door->name);
	return str_eq(of_integration, name) ||
	       (str_is(of_integration, "pagerduty") &&
		(str_is(name, "pagerduty_v1") || str_is(name, "pagerduty_change")));
}

static int touch(struct db *db, void *ctx, struct err *e)
{
	return integration_key_touch(db, ((const struct integration_key *)ctx)->name, e);
}

static int by_key(struct visit *v, const struct source *source, struct str text,
		  struct intake_request *q, struct err *e)
{
	struct integration_key key;
	struct err ignored = { 0 };
	if (integration_key_find(v->db, text, v->arena, &key, e) != 0)
		return -1;
	const struct integration *i = engine_integration(v->config->engine, key.name);
	if (!i)
		return err_refuse(e, ERR_SIGN_IN, "The integration of this key was removed.");
	if (!is_family(i->source, source)) {
		const struct source *own = source_find(i->source);
		err_refuse(e, ERR_FORBIDDEN,
			   "This key is of the integration " STR_FMT ", which is for %s; this is "
			   "the door of %s.",
			   STR_ARG(i->name), own ? own->label : "another sender", source->label);
		err_next(e, "Add an integration for %s under Settings > Integrations.",
			 source->label);
		return -1;
	}
	if (q->integration && q->integration != i)
		return err_refuse(e, ERR_FORBIDDEN,
				  "This key is of the integration " STR_FMT ", not of " STR_FMT ".",
				  STR_ARG(i->name), STR_ARG(q->integration->name));
	q->integration = i;
	if (v->now_ms - key.used.ms > INTEGRATION_KEY_TOUCH_MS)
		(void)!engine_note(v->config->engine, touch, &key, &ignored);
	return 0;
}

static int by_any(struct visit *v, const struct source *source, struct str text,
		  struct intake_request *q, struct err *e)
{
	if (!v->db)
		return err_fail(e, ERR_STORE, "The database cannot be read.");
	if (str_starts(text, STR("apl_")))
		return visit_by_token(v, text, e);
	if (integration_key_is_well_formed(text))
		return by_key(v, source, text, q, e);
	return err_refuse(e, ERR_SIGN_IN,
			  "This is no key of an integration (32 hex digits) and no token of ours.");
}

/* Removed ones too. */
static bool has_integration(struct visit *v, const struct source *source)
{
	LIST_EACH (i, engine_integrations(v->config->engine))
		if (is_family(i->source, source))
			return true;
	return false;
}

/* A sender that had another home brings its old key. On loopback it is let in like one without, until somebody gave out
 * keys for this source: from then on a wrong one is a mistake. */
static bool is_foreign_key(struct visit *v, const struct source *source,
			   const struct intake_request *q)
{
	struct str key = source->credential ? source->credential(q, v->arena) : none();
	return v->config->is_loopback && key.len && !str_starts(key, STR("apl_")) &&
	       !has_integration(v, source) && visit_is_same_origin(v);
}

/* By a signature that names nobody: the path does. An integration that is not there and a secret that does not fit are
 * told alike. 1: in; 0: it did not sign; -1. */
static int by_signature(struct visit *v, const struct source *source,
			const struct intake_request *q, struct err *e)
{
	struct integration_secret secret = { 0 };
	struct err ignored = { 0 };
	if (!source->prove)
		return 0;
	if (!v->db)
		return err_fail(e, ERR_STORE, "The database cannot be read.");
	if (q->integration &&
	    integration_secret_get(v->db, q->integration->name, v->arena, &secret, e) != 0)
		return -1;
	enum proof p = source->prove(q, secret.text.len ? secret.text : STR("-"), v->arena);
	if (p == PROOF_MISSING)
		return 0;
	if (p == PROOF_RIGHT && secret.text.len) {
		struct integration_key key = { .name = q->integration->name };
		if (v->now_ms - secret.used_ms > INTEGRATION_KEY_TOUCH_MS)
			(void)!engine_note(v->config->engine, touch, &key, &ignored);
		return 1;
	}
	if (v->config->is_loopback && !has_integration(v, source) && visit_is_same_origin(v))
		return 1;
	err_refuse(e, ERR_SIGN_IN,
		   q->path_tail.len ? "The signature does not fit the integration that the "
				      "address names."
				    : "The address does not name the integration whose key "
				      "signs.");
	err_next(e,
		 "The address is /in/%s/NAME, and its secret is the key of the integration "
		 "NAME: see Settings > Integrations.",
		 source->name);
	return -1;
}

/* On loopback nobody has to say who they are, but to a sender's door that asks for proof once there are keys for it. */
static bool is_open(struct visit *v, const struct source *source)
{
	return v->config->is_loopback && !(source->is_proved && has_integration(v, source));
}

int intake_admit(struct visit *v, const struct source *source, struct intake_request *q,
		 struct str *credential, struct err *e)
{
	*credential = (struct str){ NULL, 0 };
	int signature = by_signature(v, source, q, e);
	if (signature != 0)
		return signature > 0 ? 0 : -1;
	*credential = find_credential(v, source, q);
	if (!credential->len && is_open(v, source)) {
		if (visit_is_same_origin(v))
			return 0;
		return err_refuse(e, ERR_FORBIDDEN, "A page from elsewhere may not send alerts.");
	}
	if (!credential->len)
		err_refuse(e, ERR_SIGN_IN,
			   source->prove ? "This needs a signature: no header has one."
					 : "This needs the key of an integration.");
	if (credential->len && by_any(v, source, *credential, q, e) == 0)
		return 0;
	if (e->code == ERR_SIGN_IN && is_foreign_key(v, source, q)) {
		*e = (struct err){ 0 };
		return 0;
	}
	if (e->code == ERR_SIGN_IN && !e->next[0])
		err_next(e, "Settings > Integrations shows where the key goes.");
	return -1;
}
