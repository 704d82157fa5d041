/* SPDX-License-Identifier: Apache-2.0 */
/* readiness: see readiness.h; and the same as JSON. */
#include "web/readiness.h"

#include "base/json.h"
#include "web/inside.h"

enum { LINES = 5 }; /* beside a form: more than that is not read there */

const struct field readiness_line_fields[] = {
	FIELD(readiness_line, service, "the service"),
	FIELD(readiness_line, said, "when it was last taken back, in a sentence"),
	FIELD(readiness_line, href, "where the proof is"),
	FIELD(readiness_line, is_fresh, "that was not too long ago"),
	END,
};

static struct str proof_of(const struct readiness *r, struct arena *a)
{
	if (r->change)
		return str_fmt(a, "/changes/%lld", (long long)r->change);
	if (r->incident)
		return str_fmt(a, "/incidents/%lld", (long long)r->incident);
	return (struct str){ NULL, 0 };
}

int readiness_lines(struct visit *v, const struct strs *services, struct readiness_lines *out,
		    struct err *e)
{
	for (size_t i = 0; i < services->len && i < LINES; i++) {
		struct readiness r;
		if (view_readiness(v->db, services->at[i], v->arena, &r, e) != 0)
			return -1;
		*LIST_ADD(v->arena, out) = (struct readiness_line){
			.service = services->at[i],
			.said = readiness_say(&r, v->now_ms, v->arena),
			.href = proof_of(&r, v->arena),
			.is_fresh = readiness_is_fresh(&r, v->now_ms),
		};
	}
	return 0;
}

static void add_new(struct strs *to, const struct strs *from, size_t room)
{
	for (size_t i = 0; i < from->len && to->len < room; i++)
		if (!strs_has(to, from->at[i]))
			to->at[to->len++] = from->at[i];
}

int readiness_of_room(struct visit *v, const struct incident *inc, struct readiness_lines *out,
		      struct err *e)
{
	struct strs services = { ARENA_ARRAY(v->arena, struct str, LINES), 0 };
	LIST_EACH (m, &inc->mitigations)
		if (m->state == MITIGATION_PROPOSED || m->state == MITIGATION_APPROVED)
			add_new(&services, &m->services, LINES);
	add_new(&services, &inc->services, LINES);
	return readiness_lines(v, &services, out, e);
}

const struct field readiness_row_fields[] = {
	FIELD(readiness_row, service, "the service"),
	CHOICE(readiness_row, how, readiness_how, "how it was taken back last; empty = never"),
	FIELD(readiness_row, at, "when it was back"),
	FIELD(readiness_row, took, "how long that took; of an undone change: since it began"),
	FIELD(readiness_row, what, "what was done"),
	FIELD(readiness_row, change, "the change that proves it"),
	FIELD(readiness_row, incident, "the incident that proves it"),
	FIELD(readiness_row, mitigation, "the number of the mitigation in it"),
	FIELD(readiness_row, is_fresh, "that was at most a year ago"),
	FIELD(readiness_row, said, "the same in a sentence"),
	END,
};

static struct readiness_row row_of(const struct visit *v, const struct readiness *r)
{
	return (struct readiness_row){ .service = r->service,
				       .how = r->how,
				       .at = r->at,
				       .took = r->took,
				       .what = r->what,
				       .change = r->change,
				       .incident = r->incident,
				       .mitigation = r->mitigation,
				       .is_fresh = readiness_is_fresh(r, v->now_ms),
				       .said = readiness_say(r, v->now_ms, v->arena) };
}

/* Of one service, proven or not; of all that have a proof. */
int api_readiness(struct visit *v, struct reply *r, struct err *e)
{
	struct str service = str_trim(form_get(&v->query, "service"));
	struct readinesses list = { 0 };
	struct buf b = BUF(v->arena);
	int failed = service.len ? view_readiness(v->db, service, v->arena,
						  LIST_ADD(v->arena, &list), e)
				 : view_readinesses(v->db, v->arena, &list, e);
	if (failed)
		return -1;
	buf_z(&b, "{\"readiness\":[");
	LIST_EACH (row, &list) {
		if (row != list.at)
			buf_c(&b, ',');
		struct readiness_row told = row_of(v, row);
		fields_to_json(readiness_row_fields, &told, &b);
	}
	buf_z(&b, "]}");
	return reply_json(v, 200, &b, r);
}
