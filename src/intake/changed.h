/* SPDX-License-Identifier: Apache-2.0 */
/* changed: what the senders of changes have in common: a change's texts are made fit to be shown and kept. What a change
 * is: core/change.h. */
#ifndef APLOMB_INTAKE_CHANGED_H
#define APLOMB_INTAKE_CHANGED_H
#include "intake/source.h"

/* Each text within its limit and on one line, a link that is none left out, a time before 2000 not said. Texts lie in
 * the arena. */
void changed_fit(struct change_news *, struct arena *);
/* Adds what was told to the result, made fit. Without a title it adds nothing. */
void changed_add(struct intake_result *, const struct change_news *, struct arena *);
/* "github/github.com/acme/shop/push/main/1a2b": the parts that are not empty with slashes between them. What is too
 * long for a key ends in a hash of the whole. */
struct str changed_key(struct arena *, const struct str *parts, size_t n);
/* The first line of a text, without blanks around it. */
struct str changed_first_line(struct str);
/* What people call a state of the code: "v1.4.2" for a ref that is a version, else the first 7 digits of the hash, else
 * the ref. */
struct str changed_version(struct str ref, struct str hash);
#endif
