/* SPDX-License-Identifier: Apache-2.0 */
/* openapi: the parts of /openapi.json (OpenAPI 3.1): openapi.c has the addresses, openapi_schema.c the shapes. */
#ifndef APLOMB_WEB_OPENAPI_H
#define APLOMB_WEB_OPENAPI_H
#include "core/module.h"

/* JSON by hand, the comma where one is due. key NULL: an item of a list. */
void json_open(struct buf *, const char *key, char bracket);
void json_shut(struct buf *, char bracket);
void json_pair(struct buf *, const char *key, const char *text);
void json_raw(struct buf *, const char *key, const char *json);

/* A struct as a client sends it (all spellings that are read), or as we tell it. */
enum shape { SHAPE_SENT, SHAPE_TOLD };
void schema_struct(struct buf *, const char *key, const struct field *, enum shape);
/* The fields of a verb, and what any command may carry besides. */
void schema_verb(struct buf *, const char *key, const struct verb *);
/* All of components/schemas. */
void schema_components(struct buf *);
#endif
