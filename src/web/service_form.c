/* SPDX-License-Identifier: Apache-2.0 */
/* service_form: what the form of a service has besides that of any verb: it starts with what the catalogue says, and the name
 * of one that is there stays, since another name would be another service. */
#include <string.h>

#include "web/forms.h"

bool service_form_is(const struct forming *f)
{
	return strcmp(f->verb->noun, "service") == 0 && strcmp(f->verb->name, "set") == 0;
}

const struct service *service_form_of(const struct forming *f)
{
	struct services all;
	if (!service_form_is(f))
		return NULL;
	engine_services(f->v->config->engine, f->v->arena, &all);
	return services_find(&all, str_trim(form_get(f->given, "name")));
}

const char *const *service_form_skip(const struct forming *f)
{
	static const char *const name[] = { "name", NULL };
	return service_form_of(f) ? name : NULL;
}

void service_form_dress(const struct forming *f, struct form_view *view)
{
	const struct service *s = service_form_of(f);
	struct buf b = BUF(f->v->arena);
	if (!service_form_is(f))
		return;
	view->frame.title = s ? str_fmt(f->v->arena, "Service " STR_FMT, STR_ARG(s->name))
			      : STR("Add a service");
	view->help = s && s->file.len
			     ? str_fmt(f->v->arena,
				       "It is kept in " STR_FMT ", too: what you change here holds "
				       "until that file is applied again.",
				       STR_ARG(s->file))
			     : STR("What the catalogue says of it. Empty what you do not know.");
	if (!s)
		return;
	buf_z(&b, "<input type=\"hidden\" name=\"name\" value=\"");
	buf_html(&b, s->name);
	buf_z(&b, "\">");
	buf_add(&b, view->body.raw);
	view->body.raw = buf_str(&b);
}
