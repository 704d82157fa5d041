/* SPDX-License-Identifier: Apache-2.0 */
/* page_error: a refusal or trouble as a page: the sentence, the next step, a way back. Programs get problem+json
 * instead (reply.c). */
#include "ui.h"
#include "web/inside.h"

struct error_view {
	struct frame frame;
	struct str sentence, next_step, back, code;
	int64_t status;
};
extern const struct field error_view_fields[];
const struct field error_view_fields[] = {
	FRAME_FIELDS(error_view),
	FIELD(error_view, sentence, "what stands in the way"),
	FIELD(error_view, next_step, "the safest next step"),
	FIELD(error_view, back, "where the visitor came from, of ours; may be empty"),
	FIELD(error_view, code, "the refusal's wire name"),
	FIELD(error_view, status, "of HTTP"),
	END,
};

/* The page before, as the form or the browser tells it. No-referrer is our own policy, so that mostly the form does. */
static struct str way_back(const struct visit *v)
{
	struct str back = form_get(&v->form, "_back");
	return is_own_path(back) ? back : (struct str){ 0 };
}

int page_error(struct visit *v, const struct err *e, struct reply *r)
{
	struct str sentence = e->text[0] ? str_of(e->text) : str_of(err_sentence(e->code));
	struct error_view view = {
		.frame = frame_of(v, "",
				  e->code == ERR_NOT_FOUND ? STR("Not here")
							   : STR("That did not work")),
		.sentence = str_copy(v->arena, sentence),
		.next_step = str_copy(v->arena, str_of(e->next)),
		.back = way_back(v),
		.code = str_of(err_wire(e->code)),
		.status = err_status(e->code),
	};
	return reply_page(v, &tpl_error, error_view_fields, &view, r);
}
