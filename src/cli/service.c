/* SPDX-License-Identifier: Apache-2.0 */
/* service: the catalogue from the command line: one service on the terminal, and a file of services compared with the desk and
 * applied to it. Setting and removing one are verbs (act.c); lists: lists.c; the file: service_file.c. */
#include <stdio.h>

#include "base/when.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/known.h"
#include "cli/pick.h"
#include "cli/service_file.h"
#include "cli/state.h"
#include "core/core.h"

struct service_flags {
	struct str name, revision;
	bool prune;
};
static const struct field apply_flag_fields[] = {
	FIELD(service_flags, prune, "remove services that this file named and does not any more"),
	FIELD(service_flags, revision, "the file's revision, as a commit; it is recorded"),
	FIELD(service_flags, name,
	      "what the file is called here; its own name where nobody says. Services belong to "
	      "the "
	      "last file that named them",
	      .max = 200),
	END,
};
static const struct field diff_flag_fields[] = {
	FIELD(service_flags, name, "what the file is called here, as when it was applied",
	      .max = 200),
	END,
};
static const char apply_examples[] =
	"The file, kept beside your code:\n"
	"  services:\n"
	"    - name: payments            # as alerts call it\n"
	"      owner: payments-team\n"
	"      tier: 1\n"
	"      about: Takes the money.\n"
	"      depends: [ledger, kafka]\n"
	"      links: [\"Dashboard https://grafana.example/d/1\"]\n"
	"      runbook: https://wiki.example/payments\n"
	"      alerts: [PaymentQueueIsLong]   # its own, though they name no service\n"
	"Examples:\n"
	"  aplomb service apply -f services.yaml --dry-run\n"
	"  aplomb service apply -f services.yaml --prune --revision \"$(git rev-parse HEAD)\"\n"
	"  aplomb service diff -f services.yaml     0: as the file says; 1: it differs\n\n";

const struct cli_flags service_apply_flags = { run_service_apply, apply_flag_fields,
					       sizeof(struct service_flags), apply_examples };
const struct cli_flags service_diff_flags = { run_service_diff, diff_flag_fields,
					      sizeof(struct service_flags), apply_examples };

/* "ops/services.yaml" -> "services.yaml" */
static struct str base_name(struct str path)
{
	struct str part = { NULL, 0 }, last = { NULL, 0 };
	while (str_cut(&path, '/', &part))
		last = part.len ? part : last;
	return last;
}

static int read_file(struct caller *c, const struct strs *words, struct catalog_file *out,
		     struct err *e)
{
	const struct service_flags *own = c->own_flags;
	struct str text, path = c->args.file;
	if (words->len || !path.len) {
		err_refuse(e, ERR_USAGE, "Say which file: -f services.yaml.");
		err_next(e,
			 "-f - reads it from standard input. aplomb help service apply shows one.");
		return -1;
	}
	out->file = own->name.len	? own->name
		    : str_is(path, "-") ? STR("services.yaml")
					: base_name(path);
	out->revision = own->revision;
	out->prune = own->prune;
	if (files_read(c->arena, path, &text, e) != 0)
		return -1;
	if (service_file_parse(&c->reading, text, out, e) != 0)
		return -1;
	/* as the server does: what hides in a text is no difference */
	fields_one_line(verb_find(STR("service"), STR("apply"))->fields, out, c->arena);
	return 0;
}

/* The desk's services as the core knows them; a newer server may tell more, which is passed over. */
static int read_desk(struct caller *c, struct services *out, struct err *e)
{
	struct json *reply = NULL, *picked = NULL;
	struct buf names = BUF(c->arena), b = BUF(c->arena);
	if (caller_get(c, STR("/api/v1/services"), &reply, NULL, e) != 0)
		return -1;
	for (const struct field *f = service_fields; f->name; f++)
		buf_fmt(&names, "%s%s", f == service_fields ? "" : ",", f->name);
	pick_fields(c->arena, reply, buf_str(&names), &b);
	if (json_parse(c->arena, buf_str(&b), &picked, e) != 0)
		return -1;
	for (const struct json *row = json_first(picked); row; row = json_next(row))
		if (fields_from_json(service_fields, row, LIST_ADD(c->arena, out), &c->reading,
				     e) != 0)
			return err_context(e, "the server's catalogue");
	return 0;
}

static const char *sign_of(int change)
{
	switch ((enum service_change)change) {
	case SERVICE_ADDED:
		return "+";
	case SERVICE_CHANGED:
		return "~";
	case SERVICE_REMOVED:
		return "-";
	case SERVICE_SAME:
	case SERVICE_NOTED:
	case SERVICE_GONE:
		break;
	}
	return "=";
}

static void print_step(const struct service_step *s, const struct services *desk, const char *gone,
		       struct buf *b)
{
	const struct service *had = services_find(desk, s->name);
	buf_fmt(b, "%s " STR_FMT, sign_of(s->change), STR_ARG(s->name));
	if (s->change == SERVICE_CHANGED && had->file.len && had->origin == ORIGIN_SCREEN)
		buf_z(b, "  (changed here since a file was applied)");
	if (s->change == SERVICE_NOTED)
		buf_z(b, "  (says the same already; the file's from now on)");
	if (s->change == SERVICE_REMOVED)
		buf_fmt(b, "  (%s)", gone);
	if (s->change == SERVICE_GONE)
		buf_z(b, "  (not in the file any more; --prune removes it)");
	buf_c(b, '\n');
	for (size_t i = 0; i < s->lines.len; i++)
		buf_fmt(b, "    " STR_FMT "\n", STR_ARG(s->lines.at[i]));
}

static struct str body_of(struct arena *a, const struct catalog_file *file)
{
	struct buf b = BUF(a);
	fields_to_json(verb_find(STR("service"), STR("apply"))->fields, file, &b);
	return buf_str(&b);
}

static int send(struct caller *c, const struct catalog_file *file, struct err *e)
{
	struct client_reply reply = { 0 };
	struct json *j = NULL;
	struct sending s = { .method = "POST",
			     .path = STR("/api/v1/desk/service/apply"),
			     .body = body_of(c->arena, file),
			     .because = { NULL, 0 } };
	if (files_random(c->arena, &s.key, e) != 0 || caller_send(c, &s, &reply, e) != 0 ||
	    json_parse(c->arena, reply.body, &j, e) != 0)
		return -1;
	struct str said = json_text(json_get(j, "said"));
	if (c->args.json)
		caller_put(c, str_fmt(c->arena, STR_FMT "\n", STR_ARG(reply.body)));
	else if (!c->args.quiet)
		caller_say(c, str_fmt(c->arena, STR_FMT "\n",
				      STR_ARG(said.len ? said : STR("Nothing changed."))));
	return 0;
}

/* Before anything leaves: a person is asked, and a file that names nothing was hardly meant. 1: it was not meant. */
static int agree(struct caller *c, const struct catalog_file *file,
		 const struct service_steps *steps, struct err *e)
{
	size_t removed = 0;
	LIST_EACH (s, steps)
		removed += s->change == SERVICE_REMOVED;
	if (!removed || c->args.yes)
		return 0;
	if (c->screen.asks)
		return caller_asks(c, "Remove them?") ? 0 : 1;
	if (file->services.len)
		return 0;
	err_refuse(e, ERR_USAGE, STR_FMT " names no service, and --prune would remove %zu.",
		   STR_ARG(str_clip(file->file, 60)), removed);
	err_next(e, "Say -y if that is meant.");
	return -1;
}

int run_service_apply(struct caller *c, const struct strs *words)
{
	struct catalog_file file = { 0 };
	struct services desk = { 0 };
	struct service_steps steps = { 0 };
	struct err e = { 0 };
	struct buf b = BUF(c->arena);
	if (read_file(c, words, &file, &e) || read_desk(c, &desk, &e) ||
	    catalog_plan(&desk, &file, c->arena, &steps, &e))
		return caller_complain(c, &e);
	LIST_EACH (s, &steps)
		print_step(s, &desk, "not in the file any more: it is removed", &b);
	if (!steps.len)
		buf_fmt(&b, "Nothing to change: the desk says what " STR_FMT " says.\n",
			STR_ARG(file.file));
	if (!c->args.quiet && !c->args.json)
		caller_say(c, buf_str(&b));
	if (c->args.dry_run) {
		if (c->args.json)
			caller_put(c, str_fmt(c->arena, STR_FMT "\n",
					      STR_ARG(body_of(c->arena, &file))));
		return 0;
	}
	if (!steps.len && !c->args.json)
		return 0;
	int disagreed = agree(c, &file, &steps, &e);
	if (disagreed > 0)
		return 0;
	return disagreed || send(c, &file, &e) ? caller_complain(c, &e) : 0;
}

int run_service_diff(struct caller *c, const struct strs *words)
{
	struct catalog_file file = { 0 };
	struct services desk = { 0 };
	struct service_steps steps = { 0 };
	struct err e = { 0 };
	struct buf b = BUF(c->arena);
	bool differs = false;
	if (read_file(c, words, &file, &e))
		return caller_complain(c, &e);
	file.prune = true; /* what left the file is a difference, too, each time one looks */
	if (read_desk(c, &desk, &e) || catalog_plan(&desk, &file, c->arena, &steps, &e))
		return caller_complain(c, &e);
	LIST_EACH (s, &steps) {
		if (s->change == SERVICE_NOTED)
			continue;
		differs = true;
		print_step(s, &desk, "not in the file any more", &b);
	}
	if (!differs)
		buf_fmt(&b, "No difference: the desk says what " STR_FMT " says.\n",
			STR_ARG(file.file));
	if (!c->args.quiet)
		caller_say(c, buf_str(&b));
	return differs ? 1 : 0;
}

static void add_line(struct caller *c, const struct json *reply, const char *label,
		     const char *path, struct buf *b)
{
	struct str text = pick_text(c->arena, reply, path);
	if (text.len)
		buf_fmt(b, "%-12s " STR_FMT "\n", label, STR_ARG(text));
}

static void add_origin(struct caller *c, const struct json *reply, struct buf *b)
{
	struct buf at = BUF(c->arena);
	struct str file = pick_text(c->arena, reply, "file"),
		   revision = pick_text(c->arena, reply, "revision");
	const struct json *drift = json_get(reply, "drift");
	when_day_clock(&at, pick_when(reply, "at"), 0);
	buf_fmt(b, "%-12s " STR_FMT " UTC by " STR_FMT "\n", "Said", STR_ARG(buf_str(&at)),
		STR_ARG(state_name(state_people(c), pick_text(c->arena, reply, "by"))));
	if (file.len)
		buf_fmt(b, "%-12s " STR_FMT "%s" STR_FMT "\n", "File", STR_ARG(file),
			revision.len ? " at " : "", STR_ARG(revision));
	for (const struct json *d = json_first(drift); d; d = json_next(d))
		buf_fmt(b, "%-12s " STR_FMT "\n", d == json_first(drift) ? "Drift" : "",
			STR_ARG(json_text(d)));
}

int run_service(struct caller *c, const struct strs *words)
{
	static const char *const rows[][2] = {
		{ "Now", "state" },	  { "Owner", "owner" },		{ "Tier", "tier" },
		{ "About", "about" },	  { "Calls", "depends" },	{ "Called by", "used_by" },
		{ "Runbook", "runbook" }, { "Links", "links" },		{ "Alerts", "alerts" },
		{ "Firing", "firing" },	  { "Incidents", "incidents" },
	};
	struct err e = { 0 };
	struct json *reply = NULL;
	struct str raw;
	struct buf path = BUF(c->arena), b = BUF(c->arena);
	if (words->len != 1) {
		err_refuse(&e, ERR_USAGE,
			   "Say which service, as `aplomb service list` shows it; case counts.");
		return caller_complain(c, &e);
	}
	buf_z(&path, "/api/v1/services/");
	buf_url(&path, words->at[0]);
	if (caller_get(c, buf_str(&path), &reply, &raw, &e))
		return caller_complain(c, &e);
	if (c->args.json) {
		caller_put_json(c, reply, raw);
		return 0;
	}
	buf_fmt(&b, STR_FMT "\n", STR_ARG(pick_text(c->arena, reply, "name")));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		add_line(c, reply, rows[i][0], rows[i][1], &b);
	add_origin(c, reply, &b);
	caller_say(c, buf_str(&b));
	return 0;
}
