/* SPDX-License-Identifier: Apache-2.0 */
/* goalert: the generic API of GoAlert, `/api/v2/generic/incoming?token=...` (target/goalert genericapi): summary, details,
 * dedup and action=close, each in the query or in a form. Answers 204. */
#include "base/form.h"
#include "intake/keyed.h"

extern const struct source goalert_source;

static int goalert_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
			struct err *e)
{
	struct form form = { 0 };
	bool is_form = str_eq_nocase(intake_type(q), STR("application/x-www-form-urlencoded"));
	struct buf both = BUF(a);
	buf_add(&both, q->query);
	buf_c(&both, '&');
	if (is_form)
		buf_add(&both, str_trim(q->body));
	if (form_parse(a, buf_str(&both), &form, e) != 0)
		return -1;
	struct str action = form_get(&form, "action");
	struct keyed k = { .title = str_trim(form_get(&form, "summary")),
			   .description = str_trim(form_get(&form, "details")),
			   .key = form_get(&form, "dedup"),
			   .state = str_is(action, "close") ? KEYED_RESOLVED : KEYED_FIRING };
	k.is_partial = k.state == KEYED_RESOLVED;
	if (!k.title.len && !(k.is_partial && k.key.len))
		return err_field(e, "summary",
				 "summary must not be empty: it is the alert's title, in the query "
				 "or in a form.");
	if (action.len && !k.is_partial)
		intake_complain(out, a, "The action \"" STR_FMT "\" is not known; it fires.",
				STR_ARG(str_clip(action, 40)));
	if (!k.key.len) /* without dedup, equal summary and details are the same alert */
		k.key = str_fmt(a, STR_FMT "\n" STR_FMT, STR_ARG(k.title), STR_ARG(k.description));
	*LIST_ADD(a, &out->signals) = keyed_signal(q, goalert_source.name, &k, a);
	out->status = 204;
	return 0;
}

const struct source goalert_source = { .name = "goalert",
				       .label = "GoAlert generic API",
				       .read = goalert_read };
