/* SPDX-License-Identifier: Apache-2.0 */
/* flat: one kind of work on a folder, so many times, for counting its instructions under callgrind: what --times 110
 * costs more than --times 10 is the cost of a hundred, without that of opening and closing.
 *
 *   flat --data DIR --work append|page --times N
 *
 * append: a note on an incident, through decide, ledger, views and commit. page: an incident of the folder's own
 * history read back, folded, and each event told, as the war room and the API do. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/tell.h"
#include "folder.h"
#include "wire.h"

static void append(struct folder *f, int64_t times)
{
	ARENA(a);
	struct outcome out;
	struct asked declare = { .noun = "incident",
				 .name = "declare",
				 .because = "a bench",
				 .accept = "looks-the-same",
				 .fields = STR(
					 "{\"title\":\"The counted one\",\"severity\":\"sev3\"}") };
	folder_run(f, &a, &declare, &out);
	struct asked note = {
		.noun = "note",
		.name = "add",
		.stream = out.stream,
		.fields = STR("{\"text\":\"p99 is at 1800 ms, the error rate at 2 percent\"}")
	};
	for (int64_t i = 0; i < times; i++)
		folder_run(f, &a, &note, &out);
}

/* The incident with that number, and its sentences. */
static void page(struct folder *f, int64_t times)
{
	struct err e = { 0 };
	struct names names = { 0 };
	DB *reader = NULL;
	if (store_reader(f->store, &reader, &e) != 0)
		folder_die("reader", &e);
	engine_names(f->engine, &names);
	for (int64_t i = 0; i < times; i++) {
		ARENA(a);
		struct folded folded;
		struct buf said = BUF(&a);
		if (engine_fold(reader, 100 + i % 10, &a, &folded, &e) != 0)
			folder_die("fold", &e);
		LIST_EACH (ev, &folded.events)
			event_tell(ev, &names, CLEAR_INTERNAL, &said);
	}
}

int main(int argc, char **argv)
{
	ARENA(a);
	struct folder f;
	const char *data = option_text(argc, argv, "--data", NULL),
		   *work = option_text(argc, argv, "--work", "");
	int64_t times = option(argc, argv, "--times", 1);
	if (!data || (strcmp(work, "append") != 0 && strcmp(work, "page") != 0))
		die("usage", "flat --data DIR --work append|page --times N");
	folder_open(&f, data, (int64_t)time(NULL) * 1000);
	folder_people(&f, &a, 0, NULL);
	if (strcmp(work, "append") == 0)
		append(&f, times);
	else
		page(&f, times);
	folder_close(&f);
	return 0;
}
