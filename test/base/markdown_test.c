/* SPDX-License-Identifier: Apache-2.0 */
/* What markdown becomes, and that nothing in it becomes a script. */
#include "base/markdown.h"

#include <string.h>

#include "test.h"

static void becomes(const char *text, const char *want)
{
	ARENA(a);
	assert_str(markdown_html(&a, str_of(text)).raw, want);
}

#define A(url) "<a rel=\"noopener noreferrer nofollow\" href=\"" url "\">"

TEST(lays_out_text)
{
	becomes("", "");
	becomes("# T\n\na *b* **c** `d<` ~~e~~\nf",
		"<h3>T</h3>\n<p>a <em>b</em> <strong>c</strong> <code>d&lt;</code> "
		"<del>e</del>\nf</p>\n");
	becomes("- a\n- [x] b", "<ul><li>a</li>\n<li>\xE2\x98\x91 b</li>\n</ul>\n");
	becomes("3. a", "<ol start=\"3\"><li>a</li>\n</ol>\n");
	becomes("```sh\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>\n");
	becomes("> q", "<blockquote><p>q</p>\n</blockquote>\n");
	becomes("|a|\n|---|\n|b|",
		"<table><thead><tr><th>a</th>\n</tr>\n</thead>\n<tbody><tr><td>b</td>\n"
		"</tr>\n</tbody>\n</table>\n");
	becomes("a\n\n***\n", "<p>a</p>\n<hr>\n");
	becomes("###### six", "<h6>six</h6>\n");
}

TEST(links_only_where_it_is_safe)
{
	becomes("[a](https://x.org/?a=1&b=2)", "<p>" A("https://x.org/?a=1&amp;b=2") "a</a></p>\n");
	becomes("[a](http://x/?a&amp;b)", "<p>" A("http://x/?a&amp;b") "a</a></p>\n");
	becomes("<ana@x.org>", "<p>" A("mailto:ana@x.org") "ana@x.org</a></p>\n");
	becomes("see https://x.org now",
		"<p>see " A("https://x.org") "https://x.org</a> now</p>\n");
	becomes("[a](javascript:alert(1))", "<p>a</p>\n");
	becomes("[a](java&#115;cript:alert(1))", "<p>a</p>\n");
	becomes("[a](data:text/html,x) [b](/x) [c](//x.org) [d](vbscript:x)", "<p>a b c d</p>\n");
	becomes("www.x.org", "<p>www.x.org</p>\n");
	becomes("[a](<https://x.org/\"onmouseover='x'>)",
		"<p>" A("https://x.org/%22onmouseover=&#39;x&#39;") "a</a></p>\n");
}

TEST(an_image_is_a_link)
{
	becomes("![alt](https://x.org/i.png)", "<p>" A("https://x.org/i.png") "alt</a></p>\n");
	becomes("![](https://x.org/i.png)", "<p>" A("https://x.org/i.png") "link</a></p>\n");
	becomes("![alt](javascript:x)", "<p>alt</p>\n");
	becomes("[![alt](https://i.org)](https://x.org)", "<p>" A("https://x.org") "alt</a></p>\n");
	becomes("[![alt](https://i.org)](/x) y", "<p>" A("https://i.org") "alt</a> y</p>\n");
}

TEST(shows_html_as_text)
{
	becomes("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
	becomes("a <img src=x onerror=y> b", "<p>a &lt;img src=x onerror=y&gt; b</p>\n");
	becomes("&lt;script&gt; &#60;", "<p>&lt;script&gt; &#60;</p>\n");
	becomes("```\"><script>\nx\n```", "<pre><code>x\n</code></pre>\n");
}

TEST(reads_nothing_behind_the_text)
{
	/* what lies behind would end the address */
	ARENA(a);
	struct str s = str_sub(STR("[x](http://a)"), 0, 12);
	assert_str(markdown_html(&a, s).raw, "<p>[x](http://a</p>\n");
}

TEST(closes_an_address_that_a_cell_cuts)
{
	becomes("|a|http://e.x|\n|---|---|\n",
		"<table><thead><tr><th>a</th>\n<th>" A(
			"http://e.x|") "http://e.x</a></th>\n"
				       "</tr>\n</thead>\n</table>\n");
}

TEST(cuts_what_is_too_long)
{
	ARENA(a);
	char *text = arena_alloc(&a, 100000);
	memset(text, 'a', 100000);
	struct html h = markdown_html(&a, (struct str){ text, 100000 });
	assert_int_equal(h.raw.len, 65536 + strlen("<p></p>\n"));
}

TEST(shows_a_monstrous_table_as_it_was_typed)
{
	ARENA(a);
	struct buf b = BUF(&a);
	for (int line = 0; line < 2; line++, buf_c(&b, '\n'))
		for (int i = 0; i < 5000; i++)
			buf_z(&b, line ? "---|" : "a|");
	for (int i = 0; i < 10000; i++)
		buf_z(&b, "b|\n");
	struct html h = markdown_html(&a, buf_str(&b));
	assert_true(str_starts(h.raw, STR("<pre>a|a|")));
	assert_true(h.raw.len < 70000);
	assert_true(a.held_bytes < 8 << 20);
}

TESTS(T(lays_out_text), T(links_only_where_it_is_safe), T(an_image_is_a_link),
      T(shows_html_as_text), T(cuts_what_is_too_long), T(reads_nothing_behind_the_text),
      T(closes_an_address_that_a_cell_cuts), T(shows_a_monstrous_table_as_it_was_typed))
