/* SPDX-License-Identifier: Apache-2.0 */
/* Every source on our own samples: test/intake/SOURCE/NAME.{json,form,txt} and NAME.want (see want.h). */
#include "want.h"

#include <glob.h>
#include <stdlib.h>

static struct str folder_name(struct str path)
{
	struct str part, before = { NULL, 0 };
	while (str_cut(&path, '/', &part) && path.at)
		before = part;
	return before;
}

static struct str body_of(struct arena *a, const char *want)
{
	static const char *const endings[] = { "json", "form", "txt" };
	struct str stem = str_of(want);
	stem.len -= sizeof("want") - 1;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		const char *path = str_fmt(a, STR_FMT "%s", STR_ARG(stem), endings[i]).at;
		FILE *f = fopen(path, "rb");
		if (!f)
			continue;
		(void)fclose(f);
		return whole_file(a, path);
	}
	fail_msg("%s has no body beside it", want);
	return (struct str){ NULL, 0 };
}

TEST(every_sample_reads_as_it_says)
{
	ARENA(a);
	glob_t found;
	const char *pattern = str_fmt(&a, "%s/test/intake/*/*.want", getenv("APLOMB_SOURCE")).at;
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		const struct source *source = source_find(folder_name(str_of(path)));
		if (!source)
			fail_msg("%s: no source has the folder's name", path);
		expect_all(path, source, body_of(&a, path), whole_file(&a, path));
	}
	globfree(&found);
}

TEST(every_source_has_a_sample)
{
	ARENA(a);
	for (size_t i = 0; sources[i]; i++) {
		glob_t found;
		const char *pattern = str_fmt(&a, "%s/test/intake/%s/*.want",
					      getenv("APLOMB_SOURCE"), sources[i]->name)
					      .at;
		if (glob(pattern, 0, NULL, &found) != 0)
			fail_msg("%s has no sample", sources[i]->name);
		globfree(&found);
	}
}

TESTS(T(every_sample_reads_as_it_says), T(every_source_has_a_sample))
