/* SPDX-License-Identifier: Apache-2.0 */
/* version: see version.h. */
#include "base/version.h"

const char *const aplomb_version = APLOMB_VERSION;
