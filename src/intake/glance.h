/* SPDX-License-Identifier: Apache-2.0 */
/* glance: alerts as Prometheus posts them, looked at without reading them: when each began and ends, and a mark of all its
 * other bytes. Prometheus tells an alert again each minute, with a later end and otherwise the same to the byte: the desk
 * then knows it by its mark, at a fraction of what reading it takes. What is out of the ordinary is not glanced at; it is
 * read, as what the desk does not know is. */
#ifndef APLOMB_INTAKE_GLANCE_H
#define APLOMB_INTAKE_GLANCE_H
#include "intake/source.h"

/* Random and secret, one for the life of the process: nobody can write two alerts of one mark. */
struct glance_key {
	uint64_t word[4];
};

/* Fills the result with a signal for each alert, in order, of which only mark, times and is_firing mean something; status
 * is 200. Two alerts have the same mark when they are the same but for startsAt and endsAt. False: read it. */
bool glance(const struct glance_key *, const struct intake_request *, struct arena *,
	    struct intake_result *) MUST_USE;
/* The result that was read from the same body gets the marks, so that the desk may know its alerts by them. */
void glance_keep(const struct intake_result *glanced, struct intake_result *read);
#endif
