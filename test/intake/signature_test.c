/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/signature.h"

#include "test.h"

/* The vector of GitHub's documentation. */
static const char secret[] = "It's a Secret to Everybody";
static const char body[] = "Hello, World!";
static const char signed_as[] =
	"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

static enum proof prove(const char *source, const char *header, struct str value, const char *text)
{
	ARENA(a);
	struct intake_request q = { .method = STR("POST"), .body = str_of(text) };
	if (header)
		*LIST_ADD(&a, &q.headers) = (struct intake_header){ str_of(header), value };
	return source_find(str_of(source))->prove(&q, str_of(secret), &a);
}

TEST(the_vector_of_the_documentation_is_right)
{
	struct str digits = str_sub(str_of(signed_as), 7, SIZE_MAX);
	assert_int_equal(prove("github", "x-hub-signature-256", str_of(signed_as), body),
			 PROOF_RIGHT);
	assert_int_equal(prove("bitbucket", "X-Hub-Signature", str_of(signed_as), body),
			 PROOF_RIGHT);
	assert_int_equal(prove("gitea", "X-Hub-Signature-256", str_of(signed_as), body),
			 PROOF_RIGHT);
	assert_int_equal(prove("gitea", "X-Gitea-Signature", digits, body), PROOF_RIGHT);
	assert_int_equal(prove("gitea", "X-Forgejo-Signature", digits, body), PROOF_RIGHT);
	assert_int_equal(prove("gitea", "X-Gogs-Signature", digits, body), PROOF_RIGHT);
}

TEST(anything_else_is_wrong_or_missing)
{
	ARENA(a);
	struct str right = str_of(signed_as);
	assert_int_equal(prove("github", NULL, right, body), PROOF_MISSING);
	assert_int_equal(prove("github", "X-Hub-Signature", right, body), PROOF_MISSING);
	assert_int_equal(prove("github", "X-Hub-Signature-256", STR(""), body), PROOF_MISSING);
	assert_int_equal(prove("github", "X-Hub-Signature-256", right, "Hello, World"),
			 PROOF_WRONG);
	assert_int_equal(prove("github", "X-Hub-Signature-256", STR("sha256="), body), PROOF_WRONG);
	assert_int_equal(prove("github", "X-Hub-Signature-256", STR("sha1=7571"), body),
			 PROOF_WRONG);
	/* each digit counts, and so does its being one */
	for (size_t i = 7; i < right.len; i++) {
		char *bent = (char *)(uintptr_t)str_z(&a, right);
		bent[i] = bent[i] == 'a' ? 'b' : 'a';
		assert_int_equal(prove("github", "X-Hub-Signature-256", str_of(bent), body),
				 PROOF_WRONG);
		bent[i] = 'z';
		assert_int_equal(prove("github", "X-Hub-Signature-256", str_of(bent), body),
				 PROOF_WRONG);
		assert_int_equal(prove("github", "X-Hub-Signature-256", str_sub(right, 0, i), body),
				 PROOF_WRONG);
	}
}

TESTS(T(the_vector_of_the_documentation_is_right), T(anything_else_is_wrong_or_missing))
