/* SPDX-License-Identifier: Apache-2.0 */
/* github_gate: GitHub's question whether a deployment may begin: the event deployment_protection_rule
 * (docs.github.com, "Creating custom deployment protection rules"). GitHub then waits for an answer at an address that the
 * body names. Other events, and the signature: github.c. Pure. */
#ifndef APLOMB_INTAKE_GITHUB_GATE_H
#define APLOMB_INTAKE_GITHUB_GATE_H
#include "intake/source.h"

struct github_question {
	const struct intake_request *request;
	const struct json *body;
	struct str service; /* what the integration calls the repository; empty = its name */
	struct arena *arena;
};
/* The action "requested" becomes out->gate, any other nothing. -1: it cannot be answered, *e says why. */
int github_gate_read(const struct github_question *, struct intake_result *out,
		     struct err *) MUST_USE;

/* Is this an address that GitHub's API, which begins with `api`, gives for an answer? Nothing else is ever called with our
 * token: API/repos/OWNER/REPOSITORY/actions/runs/NUMBER/deployment_protection_rule. */
bool github_gate_is_callback(struct str api, struct str url);
/* The body of the answer. */
struct str github_gate_answer(struct arena *, struct str environment, bool approves,
			      struct str comment);
#endif
