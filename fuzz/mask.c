/* SPDX-License-Identifier: Apache-2.0 */
/* base/mask: masking leaves JSON as JSON and text as text. */
#include "base/mask.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len);
	size_t count = 0;
	struct str out = mask_secrets(&a, s, &count);
	assert(count ? str_find(out, STR("[masked]")) != SIZE_MAX : str_eq(out, s));
	if (!str_is_utf8(s))
		return 0;
	assert(str_is_utf8(out));
	assert(is_json(&a, out) || !is_json(&a, s));
	return 0;
}
