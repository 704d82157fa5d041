/* SPDX-License-Identifier: Apache-2.0 */
/* phrase: see phrase.h. */
#include "core/phrase.h"

#include "base/when.h"

struct str phrase_clock(struct arena *a, int64_t at_ms)
{
	struct buf b = BUF(a);
	when_clock(&b, at_ms, 0);
	buf_z(&b, " UTC");
	return buf_str(&b);
}

struct str phrase_length(struct arena *a, int64_t length_ms)
{
	struct buf b = BUF(a);
	when_length(&b, length_ms);
	return buf_str(&b);
}

int phrase_no_item(const char *noun, int64_t number, size_t len, struct err *e)
{
	if (!len)
		return err_refuse(e, ERR_NOT_FOUND, "There is no %s %lld: none is recorded yet.",
				  noun, (long long)number);
	return err_refuse(e, ERR_NOT_FOUND, "There is no %s %lld. The newest is %zu.", noun,
			  (long long)number, len);
}
