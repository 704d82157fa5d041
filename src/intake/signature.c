/* SPDX-License-Identifier: Apache-2.0 */
/* signature: see signature.h. */
#include "intake/signature.h"

#include "base/digest.h"
#include "intake/keyed.h"

enum proof signature_check(const struct intake_request *q, const char *header, struct str secret,
			   struct arena *a)
{
	struct str said = str_trim(intake_header_of(q, header)), prefix = STR("sha256="), bytes;
	if (!said.len)
		return PROOF_MISSING;
	if (str_starts(said, prefix))
		said = str_sub(said, prefix.len, said.len);
	struct sha256 own = hmac_sha256(secret, q->body);
	if (said.len != SHA256_HEX || !hex_parse(a, said, &bytes))
		return PROOF_WRONG;
	return secret_equal((struct str){ (const char *)own.b, SHA256_BYTES }, bytes) ? PROOF_RIGHT
										      : PROOF_WRONG;
}
