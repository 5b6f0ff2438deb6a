/*
 * Owns a run over a database: what is new in the logs is counted into it, then the report is
 * made from it. Must not know how either is done.
 */
#include "cli/mode.h"

#include <errno.h>
#include <unistd.h>

#include "cli/session.h"
#include "cli/signals.h"

/* Whatever was asked for is written: now it is known to whom it may concern. */
static int deliver(struct session *session, int status)
{
	struct run *run = session->run;
	struct delivery *delivery = &run->delivery;
	struct error error = ERROR_INIT;
	bool wants_report = run->options->reports.count > 0 || delivery->verdict != NULL;
	int copy = dup(STDOUT_FILENO);

	/* some file systems tell of a full disk no sooner than this */
	if (copy >= 0 && close(copy) != 0) {
		(void)error_set_errno(&error, errno, "cannot write standard output");
		delivery_fail(delivery, &error);
	}
	if (delivery->has_failed || delivery->pipe_closed || !wants_report ||
	    session_is_covered(session) || session_deliver(session, status, &error))
		return delivery_status(delivery, status);
	delivery_fail(delivery, &error);
	return delivery->verdict == NULL ? delivery_error_status(&error)
	                                 : delivery_status(delivery, status);
}

int mode_store_report(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct delivery *delivery = &run->delivery;
	struct summary *summary = session_summarize(session, error);
	int status;

	delivery_leave_caret(delivery);
	if (summary == NULL ||
	    (!session_is_covered(session) && !session_compare(session, summary, error))) {
		summary_free(summary);
		return -1;
	}
	status = delivery_judge(delivery, summary,
	    session->gaps > 0 || run->reading.damaged > 0 || session->long_lines > 0 ||
	        session->regex_limits > 0);
	session_name_reports(session, summary);
	reading_name_doubts(&run->reading, summary);
	if (delivery_wants_totals(delivery) && !session_is_covered(session))
		delivery_print_totals(delivery, summary);
	summary_free(summary);
	return deliver(session, status);
}

static int take_in_and_report(struct run *run)
{
	struct session session = { .run = run };
	struct error error = ERROR_INIT;
	int status = -1;

	if (session_open(&session, run, &error) &&
	    (run->options->operands.count == 0 || session_take_in(&session, &error)))
		status = mode_store_report(&session, &error);
	if (status < 0 && signals_stop() == 0)
		status = delivery_refuse(run->options, &error);
	session_close(&session);
	return status;
}

int mode_store(const struct options *options)
{
	return run_whole(options, take_in_and_report);
}
