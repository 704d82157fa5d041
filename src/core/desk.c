/* SPDX-License-Identifier: Apache-2.0 */
/* desk: see desk.h. The verbs are in ack.c, silence.c, integration.c and catalog.c. */
#include "core/desk.h"

#include "core/catalog.h"
#include "core/integration.h"

const struct stream_type desk_stream = { "desk", sizeof(struct desk), offsetof(struct desk, arena),
					 offsetof(struct desk, seq) };

const struct field acknowledged_fields[] = {
	FIELD(acknowledged, fingerprint, "the alert's fingerprint"),
	FIELD(acknowledged, name, "the alert's name"),
	FIELD(acknowledged, by, "who acknowledged it"),
	FIELD(acknowledged, at, "when it was acknowledged"),
	FIELD(acknowledged, withdrawn, "whether the acknowledgement was taken back"),
	END,
};

const struct field silence_fields[] = {
	FIELD(silence, number, "its number"),
	FIELD(silence, id, "its UUID"),
	FIELD(silence, matchers, "which alerts"),
	FIELD(silence, starts, "from when"),
	FIELD(silence, ends, "until when"),
	FIELD(silence, updated, "last change"),
	FIELD(silence, comment, "why"),
	FIELD(silence, author, "who asked for it, as the client says"),
	FIELD(silence, by, "who made it"),
	FIELD(silence, is_over, "whether it has ended"),
	END,
};

const struct field desk_fields[] = {
	FIELD(desk, seq, "the number of the desk's last event"),
	ITEMS(desk, acknowledged, acknowledged, "alerts that somebody looks after"),
	ITEMS(desk, silences, silence, "what is silenced, and was lately"),
	FIELD(desk, silence_count, "how many silences were ever made"),
	ITEMS(desk, integrations, integration, "the doors of senders"),
	ITEMS(desk, services, service, "the service catalogue"),
	END,
};

const struct acknowledged *desk_find_ack(const struct desk *desk, struct str fingerprint)
{
	LIST_EACH (a, &desk->acknowledged)
		if (!a->withdrawn && str_eq(a->fingerprint, fingerprint))
			return a;
	return NULL;
}
