/* SPDX-License-Identifier: Apache-2.0 */
/* tls_conn: see tls_conn.h. libevent's bufferevent over OpenSSL, and the few places where it needs a hand. */
#include "net/tls_conn.h"

#include <event2/bufferevent_ssl.h>
#include <event2/bufferevent_struct.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

struct bufferevent *tls_transport(struct tls *t, struct event_base *base, int fd)
{
	SSL *ssl = tls_session(t);
	struct bufferevent *bev = NULL;
	if (ssl)
		bev = bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
						     BEV_OPT_CLOSE_ON_FREE |
							     BEV_OPT_DEFER_CALLBACKS);
	if (bev) {
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
		return bev;
	}
	SSL_free(ssl);
	(void)close(fd);
	return NULL;
}

bool tls_was_plain(struct bufferevent *bev)
{
	bool is_plain = false;
	unsigned long why;
	while ((why = bufferevent_get_openssl_error(bev)) != 0)
		is_plain = is_plain || (ERR_GET_LIB(why) == ERR_LIB_SSL &&
					(ERR_GET_REASON(why) == SSL_R_HTTP_REQUEST ||
					 ERR_GET_REASON(why) == SSL_R_HTTPS_PROXY_REQUEST));
	return is_plain;
}

void tls_read_on(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);
	if (ssl && SSL_pending(ssl) > 0)
		event_active(&bev->ev_read, EV_READ, 0);
}

void tls_say_end(struct bufferevent *bev)
{
	SSL *ssl = bufferevent_openssl_get_ssl(bev);
	if (!ssl || !SSL_is_init_finished(ssl))
		return;
	ERR_clear_error();
	(void)SSL_shutdown(ssl);
	ERR_clear_error();
}
