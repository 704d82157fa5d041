/* SPDX-License-Identifier: Apache-2.0 */
/* form_html: see form_html.h. */
#include "web/form_html.h"

#include <string.h>

#include "base/when.h"

struct printer {
	const struct form_print *how;
	struct arena *arena;
	struct buf *out;
};

struct str form_label(struct arena *a, const char *name)
{
	if (strncmp(name, "sev", 3) == 0 && name[3] >= '0' && name[3] <= '9')
		return str_fmt(a, "SEV %s", name + 3);
	struct str s = str_of(name);
	char *text = (char *)arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i] == '_' || s.at[i] == '-' ? ' ' : s.at[i];
		text[i] = i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return (struct str){ text, s.len };
}

/* A help text is the rest of a sentence; here it stands alone. */
static void print_sentence(struct buf *b, struct str s)
{
	char first = s.len ? s.at[0] : '\0';
	if (first >= 'a' && first <= 'z') {
		buf_c(b, (char)(first - 'a' + 'A'));
		s = str_sub(s, 1, s.len);
	}
	buf_html(b, s);
}

static bool is_in(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static const struct form_offers *offers_of(const struct printer *p, const struct field *f)
{
	const struct form_hints *h = p->how->hints;
	const char *key = f->suggest ? f->suggest : f->kind == KIND_INT ? f->name : NULL;
	if (!h || !key)
		return NULL;
	const struct {
		const char *key;
		const struct form_offers *offers;
	} all[] = { { "service", &h->services },       { "person", &h->people },
		    { "evidence", &h->evidence },      { "hypothesis", &h->hypotheses },
		    { "alert", &h->alerts },	       { "audience", &h->audiences },
		    { "mitigation", &h->mitigations }, { "check", &h->checks },
		    { "freeze", &h->freezes },	       { "action", &h->actions },
		    { "into", &h->incidents },	       { "cause", &h->causes } };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i].key, key) == 0)
			return all[i].offers->len ? all[i].offers : NULL;
	return NULL;
}

/* Several services are typed into one line; everything else that is offered is picked. */
static bool is_typed(const struct field *f)
{
	return f->suggest && strcmp(f->suggest, "service") == 0;
}

/* A time as a person types it, in their zone, so that it can be sent back unread. */
static void print_when(int64_t at_ms, const struct zone *zone, struct buf *b)
{
	struct when_parts w = when_parts(at_ms + zone_offset_ms(zone, at_ms));
	buf_fmt(b, "%04d-%02d-%02d %02d:%02d", w.year, w.month, w.day, w.hour, w.minute);
}

static struct str login_of(const struct form_offers *people, struct str id)
{
	for (size_t i = 0; people && i < people->len; i++)
		if (id.len && str_eq(people->at[i].id, id))
			return people->at[i].value;
	return id;
}

static struct str current_text(const struct printer *p, const struct field *f)
{
	struct buf b = BUF(p->arena);
	const char *base = p->how->current;
	if (!base || (f->kind != KIND_CHOICE && field_is_empty(f, base)))
		return (struct str){ 0 };
	if (f->kind == KIND_WHEN)
		print_when(((const struct when *)(const void *)(base + f->at))->ms, p->how->zone,
			   &b);
	else if (f->kind == KIND_PERSON)
		return login_of(offers_of(p, f),
				((const struct person *)(const void *)(base + f->at))->id);
	else
		field_print(f, base, &b);
	return buf_str(&b);
}

/* What the input shows: as typed, else as it is. */
static struct str value_of(const struct printer *p, const struct field *f)
{
	const struct form *given = p->how->given;
	if (given && form_has(given, f->name))
		return form_get(given, f->name);
	return given && p->how->is_posted ? (struct str){ 0 } : current_text(p, f);
}

/* Is this one of the values picked? A list's values come as several pairs, or with commas. */
static bool is_picked(const struct printer *p, const struct field *f, struct str value)
{
	const struct form *given = p->how->given;
	bool typed = false;
	for (size_t i = 0; given && i < given->pairs.len; i++) {
		if (!str_is(given->pairs.at[i].name, f->name))
			continue;
		struct strs parts = strs_split(p->arena, given->pairs.at[i].value, ',');
		typed = true;
		if (strs_has(&parts, value))
			return true;
	}
	if (typed || (given && p->how->is_posted))
		return false;
	struct strs parts = strs_split(p->arena, current_text(p, f), ',');
	return strs_has(&parts, value);
}

static const char *prefix(const struct printer *p)
{
	return p->how->id ? p->how->id : "f";
}

static void print_attributes(const struct printer *p, const struct field *f)
{
	struct buf *b = p->out;
	buf_fmt(b, " id=\"%s-%s\" name=\"%s\"", prefix(p), f->name, f->name);
	if (f->required)
		buf_z(b, " required");
	if (f->help || f->kind == KIND_WHEN)
		buf_fmt(b, " aria-describedby=\"%s-%s-help\"", prefix(p), f->name);
	if (p->how->bad && strcmp(p->how->bad, f->name) == 0)
		buf_z(b, " aria-invalid=\"true\"");
}

static void print_option(const struct printer *p, struct str value, struct str label, bool chosen)
{
	buf_z(p->out, "<option value=\"");
	buf_html(p->out, value);
	buf_z(p->out, chosen ? "\" selected>" : "\">");
	buf_html(p->out, label);
	buf_z(p->out, "</option>");
}

static void print_choice(const struct printer *p, const struct field *f)
{
	struct str value = value_of(p, f);
	buf_z(p->out, "<select");
	print_attributes(p, f);
	buf_c(p->out, '>');
	/* a required choice without an empty name must not be answered by whatever stands first */
	bool asks = f->required && f->names[0] && f->names[0][0] && !p->how->current;
	if (asks)
		print_option(p, (struct str){ 0 }, STR("Choose"), value.len == 0);
	for (int i = 0; f->names[i]; i++) {
		struct str name = str_of(f->names[i]);
		if (str_is(name, "-")) /* a command line's way to say nothing; here that is there */
			continue;
		struct str label = name.len	 ? form_label(p->arena, f->names[i])
				   : f->required ? STR("Choose")
						 : STR("Not said");
		print_option(p, name, label, str_eq_nocase(name, value));
	}
	buf_z(p->out, "</select>");
}

static void print_pick(const struct printer *p, const struct field *f,
		       const struct form_offers *offers)
{
	struct str value = value_of(p, f);
	if (!value.len && f->required && offers->len == 1)
		value = offers->at[0].value;
	bool known = value.len == 0 || str_is(value, "0");
	buf_z(p->out, "<select");
	print_attributes(p, f);
	buf_c(p->out, '>');
	print_option(p, (struct str){ 0 }, f->required ? STR("Choose") : STR("Not said"), known);
	for (size_t i = 0; i < offers->len; i++) {
		bool chosen = str_eq(offers->at[i].value, value);
		print_option(p, offers->at[i].value, offers->at[i].label, chosen);
		known = known || chosen;
	}
	if (!known)
		print_option(p, value, value, true);
	buf_z(p->out, "</select>");
}

static void print_boxes(const struct printer *p, const struct field *f,
			const struct form_offers *offers)
{
	struct buf *b = p->out;
	buf_z(b, "<span>");
	for (size_t i = 0; i < offers->len; i++) {
		const struct form_offer *o = &offers->at[i];
		buf_fmt(b, "<label class=\"check\"><input type=\"checkbox\" name=\"%s\" value=\"",
			f->name);
		buf_html(b, o->value);
		buf_z(b, is_picked(p, f, o->value) ? "\" checked> " : "\"> ");
		buf_html(b, o->label);
		buf_z(b, "</label>");
	}
	buf_z(b, "</span>");
}

static void print_list(const struct printer *p, const struct field *f,
		       const struct form_offers *offers)
{
	buf_fmt(p->out, "<datalist id=\"%s-%s-list\">", prefix(p), f->name);
	for (size_t i = 0; i < offers->len; i++)
		print_option(p, offers->at[i].value, offers->at[i].label, false);
	buf_z(p->out, "</datalist>");
}

enum { AREA_COLUMNS = 40, AREA_MOST_ROWS = 16 };

/* So many rows that a text of ours is seen whole, as far as a screen allows. */
static int rows_for(struct str text, int least)
{
	int rows = 0;
	struct str line;
	while (str_cut(&text, '\n', &line) && rows < AREA_MOST_ROWS)
		rows += 1 + (int)(line.len / AREA_COLUMNS);
	rows = rows > AREA_MOST_ROWS ? AREA_MOST_ROWS : rows;
	return rows > least ? rows : least;
}

static void print_area(const struct printer *p, const struct field *f)
{
	struct str value = value_of(p, f);
	buf_z(p->out, "<textarea");
	print_attributes(p, f);
	/* the line end behind the tag is dropped by browsers, one of the text's own would be, too */
	buf_fmt(p->out, " rows=\"%d\">\n", rows_for(value, f->lines));
	buf_html(p->out, value);
	buf_z(p->out, "</textarea>");
}

static void print_input(const struct printer *p, const struct field *f)
{
	const struct form_offers *offers = offers_of(p, f);
	bool number = f->kind == KIND_INT || f->kind == KIND_MAYBE_INT;
	struct str value = value_of(p, f);
	buf_z(p->out, "<input type=\"text\"");
	print_attributes(p, f);
	if (number)
		buf_z(p->out, " inputmode=\"numeric\"");
	if (f->kind == KIND_STR && f->max)
		buf_fmt(p->out, " maxlength=\"%zu\"", f->max);
	if (offers)
		buf_fmt(p->out, " list=\"%s-%s-list\"", prefix(p), f->name);
	buf_z(p->out, " autocomplete=\"off\" value=\"");
	buf_html(p->out, value);
	buf_z(p->out, "\">");
	if (offers)
		print_list(p, f, offers);
}

/* Some times lie behind us, some ahead, some are days. */
static const char *such_as(const char *name)
{
	if (strcmp(name, "due") == 0)
		return "2026-12-04 or +7d";
	return strcmp(name, "started") == 0 || strcmp(name, "at") == 0 ? "14:03 or -30m"
								       : "14:03 or +30m";
}

static void print_help(const struct printer *p, const struct field *f)
{
	bool shows = f->help && strstr(f->help, "such as");
	if (!f->help && f->kind != KIND_WHEN)
		return;
	buf_fmt(p->out, "<span class=\"help\" id=\"%s-%s-help\">", prefix(p), f->name);
	if (f->help)
		print_sentence(p->out, str_of(f->help));
	if (f->kind == KIND_WHEN && !shows)
		buf_fmt(p->out, "%sSuch as %s", f->help ? ". " : "", such_as(f->name));
	if (f->kind == KIND_SPAN && !shows)
		buf_z(p->out, ". Such as 30m or 2h");
	if (f->kind == KIND_STRS && (!offers_of(p, f) || is_typed(f)))
		buf_z(p->out, ". Separate several with commas");
	buf_z(p->out, "</span>");
}

static void print_label(const struct printer *p, const struct field *f, const char *tag)
{
	if (strcmp(tag, "label") == 0)
		buf_fmt(p->out, "<label for=\"%s-%s\">", prefix(p), f->name);
	else
		buf_fmt(p->out, "<%s>", tag);
	buf_html(p->out, form_label(p->arena, f->name));
	if (!f->required && f->kind != KIND_BOOL)
		buf_z(p->out, " <span class=\"dim\">(optional)</span>");
	buf_fmt(p->out, "</%s>", tag);
}

static bool is_boxes(const struct printer *p, const struct field *f)
{
	return f->kind == KIND_STRS && offers_of(p, f) && !is_typed(f);
}

static void print_control(const struct printer *p, const struct field *f)
{
	const struct form_offers *offers = offers_of(p, f);
	bool listed = offers && !is_typed(f);
	if (f->kind == KIND_CHOICE)
		print_choice(p, f);
	else if (listed)
		print_pick(p, f, offers);
	else if (f->lines > 1)
		print_area(p, f);
	else
		print_input(p, f);
}

static void print_row(const struct printer *p, const struct field *f)
{
	struct buf *b = p->out;
	if (is_boxes(p, f)) {
		buf_z(b, "<fieldset class=\"field\">");
		print_label(p, f, "legend");
		print_boxes(p, f, offers_of(p, f));
		print_help(p, f);
		buf_z(b, "</fieldset>\n");
		return;
	}
	buf_z(b, "<p class=\"field\">");
	if (f->kind == KIND_BOOL) {
		bool on = str_is(value_of(p, f), "yes") || str_is(value_of(p, f), "true");
		buf_z(b, "<span><label class=\"check\"><input type=\"checkbox\" value=\"yes\"");
		print_attributes(p, f);
		buf_z(b, on ? " checked> " : "> ");
		buf_html(b, form_label(p->arena, f->name));
		buf_z(b, "</label></span>");
	} else {
		print_label(p, f, "label");
		print_control(p, f);
	}
	print_help(p, f);
	buf_z(b, "</p>\n");
}

static void print_hidden(const struct printer *p, const struct field *f)
{
	struct str value = value_of(p, f);
	if (!value.len)
		return;
	buf_fmt(p->out, "<input type=\"hidden\" name=\"%s\" value=\"", f->name);
	buf_html(p->out, value);
	buf_z(p->out, "\">");
}

struct html form_html(const struct form_print *how, struct arena *a)
{
	struct buf b = BUF(a);
	struct printer p = { how, a, &b };
	for (const struct field *f = how->table; f->name; f++) {
		bool wanted = (!how->only || is_in(how->only, f->name)) &&
			      !(how->skip && is_in(how->skip, f->name));
		if (!wanted || f->kind == KIND_ITEMS || f->kind == KIND_HTML)
			continue;
		if (f->hidden)
			print_hidden(&p, f);
		else
			print_row(&p, f);
	}
	return (struct html){ buf_str(&b) };
}
