/*
 * Owns the verdict on a run: the report of before, thresholds, and whether to speak at all.
 * Must not know how reports look or how inputs were read.
 */
#include <string.h>

#include "cli/run.h"
#include "cli/run_parts.h"
#include "report/baseline.h"

bool run_compare(const struct run *run, struct summary *summary, struct error *error)
{
	if (run->setup.before == NULL)
		return true;
	summary->baseline = baseline_new(
	    run->options->baseline, report_file_summary(run->setup.before), summary, error);
	return summary->baseline != NULL;
}

/* What went wrong beside what the summary tells; NULL: nothing. */
static const char *trouble_of(const struct run *run, const struct summary *summary, int status)
{
	if (run->has_failed)
		return "output or memory failed";
	return status != EXIT_DONE && !verdict_lost_something(summary)
	           ? "trouble, told on standard error"
	           : NULL;
}

static void print(struct run *run, const struct strbuf *text)
{
	struct error error = ERROR_INIT;

	if (text->failed)
		(void)error_set_memory(&error);
	if (text->failed || !writer_add(run->writer, text->data, text->len, &error) ||
	    !writer_flush(run->writer, &error))
		run_fail(run, &error);
}

int run_judge(struct run *run, const struct summary *summary, int status)
{
	enum verdict_state state = VERDICT_OK;
	struct strbuf line = STRBUF_INIT;
	bool can_write = !run->has_failed, is_quiet;
	const char *trouble;

	/* the line is to know of a file that could not be written */
	if (can_write)
		run_write_reports(run, summary, REPORTS_FILES);
	trouble = trouble_of(run, summary, status);
	if (run->setup.verdict != NULL)
		state = verdict_judge(run->setup.verdict, summary, trouble, &line);
	is_quiet = run->options->quiet_if_ok && verdict_is_quiet(summary, state, trouble);
	if (!is_quiet && (line.len > 0 || line.failed) && !run->pipe_closed)
		print(run, &line);
	if (can_write && !is_quiet)
		run_write_reports(run, summary, REPORTS_OUTPUT);
	strbuf_release(&line);
	if (run->setup.verdict == NULL)
		return run->has_failed ? EXIT_TROUBLE : status;
	/* what failed since then is trouble, too */
	if (run->has_failed && state != VERDICT_CRITICAL)
		state = VERDICT_UNKNOWN;
	return (int)state;
}

int run_refuse(const struct error *error)
{
	struct strbuf line = STRBUF_INIT;
	struct error ignored = ERROR_INIT;
	struct writer *writer = writer_new(1, "standard output", &ignored);

	verdict_failed(error->text, &line);
	if (writer != NULL && !line.failed && writer_add(writer, line.data, line.len, &ignored))
		(void)writer_flush(writer, &ignored);
	writer_free(writer);
	strbuf_release(&line);
	return VERDICT_UNKNOWN;
}
