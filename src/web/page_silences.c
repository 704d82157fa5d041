/* SPDX-License-Identifier: Apache-2.0 */
/* page_silences: what is silenced, until when, by whom and why; and what was lately. As JSON too. Alertmanager's own
 * shape: api_v2_silences.c. */
#include "ui.h"
#include "web/alert_look.h"
#include "web/inside.h"

enum { OVER_SHOWN = 20 };

struct silence_row {
	int64_t number;
	struct str id, matchers, comment, author, state;
	struct when starts, ends;
	struct person by;
	struct str fits; /* how many alerts that fire it holds now; empty = none */
	bool is_pending;
};
static const struct field silence_row_fields[] = {
	FIELD(silence_row, number, "its number"),
	FIELD(silence_row, id, "its UUID"),
	FIELD(silence_row, state, "pending, active or expired"),
	FIELD(silence_row, matchers, "which alerts"),
	FIELD(silence_row, starts, "from when"),
	FIELD(silence_row, ends, "until when"),
	FIELD(silence_row, by, "who made it"),
	FIELD(silence_row, author, "who asked for it, as a client says"),
	FIELD(silence_row, comment, "why"),
	FIELD(silence_row, fits, "how many alerts it holds now"),
	FIELD(silence_row, is_pending, "it is still to come"),
	END,
};
struct silences_view {
	struct frame frame;
	LIST_OF(struct silence_row) on, over;
	bool has_over, may_act;
};
extern const struct field silences_view_fields[];
const struct field silences_view_fields[] = {
	FRAME_FIELDS(silences_view),
	ITEMS(silences_view, on, silence_row, "those that hold or will"),
	ITEMS(silences_view, over, silence_row, "those that ended, newest first"),
	FIELD(silences_view, has_over, "any ended"),
	FIELD(silences_view, may_act, "the reader may change things"),
	END,
};

struct counting {
	struct look *look;
	int64_t *fits; /* by place in look->active */
};

static void count(void *ctx, const struct live_alert *a)
{
	struct counting *c = ctx;
	for (size_t i = 0; a->is_firing && i < c->look->active.len; i++)
		c->fits[i] += match_fits(c->look->active.at[i].match, a->labels);
}

static struct silence_row row_of(struct visit *v, const struct silence *s)
{
	enum silence_state state = silence_state_at(s, v->now_ms);
	return (struct silence_row){ .number = s->number,
				     .id = s->id,
				     .state = str_of(silence_state_names[state]),
				     .matchers = strs_join(v->arena, &s->matchers, ", "),
				     .starts = s->starts,
				     .ends = s->ends,
				     .by = s->by,
				     .author = s->author,
				     .comment = s->comment,
				     .is_pending = state == SILENCE_PENDING };
}

static void fill(struct visit *v, struct look *look, struct silences_view *view)
{
	struct counting c = { look, ARENA_ARRAY(v->arena, int64_t, look->active.len + 1) };
	engine_each_alert(v->config->engine, look_texts(look), count, &c);
	for (size_t i = look->silences.len; i; i--) {
		const struct silence *s = &look->silences.at[i - 1];
		if (silence_state_at(s, v->now_ms) == SILENCE_EXPIRED) {
			if (view->over.len < OVER_SHOWN)
				*LIST_ADD(v->arena, &view->over) = row_of(v, s);
			continue;
		}
		struct silence_row *row = LIST_ADD(v->arena, &view->on);
		*row = row_of(v, s);
		for (size_t j = 0; j < look->active.len; j++)
			if (look->active.at[j].silence == s && c.fits[j])
				row->fits = thousands(v->arena, c.fits[j]);
	}
}

int page_silences(struct visit *v, struct reply *r, struct err *e)
{
	struct look look;
	struct silences_view view = { .frame = frame_of(v, "alerts", STR("Silences")),
				      .may_act = v->right >= RIGHT_RESPOND };
	if (look_open(v, &look, e) != 0)
		return -1;
	fill(v, &look, &view);
	view.has_over = view.over.len > 0;
	return reply_page(v, &tpl_silences, silences_view_fields, &view, r);
}

int api_silences(struct visit *v, struct reply *r, struct err *e)
{
	struct look look;
	struct silences_view view = { 0 };
	struct buf b = BUF(v->arena);
	bool all = str_is(form_get(&v->query, "state"), "all");
	if (look_open(v, &look, e) != 0)
		return -1;
	fill(v, &look, &view);
	buf_z(&b, "{\"silences\":[");
	LIST_EACH (s, &view.on) {
		if (s != view.on.at)
			buf_c(&b, ',');
		fields_to_json(silence_row_fields, s, &b);
	}
	if (all)
		LIST_EACH (s, &view.over) {
			if (s != view.over.at || view.on.len)
				buf_c(&b, ',');
			fields_to_json(silence_row_fields, s, &b);
		}
	buf_z(&b, "]}");
	return reply_json(v, 200, &b, r);
}
