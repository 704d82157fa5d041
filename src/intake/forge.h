/* SPDX-License-Identifier: Apache-2.0 */
/* forge: what the hosts of code have in common (GitHub, GitLab, Bitbucket, Gitea and its kin): a repository, the branches
 * from which its code goes live, pushes, releases. What each calls them is in the file of its name. */
#ifndef APLOMB_INTAKE_FORGE_H
#define APLOMB_INTAKE_FORGE_H
#include "intake/changed.h"
#include "intake/keyed.h"

struct forge {
	const char *source;
	const struct intake_request *q;
	struct arena *arena;
	struct intake_result *out;
	const struct json *body;
	struct str link;    /* of the repository on the web, without a slash at its end */
	struct str path;    /* "acme/shop" */
	struct str name;    /* "shop" */
	struct str service; /* the name, or what the integration fixes */
	struct str branch;  /* the default branch; empty = the sender does not say */
};

struct push {
	struct str ref;		  /* "refs/heads/main" */
	struct str before, after; /* hashes; empty or all zeros = there was none, there is none */
	struct str headline;	  /* of the head commit's message; may be longer than a line */
	struct str who, link;
	int64_t at_ms;	 /* of the push; 0 = the sender does not say */
	int64_t commits; /* how many */
	bool is_more;	 /* there are more than that */
};

/* The body: JSON, or the member "payload" of a form. */
int forge_open(struct forge *, struct err *) MUST_USE;
/* Of which repository it tells: a path and a link to it. */
void forge_repository(struct forge *, struct str path, struct str link, struct str branch);
/* "github/github.com/acme/shop/KIND/ID" */
struct str forge_key(const struct forge *, const char *kind, struct str id);
/* A change of this repository with its key; title and the rest are the caller's. */
struct change_news forge_change(const struct forge *, const char *kind, struct str id);
void forge_add(const struct forge *, const struct change_news *);
/* It tells of no change: says so. */
void forge_nothing(const struct forge *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Does code go live from this branch: is it in the setting, or, where that is empty, the default branch? */
bool forge_is_deploy_branch(const struct forge *, struct str branch);
/* A push to a branch from which code goes live is a deploy that is done; any other tells of no change. */
void forge_push(const struct forge *, const struct push *);
/* A push and a release in GitHub's words, which Gitea and its kin use too. */
void forge_push_read(const struct forge *);
void forge_release_read(const struct forge *);
/* The repository in the same words. */
void forge_repository_read(struct forge *);
#endif
