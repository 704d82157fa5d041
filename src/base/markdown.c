/* SPDX-License-Identifier: Apache-2.0 */
/* markdown: see markdown.h. md4c finds the structure, this file alone writes HTML: every text is
 * escaped, a link whose scheme is not on the list is shown as its text, an image is a link,
 * headings start at h3 beneath the page's own. */
#include "base/markdown.h"

#include <md4c.h>
#include <string.h>

enum {
	MAX_TEXT_BYTES = 64 << 10, /* a long review; beyond it the text is cut */
	MAX_HTML_BYTES = 1 << 20,  /* a table of 16 000 columns and rows would be gigabytes */
	FIRST_HEADING = 3,
};

struct page {
	struct buf out;
	struct buf open;   /* the MD_SPANTYPE of each span we are inside of, one byte each */
	int links;	   /* links and images we are inside of */
	int anchor;	   /* the one of them that is an <a>; 0 = none, since anchors cannot nest */
	size_t anchor_len; /* of out, when it was opened */
};

static const char *block_tag(MD_BLOCKTYPE type)
{
	switch (type) {
	case MD_BLOCK_QUOTE:
		return "blockquote";
	case MD_BLOCK_UL:
		return "ul";
	case MD_BLOCK_OL:
		return "ol";
	case MD_BLOCK_LI:
		return "li";
	case MD_BLOCK_P:
		return "p";
	case MD_BLOCK_TABLE:
		return "table";
	case MD_BLOCK_THEAD:
		return "thead";
	case MD_BLOCK_TBODY:
		return "tbody";
	case MD_BLOCK_TR:
		return "tr";
	case MD_BLOCK_TH:
		return "th";
	case MD_BLOCK_TD:
		return "td";
	case MD_BLOCK_DOC:
	case MD_BLOCK_HR:
	case MD_BLOCK_H:
	case MD_BLOCK_CODE:
	case MD_BLOCK_HTML:
		return NULL;
	}
	return NULL;
}

static unsigned heading(const void *detail)
{
	unsigned level = ((const MD_BLOCK_H_DETAIL *)detail)->level + FIRST_HEADING - 1;
	return level < 6 ? level : 6;
}

/* Past the cap md4c is told to stop. */
static int verdict(const struct page *p)
{
	return p->out.too_big;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct page *p = arg;
	const char *tag = block_tag(type);
	if (type == MD_BLOCK_OL && ((const MD_BLOCK_OL_DETAIL *)detail)->start != 1)
		buf_fmt(&p->out, "<ol start=\"%u\">", ((const MD_BLOCK_OL_DETAIL *)detail)->start);
	else if (tag)
		buf_fmt(&p->out, "<%s>", tag);
	else if (type == MD_BLOCK_H)
		buf_fmt(&p->out, "<h%u>", heading(detail));
	else if (type == MD_BLOCK_HR)
		buf_z(&p->out, "<hr>\n");
	else if (type == MD_BLOCK_CODE)
		buf_z(&p->out, "<pre><code>");
	const MD_BLOCK_LI_DETAIL *item = type == MD_BLOCK_LI ? detail : NULL;
	if (item && item->is_task)
		buf_z(&p->out, item->task_mark == ' ' ? "\xE2\x98\x90 " : "\xE2\x98\x91 ");
	return verdict(p);
}

static void close_span(struct page *p);

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct page *p = arg;
	const char *tag = block_tag(type);
	/* md4c does not leave a bare address that the end of a table's cell cuts */
	while (p->open.len)
		close_span(p);
	if (tag)
		buf_fmt(&p->out, "</%s>\n", tag);
	else if (type == MD_BLOCK_H)
		buf_fmt(&p->out, "</h%u>\n", heading(detail));
	else if (type == MD_BLOCK_CODE)
		buf_z(&p->out, "</code></pre>\n");
	return verdict(p);
}

/* The entities that occur in addresses; any other stays as it was typed. */
static struct str entity_text(struct str entity)
{
	return str_is(entity, "&amp;")	  ? STR("&")
	       : str_is(entity, "&quot;") ? STR("\"")
	       : str_is(entity, "&lt;")	  ? STR("<")
	       : str_is(entity, "&gt;")	  ? STR(">")
					  : entity;
}

static struct str attribute(struct arena *a, const MD_ATTRIBUTE *from)
{
	struct buf b = BUF(a);
	for (unsigned i = 0; from->size && from->substr_offsets[i] < from->size; i++) {
		struct str part = { from->text + from->substr_offsets[i],
				    from->substr_offsets[i + 1] - from->substr_offsets[i] };
		if (from->substr_types[i] == MD_TEXT_ENTITY)
			buf_add(&b, entity_text(part));
		else if (from->substr_types[i] == MD_TEXT_NORMAL)
			buf_add(&b, part);
	}
	return buf_str(&b);
}

static bool is_safe_link(struct str url)
{
	static const char *const schemes[] = { "http://", "https://", "mailto:" };
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		struct str scheme = str_of(schemes[i]);
		if (url.len > scheme.len && str_eq_nocase(str_sub(url, 0, scheme.len), scheme))
			return true;
	}
	return false;
}

static void open_link(struct page *p, const MD_ATTRIBUTE *target)
{
	struct str url = attribute(p->out.arena, target);
	p->links++;
	if (p->anchor || !is_safe_link(url))
		return;
	p->anchor = p->links;
	buf_z(&p->out, "<a rel=\"noopener noreferrer nofollow\" href=\"");
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.at[i];
		if (c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '`' ||
		    c == '\\')
			buf_url(&p->out, str_sub(url, i, 1));
		else
			buf_html(&p->out, str_sub(url, i, 1));
	}
	buf_z(&p->out, "\">");
	p->anchor_len = p->out.len;
}

static void close_link(struct page *p)
{
	if (p->anchor == p->links) {
		if (p->out.len == p->anchor_len)
			buf_z(&p->out, "link");
		buf_z(&p->out, "</a>");
		p->anchor = 0;
	}
	p->links--;
}

static const char *span_tag(MD_SPANTYPE type)
{
	switch (type) {
	case MD_SPAN_EM:
		return "em";
	case MD_SPAN_STRONG:
		return "strong";
	case MD_SPAN_CODE:
		return "code";
	case MD_SPAN_DEL:
		return "del";
	case MD_SPAN_A:
	case MD_SPAN_IMG:
	case MD_SPAN_LATEXMATH:
	case MD_SPAN_LATEXMATH_DISPLAY:
	case MD_SPAN_WIKILINK:
	case MD_SPAN_U:
		return NULL;
	}
	return NULL;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct page *p = arg;
	const char *tag = span_tag(type);
	buf_c(&p->open, (char)type);
	if (type == MD_SPAN_A)
		open_link(p, &((const MD_SPAN_A_DETAIL *)detail)->href);
	else if (type == MD_SPAN_IMG)
		open_link(p, &((const MD_SPAN_IMG_DETAIL *)detail)->src);
	else if (tag)
		buf_fmt(&p->out, "<%s>", tag);
	return verdict(p);
}

/* The innermost one. */
static void close_span(struct page *p)
{
	MD_SPANTYPE type = (MD_SPANTYPE)p->open.at[--p->open.len];
	const char *tag = span_tag(type);
	if (type == MD_SPAN_A || type == MD_SPAN_IMG)
		close_link(p);
	else if (tag)
		buf_fmt(&p->out, "</%s>", tag);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct page *p = arg;
	size_t opened = p->open.len;
	(void)detail;
	while (opened && p->open.at[opened - 1] != (char)type)
		opened--;
	while (opened && p->open.len >= opened)
		close_span(p);
	return verdict(p);
}

static int text(MD_TEXTTYPE type, const MD_CHAR *at, MD_SIZE len, void *arg)
{
	struct page *p = arg;
	struct str s = { at, len };
	switch (type) {
	case MD_TEXT_NULLCHAR:
		buf_z(&p->out, "\xEF\xBF\xBD");
		break;
	case MD_TEXT_BR:
		buf_z(&p->out, "<br>\n");
		break;
	case MD_TEXT_SOFTBR:
		buf_c(&p->out, '\n');
		break;
	case MD_TEXT_ENTITY:
		buf_add(&p->out, s); /* md4c has seen that it is & letters or digits ; */
		break;
	case MD_TEXT_NORMAL:
	case MD_TEXT_CODE:
	case MD_TEXT_HTML:
	case MD_TEXT_LATEXMATH:
		buf_html(&p->out, s);
		break;
	}
	return verdict(p);
}

/* md4c 0.4.8 looks one byte past a text that ends inside a link's address: there it shall find a line end. */
static int parse_ended(struct str s, const MD_PARSER *parser, struct page *p)
{
	ARENA(scratch);
	char *text = arena_alloc(&scratch, s.len + 2);
	memcpy(text, s.at, s.len);
	text[s.len] = '\n';
	return md_parse(text, (MD_SIZE)(s.len + 1), parser, p);
}

struct html markdown_html(struct arena *a, struct str source)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_NOHTML | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
			 MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEURLAUTOLINKS,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text,
	};
	struct page p = { .out = BUF(a), .open = BUF(a) };
	p.out.max = MAX_HTML_BYTES;
	struct str s = str_clip(source, MAX_TEXT_BYTES);
	if (!s.len)
		return (struct html){ { NULL, 0 } };
	if (parse_ended(s, &parser, &p) == 0 && !p.out.too_big)
		return (struct html){ buf_str(&p.out) };
	/* what cannot be laid out is still shown, as it was typed */
	struct buf plain = BUF(a);
	buf_z(&plain, "<pre>");
	buf_html(&plain, s);
	buf_z(&plain, "</pre>\n");
	return (struct html){ buf_str(&plain) };
}
