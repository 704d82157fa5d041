/* SPDX-License-Identifier: Apache-2.0 */
/* base/when: a time that is read prints, and reads back the same. The first byte is the reader's zone. */
#include "base/when.h"

#include "fuzz.h"

static void assert_prints(struct arena *a, int64_t at_ms)
{
	int64_t again = 0;
	struct buf b = BUF(a);
	struct when_parts p = when_parts(at_ms);
	when_rfc3339(&b, at_ms);
	assert(b.len < WHEN_TEXT_BYTES);
	assert(when_parse_rfc3339(buf_str(&b), &again) && again == at_ms);
	assert(when_of_parts(&p) == at_ms);
	when_clock(&b, at_ms, 0);
	when_day_clock(&b, at_ms, -3600000);
	when_length(&b, at_ms);
	assert(str_is_utf8(buf_str(&b)));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len);
	int64_t at_ms = 0, human_ms = 0, sent_ms = 0;
	int64_t offset_ms = ((int64_t)take_byte(&s) - 128) * 15 * 60 * 1000 / 2;
	bool strict = when_parse_rfc3339(s, &at_ms);
	bool human = when_parse_human(s, noon_ms, offset_ms, &human_ms);
	if (strict)
		assert(human && human_ms == at_ms);
	bool sent = when_parse_iso8601(s, &sent_ms);
	if (strict)
		assert(sent && sent_ms == at_ms);
	if (sent)
		assert_prints(&a, sent_ms);
	if (human)
		assert_prints(&a, human_ms);
	return 0;
}
