/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: what its rooms share: findings, and the checks in the order they are told. doctor.c: settings, clock, limits;
 * doctor_folder.c: disk, permissions, database; doctor_keep.c: backups and senders; doctor_server.c: whether it answers, and as whom; doctor_prove.c: that a backup comes
 * back. */
#ifndef APLOMB_DOCTOR_H
#define APLOMB_DOCTOR_H
#include "admin/settings.h"
#include "world/world.h"

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_BAD };
struct finding {
	enum verdict verdict;
	const char *what; /* "clock" */
	struct str text, next;
};
struct doctor {
	struct arena *arena;
	struct world world;
	struct settings_load load;
	const char *data, *server; /* server: NULL = as the settings say */
	const char *to;		   /* where the proof is made; NULL = beside the data folder */
	LIST_OF(struct finding) findings;
};
/* next: what to do; "" where nothing is. */
void doctor_find(struct doctor *, enum verdict, const char *what, struct str text,
		 const char *next);
void doctor_folder(struct doctor *);
void doctor_keep(struct doctor *);
void doctor_prove(struct doctor *); /* only where it is asked for: it takes room and time */
void doctor_server(struct doctor *);
#endif
