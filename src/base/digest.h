/* SPDX-License-Identifier: Apache-2.0 */
/* digest: SHA-256, HMAC, base64, hex and comparing secrets in constant time (OpenSSL). */
#ifndef APLOMB_DIGEST_H
#define APLOMB_DIGEST_H
#include "base/buf.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 64 };
struct sha256 {
	unsigned char b[SHA256_BYTES];
};
struct sha256_stream; /* for files: new, add, end (frees) */

struct sha256 sha256_of(struct str);
struct sha256_stream *sha256_new(void);
void sha256_add(struct sha256_stream *, struct str);
struct sha256 sha256_end(struct sha256_stream **); /* frees, sets NULL */
struct sha256 hmac_sha256(struct str key, struct str text);
struct str hex_of(struct arena *, struct str bytes);
bool hex_parse(struct arena *, struct str hex, struct str *bytes);
void base64_add(struct buf *, struct str bytes, bool url_alphabet); /* url form: no padding */
bool base64_parse(struct arena *, struct str, struct str *bytes);   /* both alphabets */
bool secret_equal(struct str a, struct str b); /* constant time for equal lengths */
#endif
