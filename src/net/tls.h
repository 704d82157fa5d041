/* SPDX-License-Identifier: Apache-2.0 */
/* tls: the certificate a server shows and the rules of the handshake (OpenSSL): TLS 1.2 and 1.3, ALPN http/1.1, no
 * compression, no renegotiation. New files are taken while the server runs. What a connection does with it: tls_conn.c. */
#ifndef APLOMB_TLS_H
#define APLOMB_TLS_H
#include "base/err.h"

struct tls; /* any thread */

struct tls_config {
	const char *cert; /* a PEM file: the certificate, then its chain. Copied */
	const char *key;  /* a PEM file without a passphrase; NULL = in `cert` too. Copied */
	/* Whole sentences for whoever runs the server: a certificate that expired, new files that were taken or were not.
	 * On whichever thread it happens; NULL = nobody listens. */
	void (*tell)(void *ctx, const char *sentence);
	void *ctx; /* for tell; borrowed */
};
/* Refuses (ERR_USAGE) what cannot be read, is no PEM, is locked, or does not belong together; an expired certificate is told
 * and taken. */
int tls_new(const struct tls_config *, struct tls **, struct err *) MUST_USE;
void tls_free(struct tls **); /* after the server that uses it; sets NULL */
/* Reads both files again. New connections get the new certificate; when the files are refused, the old one stays in use and
 * the refusal says so. */
int tls_reload(struct tls *, struct err *) MUST_USE;
/* Whole days until the first certificate in a PEM file expires, negative when it has. tls_days.c */
int tls_days_left(const char *cert, int *days, struct err *) MUST_USE;
enum { TLS_LOOK_MS = 60000 };
/* Reloads when the files changed since they were last read, and tells; looks at most once in TLS_LOOK_MS of the monotonic
 * time given. Cheap otherwise: for each accept. */
void tls_look(struct tls *, int64_t now_ms);
#endif
