/* SPDX-License-Identifier: Apache-2.0 */
/* app: from a request to its handler: route, who asks, right, proof, body; and the headers that every reply carries. The
 * rows are in routes.def. */
#include <string.h>

#include "net/multipart.h"
#include "net/server.h"
#include "web/inside.h"
#include "world/log.h"

const struct route routes[] = {
#define ROUTE(method, path, handler, right, scope, limit, traits) \
	{ method, path, handler, right, scope, limit, traits },
#include "web/routes.def"
#undef ROUTE
	{ .method = NULL },
};

struct worker {
	struct db *db;
};

static bool is_number(struct str s)
{
	int64_t n;
	return str_to_int(s, &n) && n > 0;
}

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_'))
			return false;
	}
	return s.len > 0;
}

static bool part_fits(struct str hole, struct str part)
{
	if (str_is(hole, "{n}"))
		return is_number(part);
	if (str_is(hole, "{w}"))
		return is_word(part);
	return str_is(hole, "{s}") ? part.len > 0 : str_eq(hole, part);
}

static bool path_fits(const char *pattern, struct str path, struct str arg[VISIT_ARGS])
{
	struct str want = str_of(pattern), hole, part;
	size_t n = 0;
	for (;;) {
		bool more = str_cut(&want, '/', &hole);
		if (more && str_is(hole, "{rest...}")) {
			arg[n] = path;
			return true;
		}
		bool has = str_cut(&path, '/', &part);
		if (more != has)
			return false;
		if (!more)
			return true;
		if (!part_fits(hole, part))
			return false;
		if (hole.len == 3 && hole.at[0] == '{' && n < VISIT_ARGS)
			arg[n++] = part;
	}
}

/* The row that fits; `known` when another method would. HEAD is GET without its body. */
static const struct route *route_find(struct str method, struct str path,
				      struct str arg[VISIT_ARGS], bool *known)
{
	struct str m = str_is(method, "HEAD") ? STR("GET") : method;
	*known = false;
	for (const struct route *r = routes; r->method; r++) {
		if (!path_fits(r->path, path, arg))
			continue;
		if (str_is(m, r->method))
			return r;
		*known = true;
	}
	return NULL;
}

/* What a path takes, for those who asked for something else: "GET, POST". */
static struct str allowed(struct visit *v)
{
	struct str arg[VISIT_ARGS];
	struct buf b = BUF(v->arena);
	for (const struct route *r = routes; r->method; r++)
		if (path_fits(r->path, v->request->path, arg))
			buf_fmt(&b, "%s%s", b.len ? ", " : "", r->method);
	return buf_str(&b);
}

static size_t body_limit(__attribute__((unused)) void *ctx, const struct head *head)
{
	struct str arg[VISIT_ARGS];
	bool known;
	const struct route *r = route_find(head->method, head->path, arg, &known);
	if (!r)
		return 0;
	/* a large body is read only from somebody who claims to be known: strangers do not fill our memory */
	bool claims = head_get(head, "Authorization").len || head_get(head, "Cookie").len;
	return r->needs > RIGHT_NONE && !claims && r->limit_bytes > FORM_BYTES ? FORM_BYTES
									       : r->limit_bytes;
}

static void visit_start(struct visit *v, struct web *web, struct call *call, struct db *db)
{
	*v = (struct visit){ .web = web, .config = &web->config, .call = call, .db = db };
	v->request = call_request(call);
	v->arena = v->request->arena;
	v->peer = proxy_client(v->config, v->request);
	call_set(call, v);
	v->now_ms = web->config.world->now_ms(web->config.world);
	v->wants_html = str_find(request_header(v->request, "Accept"), STR("text/html")) !=
			SIZE_MAX;
	v->names.now_ms = v->now_ms;
	engine_names(web->config.engine, &v->names);
}

static int find_route(struct visit *v, struct err *e)
{
	bool known;
	v->route = route_find(v->request->method, v->request->path, v->arg, &known);
	for (size_t i = 0; i < VISIT_ARGS && !v->number; i++)
		(void)!str_to_int(v->arg[i], &v->number);
	if (v->route && (v->route->traits & ONLY_SOCKET) && !str_is(v->request->peer, "local"))
		v->route = NULL;
	if (v->route)
		return 0;
	v->allow = known ? allowed(v) : (struct str){ NULL, 0 };
	if (known)
		return err_refuse(e, ERR_METHOD, STR_FMT " does not take %.20s.",
				  STR_ARG(str_clip(v->request->path, 200)),
				  str_z(v->arena, v->request->method));
	err_refuse(e, ERR_NOT_FOUND, "There is nothing at " STR_FMT ".",
		   STR_ARG(str_clip(v->request->path, 200)));
	err_next(e, "The start page lists what is open.");
	return -1;
}

static int read_forms(struct visit *v, struct err *e)
{
	struct str type = request_header(v->request, "Content-Type");
	if (form_parse(v->arena, v->request->query, &v->query, e) != 0)
		return -1;
	if (str_starts(type, STR("application/x-www-form-urlencoded")))
		return form_parse(v->arena, v->request->body, &v->form, e);
	if (multipart_is(type)) {
		struct multipart parts;
		if (multipart_parse(v->arena, type, v->request->body, &parts, e) != 0)
			return -1;
		v->form = parts.form; /* its files are the handler's to read */
	}
	return 0;
}

/* A page of somebody else's whose name was made to point here would send its own name as Host. */
static bool host_is_local(const struct visit *v)
{
	struct str host = request_header(v->request, "Host");
	const char *colon = host.len && host.at[host.len - 1] != ']'
				    ? memrchr(host.at, ':', host.len)
				    : NULL;
	if (colon)
		host.len = (size_t)(colon - host.at);
	return str_is(host, "127.0.0.1") || str_is(host, "localhost") || str_is(host, "[::1]");
}

static bool needs_nobody(const struct visit *v)
{
	if (!(v->route->traits & OPEN_LOCAL) || !v->config->is_loopback)
		return false;
	return v->route->scope == SCOPE_INTAKE || host_is_local(v);
}

static int check_right(struct visit *v, struct err *e)
{
	if (needs_nobody(v) || (v->route->needs == RIGHT_NONE && v->route->scope == SCOPE_NONE))
		return 0;
	if (!v->user.len) {
		err_refuse(e, ERR_SIGN_IN, "%s", err_sentence(ERR_SIGN_IN));
		err_next(e, "People sign in at /sign-in; programs send a token: Authorization: "
			    "Bearer apl_...");
		return -1;
	}
	if (v->right < v->route->needs)
		return err_refuse(e, ERR_FORBIDDEN, "This needs the right of a %s; you are a %s.",
				  right_names[v->route->needs], right_names[v->right]);
	return 0;
}

static int serve(struct visit *v, struct reply *r, struct err *e)
{
	if (find_route(v, e) != 0)
		return -1;
	if (v->route->traits & BY_KEY) {
		if (form_parse(v->arena, v->request->query, &v->query, e) != 0)
			return -1;
		return v->route->handle(v, r, e);
	}
	if (read_forms(v, e) != 0 || visit_identify(v, e) != 0 || check_right(v, e) != 0 ||
	    visit_check_form(v, e) != 0)
		return -1;
	return v->route->handle(v, r, e);
}

static void answer(struct visit *v)
{
	struct err e = { 0 };
	struct reply r = reply_start(v->request, 200);
	int result = serve(v, &r, &e);
	if (result == ANSWERED)
		return;
	if (result != 0) {
		if (err_status(e.code) >= 500 && e.code != ERR_BUSY && e.code != ERR_STORE)
			log_trouble(v->config->world, "answer", &e);
		r = reply_start(v->request, 500);
		(void)reply_problem(v, &e, &r);
	}
	call_reply(v->call, &r);
}

static void work(void *ctx, void *worker, struct call *call)
{
	struct visit *v = ARENA_NEW(call_request(call)->arena, struct visit);
	visit_start(v, ctx, call, ((struct worker *)worker)->db);
	answer(v);
}

/* Senders beside us and the machine's own questions touch no database: they are answered where they came in. */
static bool stays_on_loop(struct web *web, const struct request *q)
{
	struct str arg[VISIT_ARGS];
	bool known;
	const struct route *r = route_find(q->method, q->path, arg, &known);
	if (!r)
		return false;
	if (r->traits & ON_LOOP)
		return true;
	return r->scope == SCOPE_INTAKE && (r->traits & OPEN_LOCAL) && web->config.is_loopback &&
	       !q->query.len && !request_header(q, "Authorization").len &&
	       !request_header(q, "X-Api-Key").len;
}

static void handle(void *ctx, struct call *call)
{
	if (!stays_on_loop(ctx, call_request(call))) {
		call_to_worker(call);
		return;
	}
	struct visit *v = ARENA_NEW(call_request(call)->arena, struct visit);
	visit_start(v, ctx, call, NULL);
	answer(v);
}

static void *worker_new(void *ctx, __attribute__((unused)) int index)
{
	struct web *web = ctx;
	struct worker *w = heap_new(sizeof(*w));
	struct err e = { 0 };
	if (store_reader(web->config.store, &w->db, &e) != 0)
		log_trouble(web->config.world, "worker's database", &e);
	return w;
}

static void worker_free(__attribute__((unused)) void *ctx, void *worker)
{
	struct worker *w = worker;
	db_close(&w->db);
	heap_free(w);
}

/* promises.md section 5: nothing from elsewhere, nothing inline, no frame around us. */
static void defaults(void *ctx, struct reply *r)
{
	struct web *web = ctx;
	reply_header_const(
		r, "Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
		"connect-src 'self'; "
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
		"require-trusted-types-for 'script'; "
		"trusted-types live");
	reply_header_const(r, "X-Content-Type-Options", "nosniff");
	reply_header_const(r, "Referrer-Policy", "no-referrer");
	reply_header_const(r, "Cross-Origin-Opener-Policy", "same-origin");
	reply_header_const(r, "Cross-Origin-Resource-Policy", "same-origin");
	if (!reply_has(r, "Cache-Control"))
		reply_header_const(r, "Cache-Control", "no-store");
	/* not for localhost: it would bind all that is developed on this machine */
	bool is_https = web->config.public_url && strncmp(web->config.public_url, "https:", 6) == 0;
	if (is_https || (web->config.is_tls && !web->config.is_loopback))
		reply_header_const(r, "Strict-Transport-Security", "max-age=31536000");
}

static enum err_code code_of_status(int status)
{
	switch (status) {
	case 413:
	case 431:
		return ERR_TOO_LARGE;
	case 503:
		return ERR_BUSY;
	default:
		return ERR_BAD_INPUT;
	}
}

/* Says how much is taken, and what makes a sender send less at a time: most do not send again. */
static struct str refusal_text(struct arena *a, int status, const struct head *head)
{
	if (status == 400)
		return STR("It could be read in more than one way, so nobody read it.");
	if (status != 413 || !head)
		return str_of(err_sentence(code_of_status(status)));
	size_t most = body_limit(NULL, head);
	return str_fmt(a, "%s It takes %zu MiB.%s", err_sentence(ERR_TOO_LARGE), most >> 20,
		       most == SENDER_BYTES ? " Send fewer alerts at a time: Alertmanager does "
					      "with max_alerts in its webhook_configs."
					    : "");
}

static void refuse(__attribute__((unused)) void *ctx, int status, const struct head *head,
		   struct reply *r)
{
	enum err_code code = code_of_status(status);
	r->type = STR("application/problem+json");
	r->body = str_fmt(
		r->arena,
		"{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"" STR_FMT
		"\",\"code\":\"%s\"}",
		status == 400 ? "The request is malformed." : err_sentence(code), status,
		STR_ARG(refusal_text(r->arena, status, head)), err_wire(code));
}

void web_server_config(struct web *web, struct server_config *c)
{
	c->ctx = web;
	c->body_limit = body_limit;
	c->handle = handle;
	c->work = work;
	c->worker_new = worker_new;
	c->worker_free = worker_free;
	c->defaults = defaults;
	c->refuse = refuse;
	c->answered = metrics_answered;
}
