/* SPDX-License-Identifier: Apache-2.0 */
/* strip_svg: see strip_svg.h. Each lane has a few rows; the newest mark chooses its place first, with its words to the right of
 * it, else to the left, else without. */
#include "web/strip_svg.h"

#include "base/when.h"

/* In units of the picture, which are pixels at its least width. */
enum {
	WIDTH = 1024,
	LANE_HEAD = 20,
	ROW = 22,
	ROWS = 4, /* of a lane: more than that nobody reads */
	FOOT = 22,
	DOT = 5,     /* half of a mark */
	BOX = 16,    /* height of a span */
	BETWEEN = 6, /* things that stand in one row */
	TEXT = 12,   /* height of letters, as ui/style.css has it */
	LABEL_MAX = 216,
	LABEL_MIN = 60, /* shorter words say nothing */
	DENSE = 80,	/* a lane with more marks has no words: the list has them */
	TICKS = 12,
};

struct stretch {
	int from, to;
};
struct row {
	LIST_OF(struct stretch) taken;
};
struct placed {
	const struct strip_mark *mark;
	int x0, x1, row, label_x; /* label_x: where it begins */
	struct str label;	  /* empty = no room */
	bool is_inside;		  /* it stands between the mark's ends */
};
struct lane {
	struct row rows[ROWS];
	LIST_OF(struct placed) placed;
	LIST_OF(const struct strip_mark *) marks; /* newest first */
	size_t rows_used;
};

/* How wide a letter is in most sans-serif faces, in hundredths of the text's height; a little too wide rather than too narrow. */
static int letter(unsigned char c)
{
	if (c >= 0x80)
		return c >= 0xe0   ? 105
		       : c >= 0xc0 ? 75
				   : 0; /* the bytes behind the first are part of it */
	if (strchr("il.,:;'|!jI ()[]/tfr-", c))
		return 42;
	if (strchr("mwMW@%", c))
		return 102;
	if ((c >= 'A' && c <= 'Z') || strchr("#&+=<>~", c))
		return 80;
	return 66;
}

static int text_width(struct str s)
{
	int hundredths = 0;
	for (size_t i = 0; i < s.len; i++)
		hundredths += letter((unsigned char)s.at[i]);
	return (hundredths * TEXT + 99) / 100;
}

/* As much of it as fits into so many units; empty where that is too little to read. */
static struct str fit(struct arena *a, struct str text, int width)
{
	if (text_width(text) <= width)
		return text;
	if (width < LABEL_MIN)
		return (struct str){ NULL, 0 };
	struct str cut = text;
	while (cut.len && text_width(cut) > width - TEXT)
		cut = str_clip(cut, cut.len - 1);
	return str_fmt(a, STR_FMT "\xe2\x80\xa6", STR_ARG(str_trim(cut)));
}

static int x_of(const struct strip *s, int64_t at_ms)
{
	int64_t all_ms = s->to_ms - s->from_ms, ms = at_ms - s->from_ms;
	if (ms <= 0)
		return 0;
	if (ms >= all_ms)
		return WIDTH;
	return (int)((double)ms / (double)all_ms * WIDTH);
}

static bool is_free(const struct row *row, int from, int to)
{
	if (from < 0 || to > WIDTH)
		return false;
	LIST_EACH (t, &row->taken)
		if (from < t->to + BETWEEN && t->from < to + BETWEEN)
			return false;
	return true;
}

static void take(struct arena *a, struct row *row, int from, int to)
{
	*LIST_ADD(a, &row->taken) = (struct stretch){ from, to };
}

/* Where words may stand between its begin and its end. */
static struct stretch inside_of(const struct placed *p)
{
	int head = p->mark->shape == STRIP_SPAN ? BETWEEN : 2 * DOT + BETWEEN;
	int tail = p->mark->shape == STRIP_SPAN ? BETWEEN : 4 * DOT;
	return (struct stretch){ p->x0 + head, p->x1 - tail };
}

/* In this row, with its words: between its ends, right of it, left of it. */
static bool place_with_label(struct lane *l, int row, struct placed *p, struct arena *a)
{
	struct row *r = &l->rows[row];
	struct stretch in = inside_of(p);
	int room = in.to - in.from > LABEL_MAX ? in.to - in.from : LABEL_MAX;
	struct str text = fit(a, p->mark->label, room);
	int wide = text_width(text);
	if (!text.len || !is_free(r, p->x0, p->x1))
		return false;
	int from = p->x0, to = p->x1;
	if (wide <= in.to - in.from) {
		p->label_x = in.from;
		p->is_inside = true;
	} else if (is_free(r, p->x0, p->x1 + BETWEEN + wide)) {
		p->label_x = p->x1 + BETWEEN;
		to = p->label_x + wide;
	} else if (is_free(r, p->x0 - BETWEEN - wide, p->x1)) {
		p->label_x = from = p->x0 - BETWEEN - wide;
	} else {
		return false;
	}
	p->label = text;
	p->row = row;
	take(a, r, from, to);
	return true;
}

/* Without words beside it; a box may have room for some of them. */
static bool place_bare(struct lane *l, int row, struct placed *p, struct arena *a)
{
	struct row *r = &l->rows[row];
	if (!is_free(r, p->x0, p->x1))
		return false;
	if (p->mark->shape == STRIP_SPAN) {
		struct stretch in = inside_of(p);
		p->label = fit(a, p->mark->label, in.to - in.from);
		p->label_x = in.from;
		p->is_inside = p->label.len;
	}
	p->row = row;
	take(a, r, p->x0, p->x1);
	return true;
}

/* With words, the rows fill from the top; without, they take turns, so that words find room afterwards. */
static bool find_place(struct lane *l, struct placed *p, bool with_words, struct arena *a)
{
	int first = with_words ? 0 : (int)(l->placed.len % ROWS);
	for (int row = 0; with_words && row < ROWS; row++)
		if (place_with_label(l, row, p, a))
			return true;
	for (int i = 0; i < ROWS; i++)
		if (place_bare(l, (first + i) % ROWS, p, a))
			return true;
	return false;
}

/* What goes on is known up to now. */
static int end_of(const struct strip *s, const struct strip_mark *m)
{
	if (m->to_ms)
		return x_of(s, m->to_ms);
	return s->now_ms > m->from_ms ? x_of(s, s->now_ms) : WIDTH;
}

static struct placed placed_of(const struct strip *s, const struct strip_mark *m)
{
	struct placed p = { .mark = m, .x0 = x_of(s, m->from_ms), .x1 = end_of(s, m) };
	bool is_box = m->shape == STRIP_SPAN;
	int least = is_box ? BETWEEN : 2 * DOT;
	if (!is_box)
		p.x0 = p.x0 > DOT ? p.x0 - DOT : 0;
	if (p.x1 < p.x0 + least)
		p.x1 = p.x0 + least;
	if (p.x1 > WIDTH) {
		p.x0 -= p.x1 - WIDTH;
		p.x1 = WIDTH;
	}
	return p;
}

static void place_all(const struct strip *s, struct lane *l, bool with_words, struct arena *a)
{
	l->placed.len = l->rows_used = 0;
	for (size_t row = 0; row < ROWS; row++)
		l->rows[row].taken.len = 0;
	LIST_EACH (m, &l->marks) {
		struct placed p = placed_of(s, *m);
		if (!find_place(l, &p, with_words, a))
			continue;
		*LIST_ADD(a, &l->placed) = p;
		if ((size_t)p.row >= l->rows_used)
			l->rows_used = (size_t)p.row + 1;
	}
}

/* As many of its words as the row has room for, right or left of it. */
static void add_words(struct row *r, struct placed *p, struct arena *a)
{
	int right = WIDTH - p->x1 - BETWEEN, left = p->x0 - BETWEEN;
	LIST_EACH (t, &r->taken) {
		int gap_right = t->from - p->x1 - 2 * BETWEEN,
		    gap_left = p->x0 - t->to - 2 * BETWEEN;
		if (t->from > p->x0 && gap_right < right)
			right = gap_right;
		if (t->to < p->x1 && gap_left < left)
			left = gap_left;
	}
	bool goes_right = right >= left || right >= text_width(p->mark->label);
	int room = goes_right ? right : left;
	p->label = fit(a, p->mark->label, room < LABEL_MAX ? room : LABEL_MAX);
	int wide = text_width(p->label);
	p->label_x = goes_right ? p->x1 + BETWEEN : p->x0 - BETWEEN - wide;
	if (p->label.len)
		take(a, r, p->label_x, p->label_x + wide);
}

static bool is_in_sight(const struct strip *s, const struct strip_mark *m)
{
	return m->lane < s->lanes.len && m->from_ms < s->to_ms &&
	       (!m->to_ms || m->to_ms >= s->from_ms);
}

static int newest_first(const void *x, const void *y)
{
	const struct strip_mark *a = *(const struct strip_mark *const *)x,
				*b = *(const struct strip_mark *const *)y;
	if (a->from_ms != b->from_ms)
		return a->from_ms < b->from_ms ? 1 : -1;
	return a < b ? -1 : a > b;
}

/* Marks go before words: where one would find no place, all are placed bare, and words get what room is left. */
static void lay_out_lane(const struct strip *s, struct lane *l, struct arena *a)
{
	bool is_dense = l->marks.len > DENSE;
	place_all(s, l, !is_dense, a);
	if (is_dense || l->placed.len == l->marks.len)
		return;
	place_all(s, l, false, a);
	LIST_EACH (p, &l->placed)
		if (!p->is_inside)
			add_words(&l->rows[p->row], p, a);
}

static struct lane *lay_out(const struct strip *s, struct arena *a)
{
	struct lane *lanes = ARENA_ARRAY(a, struct lane, s->lanes.len + 1);
	LIST_EACH (m, &s->marks)
		if (is_in_sight(s, m))
			*LIST_ADD(a, &lanes[m->lane].marks) = m;
	for (size_t i = 0; i < s->lanes.len; i++) {
		LIST_SORT(&lanes[i].marks, newest_first);
		lay_out_lane(s, &lanes[i], a);
	}
	return lanes;
}

static int lane_height(const struct lane *l)
{
	return LANE_HEAD + (l->rows_used ? (int)l->rows_used : 0) * ROW + 4;
}

/* Printing. */

static void print_text(struct buf *b, int x, int y, const char *class, struct str text)
{
	buf_fmt(b, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
	buf_html(b, text);
	buf_z(b, "</text>");
}

/* From there to the end of the axis, with a point: it goes on. */
static void print_box(struct buf *b, const struct placed *p, int y)
{
	int top = y - BOX / 2, tip = p->mark->to_ms ? 0 : 7;
	buf_fmt(b, "<path class=\"box\" d=\"M%d %dH%d", p->x0, top, p->x1 - tip);
	if (tip)
		buf_fmt(b, "L%d %dL%d %d", p->x1 - 1, y, p->x1 - tip, top + BOX);
	else
		buf_fmt(b, "V%d", top + BOX);
	buf_fmt(b, "H%dZ\"/>", p->x0);
}

static void print_shape(struct buf *b, const struct placed *p, int y)
{
	int x = p->x0 + DOT;
	switch ((enum strip_shape)p->mark->shape) {
	case STRIP_DONE:
		buf_fmt(b, "<circle class=\"full\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>", x, y, DOT);
		break;
	case STRIP_RUNNING:
		buf_fmt(b, "<circle class=\"ring\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>", x, y, DOT - 1);
		break;
	case STRIP_FAILED:
		buf_fmt(b, "<path class=\"line\" d=\"M%d %dl8 8m0 -8l-8 8\"/>", x - 4, y - 4);
		break;
	case STRIP_UNDONE:
		buf_fmt(b, "<path class=\"ring\" d=\"M%d %dl5 -5l5 5l-5 5Z\"/>", x - 5, y);
		break;
	case STRIP_BACK:
		buf_fmt(b, "<path class=\"full\" d=\"M%d %dl10 -6v12Z\"/>", x - 5, y);
		break;
	case STRIP_SPAN:
		break;
	}
}

static void print_change(struct buf *b, const struct placed *p, int y)
{
	int tip = p->mark->to_ms ? 0 : 6;
	if (p->x1 - p->x0 > 3 * DOT) {
		int from = p->is_inside ? p->label_x + text_width(p->label) + BETWEEN
					: p->x0 + 2 * DOT;
		buf_fmt(b, "<path class=\"line\" d=\"M%d %dH%d", from, y, p->x1 - 1);
		if (tip)
			buf_fmt(b, "m-%d -4l%d 4l-%d 4", tip, tip, tip);
		buf_z(b, "\"/>");
	}
	print_shape(b, p, y);
}

static void print_mark(struct buf *b, const struct placed *p, int top)
{
	int y = top + LANE_HEAD + p->row * ROW + ROW / 2;
	buf_fmt(b, "<g class=\"mark %s\"><title>", p->mark->tone ? p->mark->tone : "");
	buf_html(b, p->mark->title);
	buf_z(b, "</title>");
	if (p->mark->shape == STRIP_SPAN)
		print_box(b, p, y);
	else
		print_change(b, p, y);
	if (p->label.len)
		print_text(b, p->label_x, y + 4, p->is_inside ? "in" : "out", p->label);
	buf_z(b, "</g>\n");
}

/* Its name stands at both ends; the style shows the one that is in sight. */
static void print_lane(struct buf *b, const struct strip_lane *name, const struct lane *l, int top)
{
	struct buf head = BUF(b->arena);
	buf_add(&head, name->name);
	if (!l->marks.len)
		buf_z(&head, ": none");
	else if (l->marks.len > l->placed.len)
		buf_fmt(&head, ": %zu more than are drawn", l->marks.len - l->placed.len);
	buf_fmt(b, "<path class=\"rule\" d=\"M0 %dH%d\"/>", top, WIDTH);
	print_text(b, 0, top + 14, "head far", buf_str(&head));
	print_text(b, WIDTH, top + 14, "head near", buf_str(&head));
	buf_c(b, '\n');
	LIST_EACH (p, &l->placed)
		print_mark(b, p, top);
}

static int64_t tick_step(int64_t all_ms)
{
	static const int minutes[] = { 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080 };
	const int64_t minute = 60 * 1000;
	for (size_t i = 0; i < sizeof(minutes) / sizeof(*minutes); i++)
		if (all_ms / (minutes[i] * minute) < TICKS)
			return minutes[i] * minute;
	return all_ms / TICKS + 1;
}

static struct str tick_words(const struct strip *s, int64_t at_ms, int64_t step_ms, struct arena *a)
{
	const int64_t day = 24LL * 3600 * 1000;
	int64_t offset = zone_offset_ms(s->zone, at_ms);
	struct buf b = BUF(a);
	if ((at_ms + offset) % day != 0 && step_ms < day) {
		when_clock(&b, at_ms, offset);
		return buf_str(&b);
	}
	when_day_clock(&b, at_ms, offset);
	return str_clip(buf_str(&b), b.len > 6 ? b.len - 6 : 0); /* the day alone */
}

static void print_axis(const struct strip *s, struct buf *b, int bottom)
{
	int64_t step = tick_step(s->to_ms - s->from_ms), here = zone_offset_ms(s->zone, s->from_ms);
	int64_t first = s->from_ms - (s->from_ms + here) % step;
	for (int64_t at = first; at < s->to_ms + step; at += step) {
		int64_t tick = at -
			       (zone_offset_ms(s->zone, at) - here); /* the clocks may change */
		int x = x_of(s, tick);
		struct str words = tick_words(s, tick, step, b->arena);
		int half = text_width(words) / 2;
		if (tick < s->from_ms || tick > s->to_ms)
			continue;
		buf_fmt(b, "<path class=\"rule\" d=\"M%d 0V%d\"/>", x, bottom);
		if (x >= half && x + half <= WIDTH)
			print_text(b, x, bottom + 15, "tick", words);
	}
	LIST_EACH (m, &s->marks)
		if (m->is_onset && m->from_ms >= s->from_ms && m->from_ms < s->to_ms)
			buf_fmt(b, "<path class=\"onset %s\" d=\"M%d 0V%d\"/>",
				m->tone ? m->tone : "", x_of(s, m->from_ms), bottom);
	if (s->now_ms > s->from_ms && s->now_ms < s->to_ms)
		buf_fmt(b, "<path class=\"now\" d=\"M%d 0V%d\"/>", x_of(s, s->now_ms), bottom);
	buf_c(b, '\n');
}

struct html strip_svg(const struct strip *s, struct arena *a)
{
	struct buf b = BUF(a);
	const struct lane *lanes = lay_out(s, a);
	int bottom = 0, top = 0;
	for (size_t i = 0; i < s->lanes.len; i++)
		bottom += lane_height(&lanes[i]);
	buf_fmt(&b, "<svg class=\"strip\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
		bottom + FOOT);
	buf_html(&b, s->about);
	buf_z(&b, "\">\n");
	print_axis(s, &b, bottom);
	for (size_t i = 0; i < s->lanes.len; i++) {
		print_lane(&b, &s->lanes.at[i], &lanes[i], top);
		top += lane_height(&lanes[i]);
	}
	buf_z(&b, "</svg>\n");
	return (struct html){ buf_str(&b) };
}
