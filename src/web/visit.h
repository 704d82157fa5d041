/* SPDX-License-Identifier: Apache-2.0 */
/* visit: one request on its way through web: who asks, what for, and with which handles. Lives in the call's arena,
 * on one worker thread. A handler answers 0 with the reply filled in, or refuses with -1: the refusal becomes
 * problem+json or a page, as the visitor reads it. */
#ifndef APLOMB_WEB_VISIT_H
#define APLOMB_WEB_VISIT_H
#include "base/form.h"
#include "base/template.h"
#include "web/web.h"

struct visit;
typedef int handle_fn(struct visit *, struct reply *, struct err *);

enum route_trait {
	ON_LOOP = 1 << 0, /* cheap and never blocks: answered on the loop's thread */
	OPEN_LOCAL =
		1 << 1, /* on loopback nobody needs to say who they are (a Prometheus beside us) */
	ONLY_SOCKET = 1 << 2, /* reached only through the socket in the data folder */
	BY_KEY =
		1
		<< 3, /* a sender's door: the handler asks for its key (intake_who.c) and reads the body as it is */
};
/* SCOPE_GATE: write or intake */
enum scope { SCOPE_NONE, SCOPE_INTAKE, SCOPE_READ, SCOPE_WRITE, SCOPE_GATE, SCOPE_ADMIN };

struct route {
	const char *method,
		*path; /* "/incidents/{n}/do/{w}/{w}": {n} a number, {w} a word, {s} anything up to a slash, {rest...} what is left */
	handle_fn *handle;
	enum right needs;   /* RIGHT_NONE = anybody */
	enum scope scope;   /* of a token */
	size_t limit_bytes; /* of the body; 0 = none is read */
	unsigned traits;
};
extern const struct route routes[]; /* routes.def; ends at a row without method */
enum { VISIT_ARGS = 4 };

struct visit {
	struct web *web;
	struct web_config *config;
	struct call *call;
	const struct request *request;
	struct arena *arena; /* the call's */
	struct str peer;     /* the address that asks; behind a proxy of ours what that says */
	struct db *db;	     /* the worker's reader; NULL on a loop */
	const struct route *route;
	struct str arg[VISIT_ARGS]; /* what {n}, {w}, {s} stood for, decoded */
	int64_t number;		    /* the first {n} */
	int64_t now_ms;
	struct form query, form; /* of the address; of a posted form (empty for JSON) */
	/* who: */
	struct str user; /* id; empty = nobody signed in */
	enum right right;
	struct session session;	 /* secret empty = a token or nobody */
	struct token token;	 /* id empty = a session or nobody */
	const struct zone *zone; /* the reader's; NULL = UTC */
	int64_t offset_ms;	 /* of it, now */
	struct names names;	 /* for templates and sentences */
	bool wants_html;	 /* a browser: pages and 303; else JSON */
	struct str allow;	 /* where the path is known and the method is not: what it takes */
	struct str new_key;	 /* of an integration, made just now: to be shown this once */
};

/* reply.c. A page or JSON that grew past its buffer's cap becomes a refusal (413) by itself. */
int reply_page(struct visit *, const struct template *, const struct field *, const void *view,
	       struct reply *);
int reply_json(struct visit *, int status, const struct buf *, struct reply *);
int reply_see(struct visit *, struct str path,
	      struct reply *); /* 303; only paths of ours: must start with one slash */
int reply_problem(struct visit *, const struct err *, struct reply *); /* page or problem+json */
struct reading visit_reading(const struct visit *);
bool is_own_path(struct str);

/* session_web.c: who asks (cookie, bearer token, basic password for senders), and the proof that a form is ours. */
int visit_identify(struct visit *, struct err *) MUST_USE;
int visit_check_form(struct visit *, struct err *) MUST_USE;
const char *visit_cookie_name(const struct visit *); /* of a session; another one over https */
int visit_by_token(struct visit *, struct str text,
		   struct err *) MUST_USE;	 /* apl_..., with the route's scope */
bool visit_is_same_origin(const struct visit *); /* as far as a browser says */
struct str
visit_csrf(const struct visit *); /* for the hidden field _csrf; empty when nobody is signed in */
struct str visit_cookie(const struct visit *, struct str secret,
			int64_t age_s); /* the Set-Cookie line */

/* verbs.c: runs a verb whose fields were read; fills the outcome. `fields` is a struct of verb->fields. */
struct asked {
	const struct verb *verb;
	int64_t stream;
	void *fields;
	struct str because, accept, idem; /* accept: the guards that the reason is for */
	int64_t seen;
};
int verb_run(struct visit *, const struct asked *, struct outcome *, struct err *) MUST_USE;
/* Logins in person members become ids. */
int verb_resolve_people(struct visit *, const struct field *, void *fields, struct err *) MUST_USE;
const struct verb *verb_of_words(struct str noun,
				 struct str name); /* NULL: unknown, or only we run it */

/* The frame of every page: what the bar on top shows. First member of each view: `struct frame frame` is flattened by
 * FRAME_FIELDS(view). */
struct frame {
	struct str title, user_name, csrf, idem, path,
		here; /* here: which place in the bar is this: "now", "alerts" ... */
	bool is_admin, signed_in;
	int64_t incident; /* for live.js; 0 = none */
	bool paused;	  /* a pause is called in that incident; else the rest is empty */
	bool may_end_pause;
	struct when pause_since;
	struct str pause_reason, q_changed, q_broken, q_radius, q_step; /* the four questions */
};
#define FRAME_FIELDS(v)                                                                          \
	{ .name = "title", .kind = KIND_STR, .at = offsetof(struct v, frame.title) },            \
		{ .name = "user_name",                                                           \
		  .kind = KIND_STR,                                                              \
		  .at = offsetof(struct v, frame.user_name) },                                   \
		{ .name = "csrf", .kind = KIND_STR, .at = offsetof(struct v, frame.csrf) },      \
		{ .name = "idem", .kind = KIND_STR, .at = offsetof(struct v, frame.idem) },      \
		{ .name = "path", .kind = KIND_STR, .at = offsetof(struct v, frame.path) },      \
		{ .name = "here", .kind = KIND_STR, .at = offsetof(struct v, frame.here) },      \
		{ .name = "is_admin",                                                            \
		  .kind = KIND_BOOL,                                                             \
		  .at = offsetof(struct v, frame.is_admin) },                                    \
		{ .name = "signed_in",                                                           \
		  .kind = KIND_BOOL,                                                             \
		  .at = offsetof(struct v, frame.signed_in) },                                   \
		{ .name = "live_incident",                                                       \
		  .kind = KIND_INT,                                                              \
		  .at = offsetof(struct v, frame.incident) },                                    \
		{ .name = "paused", .kind = KIND_BOOL, .at = offsetof(struct v, frame.paused) }, \
		{ .name = "may_end_pause",                                                       \
		  .kind = KIND_BOOL,                                                             \
		  .at = offsetof(struct v, frame.may_end_pause) },                               \
		{ .name = "pause_since",                                                         \
		  .kind = KIND_WHEN,                                                             \
		  .at = offsetof(struct v, frame.pause_since) },                                 \
		{ .name = "pause_reason",                                                        \
		  .kind = KIND_STR,                                                              \
		  .at = offsetof(struct v, frame.pause_reason) },                                \
		{ .name = "q_changed",                                                           \
		  .kind = KIND_STR,                                                              \
		  .at = offsetof(struct v, frame.q_changed) },                                   \
		{ .name = "q_broken",                                                            \
		  .kind = KIND_STR,                                                              \
		  .at = offsetof(struct v, frame.q_broken) },                                    \
		{ .name = "q_radius",                                                            \
		  .kind = KIND_STR,                                                              \
		  .at = offsetof(struct v, frame.q_radius) },                                    \
	{                                                                                        \
		.name = "q_step", .kind = KIND_STR, .at = offsetof(struct v, frame.q_step)       \
	}
/* frame.c */
struct frame frame_of(struct visit *, const char *here, struct str title); /* with a fresh idem */
/* Of a screen of this incident: live.js follows it, and a pause shows on top. frame_follow: the second half alone. */
struct frame frame_for(struct visit *, const char *here, struct str title, const struct incident *);
void frame_follow(struct frame *, const struct incident *, struct visit *);

/* page_now.c: the next safest step of a list's row as of now: what is late comes first. Borrowed from the row. */
struct str row_next_step(const struct incident_row *, int64_t now_ms);

/* Pages declare their views' tables for the check at build time: a row in pages.def, PAGE(name): template tpl_name held
 * against name_view_fields. */
#endif
