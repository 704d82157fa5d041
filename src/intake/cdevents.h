/* SPDX-License-Identifier: Apache-2.0 */
/* cdevents: the events of CDEvents that say what was changed in a running system (cdevents/spec
 * continuous-deployment.md): services and environments. How they come: cloudevents.c, which reads incidents, too. */
#ifndef APLOMB_INTAKE_CDEVENTS_H
#define APLOMB_INTAKE_CDEVENTS_H
#include "intake/news.h"

/* Fills all but key and times; `subject` is that of the envelope, for data that does not name its own. False: an event of
 * this type is no change. */
bool cdevents_read(struct str type, struct str subject, const struct json *data,
		   struct change_news *, struct arena *);
#endif
