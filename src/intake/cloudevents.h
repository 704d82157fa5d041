/* SPDX-License-Identifier: Apache-2.0 */
/* cloudevents: the part of the door that is no event: the handshake of its webhook binding (http-webhook.md, 4). */
#ifndef APLOMB_INTAKE_CLOUDEVENTS_H
#define APLOMB_INTAKE_CLOUDEVENTS_H
#include "intake/source.h"

/* Answers OPTIONS: 200 with WebHook-Allowed-Origin, and WebHook-Allowed-Rate (requests a minute) where a rate was asked
 * for. Refuses a request without WebHook-Request-Origin. */
int cloudevents_handshake(const struct intake_request *, struct arena *, struct intake_result *,
			  struct err *) MUST_USE;
#endif
