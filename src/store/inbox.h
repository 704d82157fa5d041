/* SPDX-License-Identifier: Apache-2.0 */
/* inbox: the bodies that senders delivered, as received (after masking), compressed and hash-chained: the durable
 * record of alerts. What they mean is intake's and engine/desk's. */
#ifndef APLOMB_STORE_INBOX_H
#define APLOMB_STORE_INBOX_H
#include "base/digest.h"
#include "store/db.h"

struct world;
enum { INBOX_MAX_BYTES = 16 << 20 }; /* of a body unpacked: twice what senders may post */

struct inbox_row {
	int64_t id; /* from 1 */
	int64_t received_ms;
	struct str source; /* "alertmanager" */
	bool is_rejected;
	struct str reason; /* why it was rejected; empty otherwise */
	int64_t bytes;	   /* of the body, unpacked */
	struct sha256 body_hash;
	bool is_of_body; /* in older rows it is the hash of salt and body; in others of salt and packed */
	struct str salt, packed; /* packed is zstd; both empty where expired */
	bool is_expired;
};

/* Contexts of the compressor, used again: making one costs more than packing a small body. Thread-safe. */
struct inbox_packer;
struct inbox_packer *inbox_packer_new(const struct world *);
void inbox_packer_free(struct inbox_packer **);
/* Any thread: fills bytes, body_hash, salt and packed (in the arena) from the body. */
int inbox_pack(struct inbox_packer *, struct arena *, struct str body, struct inbox_row *,
	       struct err *) MUST_USE;
int inbox_unpack(struct arena *, const struct inbox_row *, struct str *body, struct err *) MUST_USE;

struct inbox_head {
	int64_t id; /* of the last row; 0 = empty */
	struct sha256 hash;
};
/* Behind *head, which moves on; sets row->id. Inside a transaction of the writer, who rolled back must read the head anew. */
int inbox_append(struct db *, struct inbox_row *, struct inbox_head *, struct err *) MUST_USE;
int inbox_head(struct db *, struct inbox_head *, struct err *) MUST_USE;

/* fn for each row behind after_id, in order; the row is borrowed for the call; -1 from fn ends it. */
struct inbox_walk {
	int64_t after_id;
	int (*fn)(void *ctx, const struct inbox_row *, struct err *);
	void *ctx;
};
int inbox_each(struct db *, const struct inbox_walk *, struct err *) MUST_USE;
/* ERR_NOT_FOUND. Texts go into the arena. */
int inbox_get(struct db *, int64_t id, struct arena *, struct inbox_row *, struct err *) MUST_USE;

/* For verify: the chain's hash of a row; and what body_hash must be, `body` being what it unpacks to. */
struct sha256 inbox_hash(const struct sha256 *prev, const struct inbox_row *);
struct sha256 inbox_body_hash(const struct inbox_row *, struct str body);
#endif
