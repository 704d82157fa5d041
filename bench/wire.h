/* SPDX-License-Identifier: Apache-2.0 */
/* wire: what the load programs share: clock, connection, finding the end of an answer, percentiles. libc only, so that
 * a reader of a figure can read all of what made it. */
#ifndef APLOMB_BENCH_WIRE_H
#define APLOMB_BENCH_WIRE_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int64_t now_us(void); /* monotonic */
/* A connection to 127.0.0.1, without delay of small packets; ends the program when there is none. */
int wire_connect(int port, int is_blocking);
/* How long the whole answer at the start of these bytes is; 0 = more must come. Sets *status. Ends the program when it
 * is no HTTP. Knows Content-Length, chunks and answers without a body. */
size_t wire_answer(const char *at, size_t len, int *status);

struct times {
	uint32_t *us;
	size_t len;
};
void times_sort(struct times *);
double times_ms(const struct times *,
		double part); /* part 0.99 = p99; sorted before; 0 when empty */

_Noreturn void die(const char *what, const char *why);
/* The number behind "--name"; the fallback where it is not said. */
int64_t option(int argc, char **argv, const char *name, int64_t fallback);
const char *option_text(int argc, char **argv, const char *name, const char *fallback);
/* n zeroed things of so many bytes; ends the program when memory is short. */
void *room(size_t n, size_t bytes);
#endif
