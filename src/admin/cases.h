/* SPDX-License-Identifier: Apache-2.0 */
/* cases: a file of cases to measure the ranking of suspects by, a JSON object a line: id, symptom{service,metric,at},
 * edges [[caller,callee]], changes [{id,service,kind,at}], truth{service,change}, and where its data lies, in one of two
 * layouts: `data` (a table "component|metric|statistic" beside a normal.csv[.xz]) or `metrics`, `trace`, `logs` (pods and
 * their windows). Paths that are not absolute start at the folder above the file's own. Tables may be packed with xz. */
#ifndef APLOMB_ADMIN_CASES_H
#define APLOMB_ADMIN_CASES_H
#include "base/json.h"
#include "core/suspect.h"

struct table_text {
	struct str path, text;
};
/* A set of cases that is read. Its tables are unpacked once each. */
struct tables {
	struct arena *arena; /* of the tables */
	struct arena *one;   /* of the case at hand: the caller clears it before the next */
	int64_t budget_ms;   /* nothing later than so long after a symptom is used */
	struct str root;     /* with a slash at its end */
	LIST_OF(struct table_text) read;
};
/* ERR_NOT_FOUND when there is no such file, ERR_BAD_INPUT when it cannot be unpacked. */
int tables_get(struct tables *, struct str path, struct str *text, struct err *) MUST_USE;

struct case_facts {
	struct str id, group; /* group: its set, "petshop", "onlineboutique" */
	struct investigation question;
	const struct json *json; /* its line; the truth in it is for after the ranking */
};
/* Everything but the truth. ERR_BAD_FIELD names what is missing. */
int case_read(struct tables *, struct str line, struct case_facts *, struct err *) MUST_USE;
/* What set it off: the change's id where the case lists changes, else the service. Empty = no change did. */
struct str case_truth(const struct case_facts *);

/* cases_pods.c: the second layout's series. */
int case_read_pods(struct tables *, struct case_facts *, struct err *) MUST_USE;
#endif
