/* SPDX-License-Identifier: Apache-2.0 */
/* notify: see notify.h. The protocols are those of sd_notify(3), sd_watchdog_enabled(3) and sd_listen_fds(3). */
#include "world/notify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "world/world.h"

enum { FIRST_FD = 3 };

void notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;
	if (len < 2 || len >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, len);
	if (to.sun_path[0] == '@')
		to.sun_path[0] = '\0'; /* an abstract name */
	FD fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (fd >= 0)
		(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
			     (const struct sockaddr *)&to, size);
}

void notify_reloading(void)
{
	char state[80];
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	(void)snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
		       (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	notify_send(state);
}

/* A number of the environment that is meant for this process. */
static int64_t ours(const char *name, const char *pid_name)
{
	int64_t n = 0, pid = 0;
	if (!str_to_int(str_of(getenv(name)), &n) || n < 1)
		return 0;
	if (getenv(pid_name) && (!str_to_int(str_of(getenv(pid_name)), &pid) || pid != getpid()))
		return 0;
	return n;
}

int64_t notify_watchdog_ms(void)
{
	return ours("WATCHDOG_USEC", "WATCHDOG_PID") / 1000;
}

int notify_listen_fd(int *fd, struct err *e)
{
	int64_t n = getenv("LISTEN_PID") ? ours("LISTEN_FDS", "LISTEN_PID") : 0;
	*fd = 0;
	if (n == 0)
		return 0;
	if (n > 1) {
		err_refuse(e, ERR_USAGE, "%lld sockets were handed over; Aplomb listens on one.",
			   (long long)n);
		err_next(e, "Leave one ListenStream= in the .socket unit.");
		return -1;
	}
	(void)fcntl(FIRST_FD, F_SETFD, FD_CLOEXEC);
	*fd = FIRST_FD;
	return 0;
}
