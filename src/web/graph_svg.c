/* SPDX-License-Identifier: Apache-2.0 */
/* graph_svg: see graph_svg.h. */
#include "web/graph_svg.h"

#include "web/graph_layout.h"

enum {
	PAD = 4,
	NAME_CHARS = 21, /* that fit a node's width in the page's letters */
	WORD_CHARS = 25,
};

struct drawing {
	const struct graph *graph;
	const struct layout *layout;
	struct buf *out;
};

static int x_of(const struct slot *s)
{
	return PAD + s->layer * (NODE_WIDTH + LAYER_GAP);
}

static int y_of(const struct slot *s)
{
	return PAD + (int)(s->y + .5);
}

/* At most so many characters, an ellipsis for the rest. */
static void print_fit(struct str s, size_t most, struct buf *out)
{
	size_t chars = 0, cut = s.len;
	for (size_t i = 0; i < s.len; i++) {
		bool begins = ((unsigned char)s.at[i] & 0xC0) != 0x80;
		if (begins && chars++ == most - 1)
			cut = i;
	}
	if (chars <= most) {
		buf_html(out, s);
		return;
	}
	buf_html(out, str_sub(s, 0, cut));
	buf_z(out, "\xE2\x80\xA6");
}

static void draw_line(const struct drawing *d, const struct line *line)
{
	const struct layout *l = d->layout;
	const struct slot *at = &l->slots.at[l->path.at[line->first]];
	buf_fmt(d->out, "<path class=\"edge%s\" marker-%s=\"url(#graph-arrow)\" d=\"M%d %d",
		line->is_back ? " back" : "", line->is_back ? "start" : "end",
		x_of(at) + NODE_WIDTH, y_of(at));
	for (size_t i = 1; i < line->count; i++) {
		const struct slot *to = &l->slots.at[l->path.at[line->first + i]];
		int x1 = x_of(at) + NODE_WIDTH, x2 = x_of(to), middle = (x1 + x2) / 2;
		buf_fmt(d->out, "C%d %d %d %d %d %d", middle, y_of(at), middle, y_of(to), x2,
			y_of(to));
		if (to->is_bend)
			buf_fmt(d->out, "H%d", x2 + NODE_WIDTH);
		at = to;
	}
	buf_z(d->out, "\"/>\n");
}

static void draw_node(const struct drawing *d, size_t i)
{
	const struct graph_node *n = &d->graph->nodes.at[i];
	const struct slot *s = &d->layout->slots.at[i];
	int x = x_of(s), y = y_of(s) - NODE_HEIGHT / 2;
	if (n->href.len) {
		buf_z(d->out, "<a href=\"");
		buf_html(d->out, n->href);
		buf_z(d->out, "\" aria-label=\"");
		buf_html(d->out, n->name);
		buf_z(d->out, ": ");
		buf_html(d->out, n->word);
		buf_z(d->out, "\">");
	}
	buf_fmt(d->out, "<g class=\"node %s\"><title>", n->tone);
	buf_html(d->out, n->name);
	buf_z(d->out, ": ");
	buf_html(d->out, n->word);
	buf_fmt(d->out,
		"</title><rect class=\"box\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"rx=\"6\"/>"
		"<rect class=\"stripe\" x=\"%d\" y=\"%d\" width=\"5\" height=\"%d\" rx=\"2\"/>"
		"<text class=\"name\" x=\"%d\" y=\"%d\">",
		x, y, NODE_WIDTH, NODE_HEIGHT, x + 5, y + 7, NODE_HEIGHT - 14, x + 17, y + 21);
	print_fit(n->name, NAME_CHARS, d->out);
	buf_fmt(d->out, "</text><text class=\"word\" x=\"%d\" y=\"%d\">", x + 17, y + 39);
	print_fit(n->word, WORD_CHARS, d->out);
	buf_z(d->out, "</text></g>");
	buf_z(d->out, n->href.len ? "</a>\n" : "\n");
}

struct html graph_svg(const struct graph *g, struct arena *a)
{
	struct layout layout;
	struct buf b = BUF(a);
	const struct drawing d = { g, &layout, &b };
	graph_layout(g, a, &layout);
	if (!g->nodes.len)
		return (struct html){ { NULL, 0 } };
	int width = layout.layers * (NODE_WIDTH + LAYER_GAP) - LAYER_GAP + 2 * PAD,
	    height = (int)(layout.height + .5) + 2 * PAD;
	buf_fmt(&b,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 "
		"0 %d "
		"%d\" role=\"group\" aria-labelledby=\"graph-title\"><title id=\"graph-title\">",
		width, height, width, height);
	buf_html(&b, g->title);
	buf_z(&b,
	      "</title><defs><marker id=\"graph-arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
	      "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path "
	      "class=\"arrow\" d=\"M0 0 8 4 0 8z\"/></marker></defs>\n");
	LIST_EACH (line, &layout.lines)
		draw_line(&d, line);
	for (size_t i = 0; i < g->nodes.len; i++)
		draw_node(&d, i);
	buf_z(&b, "</svg>");
	return (struct html){ buf_str(&b) };
}
