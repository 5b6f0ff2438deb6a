/*
 * Owns the rows of reports: which windows were told to somebody. Must not know how a window is
 * chosen, or what is in it.
 */
#include <string.h>

#include "store/store_parts.h"

#define COLUMNS "run, since, until, last, delivered, checksum"

static bool put_report(struct store *store, const struct store_report *report, struct error *error)
{
	struct row row;

	if (!row_init(&row, store, "report",
	        "INSERT OR REPLACE INTO report (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)", error))
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

/* ---- one row ---- */

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

bool store_read_announced(struct store *store, int64_t *run, struct error *error)
{
	struct store_report report;

	if (!find_report(store,
	        "SELECT " COLUMNS " FROM report WHERE run > ?1 ORDER BY run DESC LIMIT 1", 0,
	        &report, error))
		return false;
	*run = report.run;
	return true;
}

bool store_deliver_report(struct store *store, int64_t run, struct error *error)
{
	struct store_report report;

	if (!find_report(
	        store, "SELECT " COLUMNS " FROM report WHERE run = ?1", run, &report, error))
		return false;
	report.is_delivered = true;
	return report.run == 0 || put_report(store, &report, error);
}

/* ---- all rows ---- */

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
	    rows, "report", "SELECT " COLUMNS " FROM report ORDER BY run", NULL, 0, error)) {
		get_report(&rows->row, &report);
		if (store_cursor_check(rows, error) && report.is_delivered)
			reach(reached, &report, limit);
	}
	return store_cursor_end(rows);
}

bool store_drop_reports(struct store *store, int64_t oldest, struct error *error)
{
	int64_t seconds = oldest / 1000;

	return store_change(store,
	    "DELETE FROM report WHERE until < ?1 AND run NOT IN (SELECT run FROM report"
	    " WHERE last AND delivered ORDER BY run DESC LIMIT 1)",
	    &seconds, 1, error);
}
