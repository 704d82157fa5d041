/* SPDX-License-Identifier: Apache-2.0 */
/* metrics page: GET /metrics in Prometheus' text format. What is counted: metrics.c, engine/pulse.c, net/server.h. */
#include "base/version.h"
#include "engine/pulse.h"
#include "web/inside.h"
#include "world/process.h"

enum { MOST_OPEN = 10000 }; /* incidents looked at for one scrape */

static void begin(struct buf *b, const char *name, const char *kind, const char *help)
{
	buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void one(struct buf *b, const char *name, const char *kind, const char *help, int64_t value)
{
	begin(b, name, kind, help);
	buf_fmt(b, "%s %lld\n", name, (long long)value);
}

/* A number of thousandths as a decimal. */
static void milli(struct buf *b, int64_t value)
{
	buf_fmt(b, "%lld.%03lld\n", (long long)(value / 1000), (long long)(value % 1000));
}

static void add_requests(struct buf *b, struct metrics *m)
{
	static const char *const names[] = { "intake", "api", "page", "live", "machine", "none" };
	begin(b, "aplomb_http_requests_total", "counter",
	      "Requests answered, by kind of address and status.");
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int s = 2; s < METRIC_STATUSES; s++)
			buf_fmt(b,
				"aplomb_http_requests_total{class=\"%s\",status=\"%dxx\"} %lld\n",
				names[c], s, (long long)atomic_load(&m->requests[c][s]));
}

static void add_intake(struct buf *b, const char *name, const char *help,
		       _Atomic int64_t counts[][INTAKE_ENDS])
{
	static const char *const ends[] = { "kept", "repeat", "rejected", "failed" };
	begin(b, name, "counter", help);
	for (size_t i = 0; i < METRIC_SOURCES && sources[i]; i++)
		for (int r = 0; r < INTAKE_ENDS; r++)
			buf_fmt(b, "%s{source=\"%s\",result=\"%s\"} %lld\n", name, sources[i]->name,
				ends[r], (long long)atomic_load(&counts[i][r]));
}

static void add_server(struct buf *b, struct server *s)
{
	if (!s)
		return;
	struct server_counts n = server_counts(s);
	one(b, "aplomb_http_connections", "gauge", "Connections that are open.", n.conns);
	one(b, "aplomb_http_streams", "gauge", "Streams of live events that are open.", n.streams);
	one(b, "aplomb_http_refused_total", "counter",
	    "Requests refused before they had an address: malformed, too large, too many.",
	    n.refused);
	one(b, "aplomb_http_queued_requests", "gauge", "Requests that wait for a worker.",
	    n.queued);
}

static void add_commits(struct buf *b, const struct engine_counts *n)
{
	begin(b, "aplomb_commit_duration_seconds", "histogram",
	      "How long a commit that wrote something took, fsync included.");
	for (int i = 0; i < COMMIT_BUCKETS; i++)
		buf_fmt(b, "aplomb_commit_duration_seconds_bucket{le=\"%g\"} %lld\n",
			(double)commit_bucket_us[i] / 1e6, (long long)n->commit_bucket[i]);
	buf_fmt(b, "aplomb_commit_duration_seconds_bucket{le=\"+Inf\"} %lld\n",
		(long long)n->commits);
	buf_fmt(b, "aplomb_commit_duration_seconds_sum %lld.%06lld\n",
		(long long)(n->commit_us / 1000000), (long long)(n->commit_us % 1000000));
	buf_fmt(b, "aplomb_commit_duration_seconds_count %lld\n", (long long)n->commits);
	begin(b, "aplomb_batch_jobs", "histogram", "Commands and bodies answered by one commit.");
	for (int i = 0; i < BATCH_BUCKETS; i++)
		buf_fmt(b, "aplomb_batch_jobs_bucket{le=\"%lld\"} %lld\n",
			(long long)batch_bucket_jobs[i], (long long)n->batch_bucket[i]);
	buf_fmt(b, "aplomb_batch_jobs_bucket{le=\"+Inf\"} %lld\n", (long long)n->batches);
	buf_fmt(b, "aplomb_batch_jobs_sum %lld\naplomb_batch_jobs_count %lld\n", (long long)n->jobs,
		(long long)n->batches);
	one(b, "aplomb_commit_failures_total", "counter", "Batches that the disk refused.",
	    n->failed);
	one(b, "aplomb_writer_queued_jobs", "gauge",
	    "Commands and bodies that wait for the writer.", n->queued);
}

static void add_engine(struct visit *v, struct buf *b)
{
	struct engine_counts n;
	struct err unready = { 0 };
	engine_counts(v->config->engine, &n);
	one(b, "aplomb_ready", "gauge", "1 while the disk takes writes and the writer answers.",
	    engine_is_ready(v->config->engine, &unready) == 0);
	add_commits(b, &n);
	begin(b, "aplomb_alerts", "gauge", "Live alerts by state; acknowledged ones fire too.");
	buf_fmt(b, "aplomb_alerts{state=\"firing\"} %lld\n", (long long)n.firing);
	buf_fmt(b, "aplomb_alerts{state=\"acknowledged\"} %lld\n", (long long)n.acknowledged);
	buf_fmt(b, "aplomb_alerts{state=\"resolved\"} %lld\n", (long long)n.resolved);
	one(b, "aplomb_ledger_position", "gauge", "Position of the last event on disk.", n.pos);
	one(b, "aplomb_inbox_rows", "gauge", "Bodies of senders that were kept.", n.inbox_rows);
	one(b, "aplomb_wal_pages", "gauge", "Pages in the write-ahead log after the last commit.",
	    n.wal_pages);
	if (n.snapshot_ms) {
		begin(b, "aplomb_snapshot_timestamp_seconds", "gauge",
		      "When the live alerts were last written as a snapshot; absent before the "
		      "first.");
		buf_z(b, "aplomb_snapshot_timestamp_seconds ");
		milli(b, n.snapshot_ms);
	}
}

static int add_incidents(struct visit *v, struct buf *b, struct err *e)
{
	struct incident_rows rows = { 0 };
	struct view_filter open = { .open_only = true, .limit = MOST_OPEN };
	if (view_incidents(v->db, &open, v->arena, &rows, e) != 0)
		return -1;
	begin(b, "aplomb_incidents_open", "gauge",
	      "Incidents that are neither resolved nor closed.");
	for (int s = 0; severity_names[s]; s++) {
		int64_t n = 0;
		LIST_EACH (row, &rows)
			n += row->severity == s;
		if (severity_names[s][0])
			buf_fmt(b, "aplomb_incidents_open{severity=\"%s\"} %lld\n",
				severity_names[s], (long long)n);
	}
	return 0;
}

static void add_process(struct visit *v, struct buf *b)
{
	struct process p;
	const char *folder = store_folder(v->config->store);
	process_read(&p);
	one(b, "aplomb_database_bytes", "gauge", "Size of the database file.",
	    file_bytes(str_fmt(v->arena, "%s/aplomb.db", folder).at));
	one(b, "aplomb_wal_bytes", "gauge", "Size of the write-ahead log's file.",
	    file_bytes(str_fmt(v->arena, "%s/aplomb.db-wal", folder).at));
	one(b, "process_resident_memory_bytes", "gauge", "Resident memory.", p.rss_bytes);
	if (p.open_fds >= 0)
		one(b, "process_open_fds", "gauge", "Open file descriptors.", p.open_fds);
	if (p.max_fds >= 0)
		one(b, "process_max_fds", "gauge", "Most file descriptors allowed.", p.max_fds);
	begin(b, "process_cpu_seconds_total", "counter", "User and system time.");
	buf_z(b, "process_cpu_seconds_total ");
	milli(b, p.cpu_ms);
	begin(b, "process_start_time_seconds", "gauge",
	      "When the process started, since 1970 UTC.");
	buf_z(b, "process_start_time_seconds ");
	milli(b, v->web->started_ms);
	begin(b, "aplomb_build_info", "gauge", "Always 1; which Aplomb this is.");
	buf_fmt(b, "aplomb_build_info{version=\"%s\"} 1\n", aplomb_version);
}

int get_metrics(struct visit *v, struct reply *r, struct err *e)
{
	struct buf b = BUF(v->arena);
	struct metrics *m = &v->web->metrics;
	add_requests(&b, m);
	add_intake(&b, "aplomb_intake_bodies_total",
		   "Bodies that senders posted, by what became of them.", m->bodies);
	add_intake(&b, "aplomb_intake_alerts_total", "Alerts in those bodies.", m->signals);
	add_server(&b, atomic_load(&m->server));
	add_engine(v, &b);
	if (add_incidents(v, &b, e) != 0)
		return -1;
	add_process(v, &b);
	r->type = STR("text/plain; version=0.0.4; charset=utf-8");
	r->body = buf_str(&b);
	return 0;
}
