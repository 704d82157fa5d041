/* SPDX-License-Identifier: Apache-2.0 */
/* static: the page's few files, which are in the binary; health; blobs in and out. */
#include "engine/pulse.h"
#include "ui.h"
#include "web/inside.h"

int get_asset(struct visit *v, struct reply *r, struct err *e)
{
	struct str name = str_sub(v->request->path, 1, v->request->path.len);
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *a = &assets[i];
		if (!str_is(name, a->name))
			continue;
		struct str etag = str_fmt(v->arena, "\"%s\"", a->etag);
		reply_header(r, "ETag", etag);
		reply_header(r, "Cache-Control",
			     STR("no-cache")); /* asked again each time, answered 304 */
		if (str_eq(request_header(v->request, "If-None-Match"), etag)) {
			r->status = 304;
			return 0;
		}
		r->type = str_of(a->type);
		r->body = (struct str){ (const char *)a->bytes, a->len };
		return 0;
	}
	return err_refuse(e, ERR_NOT_FOUND, "There is no such file.");
}

static int say(struct reply *r, struct str text)
{
	r->type = STR("text/plain; charset=utf-8");
	r->body = text;
	return 0;
}

int get_healthy(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	reply_header(r, "Aplomb-Instance", str_of(v->web->instance));
	return say(r, STR("OK\n"));
}

int get_ready(struct visit *v, struct reply *r, __attribute__((unused)) struct err *e)
{
	struct err why = { 0 };
	reply_header(r, "Aplomb-Instance", str_of(v->web->instance));
	if (engine_is_ready(v->config->engine, &why) == 0)
		return say(r, STR("OK\n"));
	r->status = 503;
	reply_header(r, "Retry-After", STR("5"));
	return say(r, str_fmt(v->arena, "%s%s%s\n", why.text, why.next[0] ? " " : "", why.next));
}

static int note(struct db *db, void *ctx, struct err *e)
{
	return blob_note(db, ctx, e);
}

int api_blob(struct visit *v, struct reply *r, struct err *e)
{
	struct blob_file *file = NULL;
	struct blob b = { 0 };
	if (!v->request->body.len)
		return err_refuse(e, ERR_BAD_INPUT, "The body is empty: send the file's bytes.");
	if (blob_begin(v->config->store, &file, e) != 0)
		return -1;
	if (blob_add(file, v->request->body, e) != 0) {
		blob_drop(&file);
		return -1;
	}
	if (blob_end(&file, v->arena, &b, e) != 0)
		return -1;
	b.type = str_clip(request_header(v->request, "Content-Type"), 100);
	if (engine_write(v->config->engine, note, &b, e) != 0)
		return -1;
	struct buf json = BUF(v->arena);
	buf_z(&json, "{\"blob\":");
	buf_json(&json, b.hash);
	buf_fmt(&json, ",\"bytes\":%lld}", (long long)b.size);
	return reply_json(v, 201, &json, r);
}

int get_blob(struct visit *v, struct reply *r, struct err *e)
{
	struct blob b;
	const char *path = blob_path(v->config->store, v->arg[0], v->arena);
	if (!path)
		return err_refuse(e, ERR_NOT_FOUND, "There is no such file.");
	if (blob_get(v->db, v->arg[0], v->arena, &b, e) != 0 ||
	    file_read(v->arena, path, BLOB_BYTES, &r->body, e) != 0)
		return -1;
	/* never shown as a page of ours, whatever its sender called it */
	r->type = STR("application/octet-stream");
	reply_header(
		r, "Content-Disposition",
		str_fmt(v->arena, "attachment; filename=\"%.16s.bin\"", str_z(v->arena, b.hash)));
	return 0;
}
