/* SPDX-License-Identifier: Apache-2.0 */
/* form_html: a verb's form, printed from its field table: a label, an input and a help line for each row. It knows no verb,
 * no incident and no database; reading a form back is base/form.h, the page around it page_form.c. */
#ifndef APLOMB_WEB_FORM_HTML_H
#define APLOMB_WEB_FORM_HTML_H
#include "base/form.h"
#include "base/zone.h"

/* What may be picked where a field suggests something. */
struct form_offer {
	struct str value, label; /* "3", "3: pool timeout from 02:39" */
	struct str id;		 /* of a person, whose value is the login; else empty */
};
LIST_DECLARE(form_offers, struct form_offer);
/* By what a field suggests (responders: the people who may act, for a verb to put in place of people); numbers that suggest nothing go by their name (mitigation, check, freeze, action, into). */
struct form_hints {
	struct form_offers services, people, responders, evidence, hypotheses, alerts, audiences;
	struct form_offers causes; /* changes that may have set it off, and none */
	struct form_offers mitigations, checks, freezes, actions, incidents;
};

struct form_print {
	const struct field *table;
	const void *current;		/* struct of the table: what holds now; NULL = nothing */
	const struct form *given;	/* as typed, wins over current; NULL = nothing was */
	bool is_posted;			/* given is a whole form: what it lacks was left empty */
	const char *id;			/* what ids in the page begin with; NULL = "f" */
	const char *bad;		/* name of the field at fault; NULL or "" = none */
	const struct form_hints *hints; /* NULL = none */
	const struct zone *zone;	/* of the reader, for times */
	const char *const *only;	/* names to print, ended by NULL; NULL = all */
	const char *const *skip;	/* names to leave out, likewise */
};
/* The rows in the order of the table; lists of structs are left out. In the arena. */
struct html form_html(const struct form_print *, struct arena *);
/* "root_cause" -> "Root cause", "scale-to-zero" -> "Scale to zero", "sev1" -> "SEV 1" */
struct str form_label(struct arena *, const char *name);
#endif
