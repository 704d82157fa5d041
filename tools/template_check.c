/* SPDX-License-Identifier: Apache-2.0 */
/* template_check: part of the build: holds each page's template against its view's field table (pages.def). A hole without
 * a member is an error here and never a blank on a screen. */
#include <stdio.h>

#include "ui.h"
#include "base/template.h"

#define PAGE(x) extern const struct field x##_view_fields[];
#include "web/pages.def"
#undef PAGE

static const struct {
	const struct template *tpl;
	const struct field *fields;
} pages[] = {
#define PAGE(x) { &tpl_##x, x##_view_fields },
#include "web/pages.def"
#undef PAGE
};

int main(void)
{
	int wrong = 0;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		struct err e = { 0 };
		if (template_check(pages[i].tpl, pages[i].fields, &e) != 0) {
			(void)fprintf(stderr, "%s\n", e.text);
			wrong = 1;
		}
	}
	return wrong;
}
