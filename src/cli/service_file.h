/* SPDX-License-Identifier: Apache-2.0 */
/* service_file: a file of services as a team keeps it beside its code -> struct catalog_file:
 *     services:
 *       - name: payments
 *         owner: payments-team
 *         tier: 1
 *         depends: [ledger, kafka]
 *         links: ["Dashboard https://grafana.example/d/1"]
 * Pure. What applying it does: core/catalog.h. */
#ifndef APLOMB_CLI_SERVICE_FILE_H
#define APLOMB_CLI_SERVICE_FILE_H
#include "core/catalog.h"

/* Into out->services; out->file is what refusals call it, with the line: "services.yaml:7: ...". ERR_USAGE. */
int service_file_parse(const struct reading *, struct str text, struct catalog_file *out,
		       struct err *) MUST_USE;
#endif
