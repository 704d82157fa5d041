/* SPDX-License-Identifier: Apache-2.0 */
/* victorops: the REST endpoint of VictorOps, now Splunk On-Call (help.victorops.com, REST endpoint integration guide;
 * alertmanager notify/victorops): {message_type, entity_id, entity_display_name, state_message}. The address is
 * .../API_KEY/ROUTING_KEY. */
#include "intake/keyed.h"
#include "intake/path.h"

extern const struct source victorops_source;

/* False: INFO, which is a line of a timeline and opens nothing, or a word that is not known. */
static bool read_type(struct str type, struct keyed *k)
{
	static const char *const ack[] = { "ACKNOWLEDGEMENT", "ACKNOWLEDGMENT", "ACK" };
	static const char *const over[] = { "RECOVERY", "RECOVERED", "OK" };
	for (size_t i = 0; i < 3; i++) {
		if (str_eq_nocase(type, str_of(ack[i])))
			k->state = KEYED_ACKED;
		if (str_eq_nocase(type, str_of(over[i])))
			k->state = KEYED_RESOLVED;
	}
	k->is_partial = k->state != KEYED_FIRING; /* it has no severity, which the alert keeps */
	if (str_eq_nocase(type, STR("CRITICAL")))
		k->severity = STR("critical");
	if (str_eq_nocase(type, STR("WARNING")))
		k->severity = STR("warning");
	return k->is_partial || k->severity.len;
}

static bool is_told(struct str name)
{
	static const char *const told[] = { "message_type", "entity_id", "entity_display_name",
					    "state_message" };
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (str_is(name, told[i]))
			return true;
	return false;
}

static int victorops_read(const struct intake_request *q, struct arena *a,
			  struct intake_result *out, struct err *e)
{
	static const char *const link[] = { "alert_url", "client_url", NULL };
	struct json *body;
	struct keyed k = { 0 };
	if (intake_object(q, a, &body, e) != 0)
		return -1;
	struct str type = path_text(body, STR("message_type"), a);
	if (!type.len)
		return err_field(e, "message_type", "message_type must not be empty.");
	out->status = 200;
	k.key = path_text(body, STR("entity_id"), a);
	if (!read_type(type, &k)) {
		intake_complain(out, a, "Kept; a message of type " STR_FMT " opens no alert.",
				STR_ARG(str_clip(type, 40)));
		out->reply = intake_reply(a, "result", STR("success"), "entity_id", k.key, NULL);
		return 0;
	}
	if (!k.key.len && k.is_partial)
		return err_field(e, "entity_id", "entity_id must say which alert is meant.");
	if (!k.key.len)
		k.key = keyed_mint(q, a);
	k.title = path_text(body, STR("entity_display_name"), a);
	if (!k.title.len)
		k.title = k.key;
	k.description = path_text(body, STR("state_message"), a);
	k.service = path_text(body, STR("service"), a);
	k.link = keyed_first(body, link, a);
	k.at_ms = k.is_partial ? 0 : keyed_time(json_get(body, "state_start_time"));
	for (const struct json *c = json_first(body); c; c = json_next(c))
		if (!is_told(json_key(c)))
			keyed_add(&k.notes, json_key(c), json_plain(c, a), a);
	*LIST_ADD(a, &out->signals) = keyed_signal(q, victorops_source.name, &k, a);
	out->reply = intake_reply(a, "result", STR("success"), "entity_id", k.key, NULL);
	return 0;
}

/* .../API_KEY/ROUTING_KEY: the first part is the key, the second names a team. */
static struct str credential(const struct intake_request *q, struct arena *a)
{
	struct str key, rest = q->path_tail;
	return str_cut(&rest, '/', &key) && key.len ? key : intake_query(q, "token", a);
}

const struct source victorops_source = { .name = "victorops",
					 .label = "VictorOps, Splunk On-Call",
					 .read = victorops_read,
					 .credential = credential };
