/*
 * Owns the way of what the database holds into the summary of a report: which window the report is
 * about, its counts, what the database knows beside them, and the same of other windows to compare
 * with. Must not know how it came into the database, or how a report is made.
 *
 * The counts of the window go into a tally as if their hits came now, so that a report over a
 * database is made as one over logs is. A report for --since last begins where the last one of that
 * kind ended; what came too late for that one, and days that no report has covered, are told beside
 * it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/now.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "cli/session.h"
#include "cli/when.h"
#include "report/baseline.h"
#include "report/dates.h"

#define DAY_MILLISECONDS INT64_C(86400000)

/* ---- the window ---- */

bool session_find_window(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct window *window = &run->reading.report_window;
	/* The last report may end in the future, since the clock was set back. Where it is a
	 * little, there is nothing to report until then; where it is more than a day, that
	 * report does not count. */
	int64_t limit = run->reading.setup.now + DAY_MILLISECONDS;
	int64_t last;

	if (!store_read_reached(session->store, limit, &session->reached, error))
		return false;
	if (!run->reading.setup.since_last)
		return true;
	window->since = session->reached.last.until;
	if (session->reached.last.run == 0 &&
	    !store_read_span(session->store, &window->since, &last, error))
		return false;
	if (window->since != CLOCK_UNKNOWN && window->since > window->until)
		window->since = window->until;
	return true;
}

bool session_is_covered(const struct session *session)
{
	const struct window *window = &session->run->reading.report_window;

	return session->run->reading.setup.since_last && window->since == window->until;
}

/* ---- for the next one ---- */

/* Where the report ends: not in the future. */
static int64_t end_of(const struct window *window)
{
	int64_t end = when_quarter(now_milliseconds());

	return window->until == CLOCK_UNKNOWN || window->until > end ? end : window->until;
}

bool session_announce(struct session *session, struct error *error)
{
	const struct run *run = session->run;
	const struct window *window = &run->reading.report_window;
	struct store_report report = { .run = session->record.id,
		.since = window->since,
		.until = end_of(window),
		.is_last = run->reading.setup.since_last };
	/* a run that follows reports once, at its end */
	bool is_to_come = !run->options->follow || run->is_ending;

	session->is_announced = is_to_come && options_have_reader(run->options) &&
	                        (report.since == CLOCK_UNKNOWN || report.since < report.until);
	return !session->is_announced || store_announce(session->store, &report, error);
}

/* ---- the counts ---- */

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
	bool restored = true;

	while (restored && store_next_run(runs, &run, error)) {
		struct tally_lines lines = { run.lines, run.bytes, run.lines_with_hits,
			run.long_lines };

		restored = tally_restore_lines(tally, &lines, error);
	}
	return store_cursor_end(runs) && restored;
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

static struct tally *restore_window(
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

static void add_late(struct summary_history *history, const struct count *count)
{
	struct summary_stretch *span = &history->late_span;

	if (count->time == COUNT_NO_TIME)
		return; /* the report itself tells of these */
	history->late += count->count;
	if (span->since == SUMMARY_NO_TIME || count->time < span->since)
		span->since = count->time;
	if (span->until == SUMMARY_NO_TIME || count->time >= span->until)
		span->until = count->time + COUNT_QUARTER_MILLISECONDS;
}

/* What was taken in since the last report, of the time before it. */
static bool count_late(
    struct session *session, struct summary_history *history, struct error *error)
{
	struct store_range range = { .since = COUNT_NO_TIME,
		.until = session->run->reading.report_window.since,
		.after_run = session->reached.last.run,
		.last_run = session->is_announced ? session->record.id : 0 };
	struct store_cursor *counts = store_cursor_new(session->store, &range, error);
	struct count count;

	while (store_next_count(counts, &count, error))
		add_late(history, &count);
	return store_cursor_end(counts);
}

/* Notes the time between the reports of before and this one as missed, if it is a day or more. */
static bool add_missed(
    const struct session *session, struct summary_history *history, struct error *error)
{
	struct summary_stretch missed = { session->reached.until,
		session->run->reading.report_window.since };

	return !session->is_announced || missed.until == CLOCK_UNKNOWN ||
	       missed.since == COUNT_NO_TIME || when_days_before(missed.until, 1) < missed.since ||
	       summary_history_add_missed(history, &missed) || error_set_memory(error);
}

static bool remember_reports(struct session *session, struct summary *summary, struct error *error)
{
	const struct setup *setup = &session->run->reading.setup;

	summary->time.window = session_is_covered(session) ? SUMMARY_WINDOW_COVERED
	                       : setup->since_last && session->reached.last.run == 0
	                           ? SUMMARY_WINDOW_FIRST
	                       : setup->since_last ? SUMMARY_WINDOW_LAST
	                       : setup->is_rounded ? SUMMARY_WINDOW_ROUNDED
	                                           : SUMMARY_WINDOW_ASKED;
	if (!setup->since_last)
		return add_missed(session, summary->history, error);
	return summary->time.window != SUMMARY_WINDOW_LAST ||
	       count_late(session, summary->history, error);
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
	       remember_reports(session, summary, error);
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

/* ---- what of this is to be said beside the report ---- */

/* A time as --since takes it, in whatever zone. */
static void format_time(int64_t time, char text[ZONE_TEXT_MAX])
{
	struct zone zone = { 0 };

	(void)zone_format(&zone, time, false, text);
}

/* Says `what` of a stretch of time, and how to see that. */
static void name_stretch(
    const struct session *session, const char *what, const struct summary_stretch *stretch)
{
	char from[ZONE_TEXT_MAX];
	char to[ZONE_TEXT_MAX];

	format_time(stretch->since, from);
	format_time(stretch->until, to);
	message_print("%s; to see it: jgannotate -d '%s' -s --since %s --until %s", what,
	    session->run->options->db, from, to);
}

static void name_late(const struct session *session, const struct summary_history *history)
{
	char what[128];

	(void)snprintf(what, sizeof(what),
	    "%" PRIu64 " code%s came late, of a time that was reported before", history->late,
	    history->late == 1 ? "" : "s");
	name_stretch(session, what, &history->late_span);
}

static void name_missed(const struct session *session, const struct summary_stretch *missed)
{
	struct strbuf what = STRBUF_INIT;

	strbuf_add_text(&what, "no report has covered ");
	dates_days_add(&what, false, NULL, missed->since, missed->until - 1);
	name_stretch(session, what.failed ? "no report has covered all days" : what.data, missed);
	strbuf_release(&what);
}

static void name_covered(const struct session *session)
{
	const struct store_reached *reached = &session->reached;
	char end[ZONE_TEXT_MAX];

	format_time(session->run->reading.report_window.until, end);
	if (reached->last.run == 0) {
		message_print("nothing to report: the database begins after %s", end);
		return;
	}
	format_time(reached->last.until, end);
	message_print("nothing to report: the last report went up to %s", end);
}

void session_name_reports(const struct session *session, const struct summary *summary)
{
	const struct summary_history *history = summary->history;
	char to[ZONE_TEXT_MAX];

	if (session->run->reading.setup.since_last && session->reached.ahead != COUNT_NO_TIME) {
		format_time(session->reached.ahead, to);
		message_print(
		    "the clock was set back: there was a report up to %s, which is still to "
		    "come; this one begins where the one before that ended",
		    to);
	}
	if (summary->time.window == SUMMARY_WINDOW_COVERED && !session->run->options->quiet_if_ok)
		name_covered(session);
	if (history->late > 0)
		name_late(session, history);
	for (size_t i = 0; i < history->missed_count; i++)
		name_missed(session, &history->missed[i]);
}

/* ---- the comparison with other windows ---- */

/* The summaries of the windows, and the tallies that they are of. */
struct windows {
	struct summary **summaries;
	struct tally **tallies;
	size_t count;
	size_t left_out; /* windows, since they were counted by other rules */
};

static bool windows_init(struct windows *windows, size_t count, struct error *error)
{
	*windows = (struct windows){ calloc(count, sizeof(struct summary *)),
		calloc(count, sizeof(struct tally *)), 0, 0 };
	return (windows->summaries != NULL && windows->tallies != NULL) || error_set_memory(error);
}

static void windows_release(struct windows *windows)
{
	for (size_t i = 0; windows->summaries != NULL && i < windows->count; i++)
		summary_free(windows->summaries[i]);
	for (size_t i = 0; windows->tallies != NULL && i < windows->count; i++)
		tally_free(windows->tallies[i]);
	free(windows->summaries);
	free(windows->tallies);
}

/* Whether other rules made the counts than those of the report. */
static bool are_others(const struct store_rules *before, const struct store_rules *now)
{
	if (before->name == NULL && !before->is_mixed)
		return false; /* nothing was counted */
	return before->is_mixed || now->is_mixed ||
	       (now->name != NULL && strcmp(before->name, now->name) != 0);
}

/* Reads one more window, unless it is to be left out. */
static bool read_window(struct session *session, struct windows *windows, int64_t since,
    int64_t until, struct error *error)
{
	struct store_range range = { .since = since, .until = until };
	struct store_rules rules;
	size_t i = windows->count;
	const struct run *run = session->run;
	struct window window = { since, until, 0, false, true };
	struct tally_context context = { .version = JGANNOTATE_VERSION,
		.window = &window,
		.errors_list = run->options->errors,
		.errors = run->reading.setup.errors };

	if (!when_check_quarter("--baseline", since, error) ||
	    !when_check_quarter("--baseline", until, error) ||
	    !store_read_rules(session->store, &range, &rules, error))
		return false;
	if (are_others(&rules, &session->rules)) {
		windows->left_out++;
		return true;
	}
	windows->count++;
	windows->tallies[i] = restore_window(session, &window, error);
	if (windows->tallies[i] != NULL)
		windows->summaries[i] = tally_summarize(windows->tallies[i], &context, error);
	if (windows->summaries[i] != NULL)
		windows->summaries[i]->rules = rules.name;
	return windows->summaries[i] != NULL;
}

static bool compare_days(
    struct session *session, struct windows *windows, struct summary *summary, struct error *error)
{
	const struct run *run = session->run;
	const struct window *window = &run->reading.report_window;
	int64_t until = window->until;
	int64_t since = window->since == CLOCK_UNKNOWN ? until : window->since;
	/* a window of several days must not be compared with a part of itself */
	unsigned days = when_days_of(since, until);
	unsigned asked = run->reading.setup.before_days;

	for (unsigned i = 0; i < asked; i++)
		if (!read_window(session, windows, when_days_before(since, days + i),
		        when_days_before(until, days + i), error))
			return false;
	summary->baseline = baseline_new_median(
	    run->options->baseline, windows->summaries, windows->count, summary, error);
	if (summary->baseline == NULL)
		return false;
	summary->baseline->days_asked = asked;
	summary->baseline->days_other_rules = (unsigned)windows->left_out;
	return true;
}

static bool compare_window(
    struct session *session, struct windows *windows, struct summary *summary, struct error *error)
{
	const struct window *before = &session->run->reading.setup.before_window;
	const char *name = session->run->options->baseline;

	if (!read_window(session, windows, before->since, before->until, error))
		return false;
	summary->baseline = windows->left_out > 0
	                        ? baseline_new_left_out(name, summary, error)
	                        : baseline_new(name, windows->summaries[0], summary, error);
	if (summary->baseline != NULL) {
		summary->baseline->label = ""; /* both are of the same database */
		summary->baseline->first = summary->baseline->last = SUMMARY_NO_TIME;
		summary->baseline->is_of_other_rules = windows->left_out > 0;
	}
	return summary->baseline != NULL;
}

/* Says what was left out: the reports say it, but not everybody gets one that does. */
static void name_left_out(const struct session *session, const struct windows *windows)
{
	const struct run *run = session->run;

	if (windows->left_out == 0 || run->options->quiet_if_ok)
		return;
	if (run->reading.setup.before_days == 0)
		message_print(
		    "--baseline %s: not compared, since it was counted by other rules than "
		    "the report's window",
		    run->options->baseline);
	else
		message_print("--baseline %s: %zu of %u days left out, since they were counted by "
		              "other rules than the report's window",
		    run->options->baseline, windows->left_out, run->reading.setup.before_days);
}

bool session_compare(struct session *session, struct summary *summary, struct error *error)
{
	const struct setup *setup = &session->run->reading.setup;
	struct windows windows = { 0 };
	bool compared;

	if (setup->before_days == 0 && !window_is_bounded(&setup->before_window))
		return setup_compare(setup, session->run->options, summary, error);
	compared =
	    windows_init(&windows, setup->before_days == 0 ? 1 : setup->before_days, error) &&
	    store_hold(session->store, error);
	if (compared) {
		compared = setup->before_days > 0
		               ? compare_days(session, &windows, summary, error)
		               : compare_window(session, &windows, summary, error);
		store_release(session->store);
	}
	if (compared)
		name_left_out(session, &windows);
	windows_release(&windows);
	return compared;
}
