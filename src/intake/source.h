/* SPDX-License-Identifier: Apache-2.0 */
/* source: their bytes -> our signals. Pure: one file a source, one row in sources.def. */
#ifndef APLOMB_INTAKE_SOURCE_H
#define APLOMB_INTAKE_SOURCE_H
#include "base/json.h"
#include "core/change.h"
#include "core/freeze_ask.h"
#include "core/integration.h"

/* Of an alert's bytes but for its times (glance.h). All zero: none was made. */
struct mark {
	uint64_t one, two;
};
struct signal {
	/* Identity, 16 hex digits: hash of the full label set, or of source, integration and the sender's own key. */
	struct str fingerprint;
	struct str name, service, summary, severity;
	struct str labels, annotations; /* JSON objects, keys sorted */
	struct str generator;		/* a link; may be empty */
	int64_t started_ms;
	int64_t ends_ms; /* when it resolved, or when its lease runs out; 0 = fires until the sender says otherwise */
	bool by_timeout; /* ends_ms is ours, not the sender's */
	bool is_firing;
	/* Only fingerprint, is_firing and ends_ms mean something: the sender named a key and no more ("resolve this"). What
	 * the desk has stays; what it does not know stays unknown. */
	bool is_partial;
	bool is_acked; /* the sender says that a person looks after it */
	/* Names the event, 16 hex digits, where the sender may deliver one twice: the second changes nothing. Empty = it does
	 * not name them. */
	struct str event;
	struct mark mark;
};
struct intake_header {
	struct str name, value;
};
struct intake_request {
	struct str method;
	struct str
		path_tail; /* behind the door: "/in/acme/x/y" -> "x/y"; behind a fixed path: what follows it */
	struct str query, content_type;
	struct str body; /* masked: known secret shapes are blanked */
	LIST_OF(struct intake_header) headers;
	const struct integration *integration; /* whose key came with it; NULL = none of ours */
	int64_t now_ms;
	int64_t resolve_timeout_ms; /* lease of an alert that names no end */
};
/* A pipeline asks whether it may deploy, and waits for the answer at an address of its own. */
struct gate_call {
	struct gate_ask ask;
	struct str key;			  /* names the question: a redelivery is no second one */
	struct str callback, environment; /* where, and what the answer names */
};
struct intake_result {
	LIST_OF(struct signal) signals;
	struct change_news_list
		changes; /* what it tells of changes to the system; keys begin with the source's name */
	const struct gate_call *gate; /* NULL = nobody waits for an answer of the freeze gate */
	int status;		      /* what the sender is told once it is on disk: 200 */
	struct str reply;	      /* body of that answer; may be empty */
	struct str reply_type;	      /* its Content-Type; empty = application/json */
	LIST_OF(struct intake_header) reply_headers;
	bool is_quiet; /* understood, and it tells of nothing that concerns us: kept; the complaint says so */
	struct str complaint; /* what was wrong with a part of it; empty = nothing */
};
/* 0: *out is filled, its signals are to be stored whatever out->status says (valid alerts are kept even when others
 * make the answer 400). -1: nothing in it can be used; *e says why. */
typedef int source_read_fn(const struct intake_request *, struct arena *, struct intake_result *,
			   struct err *);
/* The credential as this sender carries it ("routing_key" in the body, "GenieKey ..." in a header); empty = none. */
typedef struct str source_credential_fn(const struct intake_request *, struct arena *);
/* Does the request, with all its headers and the body as it came, prove that its sender has the secret? In constant time
 * for equal lengths. */
enum proof { PROOF_MISSING, PROOF_WRONG, PROOF_RIGHT };
typedef enum proof source_prove_fn(const struct intake_request *, struct str secret,
				   struct arena *);
struct source {
	const char *name; /* /in/<name> */
	const char *label;
	source_read_fn *read;
	source_credential_fn *credential; /* NULL = Authorization: Bearer or Basic, or ?token= */
	/* How it signs with the key of the integration that the path names, /in/<name>/<integration>; NULL = it sends the
	 * key itself. */
	source_prove_fn *prove;
	/* Its bodies lie at the open: once there is an integration, nobody is let in without its key, from this host neither. */
	bool is_proved;
};
extern const struct source *const sources[]; /* sources.def; NULL ends it */
const struct source *source_find(struct str name);
#endif
