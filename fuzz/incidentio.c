/* SPDX-License-Identifier: Apache-2.0 */
/* intake/incidentio: see source.h. */
#include "source.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	return read_body("incidentio", bytes, len);
}
