/* SPDX-License-Identifier: Apache-2.0 */
/* people: the page of people and tokens, shown again by each of its forms. Forms: people_do.c. */
#ifndef APLOMB_WEB_PEOPLE_H
#define APLOMB_WEB_PEOPLE_H
#include "web/visit.h"

/* refused: NULL = nothing was; token: a new one's text, shown this once; said: what was done, in a sentence. */
struct people_news {
	const struct err *refused;
	struct str token, said;
};
int people_show(struct visit *, const struct people_news *, struct reply *, struct err *) MUST_USE;
#endif
