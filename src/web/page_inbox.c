/* SPDX-License-Identifier: Apache-2.0 */
/* page_inbox: a body that a sender delivered, as it was kept: what looks like a secret was blanked before it was written
 * down. Never shown as a page of its own. */
#include "base/digest.h"
#include "ui.h"
#include "web/alert_look.h"
#include "web/inside.h"

enum { SHOWN_BYTES = 64 << 10 }; /* on the page; the rest is a click away */

struct inbox_view {
	struct frame frame;
	int64_t id;
	struct when received;
	struct str source, bytes, hash, hashed, reason, gone, body;
	bool is_cut;
};
extern const struct field inbox_view_fields[];
const struct field inbox_view_fields[] = {
	FRAME_FIELDS(inbox_view),
	FIELD(inbox_view, id, "its number"),
	FIELD(inbox_view, received, "when it came"),
	FIELD(inbox_view, source, "through which door"),
	FIELD(inbox_view, bytes, "how long it is"),
	FIELD(inbox_view, hash, "SHA-256 of salt and what hashed says"),
	FIELD(inbox_view, hashed, "the body itself, or as it was packed"),
	FIELD(inbox_view, reason, "why nothing in it could be used; empty otherwise"),
	FIELD(inbox_view, gone, "why its body is not here; empty otherwise"),
	FIELD(inbox_view, body, "its text"),
	FIELD(inbox_view, is_cut, "there is more of it"),
	END,
};

int page_inbox(struct visit *v, struct reply *r, struct err *e)
{
	struct inbox_row row;
	struct err gone = { 0 };
	struct str body = { NULL, 0 };
	if (inbox_get(v->db, v->number, v->arena, &row, e) != 0)
		return -1;
	struct inbox_view view = { .frame = frame_of(v, "alerts", STR("Inbox")),
				   .id = row.id,
				   .received = { row.received_ms },
				   .source = row.source,
				   .bytes = thousands(v->arena, row.bytes),
				   .reason = row.reason };
	view.hashed = row.is_of_body ? STR("body") : STR("packed body (zstd)");
	view.hash = hex_of(v->arena, (struct str){ (const char *)row.body_hash.b, SHA256_BYTES });
	if (inbox_unpack(v->arena, &row, &body, &gone) != 0)
		view.gone = str_copy(v->arena, str_of(gone.text));
	else if (!str_is_utf8(body))
		view.gone = STR("It is no text.");
	else
		view.body = str_clip(body, SHOWN_BYTES);
	view.is_cut = view.body.len < body.len && view.body.len;
	return reply_page(v, &tpl_inbox, inbox_view_fields, &view, r);
}

int api_inbox(struct visit *v, struct reply *r, struct err *e)
{
	struct inbox_row row;
	if (inbox_get(v->db, v->number, v->arena, &row, e) != 0 ||
	    inbox_unpack(v->arena, &row, &r->body, e) != 0)
		return -1;
	r->type = STR("text/plain; charset=utf-8"); /* and nosniff, as with every reply */
	return 0;
}
