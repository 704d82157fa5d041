/* SPDX-License-Identifier: Apache-2.0 */
/* change: something that people or pipelines did to a running system: a deploy, a setting, a flag. Each is a stream of its
 * own: it begins, ends, fails or is undone. What a sender's body says of it: intake/. Which one set an incident off:
 * suspect.h. */
#ifndef APLOMB_CORE_CHANGE_H
#define APLOMB_CORE_CHANGE_H
#include "core/module.h"

enum change_kind {
	CHANGE_KIND_UNSET, /* a new change: a deploy; one that is told of again: as it was */
	CHANGE_DEPLOY,
	CHANGE_CONFIG,
	CHANGE_FLAG,
	CHANGE_INFRASTRUCTURE,
	CHANGE_DATA,
	CHANGE_COMMAND, /* an operator typed it */
};
enum change_state {
	CHANGE_STATE_UNSET, /* a new change: done; one that is told of again: as it was */
	CHANGE_RUNNING,
	CHANGE_FAILED,
	CHANGE_DONE,
	CHANGE_UNDONE,
};
extern const char *const change_kind_names[];  /* "" "deploy" "config" ... "command" */
extern const char *const change_state_names[]; /* "" "running" "failed" "done" "undone" */

enum {
	CHANGE_KEY_BYTES = 300,
	CHANGE_TITLE_BYTES = 200,
	CHANGE_NAME_BYTES =
		200, /* a service, a version, an environment, a person as a sender names them */
	CHANGE_TEXT_BYTES = 2000,
};

/* What is told of a change, by a person, a script or a sender; the fields of the verb `change send`. The same key tells
 * of the same change again: what is given replaces, what is empty stays; a state only moves on (running, failed, done,
 * undone), since senders deliver twice and out of order. */
struct change_news {
	struct str title;   /* what people read: "payments v812", "Pool size 50 to 5" */
	struct str service; /* one; a change of several is told once for each */
	int kind;	    /* enum change_kind */
	int state;	    /* enum change_state */
	struct str key;	    /* the sender's identity for it; empty = a change of its own */
	struct str version, environment;
	struct str who;		  /* as the sender names them; may be empty */
	struct when began, ended; /* 0 = not said: now, and for a running one not yet */
	struct str differs;	  /* what is different now: "db.pool 50 to 5", a range of commits */
	struct str link;
	struct str undo;   /* how to undo it: a command, a link */
	bool is_rollback;  /* it takes an older state back */
	struct str sender; /* filled by intake: "github", "generic/disk-checks"; empty = a person */
};
extern const struct field change_news_fields[];
/* Cuts what is longer than its field may be, as senders write it. */
void change_news_clip(struct change_news *);
LIST_DECLARE(change_news_list, struct change_news);

/* The fold of a change's stream. */
struct change {
	struct arena *arena;
	int64_t seq;
	int64_t number; /* from 1; its stream is -number */
	struct str key, title, service;
	int kind, state;
	struct str version, environment, who;
	struct when began, ended; /* ended: 0 = still running */
	struct str differs, link, undo;
	bool is_rollback;
	struct str sender;
	struct person by;     /* who told of it first; empty = a sender */
	struct when recorded; /* when it was told of first */
};
extern const struct field change_fields[]; /* for lists, the API and rows; without seq */
LIST_DECLARE(changes, struct change);
#endif
