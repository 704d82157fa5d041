/* SPDX-License-Identifier: Apache-2.0 */
/* markdown: a safe subset to HTML (md4c, no raw HTML, links only http, https, mailto, at most 64 KB). */
#ifndef APLOMB_MARKDOWN_H
#define APLOMB_MARKDOWN_H
#include "base/field.h"

struct html markdown_html(struct arena *, struct str text);
#endif
