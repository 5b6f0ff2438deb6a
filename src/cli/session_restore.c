/*
 * Owns the way of what the database holds into a summary. Must not know how it came there.
 */
#include "cli/session.h"

#include <stdlib.h>

struct restoring {
	struct run *run;
	struct tally *tally;
};

static bool restore_count(void *context, const struct count *count, struct error *error)
{
	struct restoring *restoring = context;

	return tally_restore(restoring->tally, count, error);
}

static bool restore_run(void *context, const struct store_run *run, struct error *error)
{
	struct restoring *restoring = context;
	struct tally_lines lines = { run->lines, run->bytes, run->lines_with_hits,
		run->long_lines };

	(void)error;
	tally_restore_lines(restoring->tally, &lines);
	return true;
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
	struct restoring restoring = { run, tally_new(run->reading.setup.catalog, error) };
	bool is_whole = !window_is_bounded(window);

	if (restoring.tally != NULL &&
	    tally_set_window(restoring.tally, window,
	        run->reading.setup.has_by ? &run->reading.setup.by : NULL, error) &&
	    store_read_counts(store, range, restore_count, &restoring, error) &&
	    (!is_whole || store_read_runs(store, range, restore_run, &restoring, error)))
		return restoring.tally;
	tally_free(restoring.tally);
	return NULL;
}

struct tally *session_restore(
    struct session *session, const struct window *window, struct error *error)
{
	struct store_range range = { .since = window->since, .until = window->until };

	return restore(session->run, session->store, &range, window, error);
}

struct remembering {
	struct summary_history *history;
	bool is_news;
	int64_t since; /* of the window; COUNT_NO_TIME: open */
};

static bool remember_run(void *context, const struct store_run *run, struct error *error)
{
	struct remembering *remembering = context;
	struct summary_history *history = remembering->history;
	struct summary_run row = { run->id, run->started, run->is_delivered, run->lines };

	history->totals.last_run = run->ended;
	/* what came before the first run that was not delivered is known to the reader; and a run
	 * has no lines of a window that began later */
	if (run->is_delivered && remembering->is_news)
		history->new_since = run->ended;
	else if (remembering->since != COUNT_NO_TIME && run->ended < remembering->since)
		return true;
	else if (!summary_history_add_run(history, &row))
		return error_set_memory(error);
	return true;
}

struct totalling {
	struct summary_history *history;
	const struct catalog *catalog;
};

static bool remember_gap(void *context, const struct store_gap *gap, struct error *error)
{
	struct remembering *remembering = context;

	return summary_history_add_gap(remembering->history, gap->file, gap->bytes, gap->reason) ||
	       error_set_memory(error);
}

/* A code that no catalog knows any more has no category to stand under. */
static bool remember_total(void *context, const struct count *count, struct error *error)
{
	struct totalling *totalling = context;
	struct summary_totals *totals = &totalling->history->totals;
	const struct catalog_entry *entry = catalog_find(totalling->catalog, count->code);

	totals->classes[count->counts_as] += count->count;
	return count->counts_as != HIT_RESPONSE || entry == NULL ||
	       summary_history_add_total(totalling->history, entry, count->count) ||
	       error_set_memory(error);
}

static bool remember_totals(
    struct session *session, struct summary_history *history, struct error *error)
{
	struct totalling totalling = { history, session->run->reading.setup.catalog };
	struct summary_totals *totals = &history->totals;
	struct store_sums sums;

	if (!store_read_totals(session->store, &sums, remember_total, &totalling, error))
		return false;
	totals->lines = sums.lines;
	totals->bytes = sums.bytes;
	totals->runs = sums.runs;
	totals->gaps = sums.gaps;
	return true;
}

/* What the database knows beside the counts. */
static bool remember(struct session *session, const struct store_range *range,
    struct summary *summary, struct error *error)
{
	struct store_range all = { .undelivered = false };
	struct remembering remembering = { .is_news = range->undelivered, .since = range->since };

	summary->history = summary_history_new(false);
	if (summary->history == NULL)
		return error_set_memory(error);
	remembering.history = summary->history;
	if (!store_read_rules(session->store, range, &session->rules, error))
		return false;
	summary->history->older_until = session->rules.until;
	if (session->rules.name != NULL || session->rules.is_mixed)
		summary->rules = session->rules.name;
	summary->is_by_quarter = true;
	summary->lines_unknown = window_is_bounded(&session->run->reading.report_window);
	return store_read_runs(session->store, &all, remember_run, &remembering, error) &&
	       store_read_gaps(session->store, range, remember_gap, &remembering, error) &&
	       remember_totals(session, summary->history, error) &&
	       session_remember_reports(session, summary, error);
}

static struct summary *summarize(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct store_range range;
	struct summary *summary = NULL;

	/* a run without logs has not asked yet */
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
