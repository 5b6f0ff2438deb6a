/*
 * Owns a run: builds the objects, feeds the inputs, closes with totals and
 * reports, chooses the exit status. Must not know how anything is done.
 */
#include "cli/run.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "catalog/explain.h"
#include "cli/reports.h"
#include "cli/setup.h"
#include "cli/signals.h"
#include "cli/lane.h"
#include "cli/progress.h"
#include "output/examples.h"
#include "stream/feed.h"
#include "stream/parallel.h"

/* A file smaller than this is done before threads have started. */
#define PARALLEL_BYTES (4 * 1024 * 1024)
#define JOBS_MAX 8

/* How long a closed pipe waits for the signal that may have closed it. */
#define CLOSED_PIPE_MILLISECONDS 50

static const enum trust trusts[] = { [OPTION_TRUST_NORMAL] = TRUST_NORMAL,
	[OPTION_TRUST_STRICT] = TRUST_STRICT, [OPTION_TRUST_ALL] = TRUST_ALL };

struct run {
	const struct options *options;
	struct setup setup;
	struct writer *writer;
	struct lane_options lane_options;
	struct lane *lane;         /* what is printed and counted, in the order of the input */
	struct examples *examples; /* -v */
	struct scan scan;
	struct parallel *parallel; /* NULL until a file is worth it, or where -j1 is asked for */
	struct progress progress;
	struct report_style style;
	const char **files; /* inputs in order; NULL entries: standard input */
	size_t file_count;
	uint64_t unreadable, damaged;
	bool has_failed;    /* output or memory */
	bool pipe_closed;
};

void run_complain(const struct error *error)
{
	message_print("%s", error->text);
	if (error->hint[0] != '\0') {
		ssize_t ignored = write(STDERR_FILENO, error->hint, strlen(error->hint));

		(void)ignored;
	}
}

/* ---- closing: totals and reports ---- */

static uint64_t count_trouble(const struct run *run, enum pattern_trouble trouble)
{
	return matcher_trouble(run->scan.run, trouble) +
	    (run->parallel == NULL ? 0 : parallel_trouble(run->parallel, trouble));
}

static uint64_t count_limits(const struct run *run)
{
	uint64_t limits = 0;

	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++)
		limits += count_trouble(run, (enum pattern_trouble)i);
	return limits;
}

static struct summary *summarize(const struct run *run, struct error *error)
{
	struct tally_context context = {
		.version = JGANNOTATE_VERSION,
		.errors_list = run->options->errors,
		.errors = run->setup.errors,
		.files = run->files,
		.file_count = run->file_count,
		.keys = (const char *const *)run->setup.keys.names,
		.key_count = run->options->patterns.count > 0 && run->options->keys.count == 0
		    ? 0
		    : run->setup.keys.name_count,
		.pattern_count = run->options->patterns.count,
		.regex_limits = count_limits(run),
		.not_a_code = matcher_not_a_code(run->scan.run) +
		    (run->parallel == NULL ? 0 : parallel_not_a_code(run->parallel)),
		.unreadable_files = run->unreadable,
		.damaged_files = run->damaged,
	};

	return tally_summarize(lane_tally(run->lane), &context, error);
}

static void print_totals(const struct run *run, const struct summary *summary)
{
	struct report_style style = run->style;
	struct strbuf text = STRBUF_INIT;

	style.width = terminal_width(STDERR_FILENO);
	style.color = terminal_wants_color(STDERR_FILENO, run->options->color);
	report_totals(&text, summary, &style);
	for (size_t done = 0; done < text.len;) {
		ssize_t count = write(STDERR_FILENO, text.data + done, text.len - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += (size_t)count;
	}
	strbuf_release(&text);
}

static void print_totals_now(const struct run *run)
{
	struct error error = ERROR_INIT;
	struct summary *summary = summarize(run, &error);

	if (summary == NULL)
		run_complain(&error);
	else
		print_totals(run, summary);
	summary_free(summary);
}

/* Notes a failure of output. A closed pipe is quiet: its reader knows. */
static void fail(struct run *run, const struct error *error)
{
	if (error->kind == ERROR_CLOSED) {
		run->pipe_closed = true;
		return;
	}
	run->has_failed = true;
	run_complain(error);
}

static void write_reports(struct run *run, const struct summary *summary)
{
	const struct options_list *reports = &run->options->reports;
	struct strbuf out = STRBUF_INIT;
	struct error error = ERROR_INIT;

	for (size_t i = 0; i < reports->count; i++) {
		struct report_target target;
		struct report_style style = run->style;

		if (!report_target_read(&target, reports->items[i]))
			continue; /* options_parse let no such thing pass */
		if (target.file != NULL) {
			style.width = 80;
			style.color = false;
		}
		if (!report_target_write(&target, summary, &style, &out, &error))
			fail(run, &error);
	}
	if (out.len > 0 && (!writer_add(run->writer, out.data, out.len, &error) ||
			       !writer_flush(run->writer, &error)))
		fail(run, &error);
	strbuf_release(&out);
}

static void name_troubles(const struct run *run, const struct summary *summary)
{
	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++) {
		uint64_t count = count_trouble(run, (enum pattern_trouble)i);

		if (count > 0)
			message_print("%s reached %" PRIu64
				      " times; those lines passed, but codes in them may be "
				      "missing: simplify the pattern",
			    pattern_trouble_name((enum pattern_trouble)i), count);
	}
	if (summary->trouble.long_lines > 0)
		message_print("%" PRIu64 " lines longer than 1 MiB: only their first 1 MiB was "
			      "searched",
		    summary->trouble.long_lines);
}

/* ---- inputs ---- */

static bool is_number(const char *name)
{
	size_t length = strspn(name, "0123456789");

	return length > 0 && length <= 9 && name[length] == '\0';
}

static void complain_of_input(struct run *run, const char *name, struct error *error)
{
	struct stat status;

	if (error->kind == ERROR_DAMAGED)
		run->damaged++;
	else
		run->unreadable++;
	if (name != NULL && is_number(name) && stat(name, &status) != 0)
		(void)snprintf(error->hint, sizeof(error->hint),
		    "to look it up: jgannotate --explain %s\n", name);
	run_complain(error);
}

static bool is_interrupted(void *context)
{
	struct run *run = context;

	if (signals_take_report())
		print_totals_now(run);
	return signals_stop() != 0;
}

static void show_progress(void *context, uint64_t bytes)
{
	struct run *run = context;

	progress_update(&run->progress, bytes);
}

static bool prints(const struct run *run)
{
	return run->options->output != OUTPUT_NONE;
}

static unsigned count_jobs(const struct options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef CPU_COUNT
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		cores = CPU_COUNT(&set);
#endif
	if (options->jobs > 0)
		return options->jobs;
	return cores > JOBS_MAX ? JOBS_MAX : cores < 1 ? 1 : (unsigned)cores;
}

static void *open_lane(void *context, struct sink **sinks, size_t *count, struct error *error)
{
	struct run *run = context;
	struct lane *lane = lane_new(&run->lane_options, NULL, error);

	if (lane != NULL)
		*count = lane_sinks(lane, sinks);
	return lane;
}

static bool merge_lane(void *context, void *lane, uint64_t line_offset, struct error *error)
{
	struct run *run = context;

	return lane_merge(run->lane, lane, line_offset, error);
}

static void close_lane(void *context, void *lane)
{
	(void)context;
	lane_free(lane);
}

/* Whether this source is worth threads; starts them. Without threads it is done all
 * the same. */
static bool use_threads(struct run *run, const struct source *source)
{
	struct parallel_lanes lanes = { run, open_lane, merge_lane, close_lane };
	struct error ignored = ERROR_INIT;
	unsigned jobs = count_jobs(run->options);
	struct stat status;
	off_t offset;
	int fd = source_plain_fd(source, &offset);

	if (jobs < 2 || run->options->verbose || fd < 0 || fstat(fd, &status) != 0 ||
	    status.st_size - offset < PARALLEL_BYTES)
		return false;
	if (run->parallel == NULL)
		run->parallel = parallel_new(jobs, &lanes, run->setup.matcher, run->setup.catalog,
		    trusts[run->options->trust], run->options->output == OUTPUT_JSON, &ignored);
	return run->parallel != NULL;
}

/* Returns false when the run must end. */
static bool feed_input(struct run *run, const char *name)
{
	struct feed_control control = { signals_wake_fd(), is_interrupted, show_progress, run, 0 };
	struct error error = ERROR_INIT;
	struct source *source = source_open(name, &error);
	const char *read_size = getenv("JGANNOTATE_TEST_READ_SIZE");
	enum feed_result result;

	if (source == NULL) {
		complain_of_input(run, name, &error);
		return true;
	}
	if (read_size != NULL)
		control.read_size = strtoul(read_size, NULL, 10);
	if (source_is_terminal(source))
		message_print("reading log lines from the terminal; end with Ctrl-D");
	if (!prints(run))
		source_skip_holes(source);
	result = read_size == NULL && use_threads(run, source)
	    ? parallel_feed(run->parallel, source, &control, &error)
	    : feed_source(&run->scan, source, &control, &error);
	progress_clear(&run->progress);
	if (result == FEED_INPUT_ERROR)
		complain_of_input(run, name, &error);
	else if (result == FEED_FATAL)
		fail(run, &error);
	source_close(source);
	return result == FEED_DONE || result == FEED_INPUT_ERROR;
}

static uint64_t size_of(const char *name)
{
	struct stat status;

	return name != NULL && stat(name, &status) == 0 && S_ISREG(status.st_mode)
	    ? (uint64_t)status.st_size
	    : 0;
}

static uint64_t count_bytes(const struct run *run)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < run->file_count; i++)
		bytes += size_of(run->files[i]);
	return bytes;
}

static void feed_inputs(struct run *run)
{
	struct error error = ERROR_INIT;

	progress_init(&run->progress, count_bytes(run));
	for (size_t i = 0; i < run->file_count; i++) {
		if (!feed_input(run, run->files[i]))
			break;
		progress_next_file(&run->progress, size_of(run->files[i]));
	}
	if (!run->pipe_closed && !run->has_failed && !writer_flush(run->writer, &error))
		fail(run, &error);
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
		if (prints(run) && fstat(STDOUT_FILENO, &output) == 0 && is_same_file(&input, &output))
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

	run->file_count = operands->count == 0 ? 1 : operands->count;
	run->files = calloc(run->file_count, sizeof(*run->files));
	if (run->files == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < operands->count; i++)
		if (strcmp(operands->items[i], "-") != 0)
			run->files[i] = operands->items[i];
	return true;
}

static void set_style(struct run *run)
{
	const struct options *options = run->options;

	run->style.width = terminal_width(STDOUT_FILENO);
	run->style.color = terminal_wants_color(STDOUT_FILENO, options->color);
	run->style.utf8 = terminal_is_utf8();
	run->style.chinese = options->language == LANGUAGE_ZH ||
	    (options->language == LANGUAGE_AUTO && terminal_is_chinese());
	run->style.top = options->top;
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

static bool build(struct run *run, struct error *error)
{
	if (!setup_init(&run->setup, run->options, error) || !list_inputs(run, error) ||
	    !check_outputs(run, error))
		return false;
	set_style(run);
	if (!scan_init(&run->scan, run->setup.matcher, run->setup.catalog,
		trusts[run->options->trust], run->options->output == OUTPUT_JSON, error) ||
	    !add_lane(run, error) || !add_examples(run, error))
		return false;
	if (run->options->verbose && !matcher_is_jit(run->setup.matcher))
		message_print("patterns run without JIT: same results, slower");
	return signals_install(error);
}

static void release(struct run *run)
{
	parallel_free(run->parallel);
	scan_release(&run->scan);
	lane_free(run->lane);
	examples_free(run->examples);
	writer_free(run->writer);
	setup_release(&run->setup);
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
	summary = summarize(run, &error);
	if (summary == NULL) {
		run_complain(&error);
	} else {
		if (!run->has_failed)
			write_reports(run, summary);
		if (run->pipe_closed && signals_stop() == 0)
			signals_die(SIGPIPE);
		name_troubles(run, summary);
		if (!run->options->quiet && run->options->reports.count == 0)
			print_totals(run, summary);
	}
	status = exit_status(run, summary);
	summary_free(summary);
	return status;
}

static int run_stream(const struct options *options)
{
	struct run run = { .options = options };
	struct error error = ERROR_INIT;
	int status;
	int stop;

	if (!build(&run, &error)) {
		run_complain(&error);
		release(&run);
		return error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
	}
	feed_inputs(&run);
	status = close_run(&run);
	stop = signals_stop();
	release(&run);
	if (stop != 0)
		signals_die(stop);
	return status;
}

static int run_explain(const struct options *options)
{
	struct setup setup;
	struct error error = ERROR_INIT;
	struct strbuf out = STRBUF_INIT;
	struct strbuf missing = STRBUF_INIT;
	struct writer *writer = NULL;
	int status = EXIT_TROUBLE;
	bool chinese = options->language == LANGUAGE_ZH ||
	    (options->language == LANGUAGE_AUTO && terminal_is_chinese());

	if (!setup_init_catalog(&setup, options, &error)) {
		status = error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
		goto complain;
	}
	if (explain_words(setup.catalog, options->operands.items, options->operands.count, chinese,
		terminal_wants_color(STDOUT_FILENO, options->color), &out, &missing))
		status = EXIT_DONE;
	writer = writer_new(STDOUT_FILENO, "standard output", &error);
	if (out.failed || missing.failed)
		(void)error_set_memory(&error);
	else if (writer != NULL && writer_add(writer, out.data, out.len, &error))
		(void)writer_flush(writer, &error);
	for (char *word = missing.data; *word != '\0';) {
		size_t length = strcspn(word, "\n");

		message_print("'%.*s' is in no catalog", (int)length, word);
		word += length + (word[length] == '\n');
	}
complain:
	if (error.kind != ERROR_NONE) {
		status = error.kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
		run_complain(&error);
	}
	writer_free(writer);
	strbuf_release(&out);
	strbuf_release(&missing);
	setup_release(&setup);
	return status;
}

int run_options(const struct options *options)
{
	return options->action == ACTION_EXPLAIN ? run_explain(options) : run_stream(options);
}
