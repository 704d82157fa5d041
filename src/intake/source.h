/* SPDX-License-Identifier: Apache-2.0 */
/* source: their bytes -> our signals. Pure: one file a source, one row in sources.def. */
#ifndef APLOMB_INTAKE_SOURCE_H
#define APLOMB_INTAKE_SOURCE_H
#include "base/json.h"

struct signal {
	struct str fingerprint; /* 16 hex digits: hash of the full label set */
	struct str name, service, summary, severity;
	struct str labels, annotations; /* JSON objects, keys sorted */
	struct str generator;		/* a link; may be empty */
	int64_t started_ms;
	int64_t ends_ms; /* when it resolved, or when its lease runs out; 0 = fires until the sender says otherwise */
	bool by_timeout; /* ends_ms is ours, not the sender's */
	bool is_firing;
};
struct intake_request {
	struct str method, path_tail, query, content_type, body;
	int64_t now_ms;
	int64_t resolve_timeout_ms; /* lease of an alert that names no end */
};
struct intake_result {
	LIST_OF(struct signal) signals;
	int status;	      /* what the sender is told once it is on disk: 200 */
	struct str reply;     /* body of that answer; may be empty */
	struct str complaint; /* what was wrong with a part of it; empty = nothing */
};
/* 0: *out is filled, its signals are to be stored whatever out->status says (valid alerts are kept even when others
 * make the answer 400). -1: nothing in it can be used; *e says why. */
typedef int source_read_fn(const struct intake_request *, struct arena *, struct intake_result *,
			   struct err *);
struct source {
	const char *name; /* /in/<name> */
	const char *label;
	source_read_fn *read;
};
extern const struct source *const sources[]; /* sources.def; NULL ends it */
const struct source *source_find(struct str name);
#endif
