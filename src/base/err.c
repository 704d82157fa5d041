/* SPDX-License-Identifier: Apache-2.0 */
/* err: see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
	int status, exit;
	const char *wire, *sentence;
};
static const struct row rows[] = {
#define ERR(code, status, exit, wire, sentence) [ERR_##code] = { status, exit, wire, sentence },
#include "base/err.def"
#undef ERR
};

__attribute__((format(printf, 3, 0))) static int set(struct err *e, enum err_code code,
						     const char *fmt, va_list ap)
{
	*e = (struct err){ .code = code };
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	return -1;
}

int err_refuse(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set(e, code, fmt, ap);
	va_end(ap);
	return -1;
}

int err_fail(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set(e, code, fmt, ap);
	va_end(ap);
	return -1;
}

int err_field(struct err *e, const char *field, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set(e, ERR_BAD_FIELD, fmt, ap);
	va_end(ap);
	(void)snprintf(e->field, sizeof(e->field), "%s", field);
	return -1;
}

int err_guard(struct err *e, const char *guard, struct str stands, struct str next)
{
	*e = (struct err){ .code = ERR_GUARD };
	(void)snprintf(e->guard, sizeof(e->guard), "%s", guard);
	(void)snprintf(e->text, sizeof(e->text), STR_FMT,
		       STR_ARG(str_clip(stands, sizeof(e->text) - 1)));
	(void)snprintf(e->next, sizeof(e->next), STR_FMT,
		       STR_ARG(str_clip(next, sizeof(e->next) - 1)));
	return -1;
}

int err_context(struct err *e, const char *fmt, ...)
{
	char had[sizeof(e->text)], doing[128];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(doing, sizeof(doing), fmt, ap);
	va_end(ap);
	memcpy(had, e->text, sizeof(had));
	(void)snprintf(e->text, sizeof(e->text), "%s: %.380s", doing, had);
	return -1;
}

void err_next(struct err *e, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(e->next, sizeof(e->next), fmt, ap);
	va_end(ap);
}

int err_status(enum err_code c)
{
	return rows[c].status;
}

int err_exit(enum err_code c)
{
	return rows[c].exit;
}

const char *err_wire(enum err_code c)
{
	return rows[c].wire;
}

const char *err_sentence(enum err_code c)
{
	return rows[c].sentence;
}

enum err_code err_by_wire(struct str wire)
{
	for (int c = 0; c < ERR_COUNT; c++)
		if (str_is(wire, rows[c].wire))
			return (enum err_code)c;
	return ERR_FAILED;
}
