/* SPDX-License-Identifier: Apache-2.0 */
/* serve: reads the settings, opens the folder, starts engine and server, and stops all in order. What it serves is web's;
 * what it does in between is in serve_wait.c. */
#include <arpa/inet.h>
#include <limits.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/serving.h"
#include "base/version.h"
#include "world/notify.h"

static void wake_streams(void *server)
{
	server_wake(server);
}

/* Who may open the folder's files may ask this. A path longer than the kernel takes leaves it out. */
static int start_operate(struct serving *s, const char *data, struct err *e)
{
	ARENA(a);
	char whole[PATH_MAX];
	struct server_config sc = { .loops = 1, .workers = 1 };
	if (!realpath(data, whole) ||
	    strlen(whole) + sizeof("/socket") > sizeof(((struct sockaddr_un *)0)->sun_path))
		return 0;
	sc.host = str_fmt(&a, "%s/socket", whole).at;
	(void)unlink(sc.host); /* of a process that was killed: the folder's lock is ours */
	web_server_config(s->web, &sc);
	if (server_new(&sc, &s->operate, e) != 0)
		return -1;
	return server_start(s->operate, e);
}

static void tell_about_tls(void *serving, const char *sentence)
{
	serve_say(serving, SAY_WARN, sentence, (struct str){ 0 });
}

static int start_tls(struct serving *s, struct err *e)
{
	const struct settings *set = &s->load.settings;
	if (!set->tls_cert.len)
		return 0;
	const struct tls_config config = {
		.cert = str_z(&s->arena, set->tls_cert),
		.key = set->tls_key.len ? str_z(&s->arena, set->tls_key) : NULL,
		.tell = tell_about_tls,
		.ctx = s,
	};
	return tls_new(&config, &s->tls, e);
}

static int start_web(struct serving *s, struct err *e)
{
	const struct settings *set = &s->load.settings;
	struct addrs proxies;
	if (settings_proxies(set, &s->arena, &proxies, e) != 0)
		return -1;
	/* a proxy on this machine brings strangers: then nobody is at home */
	const struct web_config config = {
		.engine = s->engine,
		.store = s->store,
		.world = &s->world,
		.public_url = set->public_url.len ? str_z(&s->arena, set->public_url) : NULL,
		.is_tls = s->tls != NULL,
		.is_loopback = s->at.is_loopback && !settings_has_proxy(set),
		.proxies = proxies.at,
		.proxies_len = proxies.len,
	};
	return web_new(&config, &s->web, e);
}

static int start_gate(struct serving *s, struct err *e)
{
	const struct settings *set = &s->load.settings;
	const struct gate_courier_config config = {
		.engine = s->engine,
		.store = s->store,
		.world = &s->world,
		.api = set->github_api,
		.token_file = set->github_token_file.len ? str_z(&s->arena, set->github_token_file)
							 : NULL,
	};
	return gate_courier_start(&config, &s->gate_courier, e);
}

static int start(struct serving *s, struct err *e)
{
	const struct settings *set = &s->load.settings;
	const char *data = str_z(&s->arena, set->data);
	struct engine_config ec = { .world = &s->world, .policy = &policy_default };
	struct server_config sc = { .host = s->at.host,
				    .port = s->at.port,
				    .listen_fd = s->listen_fd,
				    .loops = (int)set->loops,
				    .workers = (int)set->workers,
				    .max_conns = (int)set->max_connections };
	if (start_tls(s, e) != 0 || store_open(&s->world, data, &s->store, e) != 0)
		return -1;
	ec.store = s->store;
	/* before anything old may leave */
	if (serve_keep_days(store_writer(s->store), &s->load.settings.inbox_days, e) != 0)
		return -1;
	if (engine_start(&ec, &s->engine, e) != 0 || start_gate(s, e) != 0 || start_web(s, e) != 0)
		return -1;
	web_server_config(s->web, &sc);
	sc.tls = s->tls;
	if (server_new(&sc, &s->server, e) != 0)
		return -1;
	web_counts(s->web, s->server);
	engine_on_commit(s->engine, wake_streams, s->server);
	if (start_operate(s, data, e) != 0)
		return -1;
	return server_start(s->server, e);
}

static void stop(struct serving *s)
{
	if (s->server)
		server_stop(s->server);
	if (s->operate)
		server_stop(s->operate);
	gate_courier_stop(&s->gate_courier);
	/* what was taken is answered before its threads go */
	engine_stop(&s->engine);
	if (s->web)
		web_counts(s->web, NULL);
	server_free(&s->server);
	server_free(&s->operate);
	tls_free(&s->tls);
	web_free(&s->web);
	store_close(&s->store);
	log_free(&s->world.log);
	arena_clear(&s->arena);
}

/* Where people find it: the public address, else the one it listens on. */
static struct str address_of(struct serving *s)
{
	const char *host = s->at.host;
	if (s->load.settings.public_url.len)
		return s->load.settings.public_url;
	return str_fmt(&s->arena, strchr(host, ':') ? "%s://[%s]:%d" : "%s://%s:%d",
		       s->tls ? "https" : "http", host, server_port(s->server));
}

/* While nobody could sign in it prints where to make the admin, or to give the one of `init` a password. */
static int greet(struct serving *s, struct err *e)
{
	struct str setup = { 0 }, at = address_of(s);
	if (web_setup_token(s->web, &s->arena, &setup, e) != 0)
		return -1;
	(void)printf("Aplomb serves on " STR_FMT "\n", STR_ARG(at));
	if (setup.len)
		(void)printf("First start: make the admin at " STR_FMT "/welcome?token=" STR_FMT
			     "\n",
			     STR_ARG(at), STR_ARG(setup));
	else
		(void)printf("Sign in at " STR_FMT "/sign-in\n", STR_ARG(at));
	(void)fflush(stdout);
	log_say(&s->world, SAY_INFO, "started",
		(struct say_pair[]){ SAY_TEXT("version", str_of(aplomb_version)),
				     SAY_TEXT("address", at),
				     SAY_TEXT("listen", s->load.settings.listen),
				     SAY_TEXT("data", s->load.settings.data), SAY_END });
	if (geteuid() == 0)
		serve_say(s, SAY_WARN, "Aplomb runs as root, which it never needs.",
			  STR("Run it as a user of its own, as packaging/aplomb.service does."));
	return 0;
}

/* Each row of the table as an option, with its default and the name it has in the environment. */
static int read_flags(struct settings_load *load, int argc, char **argv, struct err *e)
{
	ARENA(a);
	struct settings_load none = { 0 };
	struct option options[SETTINGS_MAX + 2] = {
		{ "config", "a settings file in place of /etc/aplomb/config.yaml (APLOMB_CONFIG)",
		  &load->config, false }
	};
	struct option *o = options + 1;
	settings_defaults(&none.settings);
	for (const struct field *f = settings_fields; f->name; f++) {
		struct buf value = BUF(&a);
		if (f->hidden)
			continue;
		settings_print(f, &none.settings, &value);
		*o++ = (struct option){
			.name = settings_flag(f, &a) + sizeof("--") - 1,
			.help = str_fmt(&a, "%s (%s%s" STR_FMT ")", f->help,
					settings_environment(f, &a), value.len ? "; default: " : "",
					STR_ARG(buf_str(&value)))
					.at,
			.value = &load->flag[f - settings_fields],
		};
	}
	return options_read(admin_command_find("serve"), options, argc, argv, e);
}

/* A socket that was opened for us is where we listen, whatever the files say. */
static int take_socket(struct serving *s, struct err *e)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	char host[NI_MAXHOST], port[NI_MAXSERV];
	if (notify_listen_fd(&s->listen_fd, e) != 0)
		return -1;
	if (!s->listen_fd)
		return 0;
	if (getsockname(s->listen_fd, (struct sockaddr *)&at, &len) != 0 ||
	    (at.ss_family != AF_INET && at.ss_family != AF_INET6) ||
	    getnameinfo((const struct sockaddr *)&at, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return err_refuse(e, ERR_USAGE,
				  "The socket that was handed over is no TCP socket.");
	for (const struct field *f = settings_fields; f->name; f++)
		if (strcmp(f->name, "listen") == 0)
			s->load.flag[f - settings_fields] = str_fmt(&s->arena,
								    strchr(host, ':') ? "[%s]:%s"
										      : "%s:%s",
								    host, port)
								    .at;
	return 0;
}

static int prepare(struct serving *s, struct err *e)
{
	if (take_socket(s, e) != 0 || settings_load(&s->load, &s->arena, e) != 0 ||
	    settings_listen(&s->load.settings, &s->arena, &s->at, e) != 0)
		return -1;
	(void)signal(SIGXFSZ,
		     SIG_IGN); /* a limit on files is then a full disk, which we live with */
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)umask(0077);
	world_real(&s->world);
	s->world.log = log_new(STDERR_FILENO, (enum say_level)s->load.settings.log_level,
			       (enum say_format)s->load.settings.log_format);
	return 0;
}

/* First of all, so that a SIGHUP in the first moment kills nobody, and before any thread: only serve_wait sees them. */
static void hold_signals(void)
{
	sigset_t ours;
	(void)sigemptyset(&ours);
	(void)sigaddset(&ours, SIGTERM);
	(void)sigaddset(&ours, SIGINT);
	(void)sigaddset(&ours, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &ours, NULL);
}

int admin_serve(int argc, char **argv)
{
	struct err e = { 0 };
	struct serving s = { 0 };
	hold_signals();
	int read = read_flags(&s.load, argc, argv, &e);
	if (read != 0)
		return read > 0 ? 0 : admin_complain("serve", &e);
	if (prepare(&s, &e) != 0 || start(&s, &e) != 0 || greet(&s, &e) != 0) {
		stop(&s);
		return admin_complain("serve", &e);
	}
	notify_send("READY=1\nSTATUS=Serving.");
	serve_wait(&s);
	notify_send("STOPPING=1");
	serve_say(&s, SAY_INFO, "stopping", (struct str){ 0 });
	stop(&s);
	return 0;
}
