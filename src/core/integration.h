/* SPDX-License-Identifier: Apache-2.0 */
/* integration: a named door for one sender, as the team set it up at the desk. Its secret key is not here (store keeps
 * the key's hash as a plain row): events carry names only. What the bytes mean: intake/. */
#ifndef APLOMB_CORE_INTEGRATION_H
#define APLOMB_CORE_INTEGRATION_H
#include "core/desk.h"

/* How the generic source reads a body. A member is a dotted path ("alert.host", "items.0.id"), or a template with
 * {{dotted.path}} holes. Empty members have a default, told in their help. */
struct mapping {
	struct str
		items; /* path of a list: each element is one alert; empty = the whole body is one */
	struct str title;	/* what people read */
	struct str description; /* longer text; may be empty */
	struct str severity;	/* path of the sender's word for it */
	struct str severities;	/* the table: "crit=critical, 2=warning, *=info" */
	struct str state;	/* path of the word that says whether it fires */
	struct str resolved;	/* the words that say it is over: "ok, up, resolved" */
	struct str key;		/* what makes two bodies the same alert; empty = the title */
	struct str service;	/* for a forge: the service's name itself */
	struct str link;
	/* changes */
	struct str
		branches; /* of a forge: a push to one of them is a deploy: "main, release/" and a star */
	struct str what; /* what each body or item is: "alert", also where empty, or "change" */
	/* of changes; items, title, state, key, service and link mean the same there */
	struct str kind; /* a path, or one kind for all: "config" */
	struct str version, environment, who, began, ended, differs, undo;
};
struct integration {
	struct str name;   /* a word: /in/generic/<name> */
	struct str source; /* a name of intake/sources.def: "generic", "pagerduty" */
	struct str note;   /* what it is for */
	struct mapping mapping;
	struct person by;
	struct when at;
	bool is_removed;
};
extern const struct field integration_fields[];
#endif
