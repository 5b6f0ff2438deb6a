/*
 * Owns the rows of reports: which windows were told to somebody. Must not know how a window is
 * chosen, or what is in it.
 */
#include <string.h>

#include "store/store_parts.h"

#define COLUMNS "run, since, until, last, delivered, checksum"
#define MILLISECONDS 1000

static int64_t seconds_of(int64_t time)
{
	return time == COUNT_NO_TIME ? COUNT_NO_TIME : time / MILLISECONDS;
}

static int64_t milliseconds_of(struct row *row, int64_t seconds)
{
	if (seconds == COUNT_NO_TIME)
		return COUNT_NO_TIME;
	if (seconds > INT64_MAX / MILLISECONDS || seconds < INT64_MIN / MILLISECONDS) {
		row->is_wrong = true;
		return 0;
	}
	return seconds * MILLISECONDS;
}

static bool put_report(struct store *store, const struct store_report *report, struct error *error)
{
	struct row row;
	bool written;

	if (!row_init(&row, store, "report",
	        "INSERT OR REPLACE INTO report (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)", error))
		return false;
	row_put_integer(&row, report->run);
	row_put_time(&row, seconds_of(report->since));
	row_put_integer(&row, seconds_of(report->until));
	row_put_integer(&row, report->is_last);
	row_put_integer(&row, report->is_delivered);
	written = row_write(&row, error);
	row_release(&row);
	return written;
}

static bool get_report(struct row *row, struct store_report *report, struct error *error)
{
	report->run = row_get_integer(row, 1, INT64_MAX);
	report->since = milliseconds_of(row, row_get_time(row));
	report->until = milliseconds_of(row, row_get_integer(row, INT64_MIN + 2, INT64_MAX));
	report->is_last = row_get_integer(row, 0, 1) == 1;
	report->is_delivered = row_get_integer(row, 0, 1) == 1;
	return row_check(row, error);
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
	struct row row;
	enum row_result result;
	bool found;

	*report = (struct store_report){ .run = 0 };
	if (!row_init(&row, store, "report", sql, error))
		return false;
	row_bind(&row, 1, parameter);
	result = row_read(&row, error);
	found = result == ROW_END || (result == ROW_READ && get_report(&row, report, error));
	row_release(&row);
	return found;
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
	struct row row;
	enum row_result result;

	*reached = (struct store_reached){ .until = COUNT_NO_TIME, .ahead = COUNT_NO_TIME };
	if (!row_init(&row, store, "report", "SELECT " COLUMNS " FROM report ORDER BY run", error))
		return false;
	while ((result = row_read(&row, error)) == ROW_READ) {
		struct store_report report;

		if (!get_report(&row, &report, error)) {
			result = ROW_ERROR;
			break;
		}
		if (report.is_delivered)
			reach(reached, &report, limit);
	}
	row_release(&row);
	return result == ROW_END;
}

bool store_drop_reports(struct store *store, int64_t oldest, struct error *error)
{
	struct row row;
	bool dropped;

	if (!row_init(&row, store, "report",
	        "DELETE FROM report WHERE until < ?1 AND run NOT IN (SELECT run FROM report"
	        " WHERE last AND delivered ORDER BY run DESC LIMIT 1)",
	        error))
		return false;
	row_bind(&row, 1, seconds_of(oldest));
	dropped = row_read(&row, error) == ROW_END;
	row_release(&row);
	return dropped;
}
