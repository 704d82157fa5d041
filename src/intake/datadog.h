/* SPDX-License-Identifier: Apache-2.0 */
/* datadog: the payload that a Datadog webhook is to be set up with, for the page that tells people. */
#ifndef APLOMB_INTAKE_DATADOG_H
#define APLOMB_INTAKE_DATADOG_H

extern const char datadog_payload[];
#endif
