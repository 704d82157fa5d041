/* SPDX-License-Identifier: Apache-2.0 */
/* frame: what stands around every page: the bar, and on the screens of an incident its pause while one is called. Looks:
 * ui/part/head.html. */
#include "core/reset.h"
#include "web/inside.h"

struct frame frame_of(struct visit *v, const char *here, struct str title)
{
	unsigned char random[16];
	v->config->world->random(v->config->world, random, sizeof(random));
	return (struct frame){
		.title = title,
		.user_name = v->session.secret.len ? v->session.name : v->token.login,
		.csrf = visit_csrf(v),
		.idem = hex_of(v->arena, (struct str){ (const char *)random, sizeof(random) }),
		.path = v->request->path,
		.here = str_of(here),
		.is_admin = v->right == RIGHT_ADMIN,
		.signed_in = v->user.len > 0,
	};
}

void frame_follow(struct frame *frame, const struct incident *inc, struct visit *v)
{
	const struct pause *pause = incident_active_pause(inc);
	frame->incident = inc->id;
	frame->paused = pause;
	if (!pause)
		return;
	struct reset_card known = reset_known(inc, v->now_ms, v->arena);
	bool ends_it = str_ends(frame->path, STR("/do/reset/end")); /* that form is open already */
	frame->pause_since = pause->since;
	frame->pause_reason = pause->reason;
	frame->q_changed = known.changed;
	frame->q_broken = known.broken;
	frame->q_radius = known.radius;
	frame->q_step = known.step;
	frame->may_end_pause = v->right >= verb_find(STR("reset"), STR("end"))->needs && !ends_it;
}

struct frame frame_for(struct visit *v, const char *here, struct str title,
		       const struct incident *inc)
{
	struct frame frame = frame_of(v, here, title);
	frame_follow(&frame, inc, v);
	return frame;
}
