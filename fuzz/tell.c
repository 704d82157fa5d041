/* SPDX-License-Identifier: Apache-2.0 */
/* core/tell: every event is one line of text, for every reader. */
#include "core/tell.h"

#include "history.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str rest = text_of(bytes, len);
	const struct names names = { .now_ms = noon_ms };
	struct event event = { 0 };
	while (history_next(&a, &rest, &event))
		for (enum clearance c = CLEAR_PUBLIC; c <= CLEAR_PRIVATE; c++) {
			struct buf line = BUF(&a);
			event_tell(&event, &names, c, &line);
			assert(line.len && str_is_utf8(buf_str(&line)));
			assert(str_find(buf_str(&line), STR("\n")) == SIZE_MAX);
		}
	return 0;
}
