/* SPDX-License-Identifier: Apache-2.0 */
/* multipart: a multipart/form-data body (RFC 7578) taken apart: texts as a form, files as bytes. Pure and bounded: bytes in,
 * values out. Nothing is copied but what must be decoded; parts borrow from the body. Does not store files. */
#ifndef APLOMB_MULTIPART_H
#define APLOMB_MULTIPART_H
#include "base/form.h"

enum {
	MULTIPART_MAX_PARTS = 100,	    /* a screen of ours has under 20 */
	MULTIPART_MAX_HEAD_BYTES = 4 << 10, /* the headers of one part; browsers send about 200 */
	MULTIPART_MAX_BOUNDARY = 70,	    /* RFC 2046, 5.1.1 */
};

struct upload {
	struct str name;  /* of the form's field */
	struct str file;  /* the file's own name, without folders; empty when nobody chose one */
	struct str type;  /* media type as the sender says; may be empty */
	struct str bytes; /* borrowed from the body */
};
struct multipart {
	struct form form; /* parts without a file name, in order */
	LIST_OF(struct upload)
	uploads; /* parts with one; those where no file was chosen are left out */
};

/* Is this Content-Type multipart/form-data? */
bool multipart_is(struct str content_type);
/* ERR_MEDIA: no usable boundary. ERR_BAD_INPUT: cut short, a part without a name, text that is not UTF-8. ERR_TOO_LARGE:
 * too many parts or headers too long. */
int multipart_parse(struct arena *, struct str content_type, struct str body, struct multipart *,
		    struct err *) MUST_USE;
#endif
