/* SPDX-License-Identifier: Apache-2.0 */
/* operate: what `aplomb verify`, `rebuild` and `backup` ask a running server for, over the socket in its folder: only who
 * may read the folder can reach it. */
#include "engine/views.h"
#include "web/inside.h"

static int say(struct reply *r, int status, struct str text)
{
	r->status = status;
	r->type = STR("text/plain; charset=utf-8");
	r->body = text;
	return 0;
}

int post_verify(struct visit *v, struct reply *r, struct err *e)
{
	struct verify_report p = { 0 };
	if (ledger_verify(v->db, store_blob_folder(v->config->store), &p, e) != 0)
		return say(r, 500, str_fmt(v->arena, "BROKEN: %s\n", p.what[0] ? p.what : e->text));
	struct buf said = BUF(v->arena);
	verify_say(&p, &said);
	return say(r, 200, buf_str(&said));
}

static int rebuild(struct db *db, void *ctx, struct err *e)
{
	return engine_rebuild_views(db, ctx, e);
}

int post_rebuild(struct visit *v, struct reply *r, struct err *e)
{
	struct rebuilt p;
	if (engine_write(v->config->engine, rebuild, &p, e) != 0)
		return -1;
	return say(r, 200,
		   str_fmt(v->arena, REBUILD_OK, (long long)p.incidents,
			   p.is_same ? "they are identical to" : "they DIFFER from"));
}

/* The body is the name of the file that the backup will be; the answer the path of the database's copy. */
int post_backup(struct visit *v, struct reply *r, struct err *e)
{
	struct str path = { 0 };
	struct backup row = { .name = str_clip(str_trim(v->request->body), 4096) };
	struct store_copying how = { v->config->store, v->arena, &row };
	if (!row.name.len || !str_is_utf8(row.name))
		return err_refuse(e, ERR_BAD_INPUT, "Name the file that the backup will be.");
	if (engine_copy(v->config->engine, &how, &path, e) != 0)
		return say(r, err_status(e->code), str_fmt(v->arena, "%s %s\n", e->text, e->next));
	return say(r, 200, str_fmt(v->arena, STR_FMT "\n", STR_ARG(path)));
}
