/* SPDX-License-Identifier: Apache-2.0 */
/* settings: what can be set, where each value came from, and whether they go together. One table (settings_fields) makes
 * the flags and the help of serve, the environment's names (APLOMB_LISTEN), the names in a file and `config show`.
 * Order: flag > environment > user file > system file > default. */
#ifndef APLOMB_SETTINGS_H
#define APLOMB_SETTINGS_H
#include "base/field.h"
#include "net/addr.h"

struct settings {
	struct str data, listen, public_url, tls_cert, tls_key;
	struct strs
		behind_proxy; /* "yes", or addresses and ranges; empty or "no" = there is none */
	int log_level, log_format; /* enum say_level, enum say_format */
	int64_t loops, workers, max_connections;
	int64_t inbox_days; /* what senders posted is kept so long; 0 = for ever */
	struct str github_api,
		github_token_file; /* where the freeze gate answers GitHub, and as whom */
	/* of the command line, in the same files: */
	struct str server, token_file;
};
extern const struct field
	settings_fields[];  /* a hidden row is the command line's, and no flag of serve */
enum { SETTINGS_MAX = 24 }; /* rows of the table */

enum layer { LAYER_DEFAULT, LAYER_SYSTEM, LAYER_USER, LAYER_ENVIRONMENT, LAYER_FLAG };
extern const char *const layer_names[]; /* "default" ... */
struct origin {
	enum layer layer;
	struct str
		where; /* "/etc/aplomb/config.yaml:3", "APLOMB_LISTEN", "--listen"; empty = default */
};

struct settings_load {
	const char *config;		/* in place of /etc/aplomb/config.yaml; NULL = that */
	const char *flag[SETTINGS_MAX]; /* by row; NULL = not said */
	/* out: */
	struct settings settings;
	struct origin origin[SETTINGS_MAX]; /* by row */
	struct strs files;		    /* that were read */
	LIST_OF(struct str) complaints; /* each a sentence, with file and line where it has one */
};
/* Reads all layers, and goes on past what is wrong to find more of it. Texts go into the arena. -1: there are complaints,
 * the first one in *e (ERR_USAGE). */
int settings_load(struct settings_load *, struct arena *, struct err *) MUST_USE;
void settings_defaults(struct settings *);
const char *settings_flag(const struct field *, struct arena *);	/* "--public-url" */
const char *settings_environment(const struct field *, struct arena *); /* "APLOMB_PUBLIC_URL" */
/* The row's value as text; secrets as "[masked]". */
void settings_print(const struct field *, const struct settings *, struct buf *);

/* settings_check.c: whether they make sense together. ERR_USAGE with the safest next step; e->field is the row at
 * fault. */
int settings_check(struct settings *, struct arena *, struct err *) MUST_USE;
struct listen_at {
	const char *host; /* numeric, or a name */
	int port;
	bool is_loopback;
};
/* "127.0.0.1:8420", "[::1]:8420", ":8420" */
int settings_listen(const struct settings *, struct arena *, struct listen_at *,
		    struct err *) MUST_USE;
/* Whose X-Forwarded-For and -Proto are believed: "yes" = proxies on this machine. */
LIST_DECLARE(addrs, struct addr);
bool settings_has_proxy(const struct settings *);
int settings_proxies(const struct settings *, struct arena *, struct addrs *,
		     struct err *) MUST_USE;
#endif
