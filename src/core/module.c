/* SPDX-License-Identifier: Apache-2.0 */
/* module: see module.h. */
#include "core/module.h"

#include "core/override.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

const char *const right_names[] = { "none", "viewer", "responder", "admin", NULL };

const struct policy policy_default = {
	.freeze_ms = HOUR_MS,
	.lease_ms = 30 * MINUTE_MS,
	.hold_ms = 10 * MINUTE_MS,
	.look_every_ms = 5 * MINUTE_MS,
	.promise_ms = { 0, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS },
	.review_due_ms = 5LL * 24 * HOUR_MS,
};

void *decision_add(struct decision *d, const struct event_type *type)
{
	void *body = arena_alloc(d->arena, type->size);
	struct pending_event *p = LIST_ADD(d->arena, &d->events);
	*p = (struct pending_event){ .type = type, .body = body };
	return body;
}

/* The guards this command passed already, by name: "approval-first,". */
static struct str passed_guards(const struct decision *d)
{
	struct buf b = BUF(d->arena);
	LIST_EACH (p, &d->events)
		if (p->type == &override_events[OVERRIDE_GUARD])
			buf_fmt(&b, STR_FMT ",",
				STR_ARG(((const struct guard_overridden *)p->body)->guard));
	return buf_str(&b);
}

/* One reason passes one rule, the first in the way; a second one passes only when the person named it, since nobody can
 * have meant a rule that was not shown. */
int guard(const struct command *cmd, struct decision *d, const struct obstacle *o, struct err *e)
{
	struct str reason = str_trim(cmd->override_reason), passed = passed_guards(d);
	struct strs accepted = strs_split(d->arena, cmd->claim, ',');
	bool may = accepted.len ? strs_has(&accepted, str_of(o->guard)) : !passed.len;
	if (!reason.len)
		return err_guard(e, o->guard, o->stands, o->next);
	if (!may)
		return err_guard(e, o->guard, o->stands,
				 str_fmt(d->arena,
					 STR_FMT " One reason passes one rule; to pass this one "
						 "too, say --accept " STR_FMT "%s.",
					 STR_ARG(o->next), STR_ARG(passed), o->guard));
	struct guard_overridden *body = decision_add(d, &override_events[OVERRIDE_GUARD]);
	body->guard = str_of(o->guard);
	body->stands = str_copy(d->arena, o->stands);
	body->reason = reason;
	return 0;
}

const struct roster_person *roster_find(const struct roster *roster, struct str id_or_login)
{
	LIST_EACH (p, &roster->people)
		if (str_eq(p->id, id_or_login))
			return p;
	LIST_EACH (p, &roster->people)
		if (str_eq_nocase(p->login, id_or_login))
			return p;
	return NULL;
}

struct str roster_name(const struct roster *roster, struct str id)
{
	LIST_EACH (p, &roster->people)
		if (str_eq(p->id, id) && p->name.len)
			return p->name;
	return id;
}
