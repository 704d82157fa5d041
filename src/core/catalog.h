/* SPDX-License-Identifier: Apache-2.0 */
/* catalog: the services that a team runs: who owns each, what it calls, where to look; set at the desk or applied from a file
 * that the team keeps beside its code. What of this another file or hand changed since is drift, and is told. Which services
 * alerts and incidents are about: web/service_now.c. */
#ifndef APLOMB_CORE_CATALOG_H
#define APLOMB_CORE_CATALOG_H
#include "core/desk.h"

enum {
	SERVICES_MAX =
		1000, /* twice what suspects are ranked over; a picture of more helps nobody */
	SERVICE_NAME_BYTES = 100, /* Kubernetes' longest names fit, with their namespace */
	SERVICE_DEPENDS_MAX = 100,
	SERVICE_LINKS_MAX = 20,
	SERVICE_ALERTS_MAX = 200,
};
enum tier { TIER_UNSET, TIER_1, TIER_2, TIER_3, TIER_4 };
extern const char *const tier_names[]; /* "", "tier1" .. "tier4": 1 is what customers miss first */
enum service_origin { ORIGIN_SCREEN, ORIGIN_FILE };
extern const char *const service_origin_names[]; /* "screen" "file": whoever said it last */

/* What can be said of a service; a row of a file. */
struct service_words {
	struct str name;  /* as alerts, incidents and changes call it; case counts */
	struct str owner; /* a team or a person, as the team says it */
	int tier;
	struct str about;
	struct strs depends; /* names of services that it calls; circles happen */
	struct strs links;   /* "Dashboard https://grafana.example/d/1": a title, then an address */
	struct str runbook;  /* an address */
	struct strs alerts;  /* names of alerts that belong to it although they name no service */
};
extern const struct field service_words_fields[];

struct service {
	struct str name, owner;
	int tier;
	struct str about;
	struct strs depends, links;
	struct str runbook;
	struct strs alerts;
	struct person by; /* who said so last */
	struct when at;
	int origin;
	/* The last applied file that named it, empty = none did; and what that said. */
	struct str file, revision;
	struct str filed_owner;
	int filed_tier;
	struct str filed_about;
	struct strs filed_depends, filed_links;
	struct str filed_runbook;
	struct strs filed_alerts;
	bool is_gone; /* a later version of that file does not name it any more */
};
extern const struct field service_fields[];

/* Lists of services are sorted by name (str_cmp). Results are borrowed; NULL = none. */
const struct service *services_find(const struct services *, struct str name);
/* The first one that lists an alert of this name as its own: for alerts that name no service. */
const struct service *services_of_alert(const struct services *, struct str alert_name);
struct service_words service_said(const struct service *);  /* what holds now */
struct service_words service_filed(const struct service *); /* what the last applied file said */
/* Where they differ, in sentences: "owner: payments-team in services.yaml, core-team here". Into the arena. */
struct strs service_drift(const struct service *, struct arena *);
/* "Dashboard https://..." -> title and address, borrowed; the address where there is no title. False: no http(s) address. */
bool service_link(struct str link, struct str *title, struct str *address);

/* A file, as it is applied; also the fields of the verb "service apply". */
struct catalog_file {
	struct str file;     /* what it is called: "services.yaml" */
	struct str revision; /* of it, as the team's version control names it; may be empty */
	bool prune;
	LIST_OF(struct service_words) services;
};
enum service_change {
	SERVICE_SAME,
	SERVICE_ADDED,
	SERVICE_CHANGED,
	SERVICE_NOTED,	 /* it is so already; from now on the file is who says it */
	SERVICE_GONE,	 /* the file named it and does not any more; it stays */
	SERVICE_REMOVED, /* likewise; it leaves, since the file is applied with prune */
};
struct service_step {
	struct str name;
	int change;			   /* enum service_change */
	const struct service_words *words; /* of the file; NULL = not in it */
	struct strs lines;		   /* what changes: "owner: core-team -> payments-team" */
};
LIST_DECLARE(service_steps, struct service_step);
/* What applying the file would do, without what stays as it is; by name. Refuses what cannot be applied: ERR_BAD_FIELD,
 * ERR_CONFLICT. Into the arena, borrowing from both. */
int catalog_plan(const struct services *, const struct catalog_file *, struct arena *,
		 struct service_steps *, struct err *) MUST_USE;
/* "2 added (ledger, mail), 1 removed (fax)"; empty when there are no steps. */
struct str catalog_summary(const struct service_steps *, struct arena *);
/* "owner core-team -> payments-team", "depends + ledger, - kafka": a line for each member that differs. */
struct strs service_changes(const struct service_words *from, const struct service_words *to,
			    struct arena *);
/* The same without what is no difference. Into the arena, borrowing from w. */
struct service_words service_tidy(const struct service_words *, struct arena *);
/* What one row of a file must be, besides its field table. */
int service_check(const struct service_words *, struct err *) MUST_USE;
#endif
