/* SPDX-License-Identifier: Apache-2.0 */
/* pagerduty: what version 1 and 2 of PagerDuty's Events API share. */
#ifndef APLOMB_INTAKE_PAGERDUTY_H
#define APLOMB_INTAKE_PAGERDUTY_H
#include "intake/keyed.h"

/* trigger, acknowledge or resolve. An acknowledge or resolve is partial: PagerDuty, too, reads no more than its key.
 * False: the word is none of them. */
bool pagerduty_action(struct str word, struct keyed *);
/* [{href, text}] or [{src, alt}] as notes; the first href is the alert's link where it has none. */
void pagerduty_links(struct keyed *, const struct json *list, struct arena *);
/* Adds the signal (it has a key, or gets one when it is a trigger) and the answer that names the key as `key_name`. */
void pagerduty_take(const struct intake_request *, struct keyed *, const char *key_name,
		    struct arena *, struct intake_result *);
/* The answer that PagerDuty gives to what it cannot use. 0, so that `return pagerduty_refuse(...)` reads well. */
int pagerduty_refuse(struct intake_result *, struct arena *, const char *why);
#endif
