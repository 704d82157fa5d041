/* SPDX-License-Identifier: Apache-2.0 */
/* catalog_plan: reading the catalogue: finding, what a service must be like, where it drifted from its file, and what applying
 * a file would do. Verbs and events: catalog.c. */
#include "core/catalog.h"

enum { SHOWN_BYTES = 80 }; /* of a value in a sentence */

static int by_name(const void *a, const void *b)
{
	const struct service *x = a, *y = b;
	return str_cmp(x->name, y->name);
}

const struct service *services_find(const struct services *l, struct str name)
{
	const struct service key = { .name = name };
	return list_find((const struct list *)(const void *)l, &key, sizeof(key), by_name);
}

const struct service *desk_find_service(const struct desk *desk, struct str name)
{
	return services_find(&desk->services, name);
}

const struct service *services_of_alert(const struct services *l, struct str alert_name)
{
	LIST_EACH (s, l)
		if (alert_name.len && strs_has(&s->alerts, alert_name))
			return s;
	return NULL;
}

struct service_words service_said(const struct service *s)
{
	return (struct service_words){ s->name,	   s->owner, s->tier,	 s->about,
				       s->depends, s->links, s->runbook, s->alerts };
}

struct service_words service_filed(const struct service *s)
{
	return (struct service_words){ s->name,		 s->filed_owner,   s->filed_tier,
				       s->filed_about,	 s->filed_depends, s->filed_links,
				       s->filed_runbook, s->filed_alerts };
}

static bool is_web(struct str s)
{
	struct str rest = str_starts(s, STR("https://"))  ? str_sub(s, 8, s.len)
			  : str_starts(s, STR("http://")) ? str_sub(s, 7, s.len)
							  : (struct str){ NULL, 0 };
	for (size_t i = 0; i < rest.len; i++)
		if ((unsigned char)rest.at[i] <= ' ')
			return false;
	return rest.len > 0;
}

bool service_link(struct str link, struct str *title, struct str *address)
{
	size_t from = 0;
	link = str_trim(link);
	for (size_t i = 0; i < link.len; i++)
		if (link.at[i] == ' ' || link.at[i] == '\t')
			from = i + 1;
	*address = str_sub(link, from, link.len);
	*title = str_trim(str_sub(link, 0, from));
	if (!title->len)
		*title = *address;
	return is_web(*address);
}

/* A value as a sentence shows it. */
static void show(const struct field *f, const struct service_words *w, struct buf *out)
{
	struct buf text = BUF(out->arena);
	if (!field_is_empty(f, w))
		field_print(f, w, &text);
	struct str whole = str_trim(buf_str(&text)), s = str_clip(whole, SHOWN_BYTES);
	for (size_t i = 0; i < s.len; i++)
		buf_c(out, s.at[i] == '\n' || s.at[i] == '\t' ? ' ' : s.at[i]);
	buf_z(out, s.len < whole.len ? "..." : whole.len ? "" : "nothing");
}

static bool is_same(const struct field *f, const struct service_words *a,
		    const struct service_words *b)
{
	const struct field one[] = { *f, END };
	return fields_equal(one, a, b);
}

static const struct strs *texts_of(const struct field *f, const struct service_words *w)
{
	return (const struct strs *)(const void *)((const char *)w + f->at);
}

static bool show_missing(char sign, const struct strs *of, const struct strs *in, struct buf *out)
{
	size_t before = out->len;
	for (size_t i = 0; i < of->len; i++)
		if (!strs_has(in, of->at[i]))
			buf_fmt(out, " %c " STR_FMT ",", sign, STR_ARG(of->at[i]));
	return out->len > before;
}

/* "depends + ledger, - kafka"; a list in another order is another list, too. */
static void show_texts(const struct field *f, const struct service_words *from,
		       const struct service_words *to, struct buf *out)
{
	bool more = show_missing('+', texts_of(f, to), texts_of(f, from), out);
	bool less = show_missing('-', texts_of(f, from), texts_of(f, to), out);
	if (more || less)
		out->len--; /* the last comma */
	else
		buf_z(out, " in another order");
}

struct strs service_changes(const struct service_words *from, const struct service_words *to,
			    struct arena *a)
{
	enum { MEMBERS = 8 };
	struct strs lines = { ARENA_ARRAY(a, struct str, MEMBERS), 0 };
	for (const struct field *f = service_words_fields + 1; f->name; f++) {
		struct buf b = BUF(a);
		if (is_same(f, from, to))
			continue;
		buf_z(&b, f->name);
		if (f->kind == KIND_STRS && !field_is_empty(f, from)) {
			show_texts(f, from, to, &b);
		} else if (field_is_empty(f, from)) {
			buf_c(&b, ' ');
			show(f, to, &b);
		} else {
			buf_c(&b, ' ');
			show(f, from, &b);
			buf_z(&b, " -> ");
			show(f, to, &b);
		}
		lines.at[lines.len++] = buf_str(&b);
	}
	return lines;
}

struct strs service_drift(const struct service *s, struct arena *a)
{
	enum { MOST = 9 };
	struct strs out = { ARENA_ARRAY(a, struct str, MOST), 0 };
	const struct service_words filed = service_filed(s), said = service_said(s);
	if (!s->file.len)
		return out;
	if (s->is_gone)
		out.at[out.len++] = str_fmt(a, STR_FMT " does not name it any more",
					    STR_ARG(s->file));
	for (const struct field *f = service_words_fields + 1; f->name; f++) {
		struct buf b = BUF(a);
		if (is_same(f, &filed, &said))
			continue;
		buf_fmt(&b, "%s: ", f->name);
		show(f, &filed, &b);
		buf_fmt(&b, " in " STR_FMT ", ", STR_ARG(s->file));
		show(f, &said, &b);
		buf_z(&b, " here");
		out.at[out.len++] = buf_str(&b);
	}
	return out;
}

static int check_name(struct str name, const char *field, struct err *e)
{
	bool bad = !name.len || name.at[0] == '-' || str_trim(name).len != name.len;
	if (name.len > SERVICE_NAME_BYTES)
		return err_field(e, field, "A service's name has at most %d bytes.",
				 SERVICE_NAME_BYTES);
	struct str rest = name, part;
	while (str_cut(&rest, '/', &part)) /* it is part of addresses, where these mean something */
		bad = bad || str_is(part, ".") || str_is(part, "..");
	for (size_t i = 0; i < name.len; i++)
		bad = bad || name.at[i] == ',' || (unsigned char)name.at[i] < ' ' ||
		      name.at[i] == 0x7f;
	if (!bad)
		return 0;
	return err_field(e, field,
			 "A service's name is one line without commas that begins with no dash, as "
			 "payments-api or shop/checkout; not \"" STR_FMT "\".",
			 STR_ARG(str_clip(name, 60)));
}

static int check_links(const struct strs *links, struct err *e)
{
	for (size_t i = 0; i < links->len; i++) {
		struct str title, address;
		if (service_link(links->at[i], &title, &address))
			continue;
		err_field(e, "links",
			  "A link is a title and a web address; \"" STR_FMT "\" has no address.",
			  STR_ARG(str_clip(links->at[i], 60)));
		err_next(e, "Write it like this: Dashboard https://grafana.example/d/1. A comma in "
			    "an address is %%2C.");
		return -1;
	}
	return 0;
}

int service_check(const struct service_words *w, struct err *e)
{
	if (check_name(w->name, "name", e) != 0 || check_links(&w->links, e) != 0)
		return -1;
	for (size_t i = 0; i < w->depends.len; i++)
		if (check_name(w->depends.at[i], "depends", e) != 0)
			return -1;
	if (w->runbook.len && !is_web(w->runbook))
		return err_field(e, "runbook",
				 "The runbook is a web address, as https://wiki.example/payments.");
	return 0;
}

/* Blanks at the ends of texts are no difference, and what hides in a text or turns it around is not kept. */
static struct strs tidy_texts(const struct strs *texts, struct arena *a)
{
	struct one {
		struct str text;
	};
	static const struct field one_fields[] = { FIELD(one, text, "a text"), END };
	struct strs out = strs_copy(a, texts);
	for (size_t i = 0; i < out.len; i++) {
		struct one one = { str_trim(out.at[i]) };
		fields_one_line(one_fields, &one, a);
		out.at[i] = one.text;
	}
	return out;
}

struct service_words service_tidy(const struct service_words *w, struct arena *a)
{
	struct service_words t = *w;
	t.name = str_trim(t.name);
	t.owner = str_trim(t.owner);
	t.about = str_trim(t.about);
	t.runbook = str_trim(t.runbook);
	t.depends = tidy_texts(&t.depends, a);
	t.links = tidy_texts(&t.links, a);
	t.alerts = tidy_texts(&t.alerts, a);
	return t;
}

static int step_order(const void *a, const void *b)
{
	return str_cmp(((const struct service_step *)a)->name,
		       ((const struct service_step *)b)->name);
}

static struct service_step step_of(const struct service *s, const struct service_words *w,
				   const struct catalog_file *file, struct arena *a)
{
	struct service_step step = { .name = w->name, .words = w };
	const struct service_words none = { .name = w->name };
	const struct service_words said = s ? service_said(s) : none,
				   filed = s ? service_filed(s) : none;
	step.lines = service_changes(&said, w, a);
	if (!s)
		step.change = SERVICE_ADDED;
	else if (step.lines.len)
		step.change = SERVICE_CHANGED;
	else if (s->is_gone || s->origin != ORIGIN_FILE || !str_eq(s->file, file->file) ||
		 !fields_equal(service_words_fields, &filed, w))
		step.change = SERVICE_NOTED;
	return step;
}

/* Steps for all that the file names, sorted; refuses what is wrong with them. */
static int read_file(const struct services *now, const struct catalog_file *file, struct arena *a,
		     struct service_steps *all, struct err *e)
{
	LIST_EACH (w, &file->services) {
		struct service_words *t = ARENA_NEW(a, struct service_words);
		*t = service_tidy(w, a);
		if (service_check(t, e) != 0)
			return err_context(e, STR_FMT, STR_ARG(str_clip(t->name, 60)));
		*LIST_ADD(a, all) = step_of(services_find(now, t->name), t, file, a);
	}
	LIST_SORT(all, step_order);
	for (size_t i = 1; i < all->len; i++)
		if (str_eq(all->at[i].name, all->at[i - 1].name))
			return err_field(e, "services", "The service " STR_FMT " is there twice.",
					 STR_ARG(str_clip(all->at[i].name, 60)));
	return 0;
}

static void add_missing(const struct services *now, const struct catalog_file *file,
			struct arena *a, struct service_steps *all)
{
	const struct service_steps named = *all;
	LIST_EACH (s, now) {
		const struct service_step key = { .name = s->name };
		const struct list *l = (const struct list *)(const void *)&named;
		if (!str_eq(s->file, file->file) || list_find(l, &key, sizeof(key), step_order))
			continue;
		if (file->prune || !s->is_gone)
			*LIST_ADD(a, all) = (struct service_step){
				.name = s->name,
				.change = file->prune ? SERVICE_REMOVED : SERVICE_GONE,
			};
	}
}

int catalog_plan(const struct services *now, const struct catalog_file *file, struct arena *a,
		 struct service_steps *out, struct err *e)
{
	struct service_steps all = { 0 };
	size_t count = now->len;
	if (read_file(now, file, a, &all, e) != 0)
		return -1;
	add_missing(now, file, a, &all);
	LIST_SORT(&all, step_order);
	LIST_EACH (s, &all) {
		count += s->change == SERVICE_ADDED;
		count -= s->change == SERVICE_REMOVED;
		if (s->change != SERVICE_SAME)
			*LIST_ADD(a, out) = *s;
	}
	if (count <= SERVICES_MAX)
		return 0;
	err_refuse(e, ERR_CONFLICT, "That would be %zu services; there may be %d.", count,
		   SERVICES_MAX);
	err_next(e, "Remove those that nobody runs any more.");
	return -1;
}
