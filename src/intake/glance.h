/* SPDX-License-Identifier: Apache-2.0 */
/* glance: alerts as Prometheus posts them, looked at without reading them: when each began and ends, and a mark of all its
 * other bytes. Prometheus tells an alert again each minute, with a later end and otherwise the same to the byte: the desk
 * then knows it by its mark, at a fraction of what reading it takes. And of an alert whose labels are written as we write
 * them, the glance is most of the reading. What is out of the ordinary is read as JSON (prometheus.c), with the same result
 * where both can: fuzz/glance.c. */
#ifndef APLOMB_INTAKE_GLANCE_H
#define APLOMB_INTAKE_GLANCE_H
#include "intake/labels.h"
#include "intake/source.h"

/* Random and secret, one for the life of the process: nobody can write two alerts of one mark. */
struct glance_key {
	uint64_t word[4];
};
/* An object of texts, where it stands in the body. */
struct glance_object {
	struct str text;     /* at is NULL: there is none */
	struct labels pairs; /* as they stand there */
	bool is_canonical; /* byte for byte as we write it: sorted, nothing to escape, no blanks, no empty values */
};
struct glimpse {
	struct glance_object labels, annotations;
	struct str generator; /* with its quotes where it has escapes, to be read as JSON */
	bool generator_has_escape;
	size_t texts;  /* in all of it, names too */
	bool is_plain; /* those three are what a reader of JSON would find */
};
struct glances {
	struct intake_result result; /* a signal an alert: mark, times and is_firing alone */
	LIST_OF(struct glimpse) alerts;
};

/* False: it is nothing to glance at; read it. Two alerts have the same mark when they are the same but for startsAt and
 * endsAt. The glances borrow the body. */
bool glance(const struct glance_key *, const struct intake_request *, struct arena *,
	    struct glances *) MUST_USE;
/* The result that was read from the same body gets the marks, so that the desk may know its alerts by them. */
void glance_keep(const struct glances *, struct intake_result *read);
/* The whole result, from where it stands in the body. False: it is empty; read the body as JSON. */
bool glance_read(const struct glances *, struct str body, struct arena *,
		 struct intake_result *) MUST_USE;
#endif
