/* SPDX-License-Identifier: Apache-2.0 */
/* operate: what `aplomb verify` and `aplomb rebuild` ask a running server for, over the socket in its folder: only who may
 * read the folder can reach it. */
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
	return say(r, 200,
		   str_fmt(v->arena, VERIFY_OK, (long long)p.events, (long long)p.inbox_rows,
			   (long long)p.blobs, (long long)p.redacted, (long long)p.expired));
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
