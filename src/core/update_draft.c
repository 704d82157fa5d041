/* SPDX-License-Identifier: Apache-2.0 */
/* update_draft: see update.h. */
#include "core/phrase.h"
#include "core/update.h"

const char *const audience_names[] = { "leadership", "support", "engineers", "customers", NULL };

/* "Label: text" on a line of its own; nothing where the text is empty. */
static void line(struct buf *out, const char *label, struct str text)
{
	text = str_trim(text);
	if (!text.len)
		return;
	if (out->len)
		buf_c(out, '\n');
	buf_z(out, label);
	buf_add(out, text);
}

static void line_next(struct buf *out, const char *label, struct when next)
{
	if (next.ms)
		line(out, label, phrase_clock(out->arena, next.ms));
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* "checkout" is a word that customers use; "checkout-api" and "db2" are not. */
static bool looks_internal(struct str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.at[i];
		if (c == '-' || c == '_' || c == '.' || c == '/' || c == ':' ||
		    (c >= '0' && c <= '9'))
			return true;
	}
	return false;
}

/* The length of an internal service id that stands at `at` as a word; 0 = none. The longest wins. */
static size_t internal_at(const struct incident *inc, struct str text, size_t at)
{
	size_t longest = 0;
	if (at && is_word(text.at[at - 1]))
		return 0;
	for (size_t i = 0; i < inc->services.len; i++) {
		struct str id = inc->services.at[i];
		size_t end = at + id.len;
		if (id.len <= longest || !looks_internal(id) || end > text.len ||
		    !str_eq_nocase(str_sub(text, at, id.len), id))
			continue;
		if (end == text.len || !is_word(text.at[end]))
			longest = id.len;
	}
	return longest;
}

static struct str for_outside(const struct incident *inc, struct str text, struct arena *a)
{
	struct buf out = BUF(a);
	for (size_t at = 0; at < text.len;) {
		size_t hidden = internal_at(inc, text, at);
		if (hidden)
			buf_z(&out, "our service");
		else
			buf_c(&out, text.at[at]);
		at += hidden ? hidden : 1;
	}
	return buf_str(&out);
}

/* What a customer may know of where we are. */
static struct str phase_text(const struct incident *inc)
{
	switch (incident_phase(inc)) {
	case PHASE_INVESTIGATING:
		return STR("We are looking for the cause.");
	case PHASE_MITIGATING:
		return STR("We are putting a fix in place.");
	case PHASE_VERIFYING:
		return STR("A fix is in place. We are watching that it holds.");
	case PHASE_RESOLVED:
	case PHASE_CLOSED:
		return STR("This is resolved.");
	case PHASE_MERGED:
		return STR("We are working on it.");
	}
	return STR("");
}

static void draft_customers(const struct incident *inc, const struct update_parts *p,
			    struct buf *out)
{
	bool is_over = inc->resolved.ms;
	struct str impact = for_outside(inc, p->impact, out->arena);
	if (str_trim(impact).len)
		line(out, is_over ? "What was affected: " : "What you may notice: ", impact);
	else if (!is_over)
		line(out, "", STR("We know of a problem with our service."));
	line(out, "", phase_text(inc));
	line_next(out, "Next update by ", p->next);
}

static void draft_leadership(const struct incident *inc, const struct update_parts *p,
			     struct buf *out)
{
	line(out, "Impact: ", p->impact);
	line(out, "Who is affected: ", inc->symptoms.radius);
	line(out, "What happened: ", p->happened);
	line(out, "What we are doing: ", p->doing);
	line(out, "", phase_text(inc));
	line_next(out, "Next update by ", p->next);
}

static void draft_support(const struct incident *inc, const struct update_parts *p, struct buf *out)
{
	line(out, "What customers see: ", p->impact);
	line(out, "What fails: ", inc->symptoms.fails);
	line(out, "What still works: ", inc->symptoms.works);
	line(out, "What we are doing: ", p->doing);
	if (inc->resolved.ms)
		line(out,
		     "Tell customers: ", STR("it is resolved, and we are sorry for the trouble."));
	else if (p->next.ms)
		line_next(out,
			  "Tell customers: we know, we are working on it, and there is news by ",
			  p->next);
	else
		line(out, "Tell customers: ", STR("we know and we are working on it."));
}

static void engineers_hypothesis(const struct incident *inc, struct buf *out)
{
	const struct hypothesis *open = incident_open_hypothesis(inc);
	const struct hypothesis *h = open ? open : incident_confirmed_hypothesis(inc);
	struct arena *a = out->arena;
	if (!h)
		return;
	line(out, open ? "Open hypothesis " : "Confirmed hypothesis ",
	     str_fmt(a, "%lld: " STR_FMT, (long long)h->number, STR_ARG(h->cause)));
	if (open)
		line(out, "It predicts: ", h->prediction);
}

static void draft_engineers(const struct incident *inc, const struct update_parts *p,
			    struct buf *out)
{
	const struct mitigation *m = incident_change_in_flight(inc);
	struct arena *a = out->arena;
	struct str what = str_fmt(a, "%s, INC-%lld: " STR_FMT, severity_names[inc->severity],
				  (long long)inc->id, STR_ARG(inc->title));
	line(out, "", what);
	line(out, "Services: ", strs_join(a, &inc->services, ", "));
	line(out, "What happened: ", p->happened);
	line(out, "Impact: ", p->impact);
	engineers_hypothesis(inc, out);
	if (m)
		line(out, "Change in flight: ",
		     str_fmt(a, STR_FMT " (until " STR_FMT ")", STR_ARG(m->what),
			     STR_ARG(phrase_clock(a, m->lease.ms))));
	line(out, "What we are doing: ", p->doing);
	line_next(out, "Next update by ", p->next);
}

struct str update_draft(const struct incident *inc, const struct update_parts *parts,
			enum audience audience, struct arena *a)
{
	struct buf out = BUF(a);
	switch (audience) {
	case AUDIENCE_LEADERSHIP:
		draft_leadership(inc, parts, &out);
		break;
	case AUDIENCE_SUPPORT:
		draft_support(inc, parts, &out);
		break;
	case AUDIENCE_ENGINEERS:
		draft_engineers(inc, parts, &out);
		break;
	case AUDIENCE_CUSTOMERS:
		draft_customers(inc, parts, &out);
		break;
	case AUDIENCE_COUNT:
		break;
	}
	return buf_str(&out);
}
