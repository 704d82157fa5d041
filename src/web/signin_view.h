/* SPDX-License-Identifier: Apache-2.0 */
/* signin_view: what the pages for signing in and for the very first account show. Their handlers are signin.c. */
#ifndef APLOMB_WEB_SIGNIN_VIEW_H
#define APLOMB_WEB_SIGNIN_VIEW_H
#include "web/visit.h"

struct signin_view {
	struct frame frame;
	struct str problem, login,
		next; /* problem: the refusal's sentence; next: where to go afterwards */
};
struct welcome_view {
	struct frame frame;
	struct str problem, token, login, name;
};
extern const struct field signin_view_fields[], welcome_view_fields[];
#endif
