/* SPDX-License-Identifier: Apache-2.0 */
/* attach: see attach.h. */
#include "cli/attach.h"

#include "base/digest.h"
#include "cli/files.h"
#include "cli/pick.h"

static struct str file_name(struct str path)
{
	size_t from = path.len;
	while (from && path.at[from - 1] != '/')
		from--;
	return str_sub(path, from, path.len);
}

const char *attach_kind(struct str name)
{
	static const struct {
		const char *suffix, *kind;
	} kinds[] = { { ".png", "screenshot" },	  { ".jpg", "screenshot" },
		      { ".jpeg", "screenshot" },  { ".webp", "screenshot" },
		      { ".log", "log" },	  { ".txt", "log" },
		      { ".diff", "config-diff" }, { ".patch", "config-diff" } };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct str suffix = str_of(kinds[i].suffix);
		if (name.len > suffix.len &&
		    str_eq_nocase(str_sub(name, name.len - suffix.len, suffix.len), suffix))
			return kinds[i].kind;
	}
	return "output";
}

void attach_spread(struct arena *a, const struct strs *words, struct attach_commands *out)
{
	size_t lead = words->len > 1 && str_is(words->at[1], "add") ? 2 : 1, end = lead;
	bool is_add = words->len && str_is(words->at[0], "evidence");
	while (is_add && end < words->len && files_is_file(a, words->at[end]))
		end++;
	if (!is_add || end < lead + 2) {
		*LIST_ADD(a, out) = *words;
		return;
	}
	for (size_t file = lead; file < end; file++) {
		struct strs one = { ARENA_ARRAY(a, struct str, words->len), 0 };
		for (size_t i = 0; i < words->len; i++)
			if (i < lead || i == file || i >= end)
				one.at[one.len++] = words->at[i];
		*LIST_ADD(a, out) = one;
	}
}

int attach_set(struct caller *c, struct words_command *cmd, const char *name, struct str text,
	       struct err *e)
{
	const struct field *row = field_find(cmd->verb->fields, str_of(name));
	if (!row)
		return err_fail(e, ERR_FAILED, "'%s %s' has no field %s.", cmd->verb->noun,
				cmd->verb->name, name);
	return field_parse(row, cmd->fields, text, &c->reading, e);
}

int attach_upload(struct caller *c, struct str bytes, struct str *blob, struct err *e)
{
	struct client_reply reply = { 0 };
	struct json *j = NULL;
	struct sending s = { .method = "POST",
			     .type = "application/octet-stream",
			     .path = STR("/api/v1/blobs"),
			     .body = bytes };
	if (files_random(c->arena, &s.key, e) || caller_send(c, &s, &reply, e) ||
	    json_parse(c->arena, reply.body, &j, e))
		return -1;
	const struct sha256 hash = sha256_of(bytes);
	*blob = hex_of(c->arena, (struct str){ (const char *)hash.b, SHA256_BYTES });
	struct str told = json_text(json_get(j, "blob"));
	if (!told.len)
		told = json_text(json_get(j, "sha256"));
	if (told.len && !str_eq(told, *blob))
		return err_fail(e, ERR_FAILED,
				"The file arrived altered: the server's SHA-256 is another.");
	return 0;
}

int attach_file(struct caller *c, struct words_command *cmd, struct err *e)
{
	const struct field *title = field_find(cmd->verb->fields, STR("title"));
	const struct field *kind = field_find(cmd->verb->fields, STR("kind"));
	struct str path, bytes, blob = { 0 };
	if (!title || title->kind != KIND_STR)
		return 0;
	path = *(const struct str *)(const void *)((const char *)cmd->fields + title->at);
	if (!files_is_file(c->arena, path))
		return 0;
	if (files_read(c->arena, path, &bytes, e))
		return -1;
	if (!bytes.len)
		return err_refuse(e, ERR_USAGE, STR_FMT " is empty.", STR_ARG(str_clip(path, 200)));
	if (c->args.dry_run) {
		const struct sha256 hash = sha256_of(bytes);
		blob = hex_of(c->arena, (struct str){ (const char *)hash.b, SHA256_BYTES });
	} else if (attach_upload(c, bytes, &blob, e)) {
		return -1;
	}
	if (kind && field_is_empty(kind, cmd->fields) &&
	    attach_set(c, cmd, "kind", str_of(attach_kind(path)), e))
		return -1;
	return attach_set(c, cmd, "blob", blob, e) ||
			       attach_set(c, cmd, "title", file_name(path), e)
		       ? -1
		       : 0;
}
