/* SPDX-License-Identifier: Apache-2.0 */
/* settings_check: whether the settings make sense together; see settings.h. */
#include <stdio.h>
#include <string.h>

#include "admin/settings.h"

/* Which setting is at fault, so that the sentence can say where it was set. */
static int blame(struct err *e, const char *setting)
{
	(void)snprintf(e->field, sizeof(e->field), "%s", setting);
	return -1;
}

int settings_listen(const struct settings *s, struct arena *a, struct listen_at *out, struct err *e)
{
	struct str host = s->listen;
	const char *colon = host.len ? memrchr(host.at, ':', host.len) : NULL;
	struct addr address;
	int64_t port = -1;
	if (colon) {
		host.len = (size_t)(colon - host.at);
		if (!str_to_int(str_sub(s->listen, host.len + 1, s->listen.len), &port))
			port = -1;
	}
	if (port < 0 || port > 65535) {
		err_refuse(e, ERR_USAGE, "listen wants HOST:PORT, not \"" STR_FMT "\".",
			   STR_ARG(str_clip(s->listen, 100)));
		err_next(e, "Say, for instance, --listen 127.0.0.1:8420.");
		return blame(e, "listen");
	}
	if (host.len > 1 && host.at[0] == '[' && host.at[host.len - 1] == ']')
		host = str_sub(host, 1, host.len - 2);
	out->host = host.len ? str_z(a, host) : "127.0.0.1";
	out->port = (int)port;
	out->is_loopback = str_is(host, "localhost") || !host.len ||
			   (addr_parse(host, &address) && addr_is_loopback(&address));
	return 0;
}

static bool is_no(const struct strs *l)
{
	return l->len == 0 ||
	       (l->len == 1 && (str_eq_nocase(l->at[0], STR("no")) || str_is(l->at[0], "false")));
}

static bool is_yes(const struct strs *l)
{
	return l->len == 1 && (str_eq_nocase(l->at[0], STR("yes")) || str_is(l->at[0], "true"));
}

bool settings_has_proxy(const struct settings *s)
{
	return !is_no(&s->behind_proxy);
}

int settings_proxies(const struct settings *s, struct arena *a, struct addrs *out, struct err *e)
{
	*out = (struct addrs){ 0 };
	if (!settings_has_proxy(s))
		return 0;
	if (is_yes(&s->behind_proxy)) {
		(void)addr_parse(STR("127.0.0.0/8"), LIST_ADD(a, out));
		(void)addr_parse(STR("::1"), LIST_ADD(a, out));
		return 0;
	}
	for (size_t i = 0; i < s->behind_proxy.len; i++) {
		struct addr one;
		if (addr_parse(s->behind_proxy.at[i], &one)) {
			*LIST_ADD(a, out) = one;
			continue;
		}
		err_refuse(e, ERR_USAGE, "behind_proxy: \"" STR_FMT "\" is no address.",
			   STR_ARG(str_clip(s->behind_proxy.at[i], 60)));
		err_next(e, "Say yes for a proxy on this machine, or numeric addresses such as "
			    "10.0.0.5 or 10.0.0.0/8.");
		return blame(e, "behind_proxy");
	}
	return 0;
}

/* An origin, as browsers send it: no path, no slash at its end. */
static int check_public_url(struct settings *s, struct err *e)
{
	struct str rest = s->public_url;
	if (!rest.len)
		return 0;
	bool is_https = str_starts(rest, STR("https://"));
	size_t from = is_https ? 8 : 7;
	while (str_ends(s->public_url, STR("/")) && s->public_url.len > from)
		s->public_url.len--;
	rest = str_sub(s->public_url, from, s->public_url.len);
	bool is_url = (is_https || str_starts(s->public_url, STR("http://"))) && rest.len;
	for (size_t i = 0; i < rest.len; i++)
		is_url = is_url && rest.at[i] > ' ' && rest.at[i] < 0x7f &&
			 !strchr("/?#@\\\"'<>", rest.at[i]);
	if (is_url)
		return 0;
	err_refuse(e, ERR_USAGE,
		   "public_url is https:// and a name, without a path, not \"" STR_FMT "\".",
		   STR_ARG(str_clip(s->public_url, 100)));
	err_next(e, "Say, for instance, --public-url https://aplomb.example.org.");
	return blame(e, "public_url");
}

static int check_https(const struct settings *s, struct err *e)
{
	bool is_https = str_starts(s->public_url, STR("https://"));
	bool has_proxy = settings_has_proxy(s);
	if (has_proxy && !is_https) {
		err_refuse(e, ERR_USAGE,
			   "behind_proxy is set, but public_url is no https address: "
			   "cookies would travel unprotected.");
		err_next(e,
			 "Say --public-url https://NAME as people type it, or leave --behind-proxy "
			 "out.");
		return blame(e, "behind_proxy");
	}
	if (is_https && !has_proxy && !s->tls_cert.len) {
		err_refuse(e, ERR_USAGE, "public_url is https, but nothing here ends TLS.");
		err_next(e,
			 "Say --tls-cert FILE --tls-key FILE, or put a proxy with TLS in front and "
			 "say --behind-proxy yes.");
		return blame(e, "public_url");
	}
	if (s->tls_cert.len && s->public_url.len && !is_https) {
		err_refuse(e, ERR_USAGE, "tls_cert is set, but public_url begins with http://.");
		err_next(e, "Say --public-url https://NAME, or leave it out.");
		return blame(e, "public_url");
	}
	return 0;
}

static int check_doors(const struct settings *s, const struct listen_at *at, struct err *e)
{
	if (s->tls_key.len && !s->tls_cert.len) {
		err_refuse(e, ERR_USAGE, "--tls-key is of no use without --tls-cert.");
		err_next(e, "Name the certificate too: --tls-cert FILE.");
		return blame(e, "tls_key");
	}
	if (check_https(s, e) != 0)
		return -1;
	if (at->is_loopback || s->tls_cert.len || settings_has_proxy(s))
		return 0;
	err_refuse(e, ERR_USAGE, "plain http on %.200s would show passwords to the network.",
		   at->host);
	err_next(e, "Say --tls-cert FILE --tls-key FILE; or put a proxy with TLS in front and say "
		    "--behind-proxy yes --public-url https://NAME; or listen on 127.0.0.1.");
	return blame(e, "listen");
}

static int check_numbers(const struct settings *s, struct err *e)
{
	const struct {
		const char *name;
		int64_t is, least, most;
	} rows[] = {
		{ "loops", s->loops, 1, 64 },
		{ "workers", s->workers, 1, 256 },
		{ "max_connections", s->max_connections, 16, 100000 },
		{ "inbox_days", s->inbox_days, 0, 36500 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].is < rows[i].least || rows[i].is > rows[i].most) {
			err_refuse(e, ERR_USAGE, "%s is %lld to %lld, not %lld.", rows[i].name,
				   (long long)rows[i].least, (long long)rows[i].most,
				   (long long)rows[i].is);
			return blame(e, rows[i].name);
		}
	return 0;
}

static bool is_here(struct str rest)
{
	struct str host = { NULL, 0 };
	(void)str_cut(&rest, '/', &host);
	(void)str_cut(&host, ':', &rest);
	return str_is(rest, "127.0.0.1") || str_is(rest, "localhost");
}

/* Our token goes there: never in the open, but on this machine. */
static int check_github(struct settings *s, struct err *e)
{
	struct str api = s->github_api;
	bool is_https = str_starts(api, STR("https://"));
	bool is_plain = str_starts(api, STR("http://"));
	struct str rest = str_sub(api, is_https ? 8 : 7, api.len);
	bool is_url = (is_https || (is_plain && is_here(rest))) && rest.len && rest.at[0] != '/';
	for (size_t i = 0; i < rest.len; i++)
		is_url = is_url && rest.at[i] > ' ' && rest.at[i] < 0x7f &&
			 !strchr("?#@\\\"'<>", rest.at[i]);
	if (is_url)
		return 0;
	err_refuse(e, ERR_USAGE, "github_api is https:// and a name, not \"" STR_FMT "\".",
		   STR_ARG(str_clip(api, 100)));
	err_next(e, "Leave it out for github.com, or say https://NAME/api/v3.");
	return blame(e, "github_api");
}

int settings_check(struct settings *s, struct arena *a, struct err *e)
{
	struct listen_at at;
	struct addrs proxies;
	if (!s->data.len) {
		err_refuse(e, ERR_USAGE, "data is empty: say which folder, as in --data data.");
		return blame(e, "data");
	}
	if (settings_listen(s, a, &at, e) != 0 || settings_proxies(s, a, &proxies, e) != 0 ||
	    check_public_url(s, e) != 0 || check_numbers(s, e) != 0 || check_github(s, e) != 0)
		return -1;
	return check_doors(s, &at, e);
}
