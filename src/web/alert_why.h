/* SPDX-License-Identifier: Apache-2.0 */
/* alert_why: the way of an alert from the body that told of it to the incident that holds it. */
#ifndef APLOMB_WEB_ALERT_WHY_H
#define APLOMB_WEB_ALERT_WHY_H
#include "web/alert_look.h"

struct why_step {
	struct str step; /* "inbox" "signal" "desk" "silence" "ack" "incident" */
	struct when at;
	struct str said;
	struct str link, shown; /* where to look; empty = nowhere */
};
extern const struct field why_step_fields[];
LIST_DECLARE(why_steps, struct why_step);
int alert_why(struct visit *, const struct live_alert *, const struct alert_row *,
	      struct why_steps *, struct err *) MUST_USE;
#endif
