/*
 * Owns the way of what the database holds into a summary: its counts go into a tally as if their
 * hits came now, and what it knows beside them into the history. Must not know how it came there.
 */
#include "cli/session.h"

#include <stdlib.h>

static bool restore_counts(
    struct tally *tally, struct store *store, const struct store_range *range, struct error *error)
{
	struct store_cursor *counts = store_cursor_new(store, range, error);
	struct count count;
	bool restored = true;

	while (restored && store_next_count(counts, &count, error))
		restored = tally_restore(tally, &count, error);
	return store_cursor_end(counts) && restored;
}

static bool restore_lines(
    struct tally *tally, struct store *store, const struct store_range *range, struct error *error)
{
	struct store_cursor *runs = store_cursor_new(store, range, error);
	struct store_run run;

	while (store_next_run(runs, &run, error)) {
		struct tally_lines lines = { run.lines, run.bytes, run.lines_with_hits,
			run.long_lines };

		tally_restore_lines(tally, &lines);
	}
	return store_cursor_end(runs);
}

/* Which counts the report is about: a window; or what is new; or, without logs, all. */
static struct store_range range_of(const struct session *session)
{
	const struct run *run = session->run;
	struct store_range range = { .undelivered = run->options->operands.count > 0,
		.since = run->reading.report_window.since,
		.until = run->reading.report_window.until };

	if (window_is_bounded(&run->reading.report_window))
		range.undelivered = false;
	if (session->is_announced)
		range.last_run = session->record.id; /* others may have taken in more by now */
	if (run->reading.setup.since_last)
		range.timeless_after = session->reached.last.run;
	return range;
}

static struct tally *restore(struct run *run, struct store *store, const struct store_range *range,
    const struct window *window, struct error *error)
{
	struct tally *tally = tally_new(run->reading.setup.catalog, error);

	if (tally != NULL &&
	    tally_set_window(
	        tally, window, run->reading.setup.has_by ? &run->reading.setup.by : NULL, error) &&
	    restore_counts(tally, store, range, error) &&
	    (window_is_bounded(window) || restore_lines(tally, store, range, error)))
		return tally;
	tally_free(tally);
	return NULL;
}

struct tally *session_restore(
    struct session *session, const struct window *window, struct error *error)
{
	struct store_range range = { .since = window->since, .until = window->until };

	return restore(session->run, session->store, &range, window, error);
}

/* ---- what the database knows beside the counts ---- */

/* Of the range that is reported, the runs to be told. */
static bool remember_runs(struct summary_history *history, struct store *store,
    const struct store_range *range, struct error *error)
{
	struct store_cursor *runs = store_cursor_new(store, NULL, error);
	struct store_run run;
	bool remembered = true;

	while (remembered && store_next_run(runs, &run, error)) {
		struct summary_run row = { run.id, run.started, run.is_delivered, run.lines };

		history->totals.last_run = run.ended;
		/* what came before the first run that was not delivered is known to the reader; and
		 * a run has no lines of a window that began later */
		if (run.is_delivered && range->undelivered)
			history->new_since = run.ended;
		else if (range->since == COUNT_NO_TIME || run.ended >= range->since)
			remembered =
			    summary_history_add_run(history, &row) || error_set_memory(error);
	}
	return store_cursor_end(runs) && remembered;
}

static bool remember_gaps(struct summary_history *history, struct store *store,
    const struct store_range *range, struct error *error)
{
	struct store_cursor *gaps = store_cursor_new(store, range, error);
	struct store_gap gap;
	bool remembered = true;

	while (remembered && store_next_gap(gaps, &gap, error))
		remembered = summary_history_add_gap(history, gap.file, gap.bytes, gap.reason) ||
		             error_set_memory(error);
	return store_cursor_end(gaps) && remembered;
}

/* A code that no catalog knows any more has no category to stand under. */
static bool remember_totals(struct summary_history *history, struct store *store,
    const struct catalog *catalog, struct error *error)
{
	struct store_cursor *cursor = store_cursor_new(store, NULL, error);
	struct summary_totals *totals = &history->totals;
	struct store_sums sums = { 0 };
	struct count total;
	bool remembered = store_read_sums(store, &sums, error);

	totals->lines = sums.lines;
	totals->bytes = sums.bytes;
	totals->runs = sums.runs;
	totals->gaps = sums.gaps;
	while (remembered && store_next_total(cursor, &total, error)) {
		const struct catalog_entry *entry = catalog_find(catalog, total.code);

		totals->classes[total.counts_as] += total.count;
		if (total.counts_as == HIT_RESPONSE && entry != NULL)
			remembered = summary_history_add_total(history, entry, total.count) ||
			             error_set_memory(error);
	}
	return store_cursor_end(cursor) && remembered;
}

static bool remember(struct session *session, const struct store_range *range,
    struct summary *summary, struct error *error)
{
	struct store *store = session->store;
	struct summary_history *history = summary_history_new(summary, false);

	if (history == NULL)
		return error_set_memory(error);
	if (!store_read_rules(store, range, &session->rules, error))
		return false;
	history->older_until = session->rules.until;
	if (session->rules.name != NULL || session->rules.is_mixed)
		summary->rules = session->rules.name;
	summary->is_by_quarter = true;
	summary->lines_unknown = window_is_bounded(&session->run->reading.report_window);
	return remember_runs(history, store, range, error) &&
	       remember_gaps(history, store, range, error) &&
	       remember_totals(history, store, session->run->reading.setup.catalog, error) &&
	       session_remember_reports(session, summary, error);
}

static struct summary *summarize(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct store_range range;
	struct summary *summary = NULL;

	/* a run with logs has done this before it announced its report */
	if (run->options->operands.count == 0 && !session_find_window(session, error))
		return NULL;
	range = range_of(session);

	if (run->reading.file_count == 0) /* what the report is about */
		run->reading.files[run->reading.file_count++] = run->options->db;
	tally_free(run->reading.restored);
	run->reading.restored =
	    restore(run, session->store, &range, &run->reading.report_window, error);
	if (run->reading.restored == NULL)
		return NULL;
	summary = reading_summarize(&run->reading, error);
	if (summary != NULL && remember(session, &range, summary, error))
		return summary;
	summary_free(summary);
	return NULL;
}

struct summary *session_summarize(struct session *session, struct error *error)
{
	struct summary *summary = NULL;

	if (store_hold(session->store, error))
		summary = summarize(session, error);
	store_release(session->store);
	return summary;
}
