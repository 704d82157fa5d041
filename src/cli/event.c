/* SPDX-License-Identifier: Apache-2.0 */
/* event: `aplomb event send` for scripts, Nagios, Zabbix and monit: one alert to /in/generic. When the server cannot be
 * reached it waits in the outbox; what waited goes first, so that a resolve never overtakes its alert. */
#include "base/when.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/outbox.h"

enum { TITLE_BYTES = 1000, TEXT_BYTES = 16000 };

struct event_send {
	struct str title, severity, service, key, state, link, description, integration;
};
static const struct field event_send_fields[] = {
	FIELD(event_send, title, "what is wrong (required; may stand without its flag)",
	      .required = true, .max = TEXT_BYTES),
	FIELD(event_send, severity,
	      "critical, error, warning or info; OK and UP mean resolved, other words of Nagios "
	      "and Zabbix are understood",
	      .max = 100),
	FIELD(event_send, service, "what it is about", .max = TEXT_BYTES),
	FIELD(event_send, key,
	      "what makes two events the same alert; the title on its service where it is not "
	      "given",
	      .max = TEXT_BYTES),
	FIELD(event_send, state, "firing or resolved; firing where it is not given", .max = 40),
	FIELD(event_send, link, "where to look", .max = TEXT_BYTES),
	FIELD(event_send, description, "longer text; -f FILE reads it", .max = 1 << 20, .lines = 3),
	FIELD(event_send, integration, "the integration whose key is sent, for its own mapping",
	      .max = 40),
	END,
};

static const char examples[] =
	"Examples:\n"
	"  aplomb event send \"Backup failed\" --severity warning --key backup-db1\n"
	"  aplomb event send \"Backup failed\" --key backup-db1 --state resolved\n"
	"  Nagios:  command_line /usr/bin/aplomb event send \"$HOSTNAME$: $SERVICEDESC$\"\n"
	"             --key \"$HOSTNAME$/$SERVICEDESC$\" --severity \"$SERVICESTATE$\"\n"
	"             --description \"$SERVICEOUTPUT$\"\n"
	"           OK resolves; CRITICAL, WARNING and UNKNOWN fire. For hosts: $HOSTSTATE$.\n"
	"  Zabbix:  a media type of the kind Script: aplomb event send \"{EVENT.NAME}\"\n"
	"             --key \"{TRIGGER.ID}/{HOST.NAME}\" --severity \"{EVENT.SEVERITY}\", and\n"
	"             --state resolved where {EVENT.VALUE} is 0\n"
	"  monit:   if failed port 443 then exec \"/usr/bin/aplomb event send 'nginx is down'\n"
	"             --key nginx\" else if succeeded then exec \"... --state resolved\"\n"
	"The key of an integration goes where a token would: --token-file FILE or APLOMB_TOKEN.\n"
	"What cannot be delivered waits here and is sent before the next event.\n\n";

const struct cli_flags event_send_flags = { run_event_send, event_send_fields,
					    sizeof(struct event_send), examples };

/* The words of Nagios and Zabbix as ours; "ok": it is over. Others stay as they are. */
static struct str severity_of(struct str word)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{ "ok", "ok" },
		{ "up", "ok" },
		{ "recovery", "ok" },
		{ "critical", "critical" },
		{ "down", "critical" },
		{ "unreachable", "critical" },
		{ "disaster", "critical" },
		{ "high", "error" },
		{ "error", "error" },
		{ "average", "warning" },
		{ "warning", "warning" },
		{ "unknown", "warning" },
		{ "information", "info" },
		{ "info", "info" },
		{ "not classified", "info" },
	};
	word = str_trim(word);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(word, str_of(words[i].theirs)))
			return str_of(words[i].ours);
	return word;
}

/* What a check printed must not keep its alert from us: too long is cut, what is no UTF-8 becomes question marks. */
static struct str fit(struct arena *a, struct str text, size_t max)
{
	text = str_trim(text);
	if (!str_is_utf8(text)) {
		struct buf b = BUF(a);
		for (size_t i = 0; i < text.len; i++)
			buf_c(&b, text.at[i] > 0 ? text.at[i] : '?');
		text = buf_str(&b);
	}
	return str_clip(text, max);
}

static int settle(struct caller *c, struct event_send *v, const struct strs *words, struct err *e)
{
	if (words->len == 1 && !v->title.len)
		v->title = words->at[0];
	else if (words->len) {
		err_refuse(e, ERR_USAGE, "The title is one word for the shell.");
		err_next(e, "Put it in quotes: aplomb event send \"Disk is full\".");
		return -1;
	}
	if (c->args.file.len && files_read(c->arena, c->args.file, &v->description, e))
		return -1;
	v->severity = severity_of(v->severity);
	if (str_is(v->severity, "ok")) {
		v->severity = (struct str){ NULL, 0 };
		if (!v->state.len)
			v->state = STR("resolved");
	}
	if (!v->state.len)
		v->state = STR("firing");
	if (!str_is(v->state, "firing") && !str_is(v->state, "resolved"))
		return err_field(e, "state", "--state is firing or resolved, not \"" STR_FMT "\".",
				 STR_ARG(str_clip(v->state, 40)));
	v->title = fit(c->arena, v->title, TITLE_BYTES);
	v->description = fit(c->arena, v->description, TEXT_BYTES);
	v->key = fit(c->arena, v->key, TEXT_BYTES);
	v->service = fit(c->arena, v->service, TEXT_BYTES);
	v->link = fit(c->arena, v->link, TEXT_BYTES);
	if (!v->title.len)
		return err_refuse(e, ERR_USAGE,
				  "Say what is wrong: aplomb event send \"Disk is full\".");
	return fields_check(event_send_fields, v, e);
}

static struct str body_of(struct caller *c, const struct event_send *v, bool with_time)
{
	struct buf b = BUF(c->arena), time = BUF(c->arena);
	const struct {
		const char *name;
		struct str value;
	} members[] = {
		{ "severity", v->severity },
		{ "service", v->service },
		{ "key", v->key },
		{ "status", v->state },
		{ "link", v->link },
		{ "description", str_trim(v->description) },
		{ "timestamp", { NULL, 0 } },
	};
	if (with_time)
		when_rfc3339(&time, c->reading.now_ms);
	buf_z(&b, "{\"title\":");
	buf_json(&b, v->title);
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct str value = members[i].value;
		if (str_is(str_of(members[i].name), "timestamp"))
			value = buf_str(&time);
		if (!value.len)
			continue;
		buf_fmt(&b, ",\"%s\":", members[i].name);
		buf_json(&b, value);
	}
	buf_c(&b, '}');
	return buf_str(&b);
}

/* It happened at this time, whenever it gets there. */
static int keep(struct caller *c, const struct event_send *v, const struct sending *s,
		struct err *e)
{
	struct err trouble = { 0 };
	const struct waiting w = {
		.server = c->server, .path = s->path, .key = s->key, .body = body_of(c, v, true)
	};
	if (outbox_keep(c, &w, &trouble))
		(void)caller_complain(c, &trouble);
	else
		err_next(e,
			 "The event is kept here and sent before the next one that gets through.");
	return caller_complain(c, e);
}

int run_event_send(struct caller *c, const struct strs *words)
{
	struct event_send *v = c->own_flags;
	struct err e = { 0 };
	struct sending s = { .method = "POST", .path = STR("/in/generic") };
	struct client_reply reply = { 0 };
	if (settle(c, v, words, &e) || files_random(c->arena, &s.key, &e))
		return caller_complain(c, &e);
	if (v->integration.len) {
		struct buf path = BUF(c->arena);
		buf_z(&path, "/in/generic/");
		buf_url(&path, v->integration);
		s.path = buf_str(&path);
	}
	s.body = body_of(c, v, false);
	if (c->args.dry_run) {
		caller_put(c, str_fmt(c->arena, STR_FMT "\n", STR_ARG(s.body)));
		return 0;
	}
	outbox_replay(c);
	if (caller_send(c, &s, &reply, &e))
		return e.code == ERR_UNREACHABLE || e.code == ERR_BUSY || e.code == ERR_STORE
			       ? keep(c, v, &s, &e)
			       : caller_complain(c, &e);
	if (c->args.json)
		caller_put(c, str_fmt(c->arena, STR_FMT "\n", STR_ARG(reply.body)));
	else if (!c->args.quiet)
		caller_say(c, str_fmt(c->arena, "Sent: " STR_FMT " (" STR_FMT ").\n",
				      STR_ARG(v->title), STR_ARG(v->state)));
	return 0;
}
