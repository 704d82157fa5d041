/* SPDX-License-Identifier: Apache-2.0 */
/* look: see look.h. */
#include "store/look.h"

#include "store/stmt.h"
#include "world/world.h"

int store_quick_check(const struct world *w, const char *data_dir, struct err *e)
{
	ARENA(a);
	FD lock = -1;
	DB *db = NULL;
	struct db_config config = { .world = w, .path = str_fmt(&a, "%s/aplomb.db", data_dir).at };
	if (folder_lock(data_dir, &lock, e) != 0 || db_open(&config, &db, e) != 0)
		return -1;
	STMT(s, db, Q_DB_QUICK_CHECK);
	if (stmt_next(&s, e) < 0)
		return err_fail(e, ERR_BROKEN, "The database cannot be read: %.300s", e->text);
	struct str said = stmt_col_text(&s, "quick_check");
	if (str_is(said, "ok"))
		return 0;
	return err_fail(e, ERR_BROKEN, "The database is damaged: " STR_FMT,
			STR_ARG(str_clip(said, 300)));
}
