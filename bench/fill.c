/* SPDX-License-Identifier: Apache-2.0 */
/* fill: a data folder with a long history, made by the engine itself: incidents that were declared, worked on and
 * resolved, so many a day. Several threads, so that the writer commits many commands at a time; its clock is set from
 * the number of events, half a minute each, and ends now.
 *
 *   fill --data DIR --events N [--tokens 1] --token-file FILE */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "folder.h"
#include "wire.h"

enum {
	THREADS = 48,	  /* fewer than the engine's cached states: none is folded twice */
	WORK_EVENTS = 46, /* notes and evidence of an incident */
	EVENT_MS = 30 * 1000,
};

struct filling {
	struct folder folder;
	int64_t starts_ms, wanted;
	_Atomic int64_t pos; /* of the last event known to be written */
};

/* The newest position that anybody saw, and the time that goes with it. */
static void note_pos(struct filling *f, int64_t pos)
{
	int64_t seen = atomic_load(&f->pos);
	while (seen < pos && !atomic_compare_exchange_weak(&f->pos, &seen, pos))
		continue;
	if (seen < pos)
		world_sim_set(&f->folder.sim, f->starts_ms + pos * EVENT_MS);
}

static void run(struct filling *f, const struct asked *q, struct outcome *out)
{
	ARENA(a);
	folder_run(&f->folder, &a, q, out);
	note_pos(f, out->pos);
}

/* What people write while they work: of different length, with numbers in it. */
static struct str work_text(struct arena *a, int64_t incident, int n)
{
	static const char *const said[] = {
		"p99 of checkout is at %d ms since the deploy of %lld, the error rate at 2 percent",
		"Looked at the slow queries of shard %d: nothing stands out (INC-%lld)",
		"Customers in region %d report that the cart is empty after payment; ticket %lld",
		"Pool of connections is at %d of 100 on db-%lld, it was 40 an hour ago",
		"Restarted one pod of payments, %d restarts so far, no change. See dashboard %lld",
		"Error budget of search is at %d percent for this month, asked team %lld to look",
	};
	char text[256];
	/* the format is one of the texts above */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(text, sizeof(text), said[n % 6], n * 7, (long long)incident);
#pragma GCC diagnostic pop
	return str_copy(a, str_of(text));
}

static void work(struct filling *f, int64_t incident)
{
	for (int n = 0; n < WORK_EVENTS; n++) {
		ARENA(a);
		struct outcome out;
		struct str text = work_text(&a, incident, n);
		bool is_note = n % 8 != 7;
		struct asked q = { .noun = is_note ? "note" : "evidence",
				   .name = "add",
				   .stream = incident };
		q.fields = is_note ? str_fmt(&a, "{\"text\":\"" STR_FMT "\"}", STR_ARG(text))
				   : str_fmt(&a,
					     "{\"title\":\"Output %d\",\"text\":\"" STR_FMT
					     "\",\"source\":\"kubectl\"}",
					     n, STR_ARG(text));
		run(f, &q, &out);
	}
}

static void live_through(struct filling *f, int64_t n)
{
	ARENA(a);
	static const char *const services[] = { "checkout", "payments", "search", "cart", "mail" };
	struct outcome out;
	struct asked declare = { .noun = "incident",
				 .name = "declare",
				 .because = "the history of a bench",
				 .accept = "looks-the-same" },
		     resolve = { .noun = "incident",
				 .name = "resolve",
				 .because = "the history of a bench",
				 .accept = "verified-first",
				 .fields = STR("{\"summary\":\"Rolled back\"}") };
	declare.fields = str_fmt(&a,
				 "{\"title\":\"%s is slow, case %lld\",\"severity\":\"sev%d\","
				 "\"services\":[\"%s\"]}",
				 services[n % 5], (long long)n, 2 + (int)(n % 3), services[n % 5]);
	run(f, &declare, &out);
	work(f, out.stream);
	resolve.stream = out.stream;
	run(f, &resolve, &out);
}

static void *worker(void *ctx)
{
	struct filling *f = ctx;
	for (int64_t n = 1; atomic_load(&f->pos) < f->wanted; n++)
		live_through(f, n);
	return NULL;
}

int main(int argc, char **argv)
{
	ARENA(a);
	pthread_t threads[THREADS];
	struct filling f = { .wanted = option(argc, argv, "--events", 0) };
	const char *data = option_text(argc, argv, "--data", NULL),
		   *tokens = option_text(argc, argv, "--token-file", NULL);
	if (!data || !tokens || f.wanted < 1)
		die("usage", "fill --data DIR --events N --token-file FILE [--tokens N]");
	f.starts_ms = (int64_t)time(NULL) * 1000 - f.wanted * EVENT_MS;
	folder_open(&f.folder, data, f.starts_ms);
	folder_people(&f.folder, &a, (int)option(argc, argv, "--tokens", 1), tokens);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, worker, &f) != 0)
			die("fill", "a thread did not start");
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	(void)printf("{\"events\":%lld}\n", (long long)engine_pos(f.folder.engine));
	folder_close(&f.folder);
	return 0;
}
