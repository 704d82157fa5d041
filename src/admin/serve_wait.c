/* SPDX-License-Identifier: Apache-2.0 */
/* serve_wait: what serve does once all runs: it waits for signals, feeds the watchdog, and takes new settings. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "admin/serving.h"
#include "engine/pulse.h"
#include "store/setting.h"
#include "world/notify.h"

enum { LOOK_EVERY_MS = 1000 };

void serve_say(const struct serving *s, enum say_level level, const char *msg, struct str detail)
{
	log_say(&s->world, level, msg, (struct say_pair[]){ SAY_TEXT("detail", detail), SAY_END });
}

static bool is_live(const struct field *f)
{
	static const char *const names[] = { "log_level", "log_format", "inbox_days" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(f->name, names[i]) == 0)
			return true;
	return false;
}

static void say_change(struct serving *s, const struct field *f, const struct settings *to)
{
	ARENA(a);
	struct buf was = BUF(&a), is = BUF(&a);
	settings_print(f, &s->load.settings, &was);
	settings_print(f, to, &is);
	if (str_eq(buf_str(&was), buf_str(&is)) || f->hidden)
		return;
	log_say(&s->world, is_live(f) ? SAY_INFO : SAY_WARN,
		is_live(f) ? "A setting changed."
			   : "A setting changed in the files, but needs a restart.",
		(struct say_pair[]){ SAY_TEXT("setting", str_of(f->name)),
				     SAY_TEXT("was", buf_str(&was)), SAY_TEXT("is", buf_str(&is)),
				     SAY_END });
}

int serve_keep_days(struct db *db, void *days, struct err *e)
{
	ARENA(a);
	struct str was, is = str_fmt(&a, "%lld", (long long)*(const int64_t *)days);
	if (setting_get(db, "inbox_days", &a, &was, e) != 0)
		return -1;
	return str_eq(was, is) ? 0 : setting_set(db, "inbox_days", is, e);
}

/* The next look for a day that is over, within ten minutes, goes by it. */
static void change_days(struct serving *s, int64_t days)
{
	struct err e = { 0 };
	if (days == s->load.settings.inbox_days)
		return;
	if (engine_write(s->engine, serve_keep_days, &days, &e) == 0)
		s->load.settings.inbox_days = days;
	else
		log_trouble(&s->world, "keeping inbox_days", &e);
}

static void reload_tls(struct serving *s)
{
	struct err e = { 0 };
	if (!s->tls)
		return;
	if (tls_reload(s->tls, &e) != 0)
		log_say(&s->world, SAY_ERROR, e.text,
			(struct say_pair[]){ SAY_TEXT("next", str_of(e.next)), SAY_END });
	else
		serve_say(s, SAY_INFO, "The certificate was read again.", (struct str){ 0 });
}

static void reload(struct serving *s)
{
	ARENA(a);
	struct err e = { 0 };
	struct settings_load fresh = { .config = s->load.config };
	notify_reloading();
	memcpy(fresh.flag, s->load.flag, sizeof(fresh.flag));
	if (settings_load(&fresh, &a, &e) != 0) {
		LIST_EACH (c, &fresh.complaints)
			serve_say(s, SAY_ERROR, "The settings are broken; the old ones stay.", *c);
	} else {
		for (const struct field *f = settings_fields; f->name; f++)
			say_change(s, f, &fresh.settings);
		s->load.settings.log_level = fresh.settings.log_level;
		s->load.settings.log_format = fresh.settings.log_format;
		change_days(s, fresh.settings.inbox_days);
		log_set(s->world.log, (enum say_level)fresh.settings.log_level,
			(enum say_format)fresh.settings.log_format);
		serve_say(s, SAY_INFO, "The settings were read again.", (struct str){ 0 });
	}
	reload_tls(s);
	notify_send("READY=1");
}

/* A disk that refuses is no reason to be restarted; a writer that hangs is. */
static void feed_watchdog(struct serving *s, int64_t every_ms, int64_t *fed_ms)
{
	int64_t now = s->world.mono_ms(&s->world);
	if (!every_ms || now - *fed_ms < every_ms / 3)
		return;
	*fed_ms = now;
	if (engine_is_alive(s->engine))
		notify_send("WATCHDOG=1");
}

static void tell_ready(struct serving *s, bool *was_ready)
{
	struct err e = { 0 };
	bool is_ready = engine_was_ready(s->engine, &e) == 0;
	if (is_ready != *was_ready) {
		notify_send(is_ready ? "STATUS=Serving." : "STATUS=The disk takes no writes.");
		if (e.code == ERR_BUSY)
			log_trouble(&s->world, "writer", &e); /* the writer cannot say it itself */
	}
	*was_ready = is_ready;
}

void serve_wait(struct serving *s)
{
	sigset_t signals;
	int64_t every_ms = notify_watchdog_ms(), fed_ms = 0;
	int64_t wait_ms = every_ms && every_ms / 3 < LOOK_EVERY_MS ? every_ms / 3 : LOOK_EVERY_MS;
	const struct timespec wait = { wait_ms / 1000, wait_ms % 1000 * 1000000 };
	bool was_ready = true;
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGHUP);
	for (;;) {
		int got = sigtimedwait(&signals, NULL, &wait);
		if (got == SIGTERM || got == SIGINT)
			return;
		if (got == SIGHUP)
			reload(s);
		feed_watchdog(s, every_ms, &fed_ms);
		tell_ready(s, &was_ready);
	}
}
