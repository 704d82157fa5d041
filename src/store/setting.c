/* SPDX-License-Identifier: Apache-2.0 */
/* setting: see setting.h. */
#include "store/setting.h"

#include "store/stmt.h"

int setting_get(struct db *db, const char *key, struct arena *a, struct str *value, struct err *e)
{
	STMT(s, db, Q_SETTING_GET);
	stmt_text(&s, "key", str_of(key));
	int got = stmt_next(&s, e);
	*value = got > 0 ? str_copy(a, stmt_col_text(&s, "value")) : (struct str){ 0 };
	return got < 0 ? -1 : 0;
}

int setting_set(struct db *db, const char *key, struct str value, struct err *e)
{
	STMT(s, db, value.len ? Q_SETTING_SET : Q_SETTING_REMOVE);
	stmt_text(&s, "key", str_of(key));
	if (value.len)
		stmt_text(&s, "value", value);
	return stmt_run(&s, e);
}
