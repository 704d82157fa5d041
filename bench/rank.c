/* SPDX-License-Identifier: Apache-2.0 */
/* rank SERVICES SERIES SAMPLES CHANGES [ROUNDS]: how long the ranking of suspects takes, in ms, the median of the rounds. So
 * many services call each other, each with so many series of so many samples; one is slow, and so are those that call it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/stat.h"
#include "core/suspect.h"

enum { CALLS_EACH = 4, ALERTS = 20, MINUTE_MS = 60000, ROUNDS = 9 };

/* The same numbers each time. */
static uint32_t next(uint32_t *dice)
{
	*dice = *dice * 1664525u + 1013904223u;
	return *dice >> 8;
}

static double value_of(uint32_t *dice, size_t service, int minute, int samples)
{
	double usual = 1 + (double)(next(dice) % 100) / 500;
	return service % 50 == 7 && minute > samples * 9 / 10 ? usual * 6 : usual;
}

struct size {
	size_t services, series, changes;
	int samples;
};

static struct investigation made(const struct size *n, struct arena *a)
{
	uint32_t dice = 1;
	int64_t noticed_ms = (int64_t)n->samples * 9 / 10 * MINUTE_MS;
	struct str *names = ARENA_ARRAY(a, struct str, n->services);
	struct investigation q = { .symptom_kind = -1,
				   .symptom_ms = noticed_ms,
				   .now_ms = (int64_t)n->samples * MINUTE_MS };
	for (size_t i = 0; i < n->services; i++)
		names[i] = str_fmt(a, "service-%zu-of-the-house", i);
	q.services = (struct strs){ names, n->services };
	q.symptom_service = names[0];
	for (size_t i = 0; i < n->services; i++) {
		for (int k = 0; k < CALLS_EACH; k++)
			*LIST_ADD(a, &q.edges) = (struct call_edge){
				names[i], names[(i + 1 + next(&dice) % 40) % n->services]
			};
		for (size_t k = 0; k < n->series; k++) {
			struct series *s = LIST_ADD(a, &q.series);
			s->service = names[i];
			s->kind = (enum series_kind)(k % SERIES_SILENT);
			for (int m = 1; m <= n->samples; m++)
				*LIST_ADD(a, &s->samples) = (struct sample){
					(int64_t)m * MINUTE_MS, value_of(&dice, i, m, n->samples)
				};
		}
		*LIST_ADD(a, &q.past_services) = (struct past){ names[i], (int64_t)i, i % 9 == 0 };
	}
	q.past_changed = 1;
	for (size_t i = 0; i < n->changes; i++)
		*LIST_ADD(a, &q.changes) = (struct recent_change){
			.id = str_fmt(a, "%zu", i),
			.service = names[next(&dice) % n->services],
			.kind = i % 3 ? STR("deploy") : STR("config"),
			.at_ms = noticed_ms - (int64_t)(next(&dice) % 1440) * MINUTE_MS,
		};
	for (size_t i = 0; i < ALERTS; i++)
		*LIST_ADD(a, &q.alerts) = (struct symptom_alert){
			.service = names[i * n->services / ALERTS],
			.name = STR("Slow"),
			.began_ms = noticed_ms,
			.is_firing = true
		};
	return q;
}

static double now_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	ARENA(whole);
	if (argc < 5) {
		(void)fprintf(stderr, "rank SERVICES SERIES SAMPLES CHANGES [ROUNDS]\n");
		return 2;
	}
	struct size n = { strtoul(argv[1], NULL, 10), strtoul(argv[2], NULL, 10),
			  strtoul(argv[4], NULL, 10), (int)strtol(argv[3], NULL, 10) };
	int rounds = argc > 5 ? (int)strtol(argv[5], NULL, 10) : ROUNDS;
	if (!n.services || n.samples < 1 || rounds < 1)
		return 2;
	const struct investigation q = made(&n, &whole);
	double *took = ARENA_ARRAY(&whole, double, rounds);
	for (int i = 0; i < rounds; i++) {
		ARENA(a);
		struct suspicions got = { 0 };
		double none = 0, began = now_ms();
		suspect_changes(&q, &a, &got, &none);
		took[i] = now_ms() - began;
		if (got.len != n.changes)
			return 1;
	}
	stat_sort(took, (size_t)rounds);
	(void)printf("%.2f\n", stat_quantile(took, (size_t)rounds, .5));
	return 0;
}
