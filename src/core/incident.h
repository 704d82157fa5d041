/* SPDX-License-Identifier: Apache-2.0 */
/* incident: the state of one incident, the fold of its stream. The rooms of core meet here and nowhere
 * else: each writes its own part in its evolve functions and may read the rest. Item lists number
 * from 1 in order of appearance and never shrink. All text and lists live in `arena`, owned by the state.
 * The tables print the state as JSON for `GET /api/v1/incidents/N` and compare folds in tests. */
#ifndef APLOMB_CORE_INCIDENT_H
#define APLOMB_CORE_INCIDENT_H
#include "core/module.h"

enum severity { SEV_NONE, SEV_1, SEV_2, SEV_3, SEV_4 };
extern const char *const severity_names[]; /* "", "sev1" .. "sev4" */

enum phase {
	PHASE_INVESTIGATING,
	PHASE_MITIGATING,
	PHASE_VERIFYING,
	PHASE_RESOLVED,
	PHASE_CLOSED,
	PHASE_MERGED
};
extern const char *const phase_names[]; /* "investigating" .. "merged" */

/* alerts (declare) */
struct linked_alert {
	struct str fingerprint, name, service, summary;
	struct when started, changed; /* changed: last change of firing */
	bool firing;
};

/* roles: who holds what; an empty person means nobody */
enum role { ROLE_LEAD, ROLE_COMMUNICATIONS, ROLE_SCRIBE, ROLE_OPERATIONS, ROLE_COUNT };
extern const char *const role_names[]; /* "lead" "communications" "scribe" "operations" */

/* freeze */
struct freeze_pass {
	struct str what, reason;
	struct strs services; /* empty = all that is frozen */
	struct person by;
};
struct freeze {
	int64_t number;
	struct strs services; /* empty = everything */
	struct str reason;
	struct strs allow;		 /* what may pass: the fix itself */
	struct when since, until, ended; /* ended: lifted or expired; 0 = on */
	struct person by;
	int64_t bypasses;
	LIST_OF(struct freeze_pass) passes; /* what a person let pass, newest last */
};

/* gate: what was asked while changes were frozen. The same question asked again soon is the same entry. */
enum gate_verdict {
	GATE_OPEN, /* nothing stands in the way: it is not told */
	GATE_REFUSED,
	GATE_LET_THROUGH, /* the fix itself: allowed, let pass by a person, or the change under way */
	GATE_ROLLED_BACK, /* a rollback always passes */
	GATE_UNASKED	  /* it passed while we could not be asked */
};
extern const char
	*const gate_verdict_names[]; /* "open" "refused" "let-through" "rolled-back" "unasked" */
struct gate_entry {
	int64_t number, freeze; /* the freeze that covered it */
	int verdict;
	struct str what, environment, who, link, via, because;
	struct strs services;
	struct when first, last; /* of those told */
	int64_t told;		 /* how often it is on the timeline */
};

/* symptom: the questions as data; an answer replaces the one before, the timeline keeps both */
enum spread { SPREAD_UNKNOWN, SPREAD_ISOLATED, SPREAD_PARTIAL, SPREAD_WIDESPREAD };
extern const char *const spread_names[]; /* "", "isolated", "partial", "widespread" */
struct symptoms {
	struct str fails, works, changed, radius;
	struct when started;
	int spread;
	struct when answered; /* last */
	int64_t entries;
};

/* evidence */
enum evidence_kind {
	EVIDENCE_NONE,
	EVIDENCE_LOG,
	EVIDENCE_METRIC,
	EVIDENCE_TRACE,
	EVIDENCE_USER_REPORT,
	EVIDENCE_CONFIG_DIFF,
	EVIDENCE_SCREENSHOT,
	EVIDENCE_OUTPUT
};
extern const char *const evidence_kind_names
	[]; /* "", "log", "metric", "trace", "user-report", "config-diff", "screenshot", "output" */
struct evidence {
	int64_t number;
	int kind;
	struct str title, text, link, blob, source; /* blob: SHA-256 hex */
	struct when at;				    /* when it was seen in the world */
	struct when kept;			    /* when it was recorded here */
	struct person by;
	bool retracted;
};

/* ranking: which recent change set it off, and the series that were given to find out */
struct suspect {
	int64_t change; /* its number */
	struct str title, service;
	int kind;	   /* enum change_kind */
	struct when began; /* of the change */
	int64_t share;	   /* percent; all changes and "none" together are 100 */
	struct strs says,
		against; /* why it is suspect, and what speaks against it; the strongest first */
};
extern const struct field suspect_fields[];
LIST_DECLARE(suspect_list, struct suspect);
struct ranking {
	struct when at;	       /* when it was made; 0 = never */
	struct when onset;     /* when the trouble began, as far as known */
	struct str onset_from; /* from what that is known */
	int64_t none; /* percent: no recent change explains this; from RANKING_NONE_FROM on that is the answer */
	int64_t known;		      /* how many changes were looked at */
	struct suspect_list suspects; /* at most RANKING_SHOWN, the most suspect first */
};
enum { RANKING_SHOWN = 5, RANKING_NONE_FROM = 50 };
struct given_series {
	struct str service;
	int kind;	   /* enum series_kind (suspect.h) */
	struct str points; /* a line each: ms since 1970 UTC, a space, the value; oldest first */
	struct when from, to;
	int64_t samples;
};
struct cause {
	struct when at; /* when it was named; 0 = nobody did */
	int64_t change; /* its number; 0 = no change set it off */
	struct str title;
	int64_t first_place,
		last_place; /* where the first and the last ranking had it, from 1; 0 = not among theirs */
	struct person by;
};

/* hypothesis */
enum hypothesis_state {
	HYPOTHESIS_CANDIDATE,
	HYPOTHESIS_OPEN,
	HYPOTHESIS_PARKED,
	HYPOTHESIS_CONFIRMED,
	HYPOTHESIS_REFUTED
};
extern const char
	*const hypothesis_state_names[]; /* "candidate" "open" "parked" "confirmed" "refuted" */
enum test_result { RESULT_NONE, RESULT_SUPPORTS, RESULT_CONTRADICTS, RESULT_NOTHING };
extern const char *const test_result_names[]; /* "", "supports", "contradicts", "nothing" */
struct hypothesis_test {
	int64_t number;
	struct str what; /* what was looked at */
	int result;
	struct strs evidence; /* numbers, as text */
	struct when at;
	struct person by;
};
struct hypothesis {
	int64_t number;
	struct str cause, prediction,
		test; /* prediction: what we expect to see; test: the safe way to look */
	int state;
	LIST_OF(struct hypothesis_test) tests;
	struct str verdict; /* why it was confirmed, refuted or parked */
	struct when opened, settled;
	struct person by;
};

/* mitigation */
enum mitigation_kind {
	MITIGATION_OTHER,
	MITIGATION_ROLLBACK,
	MITIGATION_RESTART,
	MITIGATION_SCALE,
	MITIGATION_SCALE_TO_ZERO,
	MITIGATION_FLAG,
	MITIGATION_CONFIG,
	MITIGATION_FAILOVER,
	MITIGATION_WIPE
};
extern const char *const mitigation_kind_names
	[]; /* "other" "rollback" "restart" "scale" "scale-to-zero" "flag" "config" "failover" "wipe" */
enum mitigation_state {
	MITIGATION_PROPOSED,
	MITIGATION_APPROVED,
	MITIGATION_RUNNING,
	MITIGATION_DONE,
	MITIGATION_UNDONE,
	MITIGATION_WITHDRAWN,
	MITIGATION_LAPSED
};
extern const char *const mitigation_state_names
	[]; /* "proposed" "approved" "running" "done" "undone" "withdrawn" "lapsed" */
struct mitigation {
	int64_t number;
	struct str what, undo; /* undo: how to take it back */
	int kind;
	struct strs services;
	int state;
	struct when proposed, approved, started, ended,
		lease; /* lease: the running change holds its place until */
	struct person by, approved_by, run_by;
	struct str outcome;
};

/* recovery */
enum check_kind { CHECK_PERSON, CHECK_ALERT };
extern const char *const check_kind_names[]; /* "person" "alert" */
struct check {
	int64_t number;
	struct str what;
	int kind;
	struct str alert; /* fingerprint, for CHECK_ALERT */
	struct span hold, every;
	struct when since; /* holding since; 0 = not holding */
	struct when last;  /* last sample */
	struct when held;  /* when it had held long enough; 0 = not yet */
	int64_t samples;
	bool dropped;
};

/* update */
enum promise_state { PROMISE_OPEN, PROMISE_KEPT, PROMISE_LATE, PROMISE_DROPPED };
extern const char *const promise_state_names[]; /* "open" "kept" "late" "dropped" */
struct update {
	int64_t number;
	struct str happened, impact, doing;
	struct strs audiences;
	struct str leadership, support, engineers, customers; /* texts as sent */
	struct when sent, next; /* next: promised; 0 = none promised */
	int promise;		/* what became of `next` */
	struct span late_by;
	struct span lag; /* from the change of state it reports to this update */
	struct person by;
};

/* reset: a called pause */
struct pause {
	int64_t number;
	struct str reason, changed, broken, radius, step;
	struct when since, ended;
	struct person by;
};

/* guards overridden and steps skipped, with the reason */
struct overridden {
	struct str guard, stands, reason;
	struct when at;
	struct person by;
};

/* review and actions */
enum review_state { REVIEW_NONE, REVIEW_DRAFT, REVIEW_PUBLISHED };
extern const char *const review_state_names[]; /* "none" "draft" "published" */
struct review {
	int state;
	struct str summary, impact, root_cause, factors, went_well, went_poorly, lucky, lessons;
	struct strs timeline; /* seqs of the events picked, as text */
	struct when drafted, due, published;
	struct person owner;
};
enum action_state { ACTION_OPEN, ACTION_DONE, ACTION_DROPPED };
extern const char *const action_state_names[]; /* "open" "done" "dropped" */
struct action {
	int64_t number;
	struct str title, link, outcome;
	struct person owner;
	struct when due, settled;
	int state;
};

struct incident {
	struct arena *arena; /* owns everything below; set by whoever folds */
	int64_t id, seq;     /* seq of the last event folded */
	struct str title;
	int severity;
	struct strs services;
	struct when started, declared, resolved, closed; /* started: onset as far as known */
	struct when
		moved; /* last change of state that the outside should hear of, not yet in an update; 0 = none */
	struct person declared_by;
	int64_t merged_into; /* 0 = not merged */
	struct strs merged;  /* numbers of incidents merged into this one */
	struct str resolution;
	LIST_OF(struct linked_alert) alerts;
	struct person role[ROLE_COUNT];
	struct when role_since[ROLE_COUNT];
	LIST_OF(struct freeze) freezes;
	LIST_OF(struct gate_entry) gate;
	struct symptoms symptoms;
	LIST_OF(struct evidence) evidence;
	struct ranking ranking; /* the newest */
	struct strs
		first_suspects; /* the changes of the first one, by number; "none" where that was its answer */
	int64_t rankings; /* how many were kept */
	LIST_OF(struct given_series) series;
	struct cause cause;
	LIST_OF(struct hypothesis) hypotheses;
	LIST_OF(struct mitigation) mitigations;
	LIST_OF(struct check) checks;
	LIST_OF(struct update) updates;
	struct when promised; /* the open promise of a next update; 0 = none */
	bool promise_chased;  /* its lateness is on the timeline already */
	int64_t notes;
	struct strs retracted; /* seqs of timeline entries that a later one takes back, as text */
	LIST_OF(struct pause) pauses;
	LIST_OF(struct overridden) overridden;
	struct review review;
	LIST_OF(struct action) actions;
};

extern const struct field incident_fields[], review_fields[], symptoms_fields[]; /* incident.c */
extern const struct field linked_alert_fields[], freeze_fields[], freeze_pass_fields[],
	gate_entry_fields[], evidence_fields[], hypothesis_fields[], hypothesis_test_fields[],
	mitigation_fields[], check_fields[], update_fields[], pause_fields[], overridden_fields[],
	action_fields[], given_series_fields[];

/* Reading the state: pure, borrowed results, NULL = none. */
enum phase incident_phase(const struct incident *);
bool incident_is_open(const struct incident *); /* neither resolved, closed nor merged */
int incident_refuse_unless_open(const struct incident *,
				struct err *) MUST_USE; /* says what to do instead */
int incident_refuse_if_over(const struct incident *,
			    struct err *) MUST_USE; /* only merged or closed refuse */
bool incident_has_ended(const struct incident *);   /* merged or closed */
const struct hypothesis *incident_open_hypothesis(const struct incident *);
const struct hypothesis *incident_confirmed_hypothesis(const struct incident *);
const struct mitigation *incident_change_in_flight(const struct incident *); /* the running one */
const struct freeze *incident_active_freeze(const struct incident *); /* the newest that is on */
const struct pause *incident_active_pause(const struct incident *);
bool incident_is_verified(
	const struct incident *); /* at least one check, and every check not dropped held */
bool incident_actions_settled(const struct incident *); /* none open */
bool incident_evidence_kept(const struct incident *);	/* any not retracted, kept since declare */
/* Item by its number; NULL when there is none. `n` 0 in the hypothesis and mitigation finders means the open
 * or running one. */
#define INCIDENT_ITEM(list, n) ((n) >= 1 && (size_t)(n) <= (list).len ? &(list).at[(n)-1] : NULL)
/* Refuses text that names evidence which does not exist ("3, 4"); retracted ones do not count. */
int incident_check_evidence(const struct incident *, const struct strs *numbers,
			    struct err *) MUST_USE;
/* Copies for evolve: into the state's arena. */
struct str incident_keep(struct incident *, struct str);
struct strs incident_keep_all(struct incident *, const struct strs *);
void incident_keep_also(struct incident *, struct strs *list,
			struct str); /* one more at the end of a list */
#endif
