/* SPDX-License-Identifier: Apache-2.0 */
/* incidentio: the HTTP alert source of incident.io (api-docs.incident.io, Alert Events V2), which HyperDX, OpenObserve
 * and others can send to: {title, status, deduplication_key, description, metadata, source_url}. */
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source incidentio_source;

static int incidentio_read(const struct intake_request *q, struct arena *a,
			   struct intake_result *out, struct err *e)
{
	static const char *const severity[] = { "metadata.severity", "metadata.priority", NULL };
	struct json *body;
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	struct str status = path_text(body, STR("status"), a);
	struct keyed k = { .title = path_text(body, STR("title"), a),
			   .key = path_text(body, STR("deduplication_key"), a),
			   .description = path_text(body, STR("description"), a),
			   .severity = keyed_priority(keyed_first(body, severity, a)),
			   .link = path_text(body, STR("source_url"), a),
			   .state = str_is(status, "resolved") ? KEYED_RESOLVED : KEYED_FIRING };
	if (!k.title.len)
		return err_field(e, "title", "title must not be empty.");
	if (!str_is(status, "firing") && !str_is(status, "resolved"))
		return err_field(e, "status", "status must be firing or resolved.");
	if (!k.key.len && k.state == KEYED_RESOLVED)
		return err_field(e, "deduplication_key",
				 "deduplication_key must say which alert is resolved.");
	if (!k.key.len)
		k.key = keyed_mint(q, a);
	keyed_add_members(&k.labels, json_get(body, "metadata"), a);
	*LIST_ADD(a, &out->signals) = keyed_signal(q, incidentio_source.name, &k, a);
	out->status = 202;
	out->reply = intake_reply(a, "status", STR("success"), "message",
				  STR("Event accepted for processing"), "deduplication_key", k.key,
				  NULL);
	return 0;
}

const struct source incidentio_source = { .name = "incidentio",
					  .label = "incident.io alert events",
					  .read = incidentio_read };
