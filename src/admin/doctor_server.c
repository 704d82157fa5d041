/* SPDX-License-Identifier: Apache-2.0 */
/* doctor, server: whether a server runs on the folder and can write, and whether the address that people use leads to that
 * same server. */
#include <string.h>

#include "admin/doctor.h"
#include "net/client.h"
#include "net/tls.h"

enum { ASK_MS = 5000, DAYS_WARN = 21, DAYS_BAD = 3 };

struct answer {
	int status;
	struct str body,
		instance; /* instance: new at each start of a server; empty = it is no Aplomb */
};

static int ask(struct doctor *d, const char *socket, struct str base, struct answer *out,
	       struct err *e)
{
	struct client *client = NULL;
	struct client_reply reply = { 0 };
	struct client_config config = { .unix_socket = socket, .timeout_ms = ASK_MS };
	struct client_ask question = {
		.method = "GET", .url = str_fmt(d->arena, STR_FMT "/-/ready", STR_ARG(base)).at
	};
	if (client_new(&config, &client, e) != 0)
		return -1;
	int result = client_request(client, &question, d->arena, &reply, e);
	client_free(&client);
	out->status = reply.status;
	out->body = str_clip(str_trim(reply.body), 200);
	out->instance = str_copy(d->arena, client_reply_header(&reply, "Aplomb-Instance"));
	return result;
}

static void look_at_ready(struct doctor *d, struct answer *local)
{
	struct err e = { 0 };
	const char *socket = str_fmt(d->arena, "%s/socket", d->data).at;
	if (ask(d, socket, STR("http://localhost"), local, &e) != 0)
		doctor_find(d, VERDICT_WARN, "server",
			    str_fmt(d->arena, "No server answers at %s.", socket),
			    str_fmt(d->arena, "Start it: aplomb serve --data %s", d->data).at);
	else if (local->status == 200)
		doctor_find(d, VERDICT_OK, "server",
			    STR("The server answers, and its disk takes writes."), "");
	else
		doctor_find(d, VERDICT_BAD, "server",
			    str_fmt(d->arena, "The server is not ready (%d): " STR_FMT,
				    local->status, STR_ARG(local->body)),
			    "");
}

static struct str address(struct doctor *d)
{
	const struct settings *s = &d->load.settings;
	if (d->server)
		return str_of(d->server);
	if (s->public_url.len)
		return s->public_url;
	return str_fmt(d->arena, "%s://%s" STR_FMT, s->tls_cert.len ? "https" : "http",
		       str_starts(s->listen, STR(":")) ? "127.0.0.1" : "", STR_ARG(s->listen));
}

static void look_at_address(struct doctor *d, const struct answer *local)
{
	struct err e = { 0 };
	struct answer there = { 0 };
	struct str at = address(d);
	while (str_ends(at, STR("/")))
		at.len--;
	const char *shown = str_z(d->arena, at);
	if (ask(d, NULL, at, &there, &e) != 0)
		doctor_find(d, local->instance.len ? VERDICT_BAD : VERDICT_WARN, "address",
			    str_fmt(d->arena, "%s does not answer: %s", shown, e.text),
			    e.next[0]
				    ? e.next
				    : "Look at its name, its certificate and the proxy in front.");
	else if (!there.instance.len)
		doctor_find(d, VERDICT_BAD, "address",
			    str_fmt(d->arena, "What answers at %s is no Aplomb (status %d).", shown,
				    there.status),
			    "Look at where its name and its proxy lead.");
	else if (local->instance.len && !str_eq(there.instance, local->instance))
		doctor_find(d, VERDICT_BAD, "address",
			    str_fmt(d->arena, "%s leads to another Aplomb than the one on %s.",
				    shown, d->data),
			    "Look at where its name and its proxy lead, and at --data.");
	else if (there.status != 200)
		doctor_find(d, VERDICT_BAD, "address",
			    str_fmt(d->arena, "%s is not ready (%d): " STR_FMT, shown, there.status,
				    STR_ARG(there.body)),
			    "");
	else
		doctor_find(d, VERDICT_OK, "address",
			    local->instance.len
				    ? str_fmt(d->arena, "%s leads to this server.", shown)
				    : str_fmt(d->arena, "%s answers and is ready.", shown),
			    "");
}

static void look_at_certificate(struct doctor *d)
{
	struct err e = { 0 };
	int days = 0;
	if (!d->load.settings.tls_cert.len)
		return;
	const char *path = str_z(d->arena, d->load.settings.tls_cert);
	if (tls_days_left(path, &days, &e) != 0)
		doctor_find(d, VERDICT_BAD, "certificate", str_copy(d->arena, str_of(e.text)),
			    "Name the right file as tls_cert.");
	else if (days < 0)
		doctor_find(d, VERDICT_BAD, "certificate",
			    str_fmt(d->arena, "The certificate %s has expired.", path),
			    "Renew it; a running server takes the new file by itself.");
	else
		doctor_find(d,
			    days < DAYS_BAD    ? VERDICT_BAD
			    : days < DAYS_WARN ? VERDICT_WARN
					       : VERDICT_OK,
			    "certificate",
			    str_fmt(d->arena, "The certificate %s is good for %d more days.", path,
				    days),
			    "Renew it; a running server takes the new file by itself.");
}

void doctor_server(struct doctor *d)
{
	struct answer local = { 0 };
	look_at_certificate(d);
	look_at_ready(d, &local);
	look_at_address(d, &local);
}
