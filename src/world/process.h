/* SPDX-License-Identifier: Apache-2.0 */
/* process: what the kernel knows about this process and this machine. */
#ifndef APLOMB_PROCESS_H
#define APLOMB_PROCESS_H
#include "base/err.h"

struct process {
	int64_t rss_bytes, cpu_ms; /* resident memory; user and system time */
	int64_t open_fds, max_fds; /* -1 = not known */
};
void process_read(struct process *);
int64_t file_bytes(const char *path); /* 0 when absent */
#endif
