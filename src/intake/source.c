/* SPDX-License-Identifier: Apache-2.0 */
/* source: the list of sources.def. What each reads is in the file of its name. */
#include "intake/source.h"

#define SOURCE(x) extern const struct source x##_source;
#include "intake/sources.def"
#undef SOURCE

const struct source *const sources[] = {
#define SOURCE(x) &x##_source,
#include "intake/sources.def"
#undef SOURCE
	NULL
};

const struct source *source_find(struct str name)
{
	for (size_t i = 0; sources[i]; i++)
		if (str_is(name, sources[i]->name))
			return sources[i];
	return NULL;
}
