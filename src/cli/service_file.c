/* SPDX-License-Identifier: Apache-2.0 */
/* service_file: see service_file.h. */
#include "cli/service_file.h"

#include <stdio.h>

#include "base/yaml_tree.h"
#include "core/words.h"

struct reader {
	const struct reading *how;
	struct catalog_file *out;
	LIST_OF(int) lines; /* of out->services */
	struct err *e;
};

/* "services.yaml:7: " in front; a slip of the writer, whatever it was for the parser. */
static int at_line(const struct reader *r, int line)
{
	r->e->code = ERR_USAGE;
	r->e->field[0] = '\0'; /* no flag of the command */
	return err_context(r->e, STR_FMT ":%d", STR_ARG(str_clip(r->out->file, 60)), line);
}

/* What other files call it. */
static const struct {
	const char *theirs, *ours;
} synonyms[] = {
	{ "description", "about" },  { "team", "owner" },
	{ "owners", "owner" },	     { "dependson", "depends" },
	{ "depends_on", "depends" }, { "dependencies", "depends" },
	{ "dependency", "depends" }, { "id", "name" },
	{ "service", "name" },	     { "criticality", "tier" },
	{ "url", "links" },	     { "docs", "links" },
	{ "playbook", "runbook" },   { "alert", "alerts" },
};

static const char *nearest(struct str name)
{
	const char *best = NULL;
	int far = 3;
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
		if (str_eq_nocase(name, str_of(synonyms[i].theirs)))
			return synonyms[i].ours;
	for (const struct field *f = service_words_fields; f->name; f++) {
		int d = words_distance(name, str_of(f->name));
		if (d < far) {
			far = d;
			best = f->name;
		}
	}
	return best;
}

static int refuse_unknown(const struct reader *r, const struct yaml_node *n)
{
	const char *near = nearest(n->name);
	if (near)
		err_refuse(r->e, ERR_USAGE, "There is no \"" STR_FMT "\"; did you mean \"%s\"?",
			   STR_ARG(str_clip(n->name, 60)), near);
	else
		err_refuse(r->e, ERR_USAGE,
			   "There is no \"" STR_FMT "\". A service has name, owner, tier, about, "
			   "depends, links, runbook and alerts.",
			   STR_ARG(str_clip(n->name, 60)));
	return at_line(r, n->line);
}

static int take_texts(const struct reader *r, const struct field *f, const struct yaml_node *list,
		      struct service_words *w)
{
	LIST_OF(struct str) texts = { 0 };
	for (const struct yaml_node *n = list->first; n; n = n->next) {
		if (n->kind != YAML_TEXT) {
			err_refuse(r->e, ERR_USAGE, "%s is a list of plain texts.", f->name);
			return at_line(r, n->line);
		}
		*LIST_ADD(r->how->arena, &texts) = str_trim(n->text);
	}
	*(struct strs *)(void *)((char *)w + f->at) = (struct strs){ texts.at, texts.len };
	return 0;
}

static int take_member(const struct reader *r, const struct yaml_node *n, struct service_words *w)
{
	const struct field *f = field_find(service_words_fields, n->name);
	if (!f)
		return refuse_unknown(r, n);
	if (n->kind == YAML_LIST && f->kind == KIND_STRS)
		return take_texts(r, f, n, w);
	if (n->kind != YAML_TEXT) {
		err_refuse(r->e, ERR_USAGE, "%s takes a text%s.", f->name,
			   f->kind == KIND_STRS ? " or a list of texts" : "");
		return at_line(r, n->line);
	}
	return field_parse(f, w, n->text, r->how, r->e) == 0 ? 0 : at_line(r, n->line);
}

static int take_service(struct reader *r, const struct yaml_node *n)
{
	struct arena *a = r->how->arena;
	if (n->kind != YAML_MAP) {
		err_refuse(r->e, ERR_USAGE, "A service is written as - name: payments.");
		return at_line(r, n->line);
	}
	if (r->out->services.len == SERVICES_MAX) {
		err_refuse(r->e, ERR_USAGE, "There may be %d services.", SERVICES_MAX);
		return at_line(r, n->line);
	}
	struct service_words *w = LIST_ADD(a, &r->out->services);
	for (const struct yaml_node *m = n->first; m; m = m->next)
		if (take_member(r, m, w) != 0)
			return -1;
	w->name = str_trim(w->name);
	if (fields_check(service_words_fields, w, r->e) != 0 || service_check(w, r->e) != 0)
		return at_line(r, n->line);
	for (size_t i = 0; i + 1 < r->out->services.len; i++) {
		if (!str_eq(r->out->services.at[i].name, w->name))
			continue;
		err_refuse(r->e, ERR_USAGE,
			   "The service " STR_FMT " is there twice; the first time in line %d.",
			   STR_ARG(str_clip(w->name, 60)), r->lines.at[i]);
		return at_line(r, n->line);
	}
	*LIST_ADD(a, &r->lines) = n->line;
	return 0;
}

int service_file_parse(const struct reading *how, struct str text, struct catalog_file *out,
		       struct err *e)
{
	struct reader r = { .how = how, .out = out, .e = e };
	struct yaml_tree tree;
	if (yaml_tree_parse(how->arena, text, &tree, e) != 0)
		return at_line(&r, tree.line);
	const struct yaml_node *top = tree.root && tree.root->kind == YAML_MAP ? tree.root->first
									       : NULL;
	for (const struct yaml_node *n = top; n; n = n->next)
		if (!str_is(n->name, "services")) {
			err_refuse(e, ERR_USAGE,
				   "There is no \"" STR_FMT "\" here: the file has services alone.",
				   STR_ARG(str_clip(n->name, 60)));
			return at_line(&r, n->line);
		}
	if (!top || top->kind != YAML_LIST) {
		err_refuse(e, ERR_USAGE, "The file has no list of services.");
		err_next(e, "It begins with services: and then - name: payments.");
		return at_line(&r, top ? top->line : 1);
	}
	for (const struct yaml_node *n = top->first; n; n = n->next)
		if (take_service(&r, n) != 0)
			return -1;
	return 0;
}
