/* SPDX-License-Identifier: Apache-2.0 */
/* changes_look: what the screens of changes share: a change as a line, a window of time, and that window as a strip of alerts,
 * freezes, incidents and changes. Printing the strip: strip_svg.h. */
#ifndef APLOMB_WEB_CHANGES_LOOK_H
#define APLOMB_WEB_CHANGES_LOOK_H
#include "store/view_window.h"
#include "web/visit.h"

/* A change as lists and its own page show it. */
struct change_line {
	int64_t number;
	struct when began, ended;
	int kind, state;
	struct str service, title, who, version, environment, differs,
		sender;	      /* version: empty where the title says it */
	struct str link;      /* an http(s) address, else empty */
	struct str link_text; /* what was told instead of one */
	struct str undo, undo_link;
	struct str took; /* "4 min"; empty = it runs, or took no time */
	bool is_rollback;
	struct person by;
};
extern const struct field change_line_fields[];
LIST_DECLARE(change_lines, struct change_line);
struct change_line change_line_of(const struct change *, struct arena *);
bool is_web_link(struct str); /* http or https: all others stay text */

/* changes_strip.c: the window with the changes given, the incidents that were going on, their freezes, and the alerts of the
 * desk and of those incidents. */
struct strip_of {
	const struct window *window;
	const struct changes *changes;
};
int changes_strip(struct visit *, const struct strip_of *, struct html *, struct err *) MUST_USE;
#endif
