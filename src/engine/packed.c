/* SPDX-License-Identifier: Apache-2.0 */
/* packed: see packed.h. A text is a row of pieces; each begins with a number that holds kind and length:
 *   END                         the text is over
 *   PLAIN, length, bytes        written out
 *   SHARED, 4 bytes             an id of texts.h
 *   PLACE, length, number       so many bytes from there on of what was read so far
 * Labels and annotations are cut behind each `",`, so that a piece is one pair; any cut reads back the same. */
#include "engine/packed.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

enum kind { END, PLAIN, SHARED, PLACE };
enum { KIND_BITS = 2, LEAST_PLACE = 3 };

struct piece {
	enum kind kind;
	size_t len, from;
	const char *at; /* PLAIN: the bytes; SHARED: where the id lies */
};

static void add_number(struct buf *b, size_t n)
{
	for (; n > 127; n >>= 7)
		buf_c(b, (char)(n | 128));
	buf_c(b, (char)n);
}

/* What is left of s, NULL when it holds no number. By value: then the loops below keep theirs in registers. */
static struct str take_long_number(struct str s, size_t *n)
{
	*n = 0;
	for (unsigned shift = 0; s.len && shift < 63; shift += 7) {
		unsigned char c = (unsigned char)*s.at++;
		s.len--;
		*n |= (size_t)(c & 127) << shift;
		if (c < 128)
			return s;
	}
	return (struct str){ NULL, 0 };
}

static inline bool take_number(struct str *s, size_t *n)
{
	size_t number;
	if (s->len && !(*s->at & 128)) { /* nearly always */
		*n = (unsigned char)*s->at++;
		s->len--;
		return true;
	}
	if (s->len > 1 && !(s->at[1] & 128)) { /* else */
		*n = ((size_t)(unsigned char)s->at[1] << 7) | (*s->at & 127);
		s->at += 2;
		s->len -= 2;
		return true;
	}
	*s = take_long_number(*s, &number);
	*n = number;
	return s->at != NULL;
}

/* Within each loop over pieces: a start does it millions of times. */
static inline __attribute__((always_inline)) bool take_piece(struct str *s, struct piece *p)
{
	size_t head, skip = 0;
	if (!take_number(s, &head))
		return false;
	p->kind = (enum kind)(head & 3);
	p->len = head >> KIND_BITS;
	p->from = 0;
	p->at = s->at;
	if (p->kind == END)
		return true;
	if (p->kind == PLACE)
		return take_number(s, &p->from);
	skip = p->kind == PLAIN ? p->len : sizeof(uint32_t);
	if (skip > s->len)
		return false;
	s->at += skip;
	s->len -= skip;
	return true;
}

static uint32_t id_of(const struct piece *p)
{
	uint32_t id;
	memcpy(&id, p->at, sizeof(id));
	return id;
}

/* An alert on its way to be packed. */
struct packing {
	struct buf *b;
	struct texts *texts;
	unsigned
		spot; /* of the next piece: the alert before had much the same pieces in the same order */
};

static bool add_shared(struct packing *k, struct str s)
{
	uint32_t id = texts_share_at(k->texts, k->spot++, s);
	if (!id)
		return false;
	add_number(k->b, SHARED);
	buf_add(k->b, (struct str){ (const char *)&id, sizeof(id) });
	return true;
}

static void add_plain(struct buf *b, struct str s)
{
	if (!s.len)
		return;
	add_number(b, s.len << KIND_BITS | PLAIN);
	buf_add(b, s);
}

static void add_piece(struct packing *k, struct str s)
{
	if (!add_shared(k, s))
		add_plain(k->b, s);
}

static void add_pairs(struct packing *k, struct str s)
{
	const char *end = s.at + s.len;
	for (const char *comma = s.at; s.len && (comma = memchr(comma, ',', (size_t)(end - comma)));
	     comma++) {
		size_t n = (size_t)(comma + 1 - s.at);
		if (n < 2 || comma[-1] != '"')
			continue;
		add_piece(k, str_sub(s, 0, n));
		s = str_sub(s, n, s.len);
	}
	add_piece(k, s);
}

/* Where s lies in a text that is read before it, or SIZE_MAX. Mostly it points there itself. */
static size_t place_in(struct str text, struct str s)
{
	uintptr_t from = (uintptr_t)text.at, at = (uintptr_t)s.at;
	if (at >= from && at - from + s.len <= text.len)
		return at - from;
	return str_find(text, s);
}

static bool add_place(struct packing *k, const struct str text[PACKED_TEXTS], struct str s)
{
	size_t at = place_in(text[PACKED_ANNOTATIONS], s);
	if (at == SIZE_MAX) {
		at = place_in(text[PACKED_LABELS], s);
		if (at == SIZE_MAX)
			return false;
		at += text[PACKED_ANNOTATIONS].len + text[PACKED_GENERATOR].len;
	}
	add_number(k->b, s.len << KIND_BITS | PLACE);
	add_number(k->b, at);
	return true;
}

/* What few others have, but the annotations say word for word. */
static void add_summary(struct packing *k, const struct str text[PACKED_TEXTS], struct str s)
{
	if (s.len < LEAST_PLACE || !add_place(k, text, s))
		add_piece(k, s);
}

/* What others have too, or the labels say. */
static void add_word(struct packing *k, const struct str text[PACKED_TEXTS], struct str s)
{
	if (s.len < LEAST_PLACE || (!add_shared(k, s) && !add_place(k, text, s)))
		add_plain(k->b, s);
}

struct str packed_make(struct texts *t, const struct str text[PACKED_TEXTS], struct buf *b)
{
	struct packing k = { b, t, 0 };
	b->len = 0;
	for (int i = 0; i < PACKED_TEXTS; i++) {
		if (i == PACKED_LABELS || i == PACKED_ANNOTATIONS)
			add_pairs(&k, text[i]);
		else if (i == PACKED_GENERATOR)
			add_piece(&k, text[i]);
		else if (i == PACKED_SUMMARY)
			add_summary(&k, text, text[i]);
		else
			add_word(&k, text, text[i]);
		add_number(b, END);
	}
	return buf_str(b);
}

void packed_drop(struct texts *t, struct str packed)
{
	struct piece p;
	while (packed.len && take_piece(&packed, &p))
		if (p.kind == SHARED)
			texts_drop(t, id_of(&p));
}

bool packed_same(const struct texts *t, struct str packed, struct str annotations,
		 struct str generator)
{
	struct str want[] = { annotations, generator };
	for (size_t i = 0; i < 2; i++) {
		struct piece p;
		while (take_piece(&packed, &p) && p.kind != END) {
			struct str got = p.kind == SHARED ? texts_get(t, id_of(&p))
							  : (struct str){ p.at, p.len };
			if (!str_starts(want[i], got))
				return false;
			want[i] = str_sub(want[i], got.len, want[i].len);
		}
		if (want[i].len)
			return false;
	}
	return true;
}

static size_t read_bytes(const struct texts *t, struct str packed)
{
	struct piece p;
	size_t n = 0;
	while (packed.len && take_piece(&packed, &p))
		n += p.kind == SHARED ? texts_get(t, id_of(&p)).len : p.len;
	return n;
}

void packed_read(const struct texts *t, struct str packed, struct arena *a,
		 struct str text[PACKED_TEXTS])
{
	char *to = arena_raw(a, read_bytes(t, packed)), *w = to;
	for (int i = 0; i < PACKED_TEXTS; i++) {
		struct piece p;
		text[i] = (struct str){ w, 0 };
		while (take_piece(&packed, &p) && p.kind != END) {
			struct str got = p.kind == SHARED  ? texts_get(t, id_of(&p))
					 : p.kind == PLACE ? (struct str){ to + p.from, p.len }
							   : (struct str){ p.at, p.len };
			memcpy(w, got.at, got.len);
			w += got.len;
			text[i].len += got.len;
		}
	}
}

static void skip_texts(struct str *packed, int texts)
{
	struct piece p;
	while (texts && take_piece(packed, &p))
		texts -= p.kind == END;
}

bool packed_words(const struct texts *t, struct str packed, uint16_t *from,
		  struct str text[PACKED_TEXTS])
{
	struct str rest = str_sub(packed, *from, packed.len);
	struct piece p;
	if (!*from) {
		skip_texts(&rest, PACKED_NAME);
		if (rest.at - packed.at <= UINT16_MAX)
			*from = (uint16_t)(rest.at - packed.at);
	}
	for (int i = PACKED_NAME; i <= PACKED_SEVERITY; i++) {
		int pieces = 0;
		while (take_piece(&rest, &p) && p.kind != END) {
			if (i == PACKED_SUMMARY)
				continue;
			if (p.kind == PLACE || pieces++)
				return false;
			text[i] = p.kind == SHARED ? texts_get(t, id_of(&p))
						   : (struct str){ p.at, p.len };
		}
	}
	return true;
}

void packed_pairs(const struct texts *t, struct str packed, enum packed_text which, struct buf *out)
{
	struct piece p;
	skip_texts(&packed, (int)which);
	while (take_piece(&packed, &p) && p.kind != END)
		buf_add(out,
			p.kind == SHARED ? texts_get(t, id_of(&p)) : (struct str){ p.at, p.len });
}

bool packed_renumber(char *packed, size_t len, uint32_t (*fn)(void *ctx, uint32_t id), void *ctx)
{
	struct str rest = { packed, len };
	int ended = 0;
	while (rest.len) {
		struct piece p;
		if (!take_piece(&rest, &p))
			return false;
		ended += p.kind == END;
		if (p.kind != SHARED)
			continue;
		uint32_t id = fn(ctx, id_of(&p));
		if (!id)
			return false;
		memcpy(packed + (p.at - packed), &id, sizeof(id));
	}
	return ended == PACKED_TEXTS;
}

bool packed_adopt(char *packed, size_t len, const struct adoption *from)
{
	struct str rest = { packed, len };
	struct piece p;
	size_t total = 0;
	int text = 0;
	while (rest.len) {
		if (text == PACKED_TEXTS || !take_piece(&rest, &p))
			return false;
		if (p.kind == SHARED) {
			uint32_t id = id_of(&p);
			if (!id || id > from->count || !from->text[id].ours)
				return false;
			struct adopted *t = &from->text[id];
			memcpy(packed + (p.at - packed), &t->ours, sizeof(t->ours));
			t->users++;
			p.len = t->len;
		} else if (p.kind == END) {
			text++;
		} else if (p.kind == PLACE &&
			   (text <= PACKED_LABELS || p.len > total || p.from > total - p.len)) {
			return false;
		}
		total += p.len;
		if (total > BUF_MAX_BYTES)
			return false;
	}
	return text == PACKED_TEXTS;
}
