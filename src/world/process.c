/* SPDX-License-Identifier: Apache-2.0 */
/* process: see process.h. */
#include "world/process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t resident_bytes(void)
{
	long long whole = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (!f)
		return 0;
	if (fscanf(f, "%lld %lld", &whole, &resident) != 2)
		resident = 0;
	(void)fclose(f);
	return resident * sysconf(_SC_PAGESIZE);
}

static int64_t count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int64_t n = -3; /* ".", ".." and the folder itself */
	if (!d)
		return -1;
	while (readdir(d))
		n++;
	(void)closedir(d);
	return n;
}

static int64_t ms_of(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000 + t.tv_usec / 1000;
}

void process_read(struct process *p)
{
	struct rusage used;
	struct rlimit limit;
	*p = (struct process){ .rss_bytes = resident_bytes(),
			       .open_fds = count_fds(),
			       .max_fds = -1 };
	if (getrusage(RUSAGE_SELF, &used) == 0)
		p->cpu_ms = ms_of(used.ru_utime) + ms_of(used.ru_stime);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		p->max_fds = (int64_t)limit.rlim_cur;
}

int64_t file_bytes(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}
