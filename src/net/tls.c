/* SPDX-License-Identifier: Apache-2.0 */
/* tls: see tls.h. */
#include "net/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/when.h"
#include "net/tls_conn.h"

/* What tells one version of the two files from the next. */
struct look {
	struct timespec changed[2];
	ino_t inode[2];
	off_t bytes[2];
};

struct tls {
	struct tls_config config;
	struct arena arena;   /* the texts of config */
	pthread_mutex_t lock; /* over ctx and seen */
	SSL_CTX *ctx;
	struct look seen; /* of the last reading, a refused one too */
	atomic_int_fast64_t look_ms;
};

/* Only what every browser of the last ten years has and no scanner complains about; 1.3 has its own list. */
static const char ciphers[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
			      "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
			      "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
			   const unsigned char *in, unsigned int in_len, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen = NULL;
	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, in, in_len) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* A server has nobody to ask: a locked key is refused instead of waiting at a terminal. */
static int no_passphrase(char *to, int room, int writes, void *asked)
{
	(void)to;
	(void)room;
	(void)writes;
	*(bool *)asked = true;
	return 0;
}

static SSL_CTX *context_new(void)
{
	static const unsigned char id[] = "aplomb";
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	if (!ctx)
		return NULL;
	(void)SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
					       SSL_OP_CIPHER_SERVER_PREFERENCE |
					       SSL_OP_PRIORITIZE_CHACHA |
					       SSL_OP_IGNORE_UNEXPECTED_EOF);
	(void)SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
	(void)SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF); /* tickets do it */
	SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, ciphers) == 1 &&
	    SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1 &&
	    SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1) == 1)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

static const char *key_file(const struct tls *t)
{
	return t->config.key ? t->config.key : t->config.cert;
}

static int readable(const char *what, const char *path, struct err *e)
{
	struct stat s;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is_file = fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
	int why = errno;
	if (fd >= 0)
		(void)close(fd);
	if (is_file)
		return 0;
	err_refuse(e, ERR_USAGE, "The %s %s cannot be read: %s.", what, path,
		   fd >= 0 ? "it is no file" : strerror(why));
	if (fd < 0 && why == EACCES)
		err_next(e, "Let the user that runs Aplomb read it, that user alone.");
	else
		err_next(e, "Look at the path; it is a file in PEM form.");
	return -1;
}

static int take_cert(const struct tls *t, SSL_CTX *ctx, struct err *e)
{
	const char *path = t->config.cert;
	if (readable("certificate", path, e) != 0)
		return -1;
	if (SSL_CTX_use_certificate_chain_file(ctx, path) == 1)
		return 0;
	unsigned long why = ERR_peek_error(); /* the first: those behind it only pass it on */
	if (ERR_GET_LIB(why) == ERR_LIB_SSL) {
		err_refuse(e, ERR_USAGE, "The certificate %s is refused: %s.", path,
			   ERR_reason_error_string(why));
		err_next(e, "Have a new one issued, with a key of 2048 bits RSA or P-256.");
		return -1;
	}
	err_refuse(e, ERR_USAGE, "%s holds no certificate in PEM form.", path);
	err_next(e, "It begins with -----BEGIN CERTIFICATE-----; a .der or .p12 file is turned "
		    "into one by openssl x509 or openssl pkcs12.");
	return -1;
}

static int take_key(const struct tls *t, SSL_CTX *ctx, struct err *e)
{
	const char *path = key_file(t);
	bool is_locked = false;
	if (readable("key", path, e) != 0)
		return -1;
	SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, &is_locked);
	int took = SSL_CTX_use_PrivateKey_file(ctx, path, SSL_FILETYPE_PEM);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, NULL);
	unsigned long why = ERR_peek_last_error();
	if (took == 1 && SSL_CTX_check_private_key(ctx) == 1)
		return 0;
	if (is_locked) {
		err_refuse(e, ERR_USAGE, "The key %s is locked with a passphrase.", path);
		err_next(e,
			 "Write one without: openssl pkey -in %s -out NEW, readable by the "
			 "user that runs Aplomb alone.",
			 path);
	} else if (ERR_GET_LIB(why) == ERR_LIB_X509 || took == 1) {
		err_refuse(e, ERR_USAGE, "The key %s does not belong to the certificate %s.", path,
			   t->config.cert);
		err_next(e,
			 "Name the two that were issued together; the certificate of the "
			 "server comes first in its file (certbot: fullchain.pem, privkey.pem).");
	} else {
		err_refuse(e, ERR_USAGE, "%s holds no private key in PEM form.", path);
		err_next(e,
			 "It begins with -----BEGIN PRIVATE KEY-----. Is it named by --tls-key?");
	}
	return -1;
}

static void tell(const struct tls *t, struct str sentence)
{
	if (t->config.tell)
		t->config.tell(t->config.ctx, sentence.at);
}

/* What is worth knowing and no reason to refuse: during an incident an old certificate is better than no server. */
static void warn(const struct tls *t, SSL_CTX *ctx)
{
	ARENA(a);
	struct stat s;
	const X509 *cert = SSL_CTX_get0_certificate(ctx);
	struct tm day = { 0 };
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0 &&
	    ASN1_TIME_to_tm(X509_get0_notAfter(cert), &day) == 1)
		tell(t, str_fmt(&a,
				"The certificate %s expired on %04d-%02d-%02d: browsers and the "
				"command line refuse it. Renew it; the new file is taken within a "
				"minute, without a restart.",
				t->config.cert, day.tm_year + 1900, day.tm_mon + 1, day.tm_mday));
	if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
		tell(t, str_fmt(&a,
				"The certificate %s is not valid yet: browsers and the command "
				"line refuse it. Is the clock of this machine right?",
				t->config.cert));
	if (stat(key_file(t), &s) == 0 && (s.st_mode & (S_IROTH | S_IWOTH)))
		tell(t, str_fmt(&a,
				"The key %s can be read by everybody on this machine. chmod 600 "
				"mends that.",
				key_file(t)));
}

static struct look look_now(const struct tls *t)
{
	const char *paths[] = { t->config.cert, key_file(t) };
	struct look l;
	struct stat s;
	memset(&l, 0, sizeof(l)); /* it is compared as bytes */
	for (int i = 0; i < 2; i++) {
		if (stat(paths[i], &s) != 0)
			continue;
		l.changed[i].tv_sec = s.st_mtim.tv_sec;
		l.changed[i].tv_nsec = s.st_mtim.tv_nsec;
		l.inode[i] = s.st_ino;
		l.bytes[i] = s.st_size;
	}
	return l;
}

static int load(struct tls *t, struct err *e)
{
	struct look seen = look_now(t);
	ERR_clear_error();
	SSL_CTX *ctx = context_new();
	int result = ctx ? 0 : err_fail(e, ERR_FAILED, "OpenSSL could not be set up.");
	if (result == 0 && (take_cert(t, ctx, e) != 0 || take_key(t, ctx, e) != 0))
		result = -1;
	ERR_clear_error();
	if (result == 0)
		warn(t, ctx);
	pthread_mutex_lock(&t->lock);
	SSL_CTX *old = result == 0 ? t->ctx : ctx;
	if (result == 0)
		t->ctx = ctx;
	t->seen = seen;
	pthread_mutex_unlock(&t->lock);
	SSL_CTX_free(old); /* connections that use it hold it */
	return result;
}

int tls_new(const struct tls_config *config, struct tls **out, struct err *e)
{
	struct tls *t = heap_new(sizeof(*t));
	t->config = *config;
	t->config.cert = str_z(&t->arena, str_of(config->cert));
	t->config.key = config->key ? str_z(&t->arena, str_of(config->key)) : NULL;
	(void)pthread_mutex_init(&t->lock, NULL);
	*out = t;
	int result = load(t, e);
	if (result != 0)
		tls_free(out);
	return result;
}

void tls_free(struct tls **p)
{
	struct tls *t = *p;
	*p = NULL;
	if (!t)
		return;
	SSL_CTX_free(t->ctx);
	(void)pthread_mutex_destroy(&t->lock);
	arena_clear(&t->arena);
	heap_free(t);
}

int tls_reload(struct tls *t, struct err *e)
{
	if (load(t, e) == 0)
		return 0;
	return err_context(e, "the certificate that is in use stays in use");
}

void tls_look(struct tls *t, int64_t now_ms)
{
	ARENA(a);
	struct err e = { 0 };
	int_fast64_t due = atomic_load(&t->look_ms);
	if (now_ms < due ||
	    !atomic_compare_exchange_strong(&t->look_ms, &due, now_ms + TLS_LOOK_MS))
		return;
	struct look now = look_now(t);
	pthread_mutex_lock(&t->lock);
	bool is_same = memcmp(&now, &t->seen, sizeof(now)) == 0;
	pthread_mutex_unlock(&t->lock);
	if (is_same)
		return;
	if (tls_reload(t, &e) == 0)
		tell(t, str_fmt(&a, "New connections get the new certificate %s.", t->config.cert));
	else
		tell(t, str_fmt(&a, "%s %s", e.text, e.next));
}

struct ssl_st *tls_session(struct tls *t)
{
	pthread_mutex_lock(&t->lock);
	SSL *ssl = SSL_new(t->ctx);
	pthread_mutex_unlock(&t->lock);
	return ssl;
}
