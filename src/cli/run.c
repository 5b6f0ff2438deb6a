/*
 * Owns a run: builds the objects, lets them work, chooses the exit status. Must
 * not know how anything is done.
 */
#include "cli/run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/zone.h"
#include "cli/reports.h"
#include "cli/run_parts.h"
#include "cli/signals.h"

/* How long a closed pipe waits for the signal that may have closed it. */
#define CLOSED_PIPE_MILLISECONDS 50

void run_complain(const struct error *error)
{
	message_print("%s", error->text);
	message_hint(error->hint);
}

void run_fail(struct run *run, const struct error *error)
{
	if (error->kind == ERROR_CLOSED) {
		run->pipe_closed = true;
		return;
	}
	run->has_failed = true;
	run_complain(error);
}

/* ---- setting up ---- */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* An input that is also an output would grow without end, or be lost. */
static bool check_outputs(const struct run *run, struct error *error)
{
	const struct options_list *reports = &run->options->reports;
	for (size_t i = 0; i < run->file_count; i++) {
		const char *name = run->files[i];
		struct stat input;
		struct stat output;

		if ((name == NULL ? fstat(STDIN_FILENO, &input) : stat(name, &input)) != 0)
			continue;
		name = name == NULL ? "standard input" : name;
		if (options_print(run->options) && fstat(STDOUT_FILENO, &output) == 0 &&
		    is_same_file(&input, &output))
			return error_set(
			    error, ERROR_USAGE, "'%s' is also the output", name);
		for (size_t r = 0; r < reports->count; r++) {
			struct report_target target;

			if (report_target_read(&target, reports->items[r]) &&
			    target.file != NULL && stat(target.file, &output) == 0 &&
			    is_same_file(&input, &output))
				return error_set(error, ERROR_USAGE,
				    "'%s' is also the output of a report", name);
		}
	}
	return true;
}

static bool list_inputs(struct run *run, struct error *error)
{
	const struct options_list *operands = &run->options->operands;

	run->file_count = operands->count == 0 && run->options->db == NULL ? 1 : operands->count;
	run->files = calloc(run->file_count + 1, sizeof(*run->files));
	if (run->files == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < operands->count; i++)
		if (strcmp(operands->items[i], "-") != 0)
			run->files[i] = operands->items[i];
	return true;
}

void run_set_style(struct run *run)
{
	const struct options *options = run->options;

	run->style.width = terminal_width(STDOUT_FILENO);
	run->style.color = terminal_wants_color(STDOUT_FILENO, options->color);
	run->style.utf8 = terminal_is_utf8();
	run->style.chinese = options_are_chinese(options);
	run->style.top = options->top;
	run->style.min_responses = options->min_responses;
	run->style.catalog = run->setup.catalog;
	run->style.errors = run->setup.errors;
}

static bool add_lane(struct run *run, struct error *error)
{
	struct sink *sinks[LANE_SINKS];
	size_t count;

	run->lane_options = (struct lane_options){ run->options->output, run->options->add,
		run->style.color, isatty(STDOUT_FILENO) == 1, &run->setup };
	run->writer = writer_new(STDOUT_FILENO, "standard output", error);
	if (run->writer == NULL)
		return false;
	run->lane = lane_new(&run->lane_options, run->writer, error);
	if (run->lane == NULL)
		return false;
	count = lane_sinks(run->lane, sinks);
	for (size_t i = 0; i < count; i++)
		scan_add_sink(&run->scan, sinks[i]);
	return true;
}

static bool add_examples(struct run *run, struct error *error)
{
	if (!run->options->verbose)
		return true;
	run->examples = examples_new(run->setup.catalog, run->style.chinese, error);
	if (run->examples == NULL)
		return false;
	scan_add_sink(&run->scan, examples_sink(run->examples));
	return true;
}

bool run_init(struct run *run, struct error *error)
{
	if (!setup_init(&run->setup, run->options, error) || !list_inputs(run, error) ||
	    !check_outputs(run, error))
		return false;
	if (run->options->db != NULL && !run_prepare_store(run, error))
		return false;
	run_set_style(run);
	run->fields = (struct scan_fields){ &run->setup.stamps,
		window_is_bounded(&run->setup.window) || run->setup.window.bucket_seconds > 0,
		run->setup.has_by ? &run->setup.by : NULL };
	if (!scan_init(&run->scan, run->setup.matcher, run->setup.catalog,
		run->options->trust, run->options->output == OUTPUT_JSON, error) ||
	    !add_lane(run, error) || !add_examples(run, error))
		return false;
	scan_set_fields(&run->scan, &run->fields);
	if (run->options->verbose && !matcher_is_jit(run->setup.matcher))
		message_print("patterns run without JIT: same results, slower");
	return true;
}

void run_release(struct run *run)
{
	tally_free(run->restored);
	parallel_free(run->parallel);
	scan_release(&run->scan);
	lane_free(run->lane);
	examples_free(run->examples);
	writer_free(run->writer);
	setup_release(&run->setup);
	free(run->shown.codes);
	free(run->files);
}

/* ---- the run ---- */

static int exit_status(const struct run *run, const struct summary *summary)
{
	if (run->has_failed || run->unreadable > 0 || summary == NULL)
		return EXIT_TROUBLE;
	if (summary->trouble.long_lines > 0 || summary->trouble.regex_limits > 0 ||
	    run->damaged > 0)
		return EXIT_DAMAGE;
	return EXIT_DONE;
}

/* Totals and reports, as far as somebody is there to read them. */
static int close_run(struct run *run)
{
	struct error error = ERROR_INIT;
	struct summary *summary;
	int status;

	/* the same Ctrl-C may have ended our reader a moment before it reached us */
	if (run->pipe_closed && signals_wait_stop(CLOSED_PIPE_MILLISECONDS) == 0)
		signals_die(SIGPIPE);
	run_leave_caret(run);
	summary = run_summarize(run, &error);
	if (summary != NULL && !run_compare(run, summary, &error)) {
		summary_free(summary);
		summary = NULL;
	}
	status = exit_status(run, summary);
	if (summary == NULL) {
		run_complain(&error);
	} else {
		status = run_judge(run, summary, status);
		if (run->pipe_closed && signals_stop() == 0)
			signals_die(SIGPIPE);
		run_name_troubles(run, summary);
		run_name_doubts(run, summary);
		if (!run->options->quiet && run->options->reports.count == 0 &&
		    run->setup.verdict == NULL && !run->options->quiet_if_ok)
			run_print_totals(run, summary);
		if (run->has_failed && run->setup.verdict == NULL)
			status = EXIT_TROUBLE;
	}
	summary_free(summary);
	return status;
}

static int run_stream(const struct options *options)
{
	struct run run = { .options = options };
	struct error error = ERROR_INIT;
	int status;
	int stop;

	if (!run_init(&run, &error) || !signals_install(run.setup.every, &error)) {
		run_complain(&error);
		run_release(&run);
		if (options_have_threshold(options))
			return run_refuse(&error);
		return error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
	}
	if (options->db != NULL) {
		status = run_store(&run);
	} else {
		status = -1;
		if (options->follow)
			status = run_follow(&run, NULL);
		else
			run_feed(&run);
		if (status < 0)
			status = close_run(&run);
	}
	stop = signals_stop();
	run_release(&run);
	if (stop != 0)
		signals_die(stop);
	return status;
}

int run_options(const struct options *options)
{
	if (options->action == ACTION_EXPLAIN)
		return run_explain(options);
	if (options->merge)
		return run_merge(options);
	return options->db != NULL && options->follow ? run_follow_store(options)
						      : run_stream(options);
}
