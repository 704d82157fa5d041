/* SPDX-License-Identifier: Apache-2.0 */
/* intake/opsgenie: see source.h. */
#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	return read_whole("opsgenie", bytes, len);
}
