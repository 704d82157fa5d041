/* SPDX-License-Identifier: Apache-2.0 */
/* alert: one alert as Prometheus and Alertmanager write it in JSON: labels, annotations, startsAt, endsAt, generatorURL. The
 * sources that speak this shape share it. */
#ifndef APLOMB_INTAKE_ALERT_H
#define APLOMB_INTAKE_ALERT_H
#include "intake/source.h"

enum { ALERTS_MAX = 20000 }; /* a body of 8 MB holds fewer that mean something */

/* Everything but whether it fires and until when: `ends_ms` is the sender's word, 0 = not said (Go's zero time too). */
int alert_read(const struct json *alert, struct arena *, struct signal *, struct err *) MUST_USE;
#endif
