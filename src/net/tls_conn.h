/* SPDX-License-Identifier: Apache-2.0 */
/* tls_conn: what a connection asks of TLS, for the rooms of the server. Each on the connection's loop. */
#ifndef APLOMB_TLS_CONN_H
#define APLOMB_TLS_CONN_H
#include <event2/bufferevent.h>

#include "net/tls.h"

struct ssl_st;
struct ssl_st *tls_session(struct tls *); /* of the certificate in use now; NULL = no memory */
/* Takes the fd over, also when it fails: NULL. */
struct bufferevent *tls_transport(struct tls *, struct event_base *, int fd);
/* The other end spoke plain http: what is read from here on is its request. */
bool tls_was_plain(struct bufferevent *);
/* What was decrypted and had no room: nothing on the socket would wake us for it. */
void tls_read_on(struct bufferevent *);
/* Says that no more follows, as far as the socket takes it at once. */
void tls_say_end(struct bufferevent *);
#endif
