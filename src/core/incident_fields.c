/* SPDX-License-Identifier: Apache-2.0 */
/* incident_fields: the tables of incident.h, in the order in which the API prints them. The
 * answers to the questions, the review and the roles are members of the incident's own object
 * ("symptoms_fails"). */
#include "core/incident.h"
#include "core/change.h"
#include "core/suspect.h"

const struct field linked_alert_fields[] = {
	FIELD(linked_alert, fingerprint, "what tells this alert from others"),
	FIELD(linked_alert, name, "its name"),
	FIELD(linked_alert, service, "the service it is about"),
	FIELD(linked_alert, summary, "what it says"),
	FIELD(linked_alert, started, "when it began to fire"),
	FIELD(linked_alert, changed, "when it last began or ceased to fire"),
	FIELD(linked_alert, firing, "whether it fires now"),
	END,
};

const struct field freeze_pass_fields[] = {
	FIELD(freeze_pass, what, "the change that may pass"),
	FIELD(freeze_pass, services, "where; empty means all that is frozen"),
	FIELD(freeze_pass, reason, "why it cannot wait"),
	FIELD(freeze_pass, by, "who let it pass"),
	END,
};

const struct field gate_entry_fields[] = {
	FIELD(gate_entry, number, "its number"),
	CHOICE(gate_entry, verdict, gate_verdict, "what the gate answered"),
	FIELD(gate_entry, freeze, "the number of the freeze that covered it"),
	FIELD(gate_entry, what, "the change"),
	FIELD(gate_entry, services, "the services it touches"),
	FIELD(gate_entry, environment, "where it goes"),
	FIELD(gate_entry, who, "who asked"),
	FIELD(gate_entry, via, "by which way it was asked"),
	FIELD(gate_entry, link, "where to see it"),
	FIELD(gate_entry, because, "why it passed"),
	FIELD(gate_entry, first, "when it was first asked"),
	FIELD(gate_entry, last, "when it was last told"),
	FIELD(gate_entry, told, "how often it is on the timeline"),
	END,
};

const struct field freeze_fields[] = {
	FIELD(freeze, number, "its number"),
	FIELD(freeze, services, "what is frozen; empty means everything"),
	FIELD(freeze, reason, "why"),
	FIELD(freeze, allow, "what may pass"),
	FIELD(freeze, since, "from when"),
	FIELD(freeze, until, "until when"),
	FIELD(freeze, ended, "when it was lifted or ran out"),
	FIELD(freeze, by, "who froze"),
	FIELD(freeze, bypasses, "how many changes passed all the same"),
	ITEMS(freeze, passes, freeze_pass, "what a person let pass"),
	END,
};

const struct field symptoms_fields[] = {
	FIELD(symptoms, fails, "what fails"),
	FIELD(symptoms, works, "what still works"),
	FIELD(symptoms, changed, "what changed before"),
	FIELD(symptoms, radius, "who is affected"),
	FIELD(symptoms, started, "when it started"),
	CHOICE(symptoms, spread, spread, "how far it spreads"),
	FIELD(symptoms, answered, "when the last answer came"),
	FIELD(symptoms, entries, "how many answers there were"),
	END,
};

const struct field evidence_fields[] = {
	FIELD(evidence, number, "its number"),
	CHOICE(evidence, kind, evidence_kind, "what it is"),
	FIELD(evidence, title, "what it shows"),
	FIELD(evidence, text, "the text itself"),
	FIELD(evidence, link, "where to see it"),
	FIELD(evidence, blob, "the file's SHA-256"),
	FIELD(evidence, source, "where it comes from"),
	FIELD(evidence, at, "when it was seen"),
	FIELD(evidence, kept, "when it was recorded here"),
	FIELD(evidence, by, "who kept it"),
	FIELD(evidence, retracted, "whether it was taken back"),
	END,
};

const struct field suspect_fields[] = {
	FIELD(suspect, change, "its number"),
	FIELD(suspect, title, "what was changed"),
	FIELD(suspect, service, "the service that it changed"),
	CHOICE(suspect, kind, change_kind, "what sort of change"),
	FIELD(suspect, began, "when it began"),
	FIELD(suspect, share, "how suspect it is, in percent"),
	FIELD(suspect, says, "why it is suspect"),
	FIELD(suspect, against, "what speaks against it"),
	END,
};

const struct field given_series_fields[] = {
	FIELD(given_series, service, "the service it measures"),
	CHOICE(given_series, kind, series_kind, "what it measures"),
	FIELD(given_series, points, "a line each: ms since 1970 UTC and the value"),
	FIELD(given_series, from, "the oldest sample"),
	FIELD(given_series, to, "the newest sample"),
	FIELD(given_series, samples, "how many there are"),
	END,
};

const struct field hypothesis_test_fields[] = {
	FIELD(hypothesis_test, number, "its number"),
	FIELD(hypothesis_test, what, "what was looked at"),
	CHOICE(hypothesis_test, result, test_result, "what it says about the hypothesis"),
	FIELD(hypothesis_test, evidence, "the evidence cited, by number"),
	FIELD(hypothesis_test, at, "when"),
	FIELD(hypothesis_test, by, "who looked"),
	END,
};

const struct field hypothesis_fields[] = {
	FIELD(hypothesis, number, "its number"),
	FIELD(hypothesis, cause, "the supposed cause"),
	FIELD(hypothesis, prediction, "what we expect to see if it is true"),
	FIELD(hypothesis, test, "the safe way to look"),
	CHOICE(hypothesis, state, hypothesis_state, "where it stands"),
	ITEMS(hypothesis, tests, hypothesis_test, "what was looked at"),
	FIELD(hypothesis, verdict, "why it was confirmed, refuted or parked"),
	FIELD(hypothesis, opened, "when it was opened"),
	FIELD(hypothesis, settled, "when it was settled"),
	FIELD(hypothesis, by, "who brought it up"),
	END,
};

const struct field mitigation_fields[] = {
	FIELD(mitigation, number, "its number"),
	FIELD(mitigation, what, "what is done"),
	FIELD(mitigation, undo, "how to take it back"),
	CHOICE(mitigation, kind, mitigation_kind, "what sort of change"),
	FIELD(mitigation, services, "the services it touches"),
	CHOICE(mitigation, state, mitigation_state, "where it stands"),
	FIELD(mitigation, proposed, "when it was proposed"),
	FIELD(mitigation, approved, "when it was approved"),
	FIELD(mitigation, started, "when it was started"),
	FIELD(mitigation, ended, "when it ended"),
	FIELD(mitigation, lease, "until when it holds its place"),
	FIELD(mitigation, by, "who proposed it"),
	FIELD(mitigation, approved_by, "who approved it"),
	FIELD(mitigation, run_by, "who runs it"),
	FIELD(mitigation, outcome, "how it went"),
	END,
};

const struct field check_fields[] = {
	FIELD(check, number, "its number"),
	FIELD(check, what, "what must hold"),
	CHOICE(check, kind, check_kind, "who looks"),
	FIELD(check, alert, "the alert's fingerprint"),
	FIELD(check, hold, "how long it must hold"),
	FIELD(check, every, "how often to look"),
	FIELD(check, since, "holding since"),
	FIELD(check, last, "the last look"),
	FIELD(check, held, "when it had held long enough"),
	FIELD(check, samples, "how many looks there were"),
	FIELD(check, dropped, "whether it was dropped"),
	END,
};

const struct field update_fields[] = {
	FIELD(update, number, "its number"),
	FIELD(update, happened, "what happened"),
	FIELD(update, impact, "who is affected and how"),
	FIELD(update, doing, "what we do about it"),
	FIELD(update, audiences, "who it went to"),
	FIELD(update, leadership, "the text for leadership"),
	FIELD(update, support, "the text for support"),
	FIELD(update, engineers, "the text for engineers"),
	FIELD(update, customers, "the text for customers"),
	FIELD(update, sent, "when it was sent"),
	FIELD(update, next, "when the next one was promised"),
	CHOICE(update, promise, promise_state, "what became of that promise"),
	FIELD(update, late_by, "how late the next one was"),
	FIELD(update, lag, "from the change it reports until it was sent"),
	FIELD(update, by, "who sent it"),
	END,
};

const struct field pause_fields[] = {
	FIELD(pause, number, "its number"),	   FIELD(pause, reason, "why"),
	FIELD(pause, changed, "what has changed"), FIELD(pause, broken, "what is broken"),
	FIELD(pause, radius, "who is affected"),   FIELD(pause, step, "the next safest step"),
	FIELD(pause, since, "from when"),	   FIELD(pause, ended, "until when"),
	FIELD(pause, by, "who called it"),	   END,
};

const struct field overridden_fields[] = {
	FIELD(overridden, guard, "the guard's name, or the step's"),
	FIELD(overridden, stands, "what stood in the way"),
	FIELD(overridden, reason, "why it was passed"),
	FIELD(overridden, at, "when"),
	FIELD(overridden, by, "who went on"),
	END,
};

const struct field review_fields[] = {
	CHOICE(review, state, review_state, "how far it is"),
	FIELD(review, summary, "what happened, in short"),
	FIELD(review, impact, "who was affected and how"),
	FIELD(review, root_cause, "the cause"),
	FIELD(review, factors, "what contributed"),
	FIELD(review, went_well, "what went well"),
	FIELD(review, went_poorly, "what went poorly"),
	FIELD(review, lucky, "where we were lucky"),
	FIELD(review, lessons, "what we learned"),
	FIELD(review, timeline, "the events picked for it, by number"),
	FIELD(review, drafted, "when it was drafted"),
	FIELD(review, due, "when it is due"),
	FIELD(review, published, "when it was published"),
	FIELD(review, owner, "who writes it"),
	END,
};

const struct field action_fields[] = {
	FIELD(action, number, "its number"),
	FIELD(action, title, "what will be done"),
	FIELD(action, link, "where it is tracked"),
	FIELD(action, owner, "who does it"),
	FIELD(action, due, "by when"),
	CHOICE(action, state, action_state, "where it stands"),
	FIELD(action, settled, "when it was done or dropped"),
	FIELD(action, outcome, "what came of it"),
	END,
};

/* A member of a struct within the incident, under a name of its own. */
#define INNER(n, m, ...)                                                \
	{                                                               \
		.name = n, .kind = KIND_OF(FIELD_MEMBER(incident, m)),  \
		.at = offsetof(struct incident, m), .help = __VA_ARGS__ \
	}
#define INNER_CHOICE(n, m, c, ...)                                                  \
	{                                                                           \
		.name = n, .kind = KIND_CHOICE, .at = offsetof(struct incident, m), \
		.names = c##_names, .help = __VA_ARGS__                             \
	}

const struct field incident_fields[] = {
	FIELD(incident, id, "its number"),
	FIELD(incident, seq, "the number of its last event"),
	FIELD(incident, title, "what is wrong, in a few words"),
	CHOICE(incident, severity, severity, "how bad it is"),
	FIELD(incident, services, "the services concerned"),
	FIELD(incident, started, "when it began, as far as known"),
	FIELD(incident, declared, "when it was declared"),
	FIELD(incident, resolved, "when it was resolved"),
	FIELD(incident, closed, "when it was closed"),
	FIELD(incident, moved, "the oldest change of state that no update has told yet"),
	FIELD(incident, declared_by, "who declared it"),
	FIELD(incident, merged_into, "the incident that goes on in its place"),
	FIELD(incident, merged, "the incidents merged into this one"),
	FIELD(incident, resolution, "what resolved it"),
	ITEMS(incident, alerts, linked_alert, "the alerts attached"),
	INNER("lead", role[ROLE_LEAD], "who leads"),
	INNER("lead_since", role_since[ROLE_LEAD], "since when"),
	INNER("communications", role[ROLE_COMMUNICATIONS], "who writes the updates"),
	INNER("communications_since", role_since[ROLE_COMMUNICATIONS], "since when"),
	INNER("scribe", role[ROLE_SCRIBE], "who keeps the timeline"),
	INNER("scribe_since", role_since[ROLE_SCRIBE], "since when"),
	INNER("operations", role[ROLE_OPERATIONS], "who makes the changes"),
	INNER("operations_since", role_since[ROLE_OPERATIONS], "since when"),
	ITEMS(incident, freezes, freeze, "the freezes of changes"),
	ITEMS(incident, gate, gate_entry, "what was asked at the gate while changes were frozen"),
	INNER("symptoms_fails", symptoms.fails, "what fails"),
	INNER("symptoms_works", symptoms.works, "what still works"),
	INNER("symptoms_changed", symptoms.changed, "what changed before"),
	INNER("symptoms_radius", symptoms.radius, "who is affected"),
	INNER("symptoms_started", symptoms.started, "when it started"),
	INNER_CHOICE("symptoms_spread", symptoms.spread, spread, "how far it spreads"),
	INNER("symptoms_answered", symptoms.answered, "when the last answer came"),
	INNER("symptoms_entries", symptoms.entries, "how many answers there were"),
	ITEMS(incident, evidence, evidence, "what was kept as evidence"),
	INNER("ranked", ranking.at, "when recent changes were ranked last"),
	INNER("onset", ranking.onset, "when the trouble began, as the ranking has it"),
	INNER("onset_from", ranking.onset_from, "from what that is known"),
	INNER("no_change", ranking.none,
	      "how sure it is that no recent change explains this, in percent"),
	INNER("changes_known", ranking.known, "how many recent changes were looked at"),
	{ .name = "suspects",
	  .kind = KIND_ITEMS,
	  .at = offsetof(struct incident, ranking.suspects),
	  .item = suspect_fields,
	  .item_bytes = sizeof(struct suspect),
	  .help = "the changes that may have set it off, the most suspect first" },
	FIELD(incident, first_suspects, "what the first ranking said, by number"),
	FIELD(incident, rankings, "how many rankings were kept"),
	ITEMS(incident, series, given_series, "the series given to find out"),
	INNER("cause_named", cause.at, "when the cause was named"),
	INNER("cause_change", cause.change, "the change that set it off; 0: none did"),
	INNER("cause_title", cause.title, "what the cause was"),
	INNER("cause_first_place", cause.first_place, "where the first ranking had it"),
	INNER("cause_last_place", cause.last_place, "where the last ranking had it"),
	INNER("cause_by", cause.by, "who named it"),
	ITEMS(incident, hypotheses, hypothesis, "the hypotheses"),
	ITEMS(incident, mitigations, mitigation, "the mitigations"),
	ITEMS(incident, checks, check, "the checks of recovery"),
	ITEMS(incident, updates, update, "the updates sent"),
	FIELD(incident, promised, "when the next update is promised"),
	FIELD(incident, promise_chased, "whether its lateness was told"),
	FIELD(incident, notes, "how many notes there are"),
	FIELD(incident, retracted, "the timeline entries taken back, by number"),
	ITEMS(incident, pauses, pause, "the pauses called"),
	ITEMS(incident, overridden, overridden, "guards passed and steps skipped, with the reason"),
	INNER_CHOICE("review_state", review.state, review_state, "how far the review is"),
	INNER("review_summary", review.summary, "what happened, in short"),
	INNER("review_impact", review.impact, "who was affected and how"),
	INNER("review_root_cause", review.root_cause, "the cause"),
	INNER("review_factors", review.factors, "what contributed"),
	INNER("review_went_well", review.went_well, "what went well"),
	INNER("review_went_poorly", review.went_poorly, "what went poorly"),
	INNER("review_lucky", review.lucky, "where we were lucky"),
	INNER("review_lessons", review.lessons, "what we learned"),
	INNER("review_timeline", review.timeline, "the events picked for it, by number"),
	INNER("review_drafted", review.drafted, "when it was drafted"),
	INNER("review_due", review.due, "when it is due"),
	INNER("review_published", review.published, "when it was published"),
	INNER("review_owner", review.owner, "who writes it"),
	ITEMS(incident, actions, action, "the actions that follow"),
	END,
};
