/* SPDX-License-Identifier: Apache-2.0 */
/* signin_view: see signin_view.h. */
#include "web/signin_view.h"

const struct field signin_view_fields[] = {
	FRAME_FIELDS(signin_view),
	FIELD(signin_view, problem, "why it did not work"),
	FIELD(signin_view, login, "the login as typed"),
	FIELD(signin_view, next, "where to go afterwards"),
	END,
};

const struct field welcome_view_fields[] = {
	FRAME_FIELDS(welcome_view),
	FIELD(welcome_view, problem, "why it did not work"),
	FIELD(welcome_view, token, "the one-time token"),
	FIELD(welcome_view, login, "the login as typed"),
	FIELD(welcome_view, name, "the name as typed"),
	END,
};
