/* SPDX-License-Identifier: Apache-2.0 */
/* zone: see zone.h. The bytes of a TZif file (RFC 8536, versions 1 to 4); the rule for the years
 * after its last transition is zone_rule.c. */
#include "base/zone.h"

#include <string.h>

#include "base/zone_rule.h"

enum {
	HEAD_BYTES = 44,
	TYPE_BYTES = 6,
	MAX_ZONE_BYTES = 256 << 10, /* the largest file of tzdata 2024 has 4 KiB */
	MAX_OFFSET_S = 26 * 3600,   /* RFC 8536, 3.2 */
};

struct zone {
	const int64_t *change_s; /* ascending, UTC */
	const unsigned char *type_of_change;
	size_t changes;
	struct zone_type *types; /* at least one */
	size_t type_count;
	bool has_rule;
	struct zone_rule rule;
};

struct head {
	char version;
	size_t isut, isstd, leap, time, type, chars;
};

static uint64_t big_endian(const char *at, size_t bytes)
{
	uint64_t v = 0;
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (unsigned char)at[i];
	return v;
}

static int64_t signed_time(const char *at, size_t bytes)
{
	uint64_t v = big_endian(at, bytes);
	return bytes == 4 ? (int64_t)(int32_t)(uint32_t)v : (int64_t)v;
}

static bool read_head(struct str s, struct head *h)
{
	if (s.len < HEAD_BYTES || !str_starts(s, STR("TZif")))
		return false;
	*h = (struct head){
		.version = s.at[4],
		.isut = big_endian(s.at + 20, 4),
		.isstd = big_endian(s.at + 24, 4),
		.leap = big_endian(s.at + 28, 4),
		.time = big_endian(s.at + 32, 4),
		.type = big_endian(s.at + 36, 4),
		.chars = big_endian(s.at + 40, 4),
	};
	return h->type > 0 && h->type <= 256 && h->chars > 0;
}

/* Bytes of the block behind its head; counts are 32-bit, so this cannot overflow. */
static uint64_t block_bytes(const struct head *h, size_t time_bytes)
{
	return (uint64_t)h->time * (time_bytes + 1) + (uint64_t)h->type * TYPE_BYTES + h->chars +
	       (uint64_t)h->leap * (time_bytes + 4) + h->isstd + h->isut;
}

static bool read_types(struct arena *a, struct zone *z, const struct head *h, const char *at)
{
	const char *chars = at + h->type * TYPE_BYTES;
	z->types = ARENA_ARRAY(a, struct zone_type, h->type);
	z->type_count = h->type;
	for (size_t i = 0; i < h->type; i++) {
		const char *row = at + i * TYPE_BYTES;
		int64_t offset_s = signed_time(row, 4);
		size_t from = (unsigned char)row[5];
		const char *end = from < h->chars ? memchr(chars + from, '\0', h->chars - from)
						  : NULL;
		if (!end || offset_s < -MAX_OFFSET_S || offset_s > MAX_OFFSET_S)
			return false;
		struct str name = { chars + from, (size_t)(end - chars) - from };
		z->types[i] = (struct zone_type){ .offset_s = offset_s, .name = str_copy(a, name) };
	}
	return true;
}

static bool read_block(struct arena *a, struct zone *z, const struct head *h, struct str s,
		       size_t time_bytes)
{
	const char *times = s.at + HEAD_BYTES, *indices = times + h->time * time_bytes;
	int64_t *changes = ARENA_ARRAY(a, int64_t, h->time);
	for (size_t i = 0; i < h->time; i++) {
		changes[i] = signed_time(times + i * time_bytes, time_bytes);
		if ((i && changes[i] <= changes[i - 1]) || (unsigned char)indices[i] >= h->type)
			return false;
	}
	unsigned char *kept = arena_alloc(a, h->time);
	if (h->time)
		memcpy(kept, indices, h->time);
	z->change_s = changes;
	z->type_of_change = kept;
	z->changes = h->time;
	return read_types(a, z, h, indices + h->time);
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; an empty one means: nothing is known past the last change. */
static bool read_footer(struct arena *a, struct zone *z, struct str s)
{
	size_t end = s.len > 1 && s.at[0] == '\n' ? str_find(str_sub(s, 1, s.len), STR("\n"))
						  : SIZE_MAX;
	if (end == SIZE_MAX)
		return false;
	struct str rule = str_sub(s, 1, end);
	z->has_rule = rule.len > 0;
	return !rule.len || zone_rule_parse(a, rule, &z->rule);
}

static bool parse(struct arena *a, struct str s, struct zone *z)
{
	struct head h;
	if (s.len > MAX_ZONE_BYTES || !read_head(s, &h) || block_bytes(&h, 4) > s.len - HEAD_BYTES)
		return false;
	if (h.version == '\0')
		return read_block(a, z, &h, s, 4);
	if (h.version < '2' || h.version > '4')
		return false;
	s = str_sub(s, HEAD_BYTES + block_bytes(&h, 4), s.len);
	if (!read_head(s, &h) || block_bytes(&h, 8) > s.len - HEAD_BYTES)
		return false;
	return read_block(a, z, &h, s, 8) &&
	       read_footer(a, z, str_sub(s, HEAD_BYTES + block_bytes(&h, 8), s.len));
}

int zone_parse(struct arena *a, struct str tzif, const struct zone **out, struct err *e)
{
	struct zone *z = ARENA_NEW(a, struct zone);
	if (!parse(a, tzif, z))
		return err_refuse(e, ERR_BAD_INPUT,
				  "This is not a time zone file that can be read (TZif).");
	*out = z;
	return 0;
}

static int64_t seconds_of(int64_t at_ms)
{
	return at_ms / 1000 - (at_ms % 1000 < 0);
}

static struct zone_type type_at(const struct zone *z, int64_t at_s)
{
	size_t low = 0, high = z->changes; /* the first change after at_s */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (z->change_s[middle] <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == z->changes && z->has_rule)
		return zone_rule_at(&z->rule, at_s);
	return low ? z->types[z->type_of_change[low - 1]] : z->types[0];
}

int64_t zone_offset_ms(const struct zone *z, int64_t at_ms)
{
	return z ? type_at(z, seconds_of(at_ms)).offset_s * 1000 : 0;
}

struct str zone_abbreviation(const struct zone *z, int64_t at_ms)
{
	return z ? type_at(z, seconds_of(at_ms)).name : STR("UTC");
}

bool zone_name_is_safe(struct str name)
{
	if (!name.len || name.len > 64 || name.at[0] == '/' || name.at[name.len - 1] == '/')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9');
		if (!plain && c != '_' && c != '-' && c != '+' && c != '/')
			return false;
		if (c == '/' && name.at[i + 1] == '/')
			return false;
	}
	return true;
}
