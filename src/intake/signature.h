/* SPDX-License-Identifier: Apache-2.0 */
/* signature: does a body come from who has the secret? HMAC-SHA256 over the bytes as they came, compared in constant time.
 * Which header carries it is told by each source; whose secret: web/intake_who.c. */
#ifndef APLOMB_INTAKE_SIGNATURE_H
#define APLOMB_INTAKE_SIGNATURE_H
#include "intake/source.h"

/* The header's value: "sha256=" and 64 hex digits, or the digits alone. */
enum proof signature_check(const struct intake_request *, const char *header, struct str secret,
			   struct arena *);
#endif
