/* SPDX-License-Identifier: Apache-2.0 */
/* shard: what desk.c and shard.c share: records of alerts in a table by fingerprint. Under the shard's lock, all of it. */
#ifndef APLOMB_ENGINE_SHARD_H
#define APLOMB_ENGINE_SHARD_H
#include <pthread.h>

#include "engine/desk.h"
#include "engine/packed.h"
#include "engine/told.h"

/* Rare: an alert that somebody acknowledged. */
struct acked {
	int64_t at_ms;
	size_t len;
	char by[];
};

/* The last events by name that told of an alert, oldest first: one that comes again, perhaps late, changes nothing. */
enum { SEEN_EVENTS = 8 };
struct seen {
	uint8_t len;
	uint64_t event[SEEN_EVENTS];
};

/* An alert: times and flags, and its texts packed behind them. */
struct record {
	uint64_t key; /* the fingerprint as a number */
	int64_t started_ms, ends_ms, updated_ms, incident, inbox;
	uint64_t taken_in; /* the commit that its first copy waits for */
	struct mark
		mark; /* of what it says, when its sender told it last; `told` leads from it to here */
	struct acked *acked;
	struct seen *seen; /* NULL = its sender names no events */
	uint32_t len;
	bool is_firing, by_timeout;
	uint16_t words; /* of packed_words */
	char packed[];
};

struct shard {
	pthread_mutex_t lock;
	struct record **slot; /* power of two; NULL = free */
	uint64_t *key;	      /* of each: most of a search looks at no record */
	size_t slots, used, bytes;
	int64_t next_ms;  /* nothing expires or is forgotten before */
	int64_t inbox_id; /* of the snapshot it was loaded from */
	bool has_changed;
};

struct live {
	struct shard shard[LIVE_SHARDS];
	struct texts *texts;
	struct told *told;
	pthread_mutex_t loading; /* texts, while threads load shards; else they are the writer's */
	uint32_t *numbers;	 /* writer's: of shared texts, while a shard is saved */
	size_t numbers_room;
	uint64_t taking;	   /* writer's: the commit that what is taken now waits for */
	_Atomic(uint64_t) settled; /* the last one that is on disk */
};

/* Fingerprints are 16 lower-case hex digits; another text gets the number that its bytes hash to. */
uint64_t key_of(struct str fingerprint);
void key_print(uint64_t key, char hex[FINGERPRINT_HEX + 1]);
struct shard *shard_of(struct live *, uint64_t key);
struct record *shard_find(struct live *, struct shard *, uint64_t key);
/* Before shard_find of several: asks memory for what it will look at, the second once the first has come. */
void shard_fetch_slot(const struct live *, const struct shard *, uint64_t key);
void shard_fetch_record(const struct live *, const struct shard *, uint64_t key);
/* What it says has this mark now. */
void record_mark(struct live *, struct record *, const struct mark *);
/* Makes room for the packed texts; what the old one held (acked, seen, incident) moves over. Times are the caller's to set. */
struct record *shard_put(struct live *, struct shard *, uint64_t key, struct str packed);
void shard_remove(struct live *, struct shard *, size_t slot);
void shard_empty(struct live *, struct shard *);
/* An event without a name was never seen. */
bool record_has_seen(const struct record *, struct str event);
void record_see(struct record *, struct str event);
/* What is due of the record: the end of its lease, or when it is forgotten. */
int64_t record_next_ms(const struct record *);
void shard_look_again(struct shard *, const struct record *); /* not later than that */
/* What it was told before and what it is told now are of one state: which end stands. */
void record_end(struct record *, int64_t ends_ms, bool by_timeout);
/* The sender told it again: the earliest start, and its lease runs on. */
void record_renew(struct record *, const struct signal *);
#endif
