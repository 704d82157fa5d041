/* SPDX-License-Identifier: Apache-2.0 */
/* war_room_view: the names that ui/page/incident.html may use. */
#include "core/change.h"
#include "web/war_room.h"

static const struct field room_step_fields[] = {
	FIELD(room_step, name, "one of the ten words"),
	FIELD(room_step, due, "such as the time promised"),
	CHOICE(room_step, state, step_state, "how far it is"),
	END,
};
static const struct field room_next_fields[] = {
	FIELD(room_next, text, "the next safest step"),
	FIELD(room_next, why, "why it is the safest"),
	FIELD(room_next, label, "of its button"),
	FIELD(room_next, noun, "of its verb"),
	FIELD(room_next, verb, "the verb's name"),
	FIELD(room_next, field, "a field that is known already"),
	FIELD(room_next, value, "its value"),
	FIELD(room_next, has_verb, "whether there is a button"),
	FIELD(room_next, is_direct, "whether the button acts at once"),
	FIELD(room_next, is_danger, "whether it cannot be undone"),
	END,
};
static const struct field room_entry_fields[] = {
	FIELD(room_entry, seq, "its number"),
	FIELD(room_entry, at, "when it happened"),
	FIELD(room_entry, written, "when it was written down, where that was later"),
	FIELD(room_entry, said, "its sentence"),
	FIELD(room_entry, is_old, "whether the date is shown"),
	FIELD(room_entry, taken_back, "whether a later entry takes it back"),
	FIELD(room_entry, is_note, "whether it is a note"),
	FIELD(room_entry, may_redact, "whether the visitor may redact it"),
	END,
};
static const struct field room_verb_fields[] = {
	FIELD(room_verb, noun, "of the verb"),
	FIELD(room_verb, verb, "its name"),
	FIELD(room_verb, label, "of its button"),
	FIELD(room_verb, help, "one sentence"),
	FIELD(room_verb, is_danger, "whether it cannot be undone"),
	END,
};
static const struct field room_group_fields[] = {
	FIELD(room_group, heading, "the step"),
	ITEMS(room_group, verbs, room_verb, "what can be done"),
	END,
};

static const struct field room_suspect_fields[] = {
	FIELD(room_suspect, number, "of the change"),
	FIELD(room_suspect, place, "in the ranking, from 1"),
	FIELD(room_suspect, share, "how suspect it is, in percent"),
	FIELD(room_suspect, title, "what was changed"),
	FIELD(room_suspect, of, "its service"),
	CHOICE(room_suspect, kind, change_kind, "what sort of change"),
	CHOICE(room_suspect, state, change_state, "how far it is"),
	FIELD(room_suspect, lead_time, "how long before it began"),
	FIELD(room_suspect, differs, "what is different now"),
	FIELD(room_suspect, first_reason, "the strongest reason for it"),
	FIELD(room_suspect, first_against, "the strongest against it"),
	FIELD(room_suspect, reasons, "all that speaks for it"),
	FIELD(room_suspect, against, "all that speaks against it"),
	FIELD(room_suspect, supposed, "the hypothesis that it makes"),
	FIELD(room_suspect, expected, "what that predicts"),
	FIELD(room_suspect, undo_href, "the form that proposes to undo it"),
	FIELD(room_suspect, is_tested, "whether it is the open hypothesis"),
	FIELD(room_suspect, is_undone, "whether it is undone already"),
	END,
};

const struct field incident_view_fields[] = {
	FRAME_FIELDS(incident_view),
	ITEMS(incident_view, inc, incident, "the incident, once"),
	CHOICE(incident_view, phase, phase, "where it stands"),
	FIELD(incident_view, may_act, "whether the visitor may change anything"),
	FIELD(incident_view, is_open, "whether it is neither resolved nor over"),
	FIELD(incident_view, is_over, "whether it is closed or merged"),
	FIELD(incident_view, is_late, "whether the promised update is late"),
	FIELD(incident_view, is_long, "whether it began on another day"),
	FIELD(incident_view, is_frozen, "whether a freeze is on"),
	FIELD(incident_view, has_symptoms, "whether the questions have any answer"),
	FIELD(incident_view, has_open_cause, "whether a hypothesis is open"),
	FIELD(incident_view, has_firing, "whether an alert fires"),
	FIELD(incident_view, has_checks, "whether a check of recovery counts"),
	FIELD(incident_view, wants_review, "whether a review is due or there"),
	ITEMS(incident_view, next, room_next, "the next safest step, once"),
	ITEMS(incident_view, steps, room_step, "the rail"),
	FIELD(incident_view, may_only_pause, "whether a pause is all the visitor may call"),
	ITEMS(incident_view, log, room_entry, "the timeline, newest first"),
	FIELD(incident_view, show, "which kinds of entries are shown"),
	FIELD(incident_view, older, "how many entries are left out"),
	ITEMS(incident_view, groups, room_group, "everything that can be done"),
	ITEMS(incident_view, hunted, room_suspect, "changes that may have set it off"),
	FIELD(incident_view, more_changes, "how many more were looked at"),
	FIELD(incident_view, more_href, "where they are listed"),
	FIELD(incident_view, more_since, "since when"),
	FIELD(incident_view, is_ranked, "whether changes were ranked"),
	FIELD(incident_view, explains_none, "whether no recent change explains it"),
	END,
};
