/* SPDX-License-Identifier: Apache-2.0 */
/* base/markdown: whatever is typed, only these tags come out, closed in order, and links go to safe places. */
#include "base/markdown.h"

#include "fuzz.h"

static const char *const tags[] = { "blockquote", "ul",	 "ol",	 "li", "p",	 "table", "thead",
				    "tbody",	  "tr",	 "th",	 "td", "h3",	 "h4",	  "h5",
				    "h6",	  "pre", "code", "em", "strong", "del",	  NULL };

static bool is_plain_tag(struct str name)
{
	for (size_t i = 0; tags[i]; i++)
		if (str_is(name, tags[i]))
			return true;
	return false;
}

/* What stands between < and > of an opening tag; returns the tag's name. */
static struct str open_tag(struct str tag)
{
	const struct str link = STR("a rel=\"noopener noreferrer nofollow\" href=\"");
	struct str name = { NULL, 0 };
	if (is_plain_tag(tag))
		return tag;
	str_cut(&tag, ' ', &name);
	if (str_is(name, "ol")) {
		assert(str_starts(tag, STR("start=\"")) && str_ends(tag, STR("\"")));
		return name;
	}
	tag = (struct str){ name.at, (size_t)(tag.at + tag.len - name.at) };
	assert(str_starts(tag, link) && str_ends(tag, STR("\"")));
	struct str url = str_sub(tag, link.len, tag.len - link.len - 1);
	assert(str_find(url, STR("\"")) == SIZE_MAX && str_find(url, STR(" ")) == SIZE_MAX);
	assert(str_eq_nocase(str_sub(url, 0, 7), STR("http://")) ||
	       str_eq_nocase(str_sub(url, 0, 8), STR("https://")) ||
	       str_eq_nocase(str_sub(url, 0, 7), STR("mailto:")));
	return name;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	ARENA(a);
	struct str s = text_of(bytes, len), before, tag;
	struct str html = markdown_html(&a, s).raw;
	LIST_OF(struct str) open = { 0 };
	assert(!str_is_utf8(s) || str_is_utf8(html));
	while (str_cut(&html, '<', &before)) {
		assert(str_find(before, STR(">")) == SIZE_MAX);
		if (!html.len)
			break;
		assert(str_cut(&html, '>', &tag));
		if (str_starts(tag, STR("/"))) {
			assert(open.len && str_eq(open.at[--open.len], str_sub(tag, 1, tag.len)));
		} else if (!str_is(tag, "br") && !str_is(tag, "hr")) {
			*LIST_ADD(&a, &open) = open_tag(tag);
		}
	}
	assert(open.len == 0);
	return 0;
}
