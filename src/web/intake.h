/* SPDX-License-Identifier: Apache-2.0 */
/* intake (web): what the doors of senders share: who may deliver (intake_who.c), the way of a body to the engine
 * (intake.c), and refusals in the words that a sender's client reads (intake_refuse.c). Paths: intake_doors.c. */
#ifndef APLOMB_WEB_INTAKE_H
#define APLOMB_WEB_INTAKE_H
#include "intake/source.h"
#include "web/visit.h"

enum { TEST_MS = 5 * 60 * 1000 }; /* a test resolves itself: long enough to look for it */

/* Who delivers: sets q->integration (the one that the path names may be there already), or leaves it NULL for a token of a person and for nobody on loopback. *credential is
 * what came with it, so that it can be blanked; empty = none. `q` has every header and the body as it came.
 * ERR_SIGN_IN: none where one is needed, or a wrong one (also on loopback). ERR_FORBIDDEN: another sender's. */
int intake_admit(struct visit *, const struct source *, struct intake_request *q,
		 struct str *credential, struct err *) MUST_USE;

/* Takes the request as a delivery to this source; `tail` is the path behind the door. ANSWERED, or -1. */
int intake_take(struct visit *, const struct source *, struct str tail, struct reply *,
		struct err *) MUST_USE;
/* A body of ours through the same way, as a test of the integration; then 303 to `back`. ANSWERED. */
int intake_take_test(struct visit *, const struct integration *, struct str body,
		     struct str back) MUST_USE;

/* What a source answers. */
void intake_reply_with(struct visit *, const struct intake_result *, struct reply *);
/* The refusal in the shape of the sender's own service; *r is filled. */
void intake_refuse(struct visit *, const struct source *, const struct err *, struct reply *r);

/* intake_sample.c: a body such as this sender posts, "Test from NAME". */
struct str intake_sample(struct arena *, const struct integration *, int64_t now_ms);
/* The header that goes with it; its name is empty where none does. */
struct intake_header intake_sample_header(const struct integration *);
#endif
