/*
 * Owns the comparison with another window of the same database, or with the median of the same
 * window on the days before. Must not know how a change is shown.
 */
#include "cli/session.h"

#include <stdlib.h>

#include "cli/when.h"
#include "report/baseline.h"

/* The summaries of the windows, and the tallies that they are of. */
struct windows {
	struct summary **summaries;
	struct tally **tallies;
	size_t count;
};

static bool init(struct windows *windows, size_t count, struct error *error)
{
	*windows = (struct windows){ calloc(count, sizeof(struct summary *)),
		calloc(count, sizeof(struct tally *)), count };
	return (windows->summaries != NULL && windows->tallies != NULL) ||
	    error_set_memory(error);
}

static void release(struct windows *windows)
{
	for (size_t i = 0; windows->summaries != NULL && i < windows->count; i++)
		summary_free(windows->summaries[i]);
	for (size_t i = 0; windows->tallies != NULL && i < windows->count; i++)
		tally_free(windows->tallies[i]);
	free(windows->summaries);
	free(windows->tallies);
}

static bool read_window(struct session *session, struct windows *windows, size_t i,
    int64_t since, int64_t until, struct error *error)
{
	const struct run *run = session->run;
	struct window window = { since, until, 0, false, true };
	struct tally_context context = { .version = JGANNOTATE_VERSION,
		.window = &window,
		.errors_list = run->options->errors,
		.errors = run->setup.errors };

	if (!run_check_quarter("--baseline", since, error) ||
	    !run_check_quarter("--baseline", until, error))
		return false;
	windows->tallies[i] = session_restore(session, &window, error);
	if (windows->tallies[i] != NULL)
		windows->summaries[i] = tally_summarize(windows->tallies[i], &context, error);
	return windows->summaries[i] != NULL;
}

static bool compare_days(struct session *session, struct windows *windows,
    struct summary *summary, struct error *error)
{
	const struct run *run = session->run;
	int64_t until = run->report_window.until;
	int64_t since =
	    run->report_window.since == CLOCK_UNKNOWN ? until : run->report_window.since;
	/* of a window of several days none must be compared with a part of itself */
	unsigned days = when_days_of(since, until);

	for (size_t i = 0; i < windows->count; i++)
		if (!read_window(session, windows, i, when_days_before(since, days + (unsigned)i),
		        when_days_before(until, days + (unsigned)i), error))
			return false;
	summary->baseline = baseline_new_median(
	    run->options->baseline, windows->summaries, windows->count, summary, error);
	return summary->baseline != NULL;
}

static bool compare_window(struct session *session, struct windows *windows,
    struct summary *summary, struct error *error)
{
	const struct window *before = &session->run->setup.before_window;
	const char *name = session->run->options->baseline;

	if (!read_window(session, windows, 0, before->since, before->until, error))
		return false;
	summary->baseline = baseline_new(name, windows->summaries[0], summary, error);
	if (summary->baseline != NULL) {
		summary->baseline->label = ""; /* it is the same database */
		summary->baseline->first = summary->baseline->last = SUMMARY_NO_TIME;
	}
	return summary->baseline != NULL;
}

bool session_compare(struct session *session, struct summary *summary, struct error *error)
{
	const struct setup *setup = &session->run->setup;
	struct windows windows = { 0 };
	bool compared;

	if (setup->before_days == 0 && !window_is_bounded(&setup->before_window))
		return run_compare(session->run, summary, error);
	compared =
	    init(&windows, setup->before_days == 0 ? 1 : setup->before_days, error) &&
	    store_hold(session->store, error);
	if (compared) {
		compared = setup->before_days > 0
		    ? compare_days(session, &windows, summary, error)
		    : compare_window(session, &windows, summary, error);
		store_release(session->store);
	}
	release(&windows);
	return compared;
}
