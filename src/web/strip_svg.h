/* SPDX-License-Identifier: Apache-2.0 */
/* strip_svg: a strip of time as SVG: lanes with marks on one axis, so that what happened before what is seen at once. It knows
 * no incident and no change (page_changes.c), reads no clock and decides no colour (ui/style.css). Pure. */
#ifndef APLOMB_WEB_STRIP_SVG_H
#define APLOMB_WEB_STRIP_SVG_H
#include "base/zone.h"

enum strip_shape {
	STRIP_DONE,    /* a dot, with a bar as long as it took */
	STRIP_RUNNING, /* a ring, with a bar that goes on */
	STRIP_FAILED,  /* a cross */
	STRIP_UNDONE,  /* an empty diamond */
	STRIP_BACK,    /* an arrow to the left: it takes an older state back */
	STRIP_SPAN,    /* a box from its begin to its end */
};

struct strip_mark {
	size_t lane;	  /* in strip.lanes */
	int64_t from_ms;  /* since 1970 UTC */
	int64_t to_ms;	  /* 0 = it goes on, as far as now */
	int shape;	  /* enum strip_shape */
	const char *tone; /* a class of ui/style.css: "sev1"; NULL = none */
	struct str label; /* what is written beside it where that fits */
	struct str title; /* all of it, for who points at it */
	bool is_onset;	  /* its begin is drawn through all lanes */
};
struct strip_lane {
	struct str name;
};
struct strip {
	int64_t from_ms, to_ms;		  /* the axis; to_ms is later */
	int64_t now_ms;			  /* drawn where it lies on the axis */
	const struct zone *zone;	  /* of the axis' words; NULL = UTC */
	struct str about;		  /* the picture in a sentence, for who does not see it */
	LIST_OF(struct strip_lane) lanes; /* from the top */
	LIST_OF(struct strip_mark) marks; /* in any order; what lies outside the axis is left out */
};
/* What does not fit is counted in its lane's name. Texts are escaped. Into the arena. */
struct html strip_svg(const struct strip *, struct arena *);
#endif
