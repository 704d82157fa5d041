/* SPDX-License-Identifier: Apache-2.0 */
/* alert_look: how the alerts stand now, seen in one walk: which need a person, which are looked after, silenced or over;
 * and what of that a page shows. A flood of one name becomes one row. Printing is the pages' and api_v2's. */
#ifndef APLOMB_WEB_ALERT_LOOK_H
#define APLOMB_WEB_ALERT_LOOK_H
#include "base/match.h"
#include "web/visit.h"

/* A silence that is on, ready to be asked. */
struct hush {
	const struct silence *silence;
	struct match *match;
};
/* What every alert is held against. For one request; the arena is the visit's. */
struct look {
	struct arena *arena;
	int64_t now_ms;
	struct silences silences; /* all that are listed */
	LIST_OF(struct hush) active;
	struct match *filter; /* NULL = all */
	struct str name;      /* empty = any */
};
/* The silences as of now and the filter of the address: `filter` (repeated, matchers) and `name`. ERR_BAD_INPUT,
 * ERR_BAD_FIELD. */
int look_open(struct visit *, struct look *, struct err *) MUST_USE;
bool look_wants(struct look *, const struct live_alert *);
/* Of the silences that hold it, the one that ends last; NULL = none. */
const struct silence *look_silence(struct look *, const struct live_alert *);
/* What look_wants and look_silence read of an alert. */
enum alert_texts look_texts(const struct look *);

enum standing { NEEDS_PERSON, LOOKED_AFTER, SILENCED, OVER };

struct seen_alert { /* small: there may be 100,000 */
	char fingerprint[FINGERPRINT_HEX];
	int64_t at_ms;	/* firing since, or over since */
	uint32_t group; /* in survey.groups; of those that need a person */
	uint8_t standing, rank;
};
/* Alerts of one name that need a person. */
struct alert_group {
	struct str name;
	int64_t count, services, since_ms, newest_ms;
	int rank; /* of the worst */
};
struct survey {
	struct look *look; /* borrowed */
	LIST_OF(struct seen_alert) seen;
	LIST_OF(struct alert_group) groups;
	int64_t count[OVER + 1]; /* by standing */
};
void look_survey(struct visit *, struct look *, struct survey *);

/* What a page shows of an alert, or of a flood of them. */
struct alert_row {
	struct str fingerprint, name, service, summary, severity;
	struct when started, ends, acked, silenced_until;
	struct person acked_by, silenced_by;
	struct str silence_reason, silence_author;
	int64_t incident, silence;
	int64_t was; /* the incident that held it and is over; 0 = none */
	struct when was_over;
	bool is_firing, by_timeout, is_critical, needs_person;
	bool is_flood, is_growing;
	struct str count, services; /* of a flood: "4,812" */
	struct str labels;	    /* a JSON object; for rows_differ */
	struct str differs; /* where another row looks alike: the labels that tell them apart */
};
extern const struct field alert_row_fields[];
LIST_DECLARE(alert_rows, struct alert_row);

enum { HANDFUL = 5 }; /* more of one name that need a person are a flood: one row */

/* Which rows, in which order: what needs a person first, the worst of it first, a single one before a flood. */
struct row_query {
	int from, to; /* standings */
	size_t limit;
	bool collapse;	   /* floods as one row */
	struct str cursor; /* rows behind this one; empty = from the first */
};
struct row_page {
	struct alert_rows rows;
	struct str next; /* the cursor of the following rows; empty when these are the last */
};
int survey_rows(struct visit *, const struct survey *, const struct row_query *, struct row_page *,
		struct err *) MUST_USE;
/* A live alert as a row. */
int alert_row_of(struct visit *, struct look *, const struct live_alert *, struct alert_row *,
		 struct err *) MUST_USE;
void rows_differ(struct alert_rows *, struct arena *); /* fills `differs` */
/* "critical" 0, "high" 1, "warning" and what is not known 2, "info" 3. */
int severity_rank(struct str severity);
struct str thousands(struct arena *, int64_t); /* "4,812" */
#endif
