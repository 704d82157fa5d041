/* SPDX-License-Identifier: Apache-2.0 */
/* api_v2: what the rooms of Alertmanager's API share. */
#ifndef APLOMB_WEB_API_V2_H
#define APLOMB_WEB_API_V2_H
#include "web/visit.h"

/* A refusal as its clients read it: a JSON text. Returns 0: the reply is made. */
int api_v2_refuse(struct visit *, const struct err *, struct reply *);
void api_v2_time(struct buf *, const char *key, int64_t at_ms); /* "key":"2026-..." */
/* A parameter that is true unless it says false. */
bool api_v2_wants(const struct visit *, const char *name);
#endif
