/* SPDX-License-Identifier: Apache-2.0 */
/* tls: new certificates while the server runs. The handshake itself: test/http/case_tls.py. */
#include "house.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/tls.h"

struct shop {
	struct house house;
	struct tls *tls;
	char folder[64], cert[96], key[96];
};

static atomic_int told; /* by tls_config.tell */

static void count_told(__attribute__((unused)) void *ctx, const char *sentence)
{
	assert(sentence[0]);
	atomic_fetch_add(&told, 1);
}

static EVP_PKEY *write_cert(const char *path, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	FILE *f = fopen(path, "w");
	assert_true(key && x && f);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), -60);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	(void)X509_set_pubkey(x, key);
	X509_NAME *subject = X509_get_subject_name(x);
	(void)X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name,
					 -1, -1, 0);
	(void)X509_set_issuer_name(x, subject);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_X509(f, x), 1);
	(void)fclose(f);
	X509_free(x);
	return key;
}

static void write_pair(const struct shop *s, const char *name)
{
	EVP_PKEY *key = write_cert(s->cert, name);
	FILE *f = fopen(s->key, "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL), 1);
	(void)fclose(f);
	(void)chmod(s->key, 0600);
	EVP_PKEY_free(key);
}

static void shop_open(struct shop *s)
{
	struct err e = { 0 };
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/aplomb-tls-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	(void)snprintf(s->cert, sizeof(s->cert), "%s/cert", s->folder);
	(void)snprintf(s->key, sizeof(s->key), "%s/key", s->folder);
	write_pair(s, "first");
	atomic_store(&told, 0);
	const struct tls_config config = { .cert = s->cert, .key = s->key, .tell = count_told };
	assert_int_equal(tls_new(&config, &s->tls, &e), 0);
	house_open_tls(&s->house, s->tls);
}

static void shop_close(struct shop *s)
{
	house_close(&s->house);
	tls_free(&s->tls);
	(void)unlink(s->cert);
	(void)unlink(s->key);
	(void)rmdir(s->folder);
}

static SSL *enter(const struct shop *s, SSL_CTX *ctx)
{
	SSL *ssl = SSL_new(ctx);
	assert_non_null(ssl);
	assert_int_equal(SSL_set_fd(ssl, knock(&s->house)), 1);
	assert_int_equal(SSL_connect(ssl), 1);
	return ssl;
}

/* The name in the certificate of this connection, and that it answers. */
static void assert_shows(SSL *ssl, const char *name)
{
	char got[64] = "", reply[512];
	static const char ask[] = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
	X509 *x = SSL_get1_peer_certificate(ssl);
	assert_non_null(x);
	(void)X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, got, sizeof(got));
	X509_free(x);
	assert_string_equal(got, name);
	assert_int_equal(SSL_write(ssl, ask, sizeof(ask) - 1), sizeof(ask) - 1);
	assert_true(SSL_read(ssl, reply, sizeof(reply)) > 12);
	assert_memory_equal(reply, "HTTP/1.1 200", 12);
}

static void leave_shop(SSL *ssl)
{
	int fd = SSL_get_fd(ssl);
	SSL_free(ssl);
	(void)close(fd);
}

static void assert_new_shows(const struct shop *s, SSL_CTX *ctx, const char *name)
{
	SSL *ssl = enter(s, ctx);
	assert_shows(ssl, name);
	leave_shop(ssl);
}

TEST(reload_keeps_old_connections)
{
	struct shop s = { 0 };
	struct err e = { 0 };
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	shop_open(&s);
	SSL *old = enter(&s, ctx);
	assert_shows(old, "first");
	write_pair(&s, "second");
	assert_new_shows(&s, ctx, "first"); /* nobody looked yet */
	assert_int_equal(tls_reload(s.tls, &e), 0);
	assert_shows(old, "first");
	assert_new_shows(&s, ctx, "second");
	leave_shop(old);
	SSL_CTX_free(ctx);
	shop_close(&s);
}

TEST(broken_files_change_nothing)
{
	struct shop s = { 0 };
	struct err e = { 0 };
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	shop_open(&s);
	EVP_PKEY_free(write_cert(s.cert, "second")); /* its key is not written */
	assert_int_equal(tls_reload(s.tls, &e), -1);
	assert_non_null(strstr(e.text, "stays in use"));
	assert_non_null(strstr(e.text, "does not belong"));
	assert_new_shows(&s, ctx, "first");
	assert_int_equal(truncate(s.cert, 40), 0);
	assert_int_equal(tls_reload(s.tls, &e), -1);
	assert_int_equal(unlink(s.cert), 0);
	assert_int_equal(tls_reload(s.tls, &e), -1);
	assert_new_shows(&s, ctx, "first");
	SSL_CTX_free(ctx);
	shop_close(&s);
}

TEST(looks_once_a_minute)
{
	struct shop s = { 0 };
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	struct timespec now;
	shop_open(&s);
	assert_new_shows(&s, ctx, "first"); /* the first accept has looked just now */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t now_ms = (int64_t)now.tv_sec * 1000;
	EVP_PKEY_free(write_cert(s.cert, "torn")); /* half of what a renewal writes */
	tls_look(s.tls, now_ms);
	assert_int_equal(atomic_load(&told), 0);
	tls_look(s.tls, now_ms + 2 * TLS_LOOK_MS);
	assert_int_equal(atomic_load(&told), 1);
	assert_new_shows(&s, ctx, "first");
	tls_look(s.tls, now_ms + 4 * TLS_LOOK_MS); /* the same refusal is not told twice */
	assert_int_equal(atomic_load(&told), 1);
	write_pair(&s, "second");
	tls_look(s.tls, now_ms + 6 * TLS_LOOK_MS);
	assert_int_equal(atomic_load(&told), 2);
	assert_new_shows(&s, ctx, "second");
	SSL_CTX_free(ctx);
	shop_close(&s);
}

struct clients {
	const struct shop *shop;
	SSL_CTX *ctx;
};

static void *come_and_go(void *arg)
{
	const struct clients *c = arg;
	for (int i = 0; i < 60; i++) {
		SSL *ssl = enter(c->shop, c->ctx);
		leave_shop(ssl);
	}
	return NULL;
}

TEST(reloads_while_clients_come)
{
	struct shop s = { 0 };
	struct err e = { 0 };
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	pthread_t clients[2];
	shop_open(&s);
	struct clients c = { &s, ctx };
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&clients[i], NULL, come_and_go, &c), 0);
	for (int i = 0; i < 40; i++)
		assert_int_equal(tls_reload(s.tls, &e), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_join(clients[i], NULL), 0);
	assert_new_shows(&s, ctx, "first");
	SSL_CTX_free(ctx);
	shop_close(&s);
}

TESTS(T(reload_keeps_old_connections), T(broken_files_change_nothing), T(looks_once_a_minute),
      T(reloads_while_clients_come))
