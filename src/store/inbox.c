/* SPDX-License-Identifier: Apache-2.0 */
/* inbox: see inbox.h. */
#include "store/inbox.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <zstd.h>

#include "core/event.h"
#include "store/stmt.h"
#include "world/world.h"

enum {
	PACK_LEVEL = 1, /* 3 packs 4 % better at half the speed */
	SMALL_BYTES =
		1024, /* up to here most of the time goes into tables of codes that save a quarter: */
	SMALL_LEVEL = -1, /* repeats alone, in a fifth of the time */
	IDLE_MOST = 4,	  /* contexts kept: more threads rarely pack at once */
	SALTS = 64,	  /* drawn at a time: a call of the system for each costs more than it is */
};
struct packing {
	ZSTD_CCtx *zstd;
	size_t salts_used;
	char salts[SALTS][EVENT_SALT_BYTES];
};
struct inbox_packer {
	const struct world *world;
	pthread_mutex_t lock; /* guards idle */
	struct packing *idle[IDLE_MOST];
	size_t count;
};

struct inbox_packer *inbox_packer_new(const struct world *w)
{
	struct inbox_packer *p = heap_new(sizeof(*p));
	p->world = w;
	(void)pthread_mutex_init(&p->lock, NULL);
	return p;
}

static void packing_free(struct packing *k)
{
	if (!k)
		return;
	(void)ZSTD_freeCCtx(k->zstd);
	heap_free(k);
}

void inbox_packer_free(struct inbox_packer **pp)
{
	struct inbox_packer *p = *pp;
	if (!p)
		return;
	while (p->count)
		packing_free(p->idle[--p->count]);
	(void)pthread_mutex_destroy(&p->lock);
	heap_free(p);
	*pp = NULL;
}

static struct packing *packing_take(struct inbox_packer *p)
{
	(void)pthread_mutex_lock(&p->lock);
	struct packing *k = p->count ? p->idle[--p->count] : NULL;
	(void)pthread_mutex_unlock(&p->lock);
	if (k)
		return k;
	k = heap_new(sizeof(*k));
	k->salts_used = SALTS;
	k->zstd = ZSTD_createCCtx();
	assert(k->zstd); /* out of memory */
	return k;
}

static void packing_give(struct inbox_packer *p, struct packing *k)
{
	enum { LARGE_BYTES = 1 << 20 }; /* grown by a large body: not worth keeping */
	(void)pthread_mutex_lock(&p->lock);
	if (p->count < IDLE_MOST && ZSTD_sizeof_CCtx(k->zstd) <= LARGE_BYTES) {
		p->idle[p->count++] = k;
		k = NULL;
	}
	(void)pthread_mutex_unlock(&p->lock);
	packing_free(k);
}

/* Each is used once, and nothing of it stays here: without its salt a redacted body cannot be guessed. */
static struct str salt_draw(struct inbox_packer *p, struct packing *k, struct arena *a)
{
	if (k->salts_used == SALTS) {
		p->world->random(p->world, k->salts, sizeof(k->salts));
		k->salts_used = 0;
	}
	char *salt = k->salts[k->salts_used++];
	struct str drawn = str_copy(a, (struct str){ salt, EVENT_SALT_BYTES });
	memset(salt, 0, EVENT_SALT_BYTES);
	return drawn;
}

int inbox_pack(struct inbox_packer *p, struct arena *a, struct str body, struct inbox_row *row,
	       struct err *e)
{
	if (body.len > INBOX_MAX_BYTES)
		return err_refuse(e, ERR_TOO_LARGE, "The body is larger than %d bytes.",
				  INBOX_MAX_BYTES);
	size_t room = ZSTD_compressBound(body.len);
	char *packed = arena_raw(a, room);
	struct packing *k = packing_take(p);
	size_t n = ZSTD_compressCCtx(k->zstd, packed, room, body.at, body.len,
				     body.len <= SMALL_BYTES ? SMALL_LEVEL : PACK_LEVEL);
	row->salt = salt_draw(p, k, a);
	packing_give(p, k);
	if (ZSTD_isError(n))
		return err_fail(e, ERR_FAILED, "inbox: %s.", ZSTD_getErrorName(n));
	row->bytes = (int64_t)body.len;
	row->packed = (struct str){ packed, n };
	row->body_hash = inbox_body_hash(row, body);
	return 0;
}

int inbox_unpack(struct arena *a, const struct inbox_row *row, struct str *body, struct err *e)
{
	if (row->is_expired)
		return err_refuse(e, ERR_NOT_FOUND, "The body of inbox row %lld is gone.",
				  (long long)row->id);
	if (row->bytes < 0 || row->bytes > INBOX_MAX_BYTES)
		return err_fail(e, ERR_BROKEN, "Inbox row %lld claims to be too large.",
				(long long)row->id);
	size_t bytes = (size_t)row->bytes;
	char *to = arena_raw(a, bytes + 1); /* zstd wants a place even for nothing */
	size_t n = ZSTD_decompress(to, bytes, row->packed.at, row->packed.len);
	if (ZSTD_isError(n) || n != bytes)
		return err_fail(e, ERR_BROKEN, "The body of inbox row %lld cannot be unpacked.",
				(long long)row->id);
	*body = (struct str){ to, n };
	return 0;
}

static void add_part(struct buf *b, struct str part)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_c(b, (char)(unsigned char)((uint64_t)part.len >> shift & 0xff));
	buf_add(b, part);
}

static void add_number(struct buf *b, int64_t n)
{
	add_part(b, str_fmt(b->arena, "%lld", (long long)n));
}

static const char *status(const struct inbox_row *row)
{
	return row->is_rejected ? "rejected" : "taken";
}

struct sha256 inbox_hash(const struct sha256 *prev, const struct inbox_row *row)
{
	ARENA(a);
	struct buf b = BUF(&a);
	add_part(&b, (struct str){ (const char *)prev->b, SHA256_BYTES });
	add_number(&b, row->received_ms);
	add_part(&b, row->source);
	add_part(&b, str_of(status(row)));
	add_part(&b, row->reason);
	add_number(&b, row->bytes);
	add_part(&b, (struct str){ (const char *)row->body_hash.b, SHA256_BYTES });
	if (!row->is_of_body)
		add_part(&b, STR("packed"));
	return sha256_of(buf_str(&b));
}

/* What is packed says what the body is, to the byte, and is hashed in an eighth of the time. */
struct sha256 inbox_body_hash(const struct inbox_row *row, struct str body)
{
	return event_body_hash(row->salt, row->is_of_body ? body : row->packed);
}

static int add_row(struct db *db, const struct inbox_row *row, const struct sha256 *hash,
		   struct err *e)
{
	STMT(s, db, Q_INBOX_APPEND);
	stmt_int(&s, "id", row->id);
	stmt_int(&s, "received_ms", row->received_ms);
	stmt_text(&s, "source", row->source);
	stmt_text(&s, "status", str_of(status(row)));
	stmt_text(&s, "reason", row->reason);
	stmt_int(&s, "bytes", row->bytes);
	stmt_hash(&s, "body_hash", &row->body_hash);
	stmt_hash(&s, "hash", hash);
	return stmt_run(&s, e);
}

static int add_body(struct db *db, const struct inbox_row *row, struct err *e)
{
	STMT(s, db, Q_INBOX_APPEND_BODY);
	stmt_int(&s, "id", row->id);
	stmt_blob(&s, "salt", row->salt);
	stmt_blob(&s, "packed", row->packed);
	return stmt_run(&s, e);
}

int inbox_append(struct db *db, struct inbox_row *row, struct inbox_head *head, struct err *e)
{
	assert(row->salt.len == EVENT_SALT_BYTES && db_is_open(db));
	row->id = head->id + 1;
	struct inbox_head next = { row->id, inbox_hash(&head->hash, row) };
	if (add_row(db, row, &next.hash, e) || add_body(db, row, e))
		return err_context(e, "inbox");
	*head = next;
	return 0;
}

int inbox_head(struct db *db, struct inbox_head *out, struct err *e)
{
	*out = (struct inbox_head){ 0 };
	STMT(s, db, Q_INBOX_HEAD);
	int got = stmt_next(&s, e);
	if (got <= 0)
		return got;
	out->id = stmt_col_int(&s, "id");
	if (!stmt_col_hash(&s, "hash", &out->hash))
		return err_fail(e, ERR_BROKEN, "inbox: the last hash is not a hash.");
	return 0;
}

/* Borrowed from the statement. */
static int take_row(const struct stmt *s, struct inbox_row *row, struct err *e)
{
	*row = (struct inbox_row){
		.id = stmt_col_int(s, "id"),
		.received_ms = stmt_col_int(s, "received_ms"),
		.source = stmt_col_text(s, "source"),
		.is_rejected = str_is(stmt_col_text(s, "status"), "rejected"),
		.reason = stmt_col_text(s, "reason"),
		.bytes = stmt_col_int(s, "bytes"),
		.is_of_body = stmt_col_int(s, "of_packed") == 0,
		.salt = stmt_col_blob(s, "salt"),
		.packed = stmt_col_blob(s, "packed"),
		.is_expired = stmt_col_is_null(s, "packed"),
	};
	if (!stmt_col_hash(s, "body_hash", &row->body_hash))
		return err_fail(e, ERR_BROKEN, "inbox row %lld: its hash is not a hash.",
				(long long)row->id);
	return 0;
}

int inbox_each(struct db *db, const struct inbox_walk *walk, struct err *e)
{
	STMT(s, db, Q_INBOX_EACH);
	stmt_int(&s, "after", walk->after_id);
	int got;
	while ((got = stmt_next(&s, e)) > 0) {
		struct inbox_row row;
		if (take_row(&s, &row, e) || walk->fn(walk->ctx, &row, e))
			return -1;
	}
	return got;
}

int inbox_get(struct db *db, int64_t id, struct arena *a, struct inbox_row *row, struct err *e)
{
	STMT(s, db, Q_INBOX_GET);
	stmt_int(&s, "id", id);
	int got = stmt_next(&s, e);
	if (got < 0)
		return -1;
	if (got == 0)
		return err_refuse(e, ERR_NOT_FOUND, "There is no inbox row %lld.", (long long)id);
	if (take_row(&s, row, e))
		return -1;
	row->source = str_copy(a, row->source);
	row->reason = str_copy(a, row->reason);
	row->salt = str_copy(a, row->salt);
	row->packed = str_copy(a, row->packed);
	return 0;
}
