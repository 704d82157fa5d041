/* SPDX-License-Identifier: Apache-2.0 */
/* declare: the event of an attached alert, which a merge makes too. */
#ifndef APLOMB_CORE_DECLARE_H
#define APLOMB_CORE_DECLARE_H
#include "core/module.h"

struct alert_attached {
	struct str fingerprint, name, service, summary;
	struct when started;
	bool firing;
};
enum {
	DECLARE_DECLARED,
	DECLARE_EDITED,
	DECLARE_ATTACHED,
	DECLARE_CHANGED
}; /* rows of declare_events */
extern const struct event_type declare_events[];
#endif
