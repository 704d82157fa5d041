/* SPDX-License-Identifier: Apache-2.0 */
/* labels: a set of name-value texts, as Prometheus and its kin identify an alert by. */
#ifndef APLOMB_INTAKE_LABELS_H
#define APLOMB_INTAKE_LABELS_H
#include "base/json.h"

enum {
	LABELS_MAX = 256,
	LABEL_MAX_BYTES = 16384
}; /* Prometheus sends under 64 and 2 KB in practice */

struct label {
	struct str name, value;
};
struct labels {
	LIST_OF(struct label) set; /* sorted by name, empty values removed */
};

/* An object of texts. NULL gives an empty set. `what` is for the sentence ("labels"). */
int labels_read(const struct json *, const char *what, struct arena *, struct labels *,
		struct err *) MUST_USE;
struct str labels_get(const struct labels *, const char *name); /* empty when absent */
struct str labels_json(const struct labels *, struct arena *);
/* Alertmanager's: FNV-1a, 64 bits, over name FF value FF in order (prometheus/common model/signature.go). */
struct str labels_fingerprint(const struct labels *, struct arena *);
/* Of n sets, which go faster together. */
void labels_fingerprints(const struct labels *const *, size_t n, struct arena *, struct str *out);
#endif
