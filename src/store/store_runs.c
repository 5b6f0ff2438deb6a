/*
 * Owns the rows of runs, of the gaps that they found and of the windows that they reported. Must
 * not know what the counts of a run are, how a window is chosen, or what is in it.
 *
 * All runs are read at once, and their rows checked, before one of them is used: there are few. A
 * run takes in more as long as no report was announced for it; then it is delivered together with
 * all before it.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

#define RUN_COLUMNS \
	"id, epoch, started, ended, exit, delivered, lines, bytes, lines_with_hits, long_lines," \
	" new_files, first_tally, last_tally, checksum"

#define REPORT_COLUMNS "run, since, until, last, delivered, checksum"

/* A run that goes on over several transactions has its rows written anew each time. With this
 * many rows it ends, and the next transaction begins another run. */
#define GROWING_ROWS_MAX 4096

static void put_run(struct row *row, const struct store_run *run)
{
	row_put_integer(row, run->id);
	row_put_integer(row, run->epoch);
	row_put_integer(row, run->started);
	row_put_integer(row, run->ended);
	row_put_integer(row, run->exit_status);
	row_put_integer(row, run->is_delivered);
	row_put_count(row, run->lines);
	row_put_count(row, run->bytes);
	row_put_count(row, run->lines_with_hits);
	row_put_count(row, run->long_lines);
	row_put_count(row, run->new_files);
	row_put_integer(row, run->first_count);
	row_put_integer(row, run->last_count);
}

static void get_run(struct row *row, struct store_run *run)
{
	memset(run, 0, sizeof(*run));
	run->id = row_get_integer(row, 1, INT64_MAX);
	run->epoch = row_get_integer(row, 1, INT64_MAX);
	run->started = row_get_integer(row, INT64_MIN, INT64_MAX);
	run->ended = row_get_integer(row, INT64_MIN, INT64_MAX);
	run->exit_status = (int)row_get_integer(row, 0, 255);
	run->is_delivered = row_get_integer(row, 0, 1) == 1;
	run->lines = row_get_count(row);
	run->bytes = row_get_count(row);
	run->lines_with_hits = row_get_count(row);
	run->long_lines = row_get_count(row);
	run->new_files = row_get_count(row);
	run->first_count = row_get_integer(row, 1, INT64_MAX);
	run->last_count = row_get_integer(row, run->first_count - 1, INT64_MAX - 1);
}

bool store_update_run(struct store *store, const struct store_run *run, struct error *error)
{
	struct row row;

	if (!row_init(&row, store, "run",
	        "INSERT OR REPLACE INTO run (" RUN_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	        error))
		return false;
	put_run(&row, run);
	return row_finish(&row, error);
}

/* ---- reading ---- */

static bool load_runs(
    struct store *store, struct store_run **runs, size_t *count, struct error *error)
{
	struct row row;
	enum row_result result;
	size_t room = 0;

	*runs = NULL;
	*count = 0;
	if (!row_init(&row, store, "run", "SELECT " RUN_COLUMNS " FROM run ORDER BY id", error))
		return false;
	while ((result = row_read(&row, error)) == ROW_READ) {
		if (*count == room) {
			struct store_run *grown;

			room = room * 2 + 64;
			grown = realloc(*runs, room * sizeof(**runs));
			if (grown == NULL) {
				(void)error_set_memory(error);
				break;
			}
			*runs = grown;
		}
		get_run(&row, &(*runs)[*count]);
		if (!row_check(&row, error))
			break;
		(*count)++;
	}
	row_release(&row);
	return result == ROW_END;
}

static bool is_in_range(const struct store_cursor *cursor, const struct store_run *run)
{
	const struct store_range *range = &cursor->range;

	return store_rules_of(cursor->store, run->epoch) != NULL &&
	       !(range->undelivered && run->is_delivered) && run->id > range->after_run &&
	       (range->last_run == 0 || run->id <= range->last_run);
}

bool store_next_run(struct store_cursor *cursor, struct store_run *run, struct error *error)
{
	if (cursor == NULL || cursor->has_failed)
		return false;
	if (cursor->runs == NULL)
		cursor->has_failed =
		    !load_runs(cursor->store, &cursor->runs, &cursor->run_count, error);
	while (!cursor->has_failed && cursor->next_run < cursor->run_count) {
		*run = cursor->runs[cursor->next_run++];
		if (is_in_range(cursor, run))
			return true;
	}
	return false;
}

/* The run of that id, and the largest id; 0: there is none. */
static bool find_run(
    struct store *store, int64_t id, struct store_run *run, int64_t *largest, struct error *error)
{
	struct store_run *runs;
	size_t count;
	bool loaded = load_runs(store, &runs, &count, error);

	*run = (struct store_run){ .id = 0 };
	*largest = 0;
	for (size_t i = 0; i < count && loaded; i++) {
		*largest = runs[i].id;
		if (runs[i].id == id)
			*run = runs[i];
	}
	free(runs);
	return loaded;
}

bool store_read_end(struct store *store, int64_t run, int64_t *ended, struct error *error)
{
	struct store_run found;
	int64_t largest;

	if (!find_run(store, run, &found, &largest, error))
		return false;
	*ended = found.id == 0 ? INT64_MIN : found.ended;
	return true;
}

/* ---- the windows that were reported ---- */

static bool put_report(struct store *store, const struct store_report *report, struct error *error)
{
	struct row row;

	if (!row_init(&row, store, "report",
	        "INSERT OR REPLACE INTO report (" REPORT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)",
	        error))
		return false;
	row_put_integer(&row, report->run);
	row_put_seconds(&row, report->since);
	row_put_seconds(&row, report->until);
	row_put_integer(&row, report->is_last);
	row_put_integer(&row, report->is_delivered);
	return row_finish(&row, error);
}

static void get_report(struct row *row, struct store_report *report)
{
	report->run = row_get_integer(row, 1, INT64_MAX);
	report->since = row_get_seconds(row);
	report->until = row_get_seconds(row);
	report->is_last = row_get_integer(row, 0, 1) == 1;
	report->is_delivered = row_get_integer(row, 0, 1) == 1;
}

bool store_announce(struct store *store, const struct store_report *report, struct error *error)
{
	struct store_report announced = *report;

	announced.is_delivered = false;
	return put_report(store, &announced, error);
}

/* The row that a query gives; run 0 where it gives none. */
static bool find_report(struct store *store, const char *sql, int64_t parameter,
    struct store_report *report, struct error *error)
{
	struct store_cursor *rows = store_cursor_new(store, NULL, error);

	*report = (struct store_report){ .run = 0 };
	if (store_cursor_read(rows, "report", sql, &parameter, 1, error)) {
		get_report(&rows->row, report);
		(void)store_cursor_check(rows, error);
	}
	return store_cursor_end(rows);
}

static bool read_announced(struct store *store, int64_t *run, struct error *error)
{
	struct store_report report;

	if (!find_report(store,
	        "SELECT " REPORT_COLUMNS " FROM report WHERE run > ?1 ORDER BY run DESC LIMIT 1", 0,
	        &report, error))
		return false;
	*run = report.run;
	return true;
}

static bool deliver_report(struct store *store, int64_t run, struct error *error)
{
	struct store_report report;

	if (!find_report(
	        store, "SELECT " REPORT_COLUMNS " FROM report WHERE run = ?1", run, &report, error))
		return false;
	report.is_delivered = true;
	return report.run == 0 || put_report(store, &report, error);
}

static void reach(struct store_reached *reached, const struct store_report *report, int64_t limit)
{
	if (report->until > limit) {
		if (report->is_last)
			reached->ahead = report->until;
		return;
	}
	if (reached->until == COUNT_NO_TIME || report->until > reached->until)
		reached->until = report->until;
	if (report->is_last) { /* runs ascend */
		reached->last = *report;
		reached->ahead = COUNT_NO_TIME;
	}
}

bool store_read_reached(
    struct store *store, int64_t limit, struct store_reached *reached, struct error *error)
{
	struct store_cursor *rows = store_cursor_new(store, NULL, error);
	struct store_report report;

	*reached = (struct store_reached){ .until = COUNT_NO_TIME, .ahead = COUNT_NO_TIME };
	while (store_cursor_read(
	    rows, "report", "SELECT " REPORT_COLUMNS " FROM report ORDER BY run", NULL, 0, error)) {
		get_report(&rows->row, &report);
		if (store_cursor_check(rows, error) && report.is_delivered)
			reach(reached, &report, limit);
	}
	return store_cursor_end(rows);
}

/* ---- writing ---- */

/* The run that goes on, else a new one. A run goes on only while no report was announced for it
 * or a later one: see store_announce. */
static bool reach_run(
    struct store *store, const struct store_run *record, struct store_run *run, struct error *error)
{
	int64_t announced;
	int64_t largest;

	if (!find_run(store, record->id, run, &largest, error) ||
	    !read_announced(store, &announced, error))
		return false;
	if (run->id > announced && run->epoch == store->epoch && !run->is_delivered &&
	    run->last_count - run->first_count < GROWING_ROWS_MAX)
		return true;
	*run = (struct store_run){ .id = largest + 1,
		.epoch = store->epoch,
		.started = record->started,
		.first_count = 1 };
	return store_add_total(store, "run", 1, error);
}

bool store_write_run(struct store *store, struct store_run *record, const struct count *counts,
    size_t count, struct error *error)
{
	struct store_run run;

	if (!reach_run(store, record, &run, error))
		return false;
	run.ended = record->ended;
	run.exit_status = record->exit_status;
	run.lines = store_add(run.lines, record->lines);
	run.bytes = store_add(run.bytes, record->bytes);
	run.lines_with_hits = store_add(run.lines_with_hits, record->lines_with_hits);
	run.long_lines = store_add(run.long_lines, record->long_lines);
	run.new_files = store_add(run.new_files, record->new_files);
	record->id = run.id;
	return store_add_counts(store, &run, counts, count, error) &&
	       store_add_totals(store, counts, count, error) &&
	       store_add_total(store, "line", record->lines, error) &&
	       store_add_total(store, "byte", record->bytes, error);
}

/* ---- delivery ---- */

/* Marks all runs up to that one. */
static bool deliver_runs(struct store *store, int64_t last, int exit_status, struct error *error)
{
	struct store_range range = { .undelivered = true, .last_run = last };
	struct store_cursor *runs = store_cursor_new(store, &range, error);
	struct store_run run;
	bool delivered = true;

	while (delivered && store_next_run(runs, &run, error)) {
		run.is_delivered = true;
		if (run.id == last)
			run.exit_status = exit_status;
		delivered = store_update_run(store, &run, error);
	}
	return store_cursor_end(runs) && delivered;
}

bool store_deliver(struct store *store, int64_t run, int exit_status, struct error *error)
{
	struct error ignored = ERROR_INIT;

	if ((store->flags & STORE_DRY_RUN) != 0)
		return true;
	if (!store_execute(store, "BEGIN IMMEDIATE;", error))
		return false;
	if (deliver_runs(store, run, exit_status, error) && deliver_report(store, run, error) &&
	    store_execute(store, "COMMIT;", error))
		return true;
	(void)store_execute(store, "ROLLBACK;", &ignored);
	return false;
}

/* ---- gaps ---- */

bool store_write_gap(
    struct store *store, int64_t run, const struct store_gap *gap, struct error *error)
{
	struct row row;

	if (!row_init(&row, store, "gap", "INSERT INTO gap VALUES (?, ?, ?, ?, ?)", error))
		return false;
	row_put_integer(&row, run);
	row_put_text(&row, gap->file);
	row_put_count(&row, gap->bytes);
	row_put_text(&row, gap->reason);
	return row_finish(&row, error) && store_add_total(store, "gap", 1, error);
}

#define SELECT_GAPS \
	"SELECT gap.run, gap.file, gap.bytes, gap.reason, gap.checksum FROM gap" \
	" JOIN run ON run.id = gap.run WHERE run.epoch BETWEEN ?7 AND ?1 AND run.delivered <= ?2" \
	" AND (run.id <= ?6 OR ?6 = 0) AND run.ended >= ?3" \
	" AND coalesce((SELECT ended FROM run AS before WHERE before.id < run.id" \
	" ORDER BY before.id DESC LIMIT 1), ?5) < ?4 ORDER BY gap.rowid"

static bool read_gap(struct store_cursor *cursor, struct error *error)
{
	const struct store *store = cursor->store;
	const struct store_range *range = &cursor->range;
	const int64_t values[] = { store->epoch, range->undelivered ? 0 : 1,
		range->since == COUNT_NO_TIME ? INT64_MIN : range->since,
		range->until == COUNT_NO_TIME ? INT64_MAX : range->until, INT64_MIN,
		range->last_run,
		store->series_count == 0 ? 0 : store->series[store->series_count - 1].id };

	return store_cursor_read(cursor, "gap", SELECT_GAPS, values, 7, error);
}

bool store_next_gap(struct store_cursor *cursor, struct store_gap *gap, struct error *error)
{
	if (cursor == NULL || !read_gap(cursor, error))
		return false;
	(void)row_get_integer(&cursor->row, 1, INT64_MAX);
	gap->file = row_get_text(&cursor->row);
	gap->bytes = row_get_count(&cursor->row);
	gap->reason = row_get_text(&cursor->row);
	return store_cursor_check(cursor, error);
}

/* ---- dropping ---- */

static bool drop_run(struct store *store, int64_t id, struct error *error)
{
	return store_change(store, "DELETE FROM gap WHERE run = ?1", &id, 1, error) &&
	       store_change(store, "DELETE FROM run WHERE id = ?1", &id, 1, error);
}

static bool drop_reports(struct store *store, int64_t oldest, struct error *error)
{
	int64_t seconds = oldest / 1000;

	return store_change(store,
	    "DELETE FROM report WHERE until < ?1 AND run NOT IN (SELECT run FROM report"
	    " WHERE last AND delivered ORDER BY run DESC LIMIT 1)",
	    &seconds, 1, error);
}

static bool drop_of_run(struct store *store, struct row *row, const struct store_run *run,
    int64_t oldest, struct error *error)
{
	struct store_run kept = *run;
	bool is_old = run->ended < oldest && run->is_delivered;

	if (!store_drop_counts(row, &kept, oldest, is_old, error))
		return false;
	if (is_old && kept.first_count > kept.last_count)
		return drop_run(store, run->id, error);
	return (kept.first_count == run->first_count && kept.last_count == run->last_count) ||
	       store_update_run(store, &kept, error);
}

bool store_drop_old(struct store *store, int64_t oldest, struct error *error)
{
	struct store_run *runs = NULL;
	struct row row;
	size_t count = 0;
	bool dropped =
	    store_begin_counts(&row, store, error) && load_runs(store, &runs, &count, error);

	for (size_t i = 0; i < count && dropped; i++)
		dropped = drop_of_run(store, &row, &runs[i], oldest, error);
	row_release(&row);
	free(runs);
	return dropped && drop_reports(store, oldest, error);
}
