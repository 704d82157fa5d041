/* SPDX-License-Identifier: Apache-2.0 */
/* template: HTML with holes, rendered from a struct by its field table. tools/templates.py compiles
 * ui/{page,part}/NAME.html to `const struct template tpl_NAME`; a check at build time holds each
 * page's template against its view's table (template_check).
 *     {{x}}            the member, escaped for HTML; KIND_WHEN prints "14:03" inside <time> with UTC on hover
 *     {{x|day}}        KIND_WHEN as "23 Nov 14:03";  {{x|iso}} RFC 3339 bare;  {{x|age}} "27 min" since now
 *     {{x|url}}        percent-encoded, for a part of an address
 *     {{#x}}..{{/x}}   each item of a list (its names first, then the outer ones); once if a text, number,
 *                      bool, time is set (not empty, not 0)
 *     {{^x}}..{{/x}}   the opposite
 *     {{#x=word}}..{{/x}}   once if a text or choice equals word
 *     {{.}}            the item itself, in a list of texts
 *     {{>part}}        another template, same names
 *     {{!  a comment }}
 * There is no logic besides. */
#ifndef APLOMB_TEMPLATE_H
#define APLOMB_TEMPLATE_H
#include "base/field.h"
#include "base/zone.h"

enum tpl_kind { TPL_TEXT, TPL_VAR, TPL_EACH, TPL_NOT, TPL_END, TPL_PART };
struct template;
struct tpl_op {
	enum tpl_kind kind;
	const char *text; /* TPL_TEXT: the bytes; else the name */
	size_t len;	  /* of text */
	const char *arg;  /* filter, or the word of {{#x=word}}; NULL */
	int end;	  /* TPL_EACH, TPL_NOT: index of the TPL_END */
	const struct template *part;
};
struct template
{
	const char *name;
	const struct tpl_op *ops;
	int count;
};
/* Names: what turns a person's id into a name, and the reader's zone and now. */
struct names {
	struct str (*person)(const void *ctx, struct str id); /* NULL: the id itself */
	const void *ctx;
	const struct zone *zone; /* NULL = UTC */
	int64_t now_ms;
};
void template_render(const struct template *, const struct field *, const void *view,
		     const struct names *, struct buf *);
/* Does every name exist? Refusal names template and hole. */
int template_check(const struct template *, const struct field *, struct err *) MUST_USE;
#endif
