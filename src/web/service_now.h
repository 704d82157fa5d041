/* SPDX-License-Identifier: Apache-2.0 */
/* service_now: how each service of the catalogue stands now: what fires, which open incidents are about it, whether changes to
 * it are frozen; and which names alerts and incidents use that nobody put into the catalogue. As JSON too. Pages:
 * page_services.c, page_service.c. */
#ifndef APLOMB_WEB_SERVICE_NOW_H
#define APLOMB_WEB_SERVICE_NOW_H
#include "core/catalog.h"
#include "web/visit.h"

enum service_state { SERVICE_CALM, SERVICE_FROZEN, SERVICE_FIRING, SERVICE_INCIDENT };
extern const char *const service_state_names[]; /* "calm" "frozen" "firing" "incident" */

struct service_now {
	struct str name;
	const struct service *service; /* NULL = not in the catalogue */
	int state;		       /* the worst of what follows */
	int64_t firing;		       /* alerts that fire and are not silenced */
	struct strs incidents;	       /* numbers of the open ones */
	int severity;		       /* of the worst of those */
	bool is_frozen;
	bool is_changed;     /* something changed it in the last seven days */
	struct strs used_by; /* services whose depends name it */
	struct str word;     /* "INC-3 open, 2 firing"; "calm" */
};
extern const struct field service_now_fields[];
LIST_DECLARE(service_rows, struct service_now);
enum { UNOWNED_MAX = 100 }; /* names that nobody owns: a flood must not fill a page with them */

struct services_now {
	struct services services;
	struct service_rows known, /* as services, in that order */
		unowned;
};
/* Borrows until the visit ends. */
int services_now(struct visit *, struct services_now *, struct err *) MUST_USE;
const struct service_now *service_now_find(const struct services_now *, struct str name);
/* Its class in a picture: "calm" "frozen" "firing" "incident", "sev1" where that is the worst of the incidents, "unknown"
 * where nobody put it into the catalogue and it is calm. */
const char *service_tone(const struct service_now *);
#endif
