/*
 * Owns a run over a database: what is new in the logs is counted into it, then the report is
 * made from it; and the exit status. Must not know how either is done.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/run.h"
#include "cli/run_parts.h"
#include "cli/session.h"
#include "cli/signals.h"

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
	if (run->pipe_closed || !wants_report(run) || session_deliver(session, status, &error))
		return status;
	run_complain(&error);
	return error.kind == ERROR_STORE ? EXIT_STORE : EXIT_TROUBLE;
}

static int report(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct summary *summary = session_summarize(session, error);
	int status = exit_status(session);

	if (summary == NULL || !run_compare(run, summary, error)) {
		summary_free(summary);
		return -1;
	}
	status = run_judge(run, summary, status);
	run_name_troubles(run, summary);
	if (!run->options->quiet && !wants_report(run) && !run->options->quiet_if_ok)
		run_print_totals(run, summary);
	summary_free(summary);
	return deliver(session, status);
}

static int refuse(const struct run *run, const struct error *error)
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
		status = report(&session, &error);
	if (status < 0 && signals_stop() == 0)
		status = refuse(run, &error);
	session_close(&session);
	return status;
}
