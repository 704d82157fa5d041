/* SPDX-License-Identifier: Apache-2.0 */
/* preview: what a verb would send, shown before it leaves the company, and the question whether to go on.
 * The texts shown are the texts sent. */
#ifndef APLOMB_CLI_PREVIEW_H
#define APLOMB_CLI_PREVIEW_H
#include "cli/caller.h"

enum preview { PREVIEW_GO_ON, PREVIEW_ENOUGH, PREVIEW_REFUSED };
/* Refuses at once, before any request, where a yes is needed and nobody can be asked. */
int preview_refuse_unasked(const struct caller *, const struct verb *, struct err *) MUST_USE;
/* Fills the drafts of `update send` from the incident, shows and asks where the verb leaves the company or
 * --dry-run was said. */
enum preview preview_show(struct caller *, struct words_command *, int64_t incident,
			  struct err *) MUST_USE;
#endif
