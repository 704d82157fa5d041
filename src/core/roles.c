/* SPDX-License-Identifier: Apache-2.0 */
/* roles: who leads, writes the updates, keeps the timeline, makes the changes. One person leads at
 * a time, and the lead goes over with a note (handover.c). Rights are accounts', not roles'. */
#include "core/roles.h"

#include "core/phrase.h"

extern const struct module roles_module;

struct take {
	int role;
};
static const struct field take_fields[] = {
	CHOICE(take, role, role, "which role", .required = true),
	END,
};

struct give {
	int role;
	struct person who;
};
static const struct field give_fields[] = {
	FIELD(give, who, "who gets it", .required = true, .suggest = "person"),
	CHOICE(give, role, role, "which role", .required = true),
	END,
};

struct hand {
	struct person who;
	struct str note;
};
static const struct field hand_fields[] = {
	FIELD(hand, who, "who leads from now on", .required = true, .suggest = "person"),
	FIELD(hand, note, "what they need to know; drafted where nobody writes one", .lines = 4),
	END,
};

struct role_moved {
	int role;
	struct person who, before;
	struct str note;
};
static const struct field role_moved_fields[] = {
	CHOICE(role_moved, role, role, "which role"),
	FIELD(role_moved, who, "who has it from now on"),
	FIELD(role_moved, before, "who had it"),
	FIELD(role_moved, note, "what the next lead needs to know"),
	END,
};

/* A body without `who` leaves the role free. */
static void on_moved(void *state, const struct event *event)
{
	struct incident *inc = state;
	const struct role_moved *b = event->body;
	if (b->role < 0 || b->role >= ROLE_COUNT)
		return;
	inc->role[b->role].id = incident_keep(inc, b->who.id);
	inc->role_since[b->role].ms = b->who.id.len ? event->happened_ms : 0;
}

enum { TAKEN, GIVEN, HANDED, LEFT };
static const struct event_type roles_events[] = {
	[TAKEN] = { "role.taken", 1, role_moved_fields, sizeof(struct role_moved), CLEAR_INTERNAL,
		    "{actor} took the role {role}[ from {before}].", on_moved },
	[GIVEN] = { "role.given", 1, role_moved_fields, sizeof(struct role_moved), CLEAR_INTERNAL,
		    "{actor} gave the role {role} to {who}[, who has it from {before}].",
		    on_moved },
	[HANDED] = { "role.handed", 1, role_moved_fields, sizeof(struct role_moved), CLEAR_INTERNAL,
		     "{actor} handed the lead to {who}[. {note}].", on_moved },
	[LEFT] = { "role.left", 1, role_moved_fields, sizeof(struct role_moved), CLEAR_INTERNAL,
		   "{actor} left the role {role}.", on_moved },
	END_EVENTS,
};

/* "Ana leads since 14:03 UTC." while somebody else would move the lead. */
static int guard_one_lead(const struct incident *inc, const struct facts *facts,
			  const struct command *cmd, struct decision *d, struct err *e)
{
	struct str lead = inc->role[ROLE_LEAD].id;
	struct str name = roster_name(facts->roster, lead);
	if (!lead.len || str_eq(lead, facts->actor))
		return 0;
	struct str since = phrase_clock(d->arena, inc->role_since[ROLE_LEAD].ms);
	return guard(cmd, d,
		     &(struct obstacle){ "one-lead",
					 str_fmt(d->arena, STR_FMT " leads since " STR_FMT ".",
						 STR_ARG(name), STR_ARG(since)),
					 str_fmt(d->arena,
						 "Ask " STR_FMT
						 " to hand over, or override with a reason.",
						 STR_ARG(name)) },
		     e);
}

static int refuse_unknown(const struct facts *facts, struct str who, struct arena *a, struct err *e)
{
	struct buf known = BUF(a);
	LIST_EACH (p, &facts->roster->people) {
		if (p->right < RIGHT_RESPOND)
			continue;
		buf_z(&known, known.len ? ", " : "");
		buf_add(&known, p->name.len ? p->name : p->login);
	}
	err_field(e, "who", "There is no \"" STR_FMT "\" here.", STR_ARG(str_clip(who, 100)));
	err_next(e, "These can take a role: " STR_FMT ".", STR_ARG(str_clip(buf_str(&known), 200)));
	return -1;
}

static int find_person(const struct facts *facts, struct str who, struct arena *a, struct str *id,
		       struct err *e)
{
	const struct roster_person *p = roster_find(facts->roster, who);
	if (!p)
		return refuse_unknown(facts, who, a, e);
	if (p->right < RIGHT_RESPOND)
		return err_field(e, "who", STR_FMT " may look on only, and so cannot take a role.",
				 STR_ARG(p->name));
	*id = p->id;
	return 0;
}

static int refuse_holder(const struct incident *inc, const struct facts *facts, int role,
			 struct str who, struct err *e)
{
	if (!str_eq(inc->role[role].id, who))
		return 0;
	return err_refuse(e, ERR_CONFLICT, STR_FMT " has the role %s already.",
			  STR_ARG(roster_name(facts->roster, who)), role_names[role]);
}

static struct role_moved *add_moved(struct decision *d, int event, const struct incident *inc,
				    int role)
{
	struct role_moved *b = decision_add(d, &roles_events[event]);
	b->role = role;
	b->before = inc->role[role];
	return b;
}

/* A role that somebody has is the lead's to move. */
static int refuse_taken(const struct incident *inc, const struct facts *facts, int role,
			struct err *e)
{
	struct str holder = inc->role[role].id;
	if (!holder.len || str_eq(inc->role[ROLE_LEAD].id, facts->actor) ||
	    str_eq(holder, facts->actor))
		return 0;
	err_refuse(e, ERR_CONFLICT, STR_FMT " has the role %s.",
		   STR_ARG(roster_name(facts->roster, holder)), role_names[role]);
	err_next(e, "Ask the lead to move it.");
	return -1;
}

static int decide_take(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	int role = ((const struct take *)cmd->fields)->role;
	if (incident_refuse_if_over(inc, e) || refuse_holder(inc, facts, role, facts->actor, e))
		return -1;
	if (role == ROLE_LEAD ? guard_one_lead(inc, facts, cmd, d, e)
			      : refuse_taken(inc, facts, role, e))
		return -1;
	add_moved(d, TAKEN, inc, role)->who.id = facts->actor;
	return 0;
}

static void add_handed(const struct incident *inc, const struct facts *facts, struct decision *d,
		       struct str who, struct str note)
{
	struct role_moved *b = add_moved(d, HANDED, inc, ROLE_LEAD);
	b->who.id = who;
	b->note = str_trim(note).len ? note : roles_handover_note(inc, facts, d->arena);
}

static int decide_give(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct give *f = cmd->fields;
	struct str who;
	if (incident_refuse_if_over(inc, e) || find_person(facts, f->who.id, d->arena, &who, e) ||
	    refuse_holder(inc, facts, f->role, who, e))
		return -1;
	if (f->role == ROLE_LEAD && guard_one_lead(inc, facts, cmd, d, e))
		return -1;
	if (f->role == ROLE_LEAD && inc->role[ROLE_LEAD].id.len) {
		add_handed(inc, facts, d, who, STR(""));
		return 0;
	}
	if (refuse_taken(inc, facts, f->role, e))
		return -1;
	add_moved(d, GIVEN, inc, f->role)->who.id = who;
	return 0;
}

static int decide_hand(const void *state, const struct facts *facts, const struct command *cmd,
		       struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	const struct hand *f = cmd->fields;
	struct str who;
	if (incident_refuse_if_over(inc, e) || find_person(facts, f->who.id, d->arena, &who, e) ||
	    refuse_holder(inc, facts, ROLE_LEAD, who, e))
		return -1;
	if (guard_one_lead(inc, facts, cmd, d, e))
		return -1;
	add_handed(inc, facts, d, who, f->note);
	return 0;
}

static int decide_leave(const void *state, const struct facts *facts, const struct command *cmd,
			struct decision *d, struct err *e)
{
	const struct incident *inc = state;
	int role = ((const struct take *)cmd->fields)->role;
	if (incident_refuse_if_over(inc, e))
		return -1;
	if (!str_eq(inc->role[role].id, facts->actor))
		return err_refuse(e, ERR_CONFLICT, "You do not have the role %s.",
				  role_names[role]);
	if (role == ROLE_LEAD) {
		err_refuse(e, ERR_CONFLICT, "Somebody must lead.");
		err_next(e, "Hand the lead to somebody: they get a note of what is known.");
		return -1;
	}
	add_moved(d, LEFT, inc, role);
	return 0;
}

static const struct verb roles_verbs[] = {
	{ "role", "take", NULL, "Take a role",
	  "Takes a role that is free, or that the lead gives up.", RIGHT_RESPOND, 0, take_fields,
	  sizeof(struct take), decide_take },
	{ "role", "give", NULL, "Give a role", "Gives a role to somebody.", RIGHT_RESPOND,
	  NEEDS_FRESH, give_fields, sizeof(struct give), decide_give },
	{ "role", "hand", NULL, "Hand over the lead",
	  "Hands the lead to somebody, with a note of what is known, tried and promised.",
	  RIGHT_RESPOND, NEEDS_FRESH, hand_fields, sizeof(struct hand), decide_hand },
	{ "role", "leave", NULL, "Leave a role", "Gives up a role of yours.", RIGHT_RESPOND, 0,
	  take_fields, sizeof(struct take), decide_leave },
	END_VERBS,
};

const struct module roles_module = {
	.name = "roles",
	.stream = &incident_stream,
	.verbs = roles_verbs,
	.events = roles_events,
};
