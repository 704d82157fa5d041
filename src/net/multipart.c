/* SPDX-License-Identifier: Apache-2.0 */
/* multipart: see multipart.h. */
#include "net/multipart.h"

#include <string.h>

/* str_find looks byte by byte, which is slow for a file of megabytes. */
static size_t find(struct str s, struct str needle)
{
	const char *hit = s.len ? memmem(s.at, s.len, needle.at, needle.len) : NULL;
	return hit ? (size_t)(hit - s.at) : SIZE_MAX;
}

/* Takes one `key=value` or `key="value"` off the parameters behind a header's first ';'. A quoted value may hold
 * \" and \\ (older browsers) and %22, %0D, %0A (what browsers send for a quote or a line end). */
static bool cut_parameter(struct str *rest, struct str *key, struct str *value)
{
	*rest = str_trim(*rest);
	while (rest->len && rest->at[0] == ';')
		*rest = str_trim(str_sub(*rest, 1, rest->len));
	if (!rest->len)
		return false;
	size_t eq = str_find(*rest, STR("="));
	if (eq == SIZE_MAX)
		return false;
	*key = str_trim(str_sub(*rest, 0, eq));
	*rest = str_sub(*rest, eq + 1, rest->len);
	if (!rest->len || rest->at[0] != '"') {
		size_t end = str_find(*rest, STR(";"));
		*value = str_trim(str_sub(*rest, 0, end));
		*rest = end == SIZE_MAX ? (struct str){ 0 } : str_sub(*rest, end, rest->len);
		return true;
	}
	size_t i = 1;
	while (i < rest->len && rest->at[i] != '"')
		i += rest->at[i] == '\\' && i + 1 < rest->len ? 2 : 1;
	if (i >= rest->len)
		return false;
	*value = str_sub(*rest, 1, i - 1);
	*rest = str_sub(*rest, i + 1, rest->len);
	return true;
}

/* The value of a parameter; empty when absent. */
static struct str parameter(struct str header, const char *name, bool *has)
{
	struct str kind, key, value;
	*has = false;
	if (!str_cut(&header, ';', &kind))
		return (struct str){ 0 };
	while (cut_parameter(&header, &key, &value))
		if (str_eq_nocase(key, str_of(name))) {
			*has = true;
			return value;
		}
	return (struct str){ 0 };
}

static struct str unescape(struct arena *a, struct str s)
{
	if (str_find(s, STR("\\")) == SIZE_MAX && str_find(s, STR("%22")) == SIZE_MAX)
		return s;
	char *to = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		bool quoted = s.at[i] == '\\' && i + 1 < s.len &&
			      (s.at[i + 1] == '"' || s.at[i + 1] == '\\');
		if (quoted)
			i++;
		if (str_starts(str_sub(s, i, 3), STR("%22"))) {
			to[n++] = '"';
			i += 2;
			continue;
		}
		to[n++] = s.at[i];
	}
	return (struct str){ to, n };
}

/* Folders and control characters are not part of a file's name. */
static struct str file_name(struct arena *a, struct str s)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.at[i - 1] == '/' || s.at[i - 1] == '\\') {
			s = str_sub(s, i, s.len);
			break;
		}
	s = str_clip(s, 200);
	char *to = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		to[i] = c < 0x20 || c == 0x7f ? ' ' : s.at[i];
	}
	return str_trim((struct str){ to, s.len });
}

struct part {
	struct str disposition, type;
};

static int read_headers(struct str head, struct part *out, struct err *e)
{
	while (head.len) {
		size_t end = str_find(head, STR("\r\n"));
		struct str line = str_sub(head, 0, end), name;
		head = end == SIZE_MAX ? (struct str){ 0 } : str_sub(head, end + 2, head.len);
		struct str value = line;
		if (str_find(line, STR(":")) == SIZE_MAX)
			return err_refuse(
				e, ERR_BAD_INPUT,
				"The form is not well-formed: a part's header has no colon.");
		str_cut(&value, ':', &name);
		if (str_eq_nocase(str_trim(name), STR("content-disposition")))
			out->disposition = str_trim(value);
		else if (str_eq_nocase(str_trim(name), STR("content-type")))
			out->type = str_trim(value);
	}
	return 0;
}

static int take_part(struct arena *a, struct str head, struct str bytes, struct multipart *out,
		     struct err *e)
{
	struct part p = { 0 };
	bool has_name, has_file;
	if (read_headers(head, &p, e))
		return -1;
	struct str name = unescape(a, parameter(p.disposition, "name", &has_name));
	struct str raw = parameter(p.disposition, "filename", &has_file);
	if (!has_name || !name.len || !str_is_utf8(name) || !str_is_utf8(raw))
		return err_refuse(e, ERR_BAD_INPUT,
				  "The form is not well-formed: a part has no readable name.");
	if (!has_file) {
		if (!str_is_utf8(bytes))
			return err_refuse(e, ERR_BAD_INPUT,
					  "The form is not well-formed: \"" STR_FMT
					  "\" is not readable text (UTF-8).",
					  STR_ARG(str_clip(name, 60)));
		*LIST_ADD(a, &out->form.pairs) = (struct form_pair){ name, bytes };
		return 0;
	}
	/* the parameters were searched before backslashes were resolved: IE sent whole Windows paths */
	struct str file = file_name(a, unescape(a, raw));
	if (!file.len && !bytes.len)
		return 0;
	*LIST_ADD(a, &out->uploads) = (struct upload){
		.name = name, .file = file.len ? file : STR("file"), .type = p.type, .bytes = bytes
	};
	return 0;
}

static int refuse_cut(struct err *e)
{
	return err_refuse(e, ERR_BAD_INPUT, "The form is not well-formed: it ends too early.");
}

bool multipart_is(struct str content_type)
{
	struct str kind;
	return str_cut(&content_type, ';', &kind) &&
	       str_eq_nocase(str_trim(kind), STR("multipart/form-data"));
}

static int find_delimiter(struct arena *a, struct str content_type, struct str *out, struct err *e)
{
	bool has;
	struct str boundary = parameter(content_type, "boundary", &has);
	if (!multipart_is(content_type) || !boundary.len || boundary.len > MULTIPART_MAX_BOUNDARY)
		return err_refuse(e, ERR_MEDIA, "This form names no boundary between its parts.");
	*out = str_fmt(a, "\r\n--" STR_FMT, STR_ARG(boundary));
	return 0;
}

int multipart_parse(struct arena *a, struct str content_type, struct str body,
		    struct multipart *out, struct err *e)
{
	struct str delimiter, rest = body;
	*out = (struct multipart){ 0 };
	if (find_delimiter(a, content_type, &delimiter, e))
		return -1;
	/* the first delimiter may stand without a line end before it */
	struct str first = str_sub(delimiter, 2, delimiter.len);
	size_t at = str_starts(rest, first) ? 0 : find(rest, delimiter);
	if (at == SIZE_MAX)
		return refuse_cut(e);
	rest = str_sub(rest, at + (at || !str_starts(rest, first) ? delimiter.len : first.len),
		       rest.len);
	for (int parts = 0;; parts++) {
		if (str_starts(rest, STR("--")))
			return 0;
		if (!str_starts(rest, STR("\r\n")))
			return refuse_cut(e);
		if (parts == MULTIPART_MAX_PARTS)
			return err_refuse(e, ERR_TOO_LARGE, "The form has more than %d parts.",
					  MULTIPART_MAX_PARTS);
		size_t head = find(str_sub(rest, 0, MULTIPART_MAX_HEAD_BYTES + 6), STR("\r\n\r\n"));
		if (head == SIZE_MAX && rest.len > MULTIPART_MAX_HEAD_BYTES)
			return err_refuse(e, ERR_TOO_LARGE,
					  "A part of the form has headers too long.");
		if (head == SIZE_MAX)
			return refuse_cut(e);
		struct str headers = head ? str_sub(rest, 2, head - 2) : (struct str){ 0 };
		/* an empty part's line end belongs to both */
		struct str content = str_sub(rest, head + 2, rest.len);
		size_t end = find(content, delimiter);
		if (end == SIZE_MAX)
			return refuse_cut(e);
		struct str bytes = end >= 2 ? str_sub(content, 2, end - 2) : (struct str){ 0 };
		if (take_part(a, headers, bytes, out, e))
			return -1;
		rest = str_sub(content, end + delimiter.len, content.len);
	}
}
