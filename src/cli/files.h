/* SPDX-License-Identifier: Apache-2.0 */
/* files: the few files a client keeps (login, notes that wait) and reads (evidence, texts). Paths are the
 * caller's or follow the XDG folders. */
#ifndef APLOMB_CLI_FILES_H
#define APLOMB_CLI_FILES_H
#include "base/err.h"

enum { FILES_MAX_BYTES = 64 << 20, FILES_MAX_WAITING = 500 };

/* The whole file, "-" = standard input; ERR_USAGE when it cannot be read, ERR_TOO_LARGE. */
int files_read(struct arena *, struct str path, struct str *out, struct err *) MUST_USE;
/* Whole or not at all, for the owner only; makes the folders above. ERR_FAILED. */
int files_write(struct arena *, struct str path, struct str bytes, struct err *) MUST_USE;
bool files_is_file(struct arena *, struct str path); /* a regular file */
/* "$XDG_CONFIG_HOME/aplomb/NAME", "$XDG_STATE_HOME/aplomb/NAME"; empty when there is no home either. */
struct str files_config(struct arena *, const char *name);
struct str files_state(struct arena *, const char *name);
/* Names in a folder that end so, sorted; none when there is no folder. At most FILES_MAX_WAITING. */
struct strs files_list(struct arena *, struct str folder, const char *suffix);
/* 32 hex digits of the system's randomness. ERR_FAILED. */
int files_random(struct arena *, struct str *out, struct err *) MUST_USE;
#endif
