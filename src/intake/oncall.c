/* SPDX-License-Identifier: Apache-2.0 */
/* oncall: the formatted webhook of Grafana OnCall (docs/sources/configure/integrations/references/webhook): {alert_uid,
 * title, state, message, link_to_upstream_details, image_url}. Its services look for a home since OnCall is archived. */
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source oncall_source;

static int oncall_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
		       struct err *e)
{
	struct json *body;
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	struct str state = path_text(body, STR("state"), a);
	struct keyed k = { .title = path_text(body, STR("title"), a),
			   .key = path_text(body, STR("alert_uid"), a),
			   .description = path_text(body, STR("message"), a),
			   .link = path_text(body, STR("link_to_upstream_details"), a),
			   .state = str_is(state, "ok") ? KEYED_RESOLVED : KEYED_FIRING };
	if (!k.title.len && !k.key.len)
		return err_field(e, "title",
				 "title or alert_uid must say which alert is meant: is this a "
				 "formatted webhook of Grafana OnCall?");
	out->status = 200;
	if (state.len && !str_is(state, "ok") && !str_is(state, "alerting")) {
		intake_complain(out, a, "Kept; the state \"" STR_FMT "\" changes no alert.",
				STR_ARG(str_clip(state, 40)));
		return 0;
	}
	if (!json_get(body, "state") && !json_get(body, "alert_uid"))
		return err_field(e, "state",
				 "state (ok or alerting) and alert_uid are both missing: is this "
				 "a formatted webhook of Grafana OnCall?");
	if (!k.title.len)
		k.title = k.key;
	if (!k.key.len)
		k.key = k.title;
	keyed_add(&k.notes, STR("image_url"), path_text(body, STR("image_url"), a), a);
	*LIST_ADD(a, &out->signals) = keyed_signal(q, oncall_source.name, &k, a);
	return 0;
}

const struct source oncall_source = { .name = "oncall",
				      .label = "Grafana OnCall webhook",
				      .read = oncall_read };
