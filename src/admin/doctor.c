/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: `aplomb doctor`: looks at what Aplomb stands on, changes nothing of it, and says what to do; see doctor.h. */
#include "admin/doctor.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <time.h>

#include "admin/admin.h"
#include "base/when.h"

enum {
	JUMP_LOOK_MS = 200, /* the clocks are compared over so long */
	JUMP_MS = 50,	    /* further apart after that, and the wall clock is being moved */
	LEAST_FILES = 256,  /* below it serve does not get far */
	FILES_BESIDES = 64, /* files that are no connection: database, threads, logs */
};
static const int64_t first_sane_ms = 1767225600000; /* 2026-01-01: older than this program */

static const char *const verdict_names[] = { "ok", "warn", "bad" };

void doctor_find(struct doctor *d, enum verdict verdict, const char *what, struct str text,
		 const char *next)
{
	*LIST_ADD(d->arena,
		  &d->findings) = (struct finding){ verdict, what, text,
						    str_of(verdict == VERDICT_OK ? "" : next) };
}

static void look_at_settings(struct doctor *d)
{
	struct err e = { 0 };
	(void)!settings_load(&d->load, d->arena, &e); /* each complaint is a finding */
	LIST_EACH (c, &d->load.complaints)
		doctor_find(d, VERDICT_BAD, "settings", *c, "Mend it, then: aplomb config check.");
	if (d->load.complaints.len)
		return;
	size_t set = 0;
	for (const struct field *f = settings_fields; f->name; f++)
		set += d->load.origin[f - settings_fields].layer != LAYER_DEFAULT;
	struct str from = strs_join(d->arena, &d->load.files, ", ");
	doctor_find(d, VERDICT_OK, "settings",
		    str_fmt(d->arena,
			    "The settings are right; %zu differ from the defaults%s" STR_FMT ".",
			    set, from.len ? "; read from " : "", STR_ARG(from)),
		    "");
}

static void look_at_clock(struct doctor *d)
{
	const struct world *w = &d->world;
	const struct timespec wait = { 0, JUMP_LOOK_MS * 1000000L };
	struct timex t = { 0 };
	struct buf now = BUF(d->arena);
	int64_t apart = w->now_ms(w) - w->mono_ms(w);
	(void)nanosleep(&wait, NULL);
	apart -= w->now_ms(w) - w->mono_ms(w);
	when_rfc3339(&now, w->now_ms(w) / 1000 * 1000);
	if (w->now_ms(w) < first_sane_ms)
		doctor_find(d, VERDICT_BAD, "clock",
			    str_fmt(d->arena, "The clock says " STR_FMT ", which is long past.",
				    STR_ARG(buf_str(&now))),
			    "Set it: promises and timelines are told by it.");
	else if (apart > JUMP_MS || apart < -JUMP_MS)
		doctor_find(d, VERDICT_WARN, "clock",
			    str_fmt(d->arena, "The clock was moved by %lld ms while we looked.",
				    (long long)-apart),
			    "Let one time service correct it, in small steps.");
	else if (adjtimex(&t) == TIME_ERROR || (t.status & STA_UNSYNC))
		doctor_find(
			d, VERDICT_WARN, "clock",
			str_fmt(d->arena,
				"The clock says " STR_FMT
				"; the kernel does not know it to be synchronised.",
				STR_ARG(buf_str(&now))),
			"Run a time service (chrony, systemd-timesyncd). In a container, look at "
			"the host.");
	else
		doctor_find(d, VERDICT_OK, "clock",
			    str_fmt(d->arena, "The clock says " STR_FMT " and is synchronised.",
				    STR_ARG(buf_str(&now))),
			    "");
}

static void look_at_limits(struct doctor *d)
{
	struct rlimit files;
	int64_t wanted = d->load.settings.max_connections + FILES_BESIDES;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	bool is_enough = files.rlim_cur == RLIM_INFINITY || (int64_t)files.rlim_cur >= wanted;
	bool is_bad = !is_enough && files.rlim_cur < LEAST_FILES;
	if (is_enough)
		doctor_find(d, VERDICT_OK, "limits",
			    str_fmt(d->arena, "%lld open files are allowed; %lld may be needed.",
				    (long long)files.rlim_cur, (long long)wanted),
			    "");
	else
		doctor_find(d, is_bad ? VERDICT_BAD : VERDICT_WARN, "limits",
			    str_fmt(d->arena,
				    "Only %lld open files are allowed here; max_connections asks "
				    "for %lld.",
				    (long long)files.rlim_cur, (long long)wanted),
			    "Raise it (ulimit -n, LimitNOFILE=), or lower max_connections.");
}

static void print_text(const struct doctor *d)
{
	LIST_EACH (f, &d->findings)
		(void)printf("%-5s %-12s " STR_FMT "%s" STR_FMT "\n", verdict_names[f->verdict],
			     f->what, STR_ARG(f->text), f->next.len ? " " : "", STR_ARG(f->next));
}

static void print_json(const struct doctor *d)
{
	struct buf b = BUF(d->arena);
	LIST_EACH (f, &d->findings) {
		buf_fmt(&b,
			"%s{\"check\":\"%s\",\"verdict\":\"%s\",\"text\":", b.len ? ",\n " : "[",
			f->what, verdict_names[f->verdict]);
		buf_json(&b, f->text);
		buf_z(&b, ",\"next\":");
		buf_json(&b, f->next);
		buf_c(&b, '}');
	}
	(void)printf(STR_FMT "]\n", STR_ARG(buf_str(&b)));
}

int admin_doctor(int argc, char **argv)
{
	ARENA(a);
	struct err e = { 0 };
	struct doctor d = { .arena = &a };
	const char *json = NULL, *prove = NULL;
	const struct option options[] = {
		{ "data", "the data folder (default: as the settings say)", &d.data, 0 },
		{ "server", "the address to try (default: as the settings say)", &d.server, 0 },
		{ "config", "a settings file in place of /etc/aplomb/config.yaml", &d.load.config,
		  0 },
		{ "prove",
		  "back up, restore and verify a copy of the data, and say what that proved",
		  &prove, OPTION_SWITCH },
		{ "to", "with --prove: the folder for that copy (default: beside the data folder)",
		  &d.to, 0 },
		{ "json", "as a JSON array", &json, OPTION_SWITCH },
		{ NULL, NULL, NULL, 0 },
	};
	int read = options_read(admin_command_find("doctor"), options, argc, argv, &e);
	if (read != 0)
		return read > 0 ? 0 : admin_complain("doctor", &e);
	if (d.to && !prove) {
		err_refuse(&e, ERR_USAGE, "--to says where the proof is made: say --prove, too.");
		return admin_complain("doctor", &e);
	}
	world_real(&d.world);
	look_at_settings(&d);
	if (!d.data || !d.data[0])
		d.data = str_z(&a, d.load.settings.data);
	look_at_clock(&d);
	look_at_limits(&d);
	doctor_folder(&d);
	doctor_keep(&d);
	if (prove)
		doctor_prove(&d);
	doctor_server(&d);
	if (json)
		print_json(&d);
	else
		print_text(&d);
	LIST_EACH (f, &d.findings)
		if (f->verdict == VERDICT_BAD)
			return err_exit(ERR_FAILED);
	return 0;
}
