/* SPDX-License-Identifier: Apache-2.0 */
/* alert: one alert as Prometheus and Alertmanager write it in JSON: labels, annotations, startsAt, endsAt, generatorURL. The
 * sources that speak this shape share it. */
#ifndef APLOMB_INTAKE_ALERT_H
#define APLOMB_INTAKE_ALERT_H
#include "intake/labels.h"
#include "intake/source.h"

enum { ALERTS_MAX = 20000 }; /* a body of 8 MB holds fewer that mean something */

/* Everything but whether it fires and until when: `ends_ms` is the sender's word, 0 = not said (Go's zero time too). */
int alert_read(const struct json *alert, struct arena *, struct signal *, struct err *) MUST_USE;
/* What follows from the labels and annotations: fingerprint, name, service, severity, summary. */
void alert_name(struct signal *, const struct labels *, const struct labels *annotations,
		struct arena *);
/* As Alertmanager's webhook tells it, and Grafana's: with its status, and with the fingerprint that the sender knows it by.
 * Firing until it says otherwise: unlike Prometheus they tell again only after hours, so that a lease would lie. */
int alert_read_told(const struct intake_request *, const struct json *alert, struct arena *,
		    struct signal *, struct err *) MUST_USE;
#endif
