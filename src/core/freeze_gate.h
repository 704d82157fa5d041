/* SPDX-License-Identifier: Apache-2.0 */
/* freeze_gate: whether a change may go out now, as pipelines ask at the start of a deploy. Here is what an incident answers, how
 * that reads, and what of it is told on the timeline. Which incidents are asked, and that it is written down: engine/gate.h. */
#ifndef APLOMB_CORE_FREEZE_GATE_H
#define APLOMB_CORE_FREEZE_GATE_H
#include "core/freeze_ask.h"
#include "core/incident.h"

enum {
	GATE_FOLD_MS = 15 * 60 * 1000, /* the same question again within this is told once */
	GATE_ENTRIES_MAX =
		200, /* refusals that an incident lists: a broken pipeline cannot flood it */
};

/* What one incident has to say. */
struct gate_stop {
	int64_t incident, freeze;
	int verdict; /* enum gate_verdict, never GATE_OPEN */
	struct str title, reason, because;
	struct strs services; /* that are frozen; empty = everything */
	struct when until;
};
extern const struct field gate_stop_fields[];
LIST_DECLARE(gate_stops, struct gate_stop);

struct gate_look {
	const struct incident *incident;
	const struct roster *roster;
	int64_t now_ms;
	struct arena *arena; /* for what is found; no text is borrowed from the incident */
};
/* False: none of its freezes covers the change. A freeze ends at its own end, however late the clock's work is. */
bool gate_ask_incident(const struct gate_look *, const struct gate_ask *, struct gate_stop *out);

/* An answer that did not get through: the fields of the internal verb "freeze lose". */
struct gate_lost {
	struct str what, environment, trouble;
};

/* What the asker is told. */
struct gate_answer {
	bool is_open;
	struct str said,
		next; /* what stands in the way, and the safest next step; next may be empty */
	struct gate_stops
		stops;	  /* every incident whose freeze covers it; those that refuse first */
	int64_t recorded; /* position in the ledger of the last event it left; 0 = nothing was told */
};
/* Fills is_open, said and next from the stops, and puts these in order. */
void gate_conclude(const struct gate_ask *, int64_t now_ms, struct arena *, struct gate_answer *);
#endif
