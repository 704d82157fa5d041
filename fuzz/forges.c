/* SPDX-License-Identifier: Apache-2.0 */
/* intake: the forges. The first line is the source's name, then comes a head (see source.h). A signature of ours over the
 * same bytes must fit, and no other may. */
#include "base/digest.h"
#include "source.h"

static void check_proof(const struct source *source, struct intake_request *q, struct arena *a)
{
	const struct str secret = STR("It's a Secret to Everybody");
	if (!source->prove)
		return;
	assert(source->prove(q, secret, a) != PROOF_RIGHT);
	struct sha256 h = hmac_sha256(secret, q->body);
	struct str hex = hex_of(a, (struct str){ (const char *)h.b, SHA256_BYTES });
	struct intake_request own = { .body = q->body };
	const char *const header = str_is(str_of(source->name), "bitbucket")
					   ? "X-Hub-Signature"
					   : "X-Hub-Signature-256";
	*LIST_ADD(a, &own.headers) = (struct intake_header){
		str_of(header), str_fmt(a, "sha256=" STR_FMT, STR_ARG(hex))
	};
	assert(source->prove(&own, secret, a) == PROOF_RIGHT);
	assert(source->prove(&own, STR("another"), a) == PROOF_WRONG);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	static const char *const names[] = { "github", "gitlab", "bitbucket", "gitea" };
	ARENA(a);
	struct str rest = text_of(bytes, len), name;
	struct integration i = { .name = STR("forge"),
				 .mapping = { .branches = STR("rel*,main") } };
	(void)str_cut(&rest, '\n', &name);
	for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++) {
		struct intake_request q = { .body = rest, .integration = len % 2 ? &i : NULL };
		if (!str_is(name, names[n]) || !take_head(&a, &q))
			continue;
		check_proof(source_find(name), &q, &a);
		(void)read_request(names[n], &q, &a);
	}
	return 0;
}
