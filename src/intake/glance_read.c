/* SPDX-License-Identifier: Apache-2.0 */
/* glance_read: alerts that were glanced at (glance.h), read from where they stand: nothing is unescaped, sorted or written
 * anew, since all of it is there as we would write it. */
#include <string.h>

#include "intake/alert.h"
#include "intake/glance.h"

enum {
	ALERT_TEXTS_MAX = 1000,
	TEXTS_MAX = 50000
}; /* of more the reader of JSON may say that they are too many */

static bool may_be_labels(const struct labels *l)
{
	if (l->set.len > LABELS_MAX)
		return false;
	LIST_EACH (x, &l->set)
		if (x->value.len > LABEL_MAX_BYTES)
			return false;
	return true;
}

static bool read_annotations(const struct glance_object *o, struct arena *a, struct labels *notes,
			     struct str *json)
{
	struct json *j;
	struct err unused = { 0 };
	*json = o->text;
	*notes = o->pairs;
	if (o->text.at && o->is_canonical)
		return may_be_labels(notes);
	if (json_parse_lax(a, o->text.at ? o->text : STR("{}"), &j, &unused) != 0 ||
	    labels_read(j, "annotations", a, notes, &unused) != 0)
		return false;
	*json = labels_json(notes, a);
	return true;
}

/* Prometheus writes & as an escape; alerts of one rule have one generator. */
static bool read_generator(const struct glimpse *g, const struct glimpse *last, struct arena *a,
			   struct signal *s)
{
	struct json *j;
	struct err unused = { 0 };
	if (last && g->generator_has_escape && str_eq(g->generator, last->generator)) {
		s->generator = s[-1].generator;
		return true;
	}
	s->generator = g->generator;
	if (g->generator_has_escape) {
		if (json_parse_lax(a, g->generator, &j, &unused) != 0)
			return false;
		s->generator = json_text(j);
	}
	return s->generator.len <= LABEL_MAX_BYTES;
}

static bool is_readable(const struct glimpse *g)
{
	return g->is_plain && g->texts <= ALERT_TEXTS_MAX && g->labels.is_canonical &&
	       g->labels.pairs.set.len && may_be_labels(&g->labels.pairs);
}

/* All of a body together: hashing one by one would wait for each step of it. */
static void read_fingerprints(const struct glances *g, struct arena *a, struct signal *read)
{
	const struct labels **labels = arena_raw(a, sizeof(*labels) * g->alerts.len);
	struct str *hex = arena_raw(a, sizeof(*hex) * g->alerts.len);
	for (size_t i = 0; i < g->alerts.len; i++)
		labels[i] = &g->alerts.at[i].labels.pairs;
	labels_fingerprints(labels, g->alerts.len, a, hex);
	for (size_t i = 0; i < g->alerts.len; i++)
		read[i].fingerprint = hex[i];
}

static bool read_one(const struct glances *g, size_t i, struct arena *a, struct signal *s)
{
	struct labels notes;
	const struct glimpse *x = &g->alerts.at[i];
	if (!read_generator(x, i ? x - 1 : NULL, a, s) ||
	    !read_annotations(&x->annotations, a, &notes, &s->annotations))
		return false;
	s->labels = x->labels.text;
	alert_name(s, &x->labels.pairs, &notes, a);
	return true;
}

bool glance_read(const struct glances *g, struct str body, struct arena *a,
		 struct intake_result *out)
{
	size_t n = g->alerts.len, texts = 0;
	*out = (struct intake_result){ 0 };
	LIST_EACH (x, &g->alerts) {
		texts += x->texts;
		if (!is_readable(x))
			return false;
	}
	if (!n || n != g->result.signals.len || texts > TEXTS_MAX || !str_is_utf8(body))
		return false;
	struct signal *read = arena_raw(a, sizeof(*read) * n);
	memcpy(read, g->result.signals.at, sizeof(*read) * n);
	read_fingerprints(g, a, read);
	for (size_t i = 0; i < n; i++)
		if (!read_one(g, i, a, &read[i]))
			return false;
	out->status = 200;
	out->signals.at = read;
	out->signals.len = out->signals.cap = n;
	return true;
}
