/* SPDX-License-Identifier: Apache-2.0 */
/* integrations (web): the pages under Settings > Integrations, and what a verb about one does besides (its key).
 * Pages: page_integrations.c, page_integration.c; their forms: integrations_do.c; what to paste: integration_snippets.c. */
#ifndef APLOMB_WEB_INTEGRATIONS_H
#define APLOMB_WEB_INTEGRATIONS_H
#include "core/integration.h"
#include "web/visit.h"

/* integrations_do.c. Before the verb runs: is there such a source, can the mapping be read? Verbs of other nouns pass. */
int integration_check(const struct asked *, struct err *) MUST_USE;
/* After it: a key for one that was added or asks for a new one (v->new_key, and in out->said), none for one removed. */
int integration_follow(struct visit *, const struct asked *, struct outcome *,
		       struct err *) MUST_USE;
/* Does its sender sign with the key instead of sending it? Then the key is kept as it is. */
bool integration_signs(const struct integration *);

/* What came in of one sender, as both pages show it. */
struct intake_line {
	struct str name, source, label, note; /* name empty: without an integration */
	struct str reason;	/* why the last one that could not be read could not */
	int64_t reason_id;	/* its inbox row */
	struct when last, made; /* made: of the key; 0 = there is none */
	int64_t day, rejected, last_id;
};
extern const struct field intake_line_fields[];
LIST_DECLARE(intake_lines, struct intake_line);
/* Every integration that is not removed by name, then the senders without one. */
int intake_lines_load(struct visit *, struct intake_lines *, struct err *) MUST_USE;
struct str source_label(struct str source); /* "PagerDuty Events v2" */

/* What to paste at the sender's end. */
struct snippet {
	struct str title, text;
};
extern const struct field snippet_fields[];
LIST_DECLARE(snippets, struct snippet);
/* key empty: a placeholder stands for it. */
void integration_snippets(struct visit *, const struct integration *, struct str key,
			  struct snippets *);

/* refused: NULL = nothing was; said: what was done. given: a form to show again, NULL = none. */
struct integrations_news {
	const struct err *refused;
	struct str said;
	const struct form *given;
};
int integrations_show(struct visit *, const struct integrations_news *, struct reply *,
		      struct err *) MUST_USE;
int integration_show(struct visit *, struct str name, const struct integrations_news *,
		     struct reply *, struct err *) MUST_USE;
#endif
