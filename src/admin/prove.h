/* SPDX-License-Identifier: Apache-2.0 */
/* prove: a backup and its restore as steps of a proof (doctor_prove.c): the folder that is proved stays as it is. */
#ifndef APLOMB_PROVE_H
#define APLOMB_PROVE_H
#include "admin/manifest.h"

/* backup.c: as `aplomb backup`, whether or not a server has the folder, but noted nowhere: it will not be kept. `file` is
 * new, and so is FILE.db, which is gone again afterwards. */
int backup_prove(const char *data, const char *file, struct arena *, struct manifest *,
		 struct err *) MUST_USE;
/* restore.c: as `aplomb restore`: `data` is new; the report is of what was restored. */
int restore_prove(const char *file, const char *data, struct arena *, struct verify_report *,
		  struct err *) MUST_USE;
/* Removes a folder of ours with all that is in it. */
void folder_wipe(const char *path);
#endif
