/* SPDX-License-Identifier: Apache-2.0 */
/* attach: files as evidence: `evidence add FILE...` uploads each file and names it. */
#ifndef APLOMB_CLI_ATTACH_H
#define APLOMB_CLI_ATTACH_H
#include "cli/caller.h"

LIST_DECLARE(attach_commands, struct strs);
/* The words of one command -> those of one command per file, where `evidence add` names several files;
 * else the words as they are. */
void attach_spread(struct arena *, const struct strs *words, struct attach_commands *out);
/* Where the title of `evidence add` is an existing file: uploads it, sets blob, title and kind. */
int attach_file(struct caller *, struct words_command *, struct err *) MUST_USE;
/* Uploads bytes; *blob is their SHA-256 in hex. */
int attach_upload(struct caller *, struct str bytes, struct str *blob, struct err *) MUST_USE;
/* The kind a file's name tells: "screenshot", "log", "config-diff"; "output" for all else. */
const char *attach_kind(struct str file_name);
/* Sets a field of the verb by its name. */
int attach_set(struct caller *, struct words_command *, const char *name, struct str text,
	       struct err *) MUST_USE;
#endif
