/* SPDX-License-Identifier: Apache-2.0 */
/* session (web): who asks: a cookie, a bearer token, or a sender's basic password; the zone they read in; and the proof
 * that a posted form was ours. Rows: store/session.h, store/token.h. */
#include <string.h>

#include "web/inside.h"
#include "world/log.h"

enum { ZONE_FILE_BYTES = 64 << 10 };

static bool is_https(const struct visit *v)
{
	return v->request->is_tls || proxy_says_https(v->config, v->request) ||
	       (v->config->public_url && strncmp(v->config->public_url, "https:", 6) == 0);
}

const char *visit_cookie_name(const struct visit *v)
{
	return is_https(v) ? "__Host-aplomb" : "aplomb_session";
}

struct str visit_cookie(const struct visit *v, struct str secret, int64_t age_s)
{
	return str_fmt(v->arena, "%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
		       visit_cookie_name(v), STR_ARG(secret), (long long)age_s,
		       is_https(v) ? "; Secure" : "");
}

static const char *scope_name(enum scope s)
{
	switch (s) {
	case SCOPE_INTAKE:
		return "intake";
	case SCOPE_READ:
		return "read";
	case SCOPE_WRITE:
	case SCOPE_GATE:
		return "write";
	case SCOPE_NONE:
	case SCOPE_ADMIN:
		break;
	}
	return "admin";
}

static int touch_token(struct db *db, void *ctx, struct err *e)
{
	return token_touch(db, ((struct visit *)ctx)->token.id, e);
}

static int touch_session(struct db *db, void *ctx, struct err *e)
{
	return session_touch(db, ((struct visit *)ctx)->session.secret, e);
}

int visit_by_token(struct visit *v, struct str text, struct err *e)
{
	struct err late = { 0 };
	if (token_find(v->db, text, v->arena, &v->token, e) != 0)
		return -1;
	const char *scope = scope_name(v->route->scope);
	bool may = strs_has(&v->token.scopes, str_of(scope)) ||
		   strs_has(&v->token.scopes, STR("admin")) ||
		   (v->route->scope == SCOPE_READ && strs_has(&v->token.scopes, STR("write"))) ||
		   (v->route->scope == SCOPE_GATE && strs_has(&v->token.scopes, STR("intake")));
	if (!may)
		return err_refuse(e, ERR_FORBIDDEN, "This token lacks the scope %s.", scope);
	v->user = v->token.user;
	v->right = (enum right)v->token.right;
	if (v->now_ms - v->token.used.ms > TOKEN_TOUCH_MS &&
	    engine_note(v->config->engine, touch_token, v, &late) != 0)
		log_trouble(v->config->world, "token used", &late);
	return 0;
}

/* "Basic base64(name:token)": what senders can be told to send when they know no bearer tokens. */
static int by_basic(struct visit *v, struct str encoded, struct err *e)
{
	struct str pair, name;
	if (!base64_parse(v->arena, encoded, &pair) || !str_cut(&pair, ':', &name) || !pair.at)
		return err_refuse(e, ERR_SIGN_IN, "The Authorization header could not be read.");
	return visit_by_token(v, pair, e);
}

static int by_cookie(struct visit *v, struct str secret)
{
	struct err gone = { 0 }, late = { 0 };
	if (session_find(v->db, secret, v->arena, &v->session, &gone) != 0) {
		v->session = (struct session){
			0
		}; /* an old cookie is no error: the visitor is nobody */
		return 0;
	}
	v->session.secret = secret;
	v->user = v->session.user;
	v->right = (enum right)v->session.right;
	if (v->now_ms - v->session.seen.ms > SESSION_TOUCH_MS &&
	    engine_note(v->config->engine, touch_session, v, &late) != 0)
		log_trouble(v->config->world, "session seen", &late);
	return 0;
}

static void read_zone(struct visit *v)
{
	struct err ignored = { 0 };
	struct str name = v->session.zone, bytes;
	if (!name.len && setting_get(v->db, "zone", v->arena, &name, &ignored) != 0)
		return;
	if (!name.len || !zone_name_is_safe(name))
		return;
	const char *path = str_fmt(v->arena, "/usr/share/zoneinfo/" STR_FMT, STR_ARG(name)).at;
	if (file_read(v->arena, path, ZONE_FILE_BYTES, &bytes, &ignored) == 0 &&
	    zone_parse(v->arena, bytes, &v->zone, &ignored) == 0)
		v->offset_ms = zone_offset_ms(v->zone, v->now_ms);
	v->names.zone = v->zone;
}

int visit_identify(struct visit *v, struct err *e)
{
	struct str auth = request_header(v->request, "Authorization");
	struct str cookie = request_cookie(v->request, visit_cookie_name(v));
	if (!v->db) /* on a loop: routes that ask nobody */
		return v->route->traits & (ON_LOOP | OPEN_LOCAL)
			       ? 0
			       : err_fail(e, ERR_STORE, "The database cannot be read.");
	int result = 0;
	if (str_eq_nocase(str_sub(auth, 0, 7), STR("Bearer ")))
		result = visit_by_token(v, str_trim(str_sub(auth, 7, auth.len)), e);
	else if (str_eq_nocase(str_sub(auth, 0, 6), STR("Basic ")))
		result = by_basic(v, str_trim(str_sub(auth, 6, auth.len)), e);
	else if (cookie.len)
		result = by_cookie(v, cookie);
	if (result == 0)
		read_zone(v);
	return result;
}

struct str visit_csrf(const struct visit *v)
{
	return v->session.csrf;
}

/* The page that posts must be ours: browsers say where a request comes from, and it cannot be forged from a page. */
bool visit_is_same_origin(const struct visit *v)
{
	struct str site = request_header(v->request, "Sec-Fetch-Site"),
		   origin = request_header(v->request, "Origin");
	struct str host = request_header(v->request, "Host");
	if (site.len)
		return str_is(site, "same-origin") || str_is(site, "none");
	if (!origin.len)
		return true;
	if (str_is(origin,
		   "null")) /* our own no-referrer makes it so: then the token in the form must do */
		return v->session.secret.len > 0;
	if (v->config->public_url && str_eq(origin, str_of(v->config->public_url)))
		return true;
	size_t at = str_find(origin, STR("://"));
	return at != SIZE_MAX && str_eq(str_sub(origin, at + 3, origin.len), host);
}

static bool may_change(const struct visit *v)
{
	return !str_is(v->request->method, "GET") && !str_is(v->request->method, "HEAD");
}

int visit_check_form(struct visit *v, struct err *e)
{
	if (!may_change(v) || v->token.id.len)
		return 0;
	bool proven = visit_is_same_origin(v);
	if (proven && v->session.secret.len) {
		struct str given = form_get(&v->form, "_csrf");
		if (!given.len)
			given = request_header(v->request, "Aplomb-Csrf");
		proven = secret_equal(given, v->session.csrf);
	}
	if (proven)
		return 0;
	err_refuse(e, ERR_FORBIDDEN,
		   "This form was not made by us, or it is from an older sign-in.");
	err_next(e, "Load the page again, then send it.");
	return -1;
}
