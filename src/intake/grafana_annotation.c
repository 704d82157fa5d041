/* SPDX-License-Identifier: Apache-2.0 */
/* grafana_annotation: Grafana's annotations API as its clients use it to mark deploys: Argo CD, Flux, scripts of CI
 * (grafana/grafana docs/sources/developers/http_api/annotations.md; argoproj/notifications-engine pkg/services/grafana.go
 * wants exactly 200; fluxcd/notification-controller internal/notifier/grafana.go sends `when` to the plain path). Tags
 * say what a change needs: see news_tags. Alerts of Grafana: grafana.c. */
#include "intake/news.h"
#include "intake/path.h"

extern const struct source grafana_annotation_source;

/* Ours, known before anything is stored, so that the answer can have it: 52 bits of the hash that names the change, which
 * every client's JSON can hold. */
static int64_t id_of(struct str hash)
{
	int64_t id = 0;
	for (size_t i = 0; i < 13; i++)
		id = id * 16 + hex_value(hash.at[i]);
	return id ? id : 1;
}

static int answer(struct intake_result *out, struct arena *a, const char *message, int64_t id)
{
	struct buf b = BUF(a);
	buf_fmt(&b, "{\"message\":\"%s\"", message);
	if (id) {
		buf_z(&b, ",\"id\":");
		buf_int(&b, id);
	}
	buf_c(&b, '}');
	out->status = 200;
	out->reply = buf_str(&b);
	return 0;
}

static int refuse(struct intake_result *out, struct arena *a, const char *why)
{
	out->status = 400;
	out->reply = intake_reply(a, "message", str_of(why), NULL);
	intake_complain(out, a, "%s", why);
	return 0;
}

/* The first line is the title, the others are what differs; where nothing is said, the tags have to do. */
static void take_text(struct change_news *n, struct str html, struct arena *a)
{
	struct str rest = news_plain(html, &n->link, a), title = { NULL, 0 };
	(void)str_cut(&rest, '\n', &title);
	n->title = str_trim(title);
	if (!n->differs.len)
		n->differs = str_trim(rest);
}

static void title_of_tags(struct change_news *n, struct arena *a)
{
	if (!n->title.len && n->service.len)
		n->title = str_trim(
			str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(n->service), STR_ARG(n->version)));
}

static int add(const struct intake_request *q, const struct json *body, struct arena *a,
	       struct intake_result *out)
{
	static const char *const text[] = { "text", "what", NULL };
	static const char *const key[] = { "tags", "text", "what", "data", "dashboardUID" };
	const char *name = grafana_annotation_source.name;
	bool is_graphite = str_is(q->path_tail, "graphite");
	struct strs tags = news_tags_of(json_get(body, "tags"), a);
	struct change_news n = { 0 };
	struct buf whole = BUF(a);
	int64_t began = keyed_time(json_get(body, "time"));
	began = began ? began : keyed_time(json_get(body, "when"));
	n.began.ms = began;
	n.ended.ms = keyed_time(json_get(body, "timeEnd"));
	news_tags(&n, &tags, a);
	take_text(&n, keyed_first(body, text, a), a);
	if (!n.differs.len)
		n.differs = news_plain(path_text(body, STR("data"), a), &n.link, a);
	title_of_tags(&n, a);
	if (!n.title.len)
		return refuse(out, a,
			      is_graphite ? "what is missing: it says what was changed"
					  : "text is missing: it says what was changed");
	n.kind = n.kind ? n.kind : CHANGE_DEPLOY;
	n.state = n.state ? n.state : CHANGE_DONE;
	/* an annotation without an end is a point in time */
	if (n.state != CHANGE_RUNNING && !n.ended.ms)
		n.ended.ms = began;
	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++) {
		struct str value = json_plain(json_get(body, key[i]), a);
		buf_fmt(&whole, "%zu " STR_FMT " ", value.len, STR_ARG(value));
	}
	int64_t id = id_of(news_mint(q, name, buf_str(&whole), began, a));
	n.key = str_fmt(a, "%lld", (long long)id);
	news_add(q, name, &n, a, out);
	return answer(out, a, is_graphite ? "Graphite annotation added" : "Annotation added", id);
}

/* PATCH and PUT of /api/annotations/ID: what is given replaces; an end ends it. */
static int move(const struct intake_request *q, const struct json *body, int64_t id,
		struct arena *a, struct intake_result *out)
{
	struct strs tags = news_tags_of(json_get(body, "tags"), a);
	struct change_news n = { .key = str_fmt(a, "%lld", (long long)id) };
	n.began.ms = keyed_time(json_get(body, "time"));
	n.ended.ms = keyed_time(json_get(body, "timeEnd"));
	news_tags(&n, &tags, a);
	take_text(&n, path_text(body, STR("text"), a), a);
	if (n.ended.ms && !n.state)
		n.state = CHANGE_DONE;
	news_add(q, grafana_annotation_source.name, &n, a, out);
	return answer(out, a,
		      str_is(q->method, "PUT") ? "Annotation updated" : "Annotation patched", 0);
}

static int grafana_annotation_read(const struct intake_request *q, struct arena *a,
				   struct intake_result *out, struct err *e)
{
	struct json *body;
	int64_t id;
	bool is_new = !q->path_tail.len || str_is(q->path_tail, "graphite");
	if (intake_object(q, a, &body, e) != 0)
		return refuse(out, a, e->text);
	if (is_new)
		return add(q, body, a, out);
	if (!str_to_int(q->path_tail, &id) || id <= 0)
		return refuse(out, a, "no annotation has such an id");
	return move(q, body, id, a, out);
}

const struct source grafana_annotation_source = {
	.name = "grafana_annotation",
	.label = "Grafana annotations (Argo CD, Flux, scripts)",
	.read = grafana_annotation_read,
};
