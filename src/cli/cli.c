/* SPDX-License-Identifier: Apache-2.0 */
/* cli: picks the command and runs it; see cli.h. What verbs do: act.c. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "base/version.h"
#include "cli/commands.h"
#include "cli/outbox.h"
#include "core/core.h"

const struct cli_command cli_commands[] = {
	{ "status", NULL, "aplomb status [INCIDENT]",
	  "How an incident stands and the next safest step; without a number, all that are open.",
	  run_status },
	{ "watch", NULL, "aplomb watch [INCIDENT]",
	  "Shows what happens as it happens; goes on after a break.", run_watch },
	{ "timeline", NULL, "aplomb timeline [INCIDENT]", "What happened, in order.",
	  run_timeline },
	{ "incident", "list", "aplomb incident list [--all]",
	  "Open incidents; --all: ended ones too.", run_incidents },
	{ "incident", "view", "aplomb incident view INCIDENT", "How an incident stands.",
	  run_incident },
	{ "alert", "list", "aplomb alert list", "Alerts, those that fire first.", run_alerts },
	{ "alert", "view", "aplomb alert view ALERT", "An alert, and why it is here.", run_alert },
	{ "silence", "list", "aplomb silence list [--all]",
	  "What is silenced; --all: what was lately, too.", run_silences },
	{ "changes", NULL, "aplomb changes [--since 2h] [--service S] [--kind K] [--suspects]",
	  "What changed, the newest first; --suspects: what set the incident off, and why.",
	  run_changes },
	{ "change", "list", "aplomb change list [--since 2h] [--service S] [--kind K]",
	  "Changes to what runs, the newest first.", run_changes },
	{ "change", "view", "aplomb change view CHANGE",
	  "A change, and when its service was last taken back.", run_change_view },
	{ "integration", "list", "aplomb integration list",
	  "The doors of senders: when each was last used, and what could not be read.",
	  run_integrations },
	{ "service", "list", "aplomb service list", "The service catalogue, and how each stands.",
	  run_services },
	{ "service", "view", "aplomb service view NAME",
	  "A service: who owns it, what it calls, how it stands.", run_service },
	{ "service", "apply",
	  "aplomb service apply -f FILE [--prune] [--revision TEXT] [--name NAME]",
	  "Makes the catalogue say what a file says; shows what changes first.",
	  run_service_apply },
	{ "service", "diff", "aplomb service diff -f FILE [--name NAME]",
	  "What applying the file would change; exit 0 nothing, 1 something.", run_service_diff },
	{ "review", "list", "aplomb review list", "Reviews and when they are due.", run_reviews },
	{ "review", "view", "aplomb review view INCIDENT", "The review of an incident.",
	  run_review },
	{ "action", "list", "aplomb action list [--all]",
	  "Actions that are open; --all: settled ones too.", run_actions },
	{ "capture", NULL, "aplomb capture [-i N] -- COMMAND...",
	  "Runs a command, shows its output and keeps it as evidence.", run_capture },
	{ "event", "send", "aplomb event send TITLE [--severity S] [--key K]",
	  "Sends an alert: for scripts, Nagios, Zabbix and monit.", run_event_send },
	{ "freeze", "check", "aplomb freeze check --service NAME [--what TEXT] [--rollback]",
	  "Asks before a deploy whether changes are frozen: for pipelines.", run_freeze_check },
	{ "api", NULL, "aplomb api METHOD PATH [-f FILE]",
	  "Any request, its reply as it is; -f - reads the body.", run_api },
	{ "login", NULL, "aplomb login --server URL --token-file FILE",
	  "Keeps the server's address and a token for later commands.", run_login },
	{ "completion", NULL, "aplomb completion bash|zsh|fish",
	  "What that shell needs to complete commands and flags.", run_completion },
	{ "man", NULL, "aplomb man", "The manual page; aplomb man | man -l - reads it.", run_man },
	{ "help", NULL, "aplomb help [NOUN [VERB]]", "This text, or that of one command.",
	  run_help },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli_command *cli_command_find(struct str first, struct str second)
{
	const struct cli_command *one = NULL;
	for (const struct cli_command *c = cli_commands; c->first; c++) {
		if (!str_is(first, c->first))
			continue;
		if (c->second && str_is(second, c->second))
			return c;
		if (!c->second)
			one = c;
	}
	return one;
}

bool cli_command_stands_for(const struct verb *v)
{
	const struct cli_command *c = cli_command_find(str_of(v->noun), str_of(v->name));
	return c && c->second;
}

/* How far what was typed is from a name of one or two words; past `most` it is another word. */
static int distance(struct str typed, const char *known)
{
	int far = words_distance(typed, str_of(known)), most = str_of(known).len >= 5 ? 2 : 1;
	return far <= most ? far : 99;
}

/* The least so far and what it is called. */
struct nearest {
	int far;
	struct str name;
};

static void offer(struct arena *a, struct nearest *n, int far, const char *first,
		  const char *second)
{
	if (far >= n->far)
		return;
	n->far = far;
	n->name = str_fmt(a, "%s%s%s", first, second ? " " : "", second ? second : "");
}

struct str cli_command_near(const struct caller *caller, struct str first, struct str second)
{
	struct arena *a = caller->arena;
	enum {
		TOO_FAR = 6,
		ONE_WORD_ONLY = 3
	}; /* where two words were typed, two that fit are better */
	struct nearest n = { .far = TOO_FAR };
	int alone = second.len ? ONE_WORD_ONLY : 0;
	for (const struct cli_command *c = cli_commands; c->first; c++)
		offer(a, &n,
		      distance(first, c->first) + (c->second ? distance(second, c->second) : 0),
		      c->first, c->second);
	for (const struct module *const *m = modules; *m; m++)
		for (const struct verb *v = (*m)->verbs; v && v->name; v++) {
			if (v->traits & INTERNAL)
				continue;
			offer(a, &n, distance(first, v->noun) + distance(second, v->name), v->noun,
			      v->name);
			if (v->alias)
				offer(a, &n, distance(first, v->alias) + alone, v->alias, NULL);
		}
	for (const struct cli_extra *x = caller->extra; x && x->name; x++)
		offer(a, &n, distance(first, x->name) + alone, x->name, NULL);
	return n.name;
}

const struct cli_flags *cli_flags_of(const struct cli_command *command)
{
	static const struct cli_flags *const all[] = { &event_send_flags, &service_apply_flags,
						       &service_diff_flags, &freeze_check_flags,
						       &changes_flags };
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (command->run == all[i]->run)
			return all[i];
	return NULL;
}

static int run_command(struct caller *c, const struct cli_command *command)
{
	const struct cli_flags *own = cli_flags_of(command);
	struct strs bare, rest = c->args.words;
	struct err e = { 0 };
	size_t taken = command->second ? 2 : 1;
	rest = (struct strs){ rest.at + taken, rest.len - taken };
	if (own) {
		c->own_flags = arena_alloc(c->arena, own->size);
		if (args_own(&c->reading, own->fields, &rest, c->own_flags, &e))
			return caller_complain(c, &e);
	}
	if (args_rest(c->arena, &rest, &c->args, &bare, &e) || caller_open(c, &e))
		return caller_complain(c, &e);
	return command->run(c, &bare);
}

static int run(struct caller *c, const struct strs *words)
{
	struct err e = { 0 };
	if (args_lead(c->arena, words, &c->args, &e))
		return caller_complain(c, &e);
	if (c->args.version) {
		(void)printf("aplomb %s\n", aplomb_version);
		return 0;
	}
	if (c->args.help || !c->args.words.len)
		return help_print(c, c->args.first, c->args.second);
	const struct cli_command *command = cli_command_find(c->args.first, c->args.second);
	if (command)
		return run_command(c, command);
	return act_words(c, &c->args.words);
}

int cli_main(int argc, char **argv, const struct cli_extra *extra)
{
	ARENA(arena);
	struct caller c = { .arena = &arena, .extra = extra };
	struct strs words = { ARENA_ARRAY(&arena, struct str, argc), 0 };
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	c.reading = (struct reading){ &arena, (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000,
				      0 }; /* times are UTC */
	for (int i = 1; i < argc; i++)
		words.at[words.len++] = str_of(argv[i]);
	int code = run(&c, &words);
	/* ferror: a long text fails before it is flushed */
	int lost = fflush(stdout) != 0 || ferror(stdout) ? errno : 0;
	if (code == 0 && c.is_answered)
		outbox_replay(&c);
	caller_close(&c);
	if (lost && lost != EPIPE && code == 0) {
		(void)fprintf(stderr, "aplomb: the output could not be written.\n");
		return err_exit(ERR_FAILED);
	}
	return code;
}
