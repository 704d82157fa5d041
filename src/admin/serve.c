/* SPDX-License-Identifier: Apache-2.0 */
/* serve: opens the folder, starts engine and server, waits for SIGTERM or SIGINT, stops in order. What it serves is
 * web's. */
#include <limits.h>
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
#include "net/server.h"
#include "net/tls.h"
#include "web/web.h"

struct serving {
	struct world world;
	struct store *store;
	struct engine *engine;
	struct web *web;
	struct tls *tls; /* NULL = plain http */
	struct server *server;
	struct server *operate; /* the socket in the data folder, for verify and rebuild */
};

/* "127.0.0.1:8420", "[::1]:8420", ":8420" */
static int read_listen(struct arena *a, const char *text, const char **host, int *port,
		       struct err *e)
{
	struct str s = str_of(text);
	const char *colon = strrchr(text, ':');
	int64_t n = 0;
	if (!colon || !str_to_int(str_of(colon + 1), &n) || n < 0 || n > 65535)
		return err_refuse(e, ERR_USAGE,
				  "--listen wants HOST:PORT, as in 127.0.0.1:8420, not \"%s\".",
				  text);
	s.len = (size_t)(colon - text);
	if (s.len > 1 && s.at[0] == '[' && s.at[s.len - 1] == ']')
		s = str_sub(s, 1, s.len - 2);
	*host = s.len ? str_z(a, s) : "127.0.0.1";
	*port = (int)n;
	return 0;
}

static bool is_loopback(const char *host)
{
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 ||
	       strcmp(host, "localhost") == 0;
}

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

static int start(struct serving *s, const char *data, struct web_config *wc,
		 struct server_config *sc, struct err *e)
{
	struct engine_config ec = { .world = &s->world, .policy = &policy_default };
	if (store_open(&s->world, data, &s->store, e) != 0)
		return -1;
	ec.store = s->store;
	if (engine_start(&ec, &s->engine, e) != 0)
		return -1;
	wc->engine = s->engine;
	wc->store = s->store;
	wc->world = &s->world;
	if (web_new(wc, &s->web, e) != 0)
		return -1;
	web_server_config(s->web, sc);
	if (server_new(sc, &s->server, e) != 0)
		return -1;
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
	/* what was taken is answered before its threads go */
	engine_stop(&s->engine);
	server_free(&s->server);
	server_free(&s->operate);
	tls_free(&s->tls);
	web_free(&s->web);
	store_close(&s->store);
}

/* While nobody could sign in it prints where to make the admin, or to give the one of `init` a password. */
static int greet(struct serving *s, const char *host, struct err *e)
{
	ARENA(a);
	struct str setup = { 0 };
	int port = server_port(s->server);
	const char *scheme = s->tls ? "https" : "http";
	const char *shown = strchr(host, ':') ? str_fmt(&a, "[%s]", host).at : host;
	if (web_setup_token(s->web, &a, &setup, e) != 0)
		return -1;
	(void)printf("Aplomb serves on %s://%s:%d\n", scheme, shown, port);
	if (setup.len)
		(void)printf("First start: make the admin at %s://%s:%d/welcome?token=" STR_FMT
			     "\n",
			     scheme, shown, port, STR_ARG(setup));
	else
		(void)printf("Sign in at %s://%s:%d/sign-in\n", scheme, shown, port);
	(void)fflush(stdout);
	return 0;
}

static int refuse_plain_http(const char *host, const char *public_url, const char *behind_proxy,
			     struct err *e)
{
	bool is_https = public_url && strncmp(public_url, "https://", 8) == 0;
	if (is_loopback(host) || (behind_proxy && is_https))
		return 0;
	err_refuse(e, ERR_USAGE, "plain http on %s would show passwords to the network.", host);
	err_next(e, "Say --tls-cert FILE --tls-key FILE; or put a proxy with TLS in front and say "
		    "--behind-proxy yes --public-url https://NAME; or listen on 127.0.0.1.");
	return -1;
}

static void tell_about_tls(const char *sentence)
{
	(void)fprintf(stderr, "aplomb: %s\n", sentence);
}

static int open_tls(struct serving *s, const char *cert, const char *key, struct err *e)
{
	const struct tls_config config = { .cert = cert, .key = key, .tell = tell_about_tls };
	if (cert)
		return tls_new(&config, &s->tls, e);
	if (!key)
		return 0;
	err_refuse(e, ERR_USAGE, "--tls-key is of no use without --tls-cert.");
	err_next(e, "Name the certificate too: --tls-cert FILE.");
	return -1;
}

int admin_serve(int argc, char **argv)
{
	ARENA(a);
	struct err e = { 0 };
	struct serving s = { 0 };
	const char *data = "data", *listen = "127.0.0.1:8420", *public_url = NULL, *proxy = NULL,
		   *host = NULL, *cert = NULL, *key = NULL;
	const struct option options[] = {
		{ "data", "the data folder (default: data)", &data, false },
		{ "listen", "HOST:PORT (default: 127.0.0.1:8420)", &listen, false },
		{ "public-url", "the address people use, when a proxy stands in front", &public_url,
		  false },
		{ "tls-cert", "serve https with this certificate: PEM, with its chain", &cert,
		  false },
		{ "tls-key", "its key: PEM (default: it is in the same file)", &key, false },
		{ "behind-proxy", "yes: TLS is ended by a proxy in front", &proxy, false },
		{ NULL, NULL, NULL, false },
	};
	int port = 0, read = options_read(&admin_commands[1], options, argc, argv, &e);
	if (read != 0)
		return read > 0 ? 0 : admin_complain("serve", &e);
	if (read_listen(&a, listen, &host, &port, &e) != 0 || open_tls(&s, cert, key, &e) != 0 ||
	    (!s.tls && refuse_plain_http(host, public_url, proxy, &e) != 0))
		return admin_complain("serve", &e);
	sigset_t ends;
	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &ends, NULL); /* before any thread: only sigwait sees them */
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)umask(0077);
	world_real(&s.world);
	struct web_config wc = { .public_url = public_url,
				 .is_loopback = is_loopback(host),
				 .is_tls = s.tls != NULL };
	struct server_config sc = {
		.host = host, .port = port, .loops = 2, .workers = 4, .tls = s.tls
	};
	if (start(&s, data, &wc, &sc, &e) != 0 || greet(&s, host, &e) != 0) {
		stop(&s);
		return admin_complain("serve", &e);
	}
	int got = 0;
	(void)sigwait(&ends, &got);
	(void)fprintf(stderr, "aplomb: stopping\n");
	stop(&s);
	return 0;
}
