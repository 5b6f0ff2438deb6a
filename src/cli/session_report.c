/*
 * Owns the window of a report over a database, and what is to be told beside it: codes that came
 * too late for the report of their time, and days that no report has covered. Must not know how a
 * report is made.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/message.h"
#include "base/now.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "cli/session.h"
#include "cli/when.h"
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

/* ---- what is to be said ---- */

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

bool session_remember_reports(struct session *session, struct summary *summary, struct error *error)
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
