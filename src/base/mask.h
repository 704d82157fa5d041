/* SPDX-License-Identifier: Apache-2.0 */
/* mask: replaces known secret shapes in a body before it is hashed into an append-only chain
 * (wire-formats 4.12.8): private keys, AWS ids and secrets, GitHub, GitLab, Slack, Stripe tokens, our own
 * apl_ tokens, JWTs, "password=..." and "Authorization: ..." values. */
#ifndef APLOMB_MASK_H
#define APLOMB_MASK_H
#include "base/buf.h"

/* Returns text itself when nothing was found, else a copy in the arena with "[masked]" in its place;
 * JSON stays well-formed. *count (may be NULL) is the number masked. */
struct str mask_secrets(struct arena *, struct str text, size_t *count);
#endif
