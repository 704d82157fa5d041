/* SPDX-License-Identifier: Apache-2.0 */
/* settings: which layer wins, what is said of mistakes, and what does not go together. */
#include "admin/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

struct stage {
	struct arena arena;
	char folder[64];
	const char *system;
	struct settings_load load;
	struct err e;
};

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* A user's and a system's file; NULL = none. */
static void set_stage(struct stage *s, const char *user, const char *system)
{
	*s = (struct stage){ .folder = "/tmp/aplomb-settings-XXXXXX" };
	assert_non_null(mkdtemp(s->folder));
	assert_int_equal(setenv("XDG_CONFIG_HOME", s->folder, 1), 0);
	assert_int_equal(mkdir(str_fmt(&s->arena, "%s/aplomb", s->folder).at, 0700), 0);
	s->system = str_fmt(&s->arena, "%s/system.yaml", s->folder).at;
	s->load.config = s->system;
	put(s->system, system ? system : "");
	if (user)
		put(str_fmt(&s->arena, "%s/aplomb/config.yaml", s->folder).at, user);
	for (const struct field *f = settings_fields; f->name; f++)
		(void)unsetenv(settings_environment(f, &s->arena));
	(void)unsetenv("APLOMB_CONFIG");
}

static void strike(struct stage *s)
{
	(void)unlink(s->system);
	(void)unlink(str_fmt(&s->arena, "%s/aplomb/config.yaml", s->folder).at);
	(void)rmdir(str_fmt(&s->arena, "%s/aplomb", s->folder).at);
	(void)rmdir(s->folder);
	arena_clear(&s->arena);
}

static size_t row(const char *name)
{
	return (size_t)(field_find(settings_fields, str_of(name)) - settings_fields);
}

static void works(struct stage *s)
{
	if (settings_load(&s->load, &s->arena, &s->e) != 0)
		fail_msg("%s", s->e.text);
}

/* One complaint that says `part`. */
static void complains(const char *system, const char *part)
{
	struct stage s;
	set_stage(&s, NULL, system);
	assert_int_equal(settings_load(&s.load, &s.arena, &s.e), -1);
	assert_int_equal(s.e.code, ERR_USAGE);
	if (str_find(s.load.complaints.at[0], str_of(part)) == SIZE_MAX)
		fail_msg("\"" STR_FMT "\" does not say \"%s\"", STR_ARG(s.load.complaints.at[0]),
			 part);
	strike(&s);
}

TEST(each_layer_beats_the_one_below)
{
	struct stage s;
	set_stage(&s, "workers: 3\nloops: 3\n", "workers: 2\nloops: 2\nmax_connections: 99\n");
	works(&s);
	assert_int_equal(s.load.settings.max_connections, 99);
	assert_int_equal(s.load.settings.workers, 3);
	assert_int_equal(s.load.origin[row("max_connections")].layer, LAYER_SYSTEM);
	assert_int_equal(s.load.origin[row("workers")].layer, LAYER_USER);
	assert_true(str_ends(s.load.origin[row("loops")].where, STR("/aplomb/config.yaml:2")));
	assert_int_equal(s.load.origin[row("listen")].layer, LAYER_DEFAULT);
	assert_str(s.load.settings.listen, "127.0.0.1:8420");
	assert_int_equal(setenv("APLOMB_WORKERS", "5", 1), 0);
	works(&s);
	assert_int_equal(s.load.settings.workers, 5);
	assert_str(s.load.origin[row("workers")].where, "APLOMB_WORKERS");
	s.load.flag[row("workers")] = "6";
	works(&s);
	assert_int_equal(s.load.settings.workers, 6);
	assert_int_equal(s.load.settings.loops, 3);
	assert_str(s.load.origin[row("workers")].where, "--workers");
	strike(&s);
}

TEST(every_mistake_is_told_with_its_place)
{
	struct stage s;
	set_stage(&s, "log_level: loud\n", "listn: x\nworkers: many\ndata: a\n");
	s.load.flag[row("loops")] = "two";
	assert_int_equal(settings_load(&s.load, &s.arena, &s.e), -1);
	assert_int_equal(s.load.complaints.len, 4);
	assert_true(
		str_ends(s.load.complaints.at[0],
			 STR("system.yaml:1: There is no setting listn. Did you mean listen?")));
	assert_int_not_equal(str_find(s.load.complaints.at[1],
				      STR("system.yaml:2: workers must be a whole number")),
			     SIZE_MAX);
	assert_int_not_equal(str_find(s.load.complaints.at[2],
				      STR("config.yaml:1: log_level must be one of debug")),
			     SIZE_MAX);
	assert_int_not_equal(str_find(s.load.complaints.at[3], STR("--loops: loops must be")),
			     SIZE_MAX);
	assert_str(s.load.settings.data, "a"); /* the rest still holds */
	strike(&s);
}

TEST(a_named_file_must_be_there)
{
	struct stage s;
	set_stage(&s, NULL, NULL);
	assert_int_equal(unlink(s.system), 0);
	assert_int_equal(settings_load(&s.load, &s.arena, &s.e), -1);
	assert_int_not_equal(str_find(str_of(s.e.text), STR("system.yaml: No such file")),
			     SIZE_MAX);
	strike(&s);
}

TEST(refuses_what_does_not_go_together)
{
	complains("listen: 0.0.0.0:8420\n", "plain http on 0.0.0.0");
	complains("listen: 192.168.0.1:8420\nbehind_proxy: no\n", "plain http on 192.168.0.1");
	complains("behind_proxy: yes\n", "public_url is no https address");
	complains("behind_proxy: yes\npublic_url: http://a\n", "public_url is no https address");
	complains("public_url: https://a\n", "nothing here ends TLS");
	complains("tls_key: k\n", "without --tls-cert");
	complains("tls_cert: c\npublic_url: http://a\n", "begins with http://");
	complains("behind_proxy: [10.0.0.1, proxy]\npublic_url: https://a\n",
		  "\"proxy\" is no address");
}

TEST(refuses_what_makes_no_sense)
{
	complains("listen: nowhere\n", "system.yaml:1: listen wants HOST:PORT");
	complains("listen: 127.0.0.1:70000\n", "listen wants HOST:PORT");
	complains("listen: 127.0.0.1:-1\n", "listen wants HOST:PORT");
	complains("public_url: aplomb.example\n", "public_url is https://");
	complains("public_url: https://a/b\n", "public_url is https://");
	complains("public_url: https://\n", "public_url is https://");
	complains("public_url: https://u@a\n", "public_url is https://");
	complains("loops: 1\nworkers: 0\n", "system.yaml:2: workers is 1 to 256");
	complains("loops: 65\n", "loops is 1 to 64");
	complains("data: ''\n", "data is empty");
	complains("workers: [1]\n", "takes one value");
}

TEST(takes_what_does)
{
	static const char *const good[] = {
		"listen: 0.0.0.0:443\ntls_cert: c\ntls_key: k\npublic_url: https://a/\n",
		"listen: 0.0.0.0:80\nbehind_proxy: yes\npublic_url: https://a.example:8443\n",
		"behind_proxy: [10.0.0.0/8, '::1']\npublic_url: https://a\n",
		"listen: '[::1]:0'\n",
		"listen: ':8420'\nbehind_proxy: no\n",
		"listen: localhost:1\npublic_url: http://localhost:1\n",
		"server: https://a\ntoken_file: /t\n",
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct stage s;
		set_stage(&s, NULL, good[i]);
		works(&s);
		assert_false(str_ends(s.load.settings.public_url, STR("/")));
		strike(&s);
	}
}

TEST(yes_means_proxies_on_this_machine)
{
	struct stage s;
	struct addrs proxies;
	struct addr here, there;
	set_stage(&s, NULL, "behind_proxy: yes\npublic_url: https://a\n");
	works(&s);
	assert_int_equal(settings_proxies(&s.load.settings, &s.arena, &proxies, &s.e), 0);
	assert_int_equal(proxies.len, 2);
	assert_true(addr_parse(STR("127.0.0.9"), &here) && addr_in(&here, &proxies.at[0]));
	assert_true(addr_parse(STR("10.0.0.1"), &there));
	assert_false(addr_in(&there, &proxies.at[0]) || addr_in(&there, &proxies.at[1]));
	strike(&s);
}

TESTS(T(each_layer_beats_the_one_below), T(every_mistake_is_told_with_its_place),
      T(a_named_file_must_be_there), T(refuses_what_does_not_go_together),
      T(refuses_what_makes_no_sense), T(takes_what_does), T(yes_means_proxies_on_this_machine))
