/* SPDX-License-Identifier: Apache-2.0 */
/* freeze_ask: what a pipeline asks the freeze gate. What it is answered: freeze_gate.h. */
#ifndef APLOMB_CORE_FREEZE_ASK_H
#define APLOMB_CORE_FREEZE_ASK_H
#include "core/module.h"

/* The question; also the fields of the internal verb "freeze ask". */
struct gate_ask {
	struct str what;      /* "deploy v231" */
	struct strs services; /* that it touches; empty = it may touch anything */
	struct str environment, who, link, via;
	bool rollback;
	struct when passed; /* it passed at this time without an answer of ours; 0 = it asks now */
};
extern const struct field gate_ask_fields[];
#endif
