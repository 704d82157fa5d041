/* SPDX-License-Identifier: Apache-2.0 */
/* intake/pagerduty_webhook: see source.h. */
#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	return read_body("pagerduty_webhook", bytes, len);
}
