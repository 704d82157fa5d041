/* SPDX-License-Identifier: Apache-2.0 */
/* notify: what a service manager (systemd) gives and wants to hear: sd_notify, the watchdog, a socket it opened for us. */
#ifndef APLOMB_NOTIFY_H
#define APLOMB_NOTIFY_H
#include "base/err.h"

/* "READY=1", "STOPPING=1" ... to NOTIFY_SOCKET; nobody listens: does nothing. */
void notify_send(const char *state);
/* RELOADING=1 with the monotonic clock, as Type=notify-reload wants it. */
void notify_reloading(void);
/* How often the watchdog wants to hear of us, in ms; 0 = there is none for this process. */
int64_t notify_watchdog_ms(void);
/* The socket that was opened for us (LISTEN_FDS), 0 = none. ERR_USAGE for several. */
int notify_listen_fd(int *fd, struct err *) MUST_USE;
#endif
