/* SPDX-License-Identifier: Apache-2.0 */
/* gitea: webhooks of Gitea, Forgejo and Gogs (docs.gitea.com, webhooks), which share GitHub's words: a push to a branch from
 * which code goes live, and a release that was published. All other events are kept and tell of no change. */
#include "intake/forge.h"
#include "intake/signature.h"

extern const struct source gitea_source;

static struct str event_of(const struct intake_request *q)
{
	static const char *const names[] = { "X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event",
					     "X-GitHub-Event" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str event = str_trim(intake_header_of(q, names[i]));
		if (event.len)
			return event;
	}
	return (struct str){ NULL, 0 };
}

static int gitea_read(const struct intake_request *q, struct arena *a, struct intake_result *out,
		      struct err *e)
{
	struct forge f = { .source = gitea_source.name, .q = q, .arena = a, .out = out };
	struct str event = event_of(q);
	if (forge_open(&f, e) != 0)
		return -1;
	if (!event.len)
		return err_field(e, "X-Gitea-Event",
				 "The header X-Gitea-Event is missing: is this a webhook of Gitea, "
				 "Forgejo or Gogs?");
	bool is_push = str_is(event, "push"), is_release = str_is(event, "release");
	forge_repository_read(&f);
	if ((is_push || is_release) && !f.name.len)
		return err_field(e, "repository", "It names no repository.");
	if (is_push)
		forge_push_read(&f);
	else if (is_release)
		forge_release_read(&f);
	else
		forge_nothing(&f, STR_FMT ".", STR_ARG(str_clip(event, 80)));
	return 0;
}

static enum proof gitea_prove(const struct intake_request *q, struct str secret, struct arena *a)
{
	static const char *const headers[] = { "X-Hub-Signature-256", "X-Gitea-Signature",
					       "X-Forgejo-Signature", "X-Gogs-Signature" };
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		enum proof p = signature_check(q, headers[i], secret, a);
		if (p != PROOF_MISSING)
			return p;
	}
	return PROOF_MISSING;
}

const struct source gitea_source = { .name = "gitea",
				     .label = "Gitea, Forgejo, Gogs",
				     .read = gitea_read,
				     .prove = gitea_prove,
				     .is_proved = true };
