/*
 * Owns a run over a database: what is new in the logs is counted into it, then the report is
 * made from it; and the exit status. Must not know how either is done.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli/run.h"
#include "cli/run_parts.h"
#include "cli/session.h"
#include "cli/signals.h"

/* ---- what is asked for ---- */

/* "--since lies between quarters of an hour ...; the nearest is 2026-11-22T10:15:00+08:00" */
bool run_check_quarter(const char *option, int64_t time, struct error *error)
{
	struct zone zone = { 0 };
	char text[ZONE_TEXT_MAX];
	int64_t over = time % COUNT_QUARTER_MILLISECONDS;
	int64_t quarter = time - over;

	if (time == CLOCK_UNKNOWN || over == 0)
		return true;
	if (over > COUNT_QUARTER_MILLISECONDS / 2)
		quarter += COUNT_QUARTER_MILLISECONDS;
	(void)zone_format(&zone, quarter, false, text);
	return error_set(error, ERROR_USAGE,
	    "%s lies between quarters of an hour, by which a database counts; the nearest is %s",
	    option, text);
}

static bool check_bucket(const struct run *run, const struct window *asked, struct error *error)
{
	struct zone zone = { 0 };

	if (asked->bucket_seconds == 0)
		return true;
	if (asked->bucket_seconds * INT64_C(1000) % COUNT_QUARTER_MILLISECONDS != 0)
		return error_set(error, ERROR_USAGE,
		    "--bucket %s: a database counts by quarters of an hour: 15m, 30m, 1h, 1d",
		    run->options->bucket);
	if (zone_offset(&zone, run->setup.now / 1000) %
	        (int32_t)(COUNT_QUARTER_MILLISECONDS / 1000) !=
	    0)
		return error_set(error, ERROR_USAGE,
		    "--bucket: in zone %s no bucket begins at a quarter of an hour in UTC, by "
		    "which a database counts: another --tz",
		    zone_name());
	return true;
}

static bool check_baseline(const struct run *run, const struct window *asked, struct error *error)
{
	if (run->setup.before_days > 0 &&
	    ((asked->since == CLOCK_UNKNOWN && !run->setup.since_last) ||
	        asked->until == CLOCK_UNKNOWN))
		return error_set(error, ERROR_USAGE,
		    "--baseline %s compares with the same window on the days before: say which "
		    "one with --since and --until",
		    run->options->baseline);
	return run_check_quarter("--baseline", run->setup.before_window.since, error) &&
	    run_check_quarter("--baseline", run->setup.before_window.until, error);
}

bool run_prepare_store(struct run *run, struct error *error)
{
	const struct window *asked = &run->setup.window;

	if (!run_check_quarter("--since", asked->since, error) ||
	    !run_check_quarter("--until", asked->until, error) ||
	    !check_bucket(run, asked, error) || !check_baseline(run, asked, error)) {
		(void)snprintf(error->hint, sizeof(error->hint), "try: jgannotate --help\n");
		return false;
	}
	run->report_window = *asked;
	run->setup.window = (struct window){ CLOCK_UNKNOWN, CLOCK_UNKNOWN,
		COUNT_QUARTER_MILLISECONDS / 1000, true, true };
	return true;
}

/* ---- the run ---- */

static int exit_status(const struct session *session)
{
	const struct run *run = session->run;

	if (run->has_failed || run->unreadable > 0)
		return EXIT_TROUBLE;
	if (session->gaps > 0 || run->damaged > 0 || session->long_lines > 0 ||
	    session->regex_limits > 0)
		return EXIT_DAMAGE;
	return EXIT_DONE;
}

static bool wants_report(const struct run *run)
{
	return run->options->reports.count > 0 || run->setup.verdict != NULL;
}

/* Whatever was asked for is written: now it is known to whom it may concern. */
static int deliver(struct session *session, int status)
{
	struct error error = ERROR_INIT;
	struct run *run = session->run;
	int copy = dup(STDOUT_FILENO);

	/* some file systems tell of a full disk no sooner than this */
	if (copy >= 0 && close(copy) != 0) {
		(void)error_set_errno(&error, errno, "cannot write standard output");
		run_fail(run, &error);
	}
	if (run->has_failed)
		return EXIT_TROUBLE;
	if (run->pipe_closed || !wants_report(run) || session_is_covered(session) ||
	    session_deliver(session, status, &error))
		return status;
	run_complain(&error);
	return error.kind == ERROR_STORE ? EXIT_STORE : EXIT_TROUBLE;
}

int run_report_store(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct summary *summary = session_summarize(session, error);
	int status = exit_status(session);

	run_leave_caret(run);
	if (summary == NULL ||
	    (!session_is_covered(session) && !session_compare(session, summary, error))) {
		summary_free(summary);
		return -1;
	}
	status = run_judge(run, summary, status);
	session_name_reports(session, summary);
	run_name_troubles(run, summary);
	run_name_doubts(run, summary);
	if (!run->options->quiet && !wants_report(run) && !run->options->quiet_if_ok &&
	    !session_is_covered(session))
		run_print_totals(run, summary);
	summary_free(summary);
	return deliver(session, status);
}

int run_refuse_store(const struct run *run, const struct error *error)
{
	run_complain(error);
	if (options_have_threshold(run->options))
		return run_refuse(error);
	return error->kind == ERROR_STORE ? EXIT_STORE
	    : error->kind == ERROR_USAGE  ? EXIT_USAGE
					  : EXIT_TROUBLE;
}

int run_store(struct run *run)
{
	struct session session = { .run = run };
	struct error error = ERROR_INIT;
	int status = -1;

	if (session_open(&session, run, &error) &&
	    (run->options->operands.count == 0 || session_take_in(&session, &error)))
		status = run_report_store(&session, &error);
	if (status < 0 && signals_stop() == 0)
		status = run_refuse_store(run, &error);
	session_close(&session);
	return status;
}
