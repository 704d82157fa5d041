/* SPDX-License-Identifier: Apache-2.0 */
/* cdevents: see cdevents.h. */
#include "intake/cdevents.h"

#include "intake/path.h"

/* The third and fourth word of dev.cdevents.SUBJECT.PREDICATE.VERSION. */
static const struct {
	const char *what; /* with the dot behind it */
	int kind;
	const char *did;
	bool is_rollback;
} known[] = {
	{ "service.deployed.", CHANGE_DEPLOY, "deployed", false },
	{ "service.upgraded.", CHANGE_DEPLOY, "upgraded", false },
	{ "service.rolledback.", CHANGE_DEPLOY, "rolled back", true },
	{ "service.removed.", CHANGE_DEPLOY, "removed", false },
	{ "service.published.", CHANGE_DEPLOY, "published", false },
	{ "environment.created.", CHANGE_INFRASTRUCTURE, "created", false },
	{ "environment.modified.", CHANGE_INFRASTRUCTURE, "modified", false },
	{ "environment.deleted.", CHANGE_INFRASTRUCTURE, "deleted", false },
};

/* "service/checkout" -> "checkout" */
static struct str last_part(struct str id)
{
	struct str part, name = { NULL, 0 };
	while (str_cut(&id, '/', &part))
		name = part.len ? part : name;
	return name;
}

/* pkg:oci/checkout@sha256%3A0b31?arch=amd64 -> sha256:0b31 */
static struct str version_of(struct str purl, struct arena *a)
{
	struct buf b = BUF(a);
	size_t at = str_find(purl, STR("@"));
	if (at == SIZE_MAX || !str_starts(purl, STR("pkg:")))
		return purl;
	for (size_t i = at + 1; i < purl.len && purl.at[i] != '?' && purl.at[i] != '#'; i++) {
		bool is_colon = str_starts(str_sub(purl, i, 3), STR("%3A")) ||
				str_starts(str_sub(purl, i, 3), STR("%3a"));
		buf_c(&b, is_colon ? ':' : purl.at[i]);
		i += is_colon ? 2 : 0;
	}
	return buf_str(&b);
}

/* A hash as people know it: its first 12 digits. */
static struct str shown_version(struct str version)
{
	static const char algorithm[] = "sha256:";
	return str_starts(version, str_of(algorithm)) ? str_sub(version, 0, sizeof(algorithm) + 11)
						      : version;
}

static void read_service(const struct json *data, struct str subject, struct change_news *n,
			 struct arena *a)
{
	static const char *const environment[] = { "subject.content.environment.name",
						   "subject.content.environment.id", NULL };
	struct str id = path_text(data, STR("subject.id"), a);
	n->service = last_part(id.len ? id : subject);
	n->environment = keyed_first(data, environment, a);
	n->version = version_of(path_text(data, STR("subject.content.artifactId"), a), a);
}

static void read_environment(const struct json *data, struct str subject, struct change_news *n,
			     struct arena *a)
{
	static const char *const name[] = { "subject.content.name", "subject.id", NULL };
	n->environment = keyed_first(data, name, a);
	n->environment = n->environment.len ? n->environment : subject;
	n->link = path_text(data, STR("subject.content.url"), a);
}

bool cdevents_read(struct str type, struct str subject, const struct json *data,
		   struct change_news *n, struct arena *a)
{
	static const char prefix[] = "dev.cdevents.";
	size_t i = 0, rows = sizeof(known) / sizeof(*known);
	struct str what = str_sub(type, sizeof(prefix) - 1, type.len);
	while (i < rows && !str_starts(what, str_of(known[i].what)))
		i++;
	if (!str_starts(type, str_of(prefix)) || i == rows)
		return false;
	bool is_service = str_starts(what, STR("service."));
	*n = (struct change_news){ .kind = known[i].kind,
				   .state = CHANGE_DONE,
				   .is_rollback = known[i].is_rollback };
	if (is_service)
		read_service(data, subject, n, a);
	else
		read_environment(data, subject, n, a);
	struct str version = shown_version(n->version);
	struct str name = is_service ? n->service : n->environment;
	n->title = str_fmt(a, STR_FMT " %s%s" STR_FMT "%s" STR_FMT,
			   STR_ARG(name.len ? name : STR("Something")), known[i].did,
			   version.len ? ": " : "", STR_ARG(version),
			   is_service && n->environment.len ? " in " : "",
			   STR_ARG(is_service ? n->environment : STR("")));
	return true;
}
