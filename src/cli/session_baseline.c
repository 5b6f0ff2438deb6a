/*
 * Owns the comparison with another window of the same database, or with the median of the same
 * window on the days before. Must not know how a change is shown.
 */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cli/when.h"
#include "report/baseline.h"

/* The summaries of the windows, and the tallies that they are of. */
struct windows {
	struct summary **summaries;
	struct tally **tallies;
	size_t count;
	size_t left_out; /* windows, since they were counted by other rules */
};

static bool init(struct windows *windows, size_t count, struct error *error)
{
	*windows = (struct windows){ calloc(count, sizeof(struct summary *)),
		calloc(count, sizeof(struct tally *)), 0, 0 };
	return (windows->summaries != NULL && windows->tallies != NULL) || error_set_memory(error);
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
	windows->tallies[i] = session_restore(session, &window, error);
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
	compared = init(&windows, setup->before_days == 0 ? 1 : setup->before_days, error) &&
	           store_hold(session->store, error);
	if (compared) {
		compared = setup->before_days > 0
		               ? compare_days(session, &windows, summary, error)
		               : compare_window(session, &windows, summary, error);
		store_release(session->store);
	}
	if (compared)
		name_left_out(session, &windows);
	release(&windows);
	return compared;
}
