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

/* The pairs of a canonical object; false: too many or too long. */
static bool read_pairs(const struct glance_object *o, struct arena *a, struct labels *out)
{
	const char *p = o->text.at + 1, *end = o->text.at + o->text.len;
	*out = (struct labels){ 0 };
	if (o->pairs > LABELS_MAX)
		return false;
	out->set.at = arena_raw(a, sizeof(struct label) * o->pairs);
	out->set.cap = o->pairs;
	for (size_t i = 0; i < o->pairs; i++) {
		struct label *x = &out->set.at[out->set.len++];
		x->name.at = p + 1;
		p = memchr(p + 1, '"', (size_t)(end - p - 1));
		x->name.len = (size_t)(p - x->name.at);
		x->value.at = p + 3; /* behind ":" */
		p = memchr(p + 3, '"', (size_t)(end - p - 3));
		x->value.len = (size_t)(p - x->value.at);
		p += 2;
		if (x->value.len > LABEL_MAX_BYTES)
			return false;
	}
	return true;
}

static bool read_annotations(const struct glance_object *o, struct arena *a, struct labels *notes,
			     struct str *json)
{
	struct json *j;
	struct err unused = { 0 };
	*json = o->text;
	if (o->text.at && o->is_canonical)
		return read_pairs(o, a, notes);
	if (json_parse_lax(a, o->text.at ? o->text : STR("{}"), &j, &unused) != 0 ||
	    labels_read(j, "annotations", a, notes, &unused) != 0)
		return false;
	*json = labels_json(notes, a);
	return true;
}

/* Prometheus writes & as an escape. */
static bool read_generator(const struct glimpse *g, struct arena *a, struct str *text)
{
	struct json *j;
	struct err unused = { 0 };
	*text = g->generator;
	if (g->generator_has_escape) {
		if (json_parse_lax(a, g->generator, &j, &unused) != 0)
			return false;
		*text = json_text(j);
	}
	return text->len <= LABEL_MAX_BYTES;
}

static bool read_one(const struct glimpse *g, struct arena *a, struct signal *s)
{
	struct labels labels, notes;
	if (!g->is_plain || g->texts > ALERT_TEXTS_MAX || !g->labels.is_canonical ||
	    !g->labels.pairs || !read_generator(g, a, &s->generator) ||
	    !read_pairs(&g->labels, a, &labels) ||
	    !read_annotations(&g->annotations, a, &notes, &s->annotations))
		return false;
	s->labels = g->labels.text;
	alert_name(s, &labels, &notes, a);
	return true;
}

bool glance_read(const struct glances *g, struct str body, struct arena *a,
		 struct intake_result *out)
{
	size_t n = g->alerts.len, texts = 0;
	*out = (struct intake_result){ 0 };
	LIST_EACH (x, &g->alerts)
		texts += x->texts;
	if (!n || n != g->result.signals.len || texts > TEXTS_MAX || !str_is_utf8(body))
		return false;
	struct signal *read = arena_raw(a, sizeof(*read) * n);
	memcpy(read, g->result.signals.at, sizeof(*read) * n);
	for (size_t i = 0; i < n; i++)
		if (!read_one(&g->alerts.at[i], a, &read[i]))
			return false;
	out->status = 200;
	out->signals.at = read;
	out->signals.len = out->signals.cap = n;
	return true;
}
