/* SPDX-License-Identifier: Apache-2.0 */
/* multipart: what browsers send, and what is refused. */
#include "net/multipart.h"

#include <string.h>

#include "base/buf.h"
#include "test.h"

#define TYPE STR("multipart/form-data; boundary=----WebKitFormBoundaryAaB03x")
#define LINE "------WebKitFormBoundaryAaB03x"
#define TEXT(name, value) \
	LINE "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static const char form_with_file[] = TEXT("title", "Pool timeout \xC3\xA9")
	TEXT("text", "two\r\nlines") LINE
	"\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".log\"\r\n"
	"Content-Type: text/plain\r\n\r\nline 1\r\n--no\r\n\xff\r\n" TEXT("kind", "") LINE "--\r\n";

TEST(reads_texts_and_files)
{
	ARENA(a);
	struct err e = { 0 };
	struct multipart m;
	struct str body = { form_with_file, sizeof(form_with_file) - 1 };
	assert_int_equal(multipart_parse(&a, TYPE, body, &m, &e), 0);
	assert_int_equal(m.form.pairs.len, 3);
	assert_str(form_get(&m.form, "title"), "Pool timeout \xC3\xA9");
	assert_str(form_get(&m.form, "text"), "two\r\nlines");
	assert_true(form_has(&m.form, "kind"));
	assert_str(form_get(&m.form, "kind"), "");
	assert_int_equal(m.uploads.len, 1);
	assert_str(m.uploads.at[0].name, "file");
	assert_str(m.uploads.at[0].file, "a \"b\".log");
	assert_str(m.uploads.at[0].type, "text/plain");
	assert_str(m.uploads.at[0].bytes, "line 1\r\n--no\r\n\xff");
}

TEST(leaves_out_a_file_nobody_chose)
{
	ARENA(a);
	struct err e = { 0 };
	struct multipart m;
	struct str body = STR(LINE
			      "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n"
			      "Content-Type: application/octet-stream\r\n\r\n\r\n" LINE "--");
	assert_int_equal(multipart_parse(&a, TYPE, body, &m, &e), 0);
	assert_int_equal(m.uploads.len, 0);
	assert_int_equal(m.form.pairs.len, 0);
}

static struct str name_of_upload(struct arena *a, const char *filename)
{
	struct err e = { 0 };
	struct multipart m;
	struct str body = str_fmt(
		a,
		"--b\r\nContent-Disposition: form-data; name=f; filename=%s\r\n\r\nx\r\n"
		"--b--\r\n",
		filename);
	assert_int_equal(
		multipart_parse(a, STR("multipart/form-data;boundary=\"b\""), body, &m, &e), 0);
	assert_int_equal(m.uploads.len, 1);
	return m.uploads.at[0].file;
}

TEST(takes_folders_and_controls_off_names)
{
	ARENA(a);
	assert_str(name_of_upload(&a, "\"../../etc/passwd\""), "passwd");
	assert_str(name_of_upload(&a, "\"C:\\dir\\x.log\""), "x.log");
	assert_str(name_of_upload(&a, "\"a\tb\""), "a b");
	assert_str(name_of_upload(&a, "\"a%22b.txt\""), "a\"b.txt");
	assert_str(name_of_upload(&a, "plain.txt"), "plain.txt");
	assert_str(name_of_upload(&a, "\"dir/\""), "file");
}

TEST(refuses_every_body_cut_short)
{
	size_t whole = sizeof(form_with_file) - 1;
	for (size_t n = 0; n < whole - 4; n++) {
		ARENA(a);
		struct err e = { 0 };
		struct multipart m;
		char *copy = arena_alloc(
			&a, n + 1); /* a block of its own, so that reading past it is seen */
		memcpy(copy, form_with_file, n);
		if (multipart_parse(&a, TYPE, (struct str){ copy, n }, &m, &e) == 0)
			fail_msg("%zu bytes were taken", n);
		assert_int_equal(e.code, ERR_BAD_INPUT);
	}
}

TEST(refuses_what_has_no_name_or_is_no_text)
{
	static const char *const bad[] = {
		"--b\r\n\r\nx\r\n--b--",
		"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
		"--b\r\nno colon here\r\n\r\nx\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--b--",
		"--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b--",
		"--bx",
		"nothing",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct multipart m;
		if (multipart_parse(&a, STR("multipart/form-data; boundary=b"), str_of(bad[i]), &m,
				    &e) == 0)
			fail_msg("%s was taken", bad[i]);
		assert_int_equal(e.code, ERR_BAD_INPUT);
	}
}

TEST(refuses_a_type_without_a_boundary)
{
	static const char *const bad[] = { "", "text/plain; boundary=b", "multipart/form-data",
					   "multipart/form-data; boundary=",
					   "multipart/form-data; boundary=\"b" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ARENA(a);
		struct err e = { 0 };
		struct multipart m;
		assert_int_equal(multipart_parse(&a, str_of(bad[i]), STR("--b--"), &m, &e), -1);
		assert_int_equal(e.code, ERR_MEDIA);
	}
	assert_true(multipart_is(STR("Multipart/Form-Data; boundary=x")));
	assert_false(multipart_is(STR("application/x-www-form-urlencoded")));
}

TEST(is_bounded)
{
	ARENA(a);
	struct err e = { 0 };
	struct multipart m;
	struct buf b = BUF(&a);
	for (int i = 0; i <= MULTIPART_MAX_PARTS; i++)
		buf_z(&b, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n");
	buf_z(&b, "--b--");
	struct str type = STR("multipart/form-data; boundary=b");
	assert_int_equal(multipart_parse(&a, type, buf_str(&b), &m, &e), -1);
	assert_int_equal(e.code, ERR_TOO_LARGE);
	struct buf long_head = BUF(&a);
	buf_z(&long_head, "--b\r\nX: ");
	for (int i = 0; i < MULTIPART_MAX_HEAD_BYTES; i++)
		buf_c(&long_head, 'x');
	buf_z(&long_head, "\r\n\r\nx\r\n--b--");
	assert_int_equal(multipart_parse(&a, type, buf_str(&long_head), &m, &e), -1);
	assert_int_equal(e.code, ERR_TOO_LARGE);
}

TESTS(T(reads_texts_and_files), T(leaves_out_a_file_nobody_chose),
      T(takes_folders_and_controls_off_names), T(refuses_every_body_cut_short),
      T(refuses_what_has_no_name_or_is_no_text), T(refuses_a_type_without_a_boundary),
      T(is_bounded))
