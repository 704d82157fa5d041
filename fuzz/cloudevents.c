/* SPDX-License-Identifier: Apache-2.0 */
/* intake/cloudevents: see source.h; and its handshake. */
#include "intake/cloudevents.h"

#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct intake_request q = { .body = text_of(bytes, len) };
	struct intake_result r = { 0 };
	struct err e = { 0 };
	if (!take_head(&a, &q))
		return 0;
	if (cloudevents_handshake(&q, &a, &r, &e) == 0)
		assert(r.status == 200 && r.reply_headers.len);
	return read_request("cloudevents", &q, &a);
}
