/* SPDX-License-Identifier: Apache-2.0 */
/* change: something that people or pipelines did to a running system: a deploy, a setting, a flag. Each is a stream of its
 * own: it begins, ends, fails or is undone. What a sender's body says of it: intake/. Which one set an incident off:
 * suspect.h. */
#ifndef APLOMB_CORE_CHANGE_H
#define APLOMB_CORE_CHANGE_H
#include "core/module.h"

extern const struct stream_type change_stream;

enum change_kind {
	CHANGE_DEPLOY,
	CHANGE_CONFIG,
	CHANGE_FLAG,
	CHANGE_INFRASTRUCTURE,
	CHANGE_DATA,
	CHANGE_COMMAND, /* an operator typed it */
};
enum change_state { CHANGE_DONE, CHANGE_RUNNING, CHANGE_FAILED, CHANGE_UNDONE };
extern const char *const change_kind_names[];  /* "deploy" "config" ... "command" */
extern const char *const change_state_names[]; /* "done" "running" "failed" "undone" */

/* What is told of a change: by a person, a script or a sender. The same key tells of the same change again: what is given
 * replaces, what is empty stays. It is also the verb's fields: `aplomb change send`. */
struct change_news {
	struct str title;   /* what people read: "payments v812", "Pool size 50 to 5" */
	struct str service; /* one; a change of several is told once for each */
	int kind;	    /* enum change_kind */
	int state;	    /* enum change_state */
	struct str
		key; /* the sender's identity for it, at most CHANGE_KEY_BYTES; empty = a change of its own */
	struct str version, environment;
	struct str who;		  /* as the sender names them; may be empty */
	struct when began, ended; /* 0 = not said: now, and for a running one not yet */
	struct str differs;	  /* what is different now: "db.pool 50 to 5", a range of commits */
	struct str link;
	struct str undo;  /* how to undo it: a command, a link */
	bool is_rollback; /* it takes an older state back */
	struct str
		sender; /* filled by intake: "github", or "generic/disk-checks"; empty = a person */
};
extern const struct field change_news_fields[];
LIST_DECLARE(change_news_list, struct change_news);
enum { CHANGE_KEY_BYTES = 300, CHANGE_TITLE_BYTES = 200 };

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
	struct person by; /* who told of it; empty = a sender */
	struct when recorded;
};
extern const struct field change_fields[]; /* as lists and the API show it; without seq */
#endif
