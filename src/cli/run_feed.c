/*
 * Owns the way of the inputs through the scan, by one thread or many. Must not
 * know what becomes of the hits.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "cli/option_hints.h"
#include "cli/run.h"
#include "cli/run_parts.h"
#include "cli/signals.h"
#include "input/bisect.h"
#include "input/file.h"
#include "stream/feed.h"

/* A file smaller than this is done before threads have started. */
#define PARALLEL_BYTES (4 * 1024 * 1024)
#define JOBS_MAX 8

/* So much of a file is asked what its dates mean. */
#define HEAD_SIZE 65536u

static void print_totals_now(struct run *run)
{
	struct error error = ERROR_INIT;
	struct summary *summary = run_summarize(run, &error);

	if (summary == NULL)
		run_complain(&error);
	else
		run_print_totals(run, summary);
	summary_free(summary);
}

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
	if (name != NULL && stat(name, &status) != 0) {
		if (is_number(name))
			(void)error_hint(error, "to look it up: jgannotate --explain %s", name);
		else if (run->options->verbose)
			(void)error_hint(error, "%s", option_hint("-v", name));
		else if (option_operand_hint(name) != NULL)
			(void)error_hint(error, "%s", option_operand_hint(name));
	} else if (name != NULL && S_ISDIR(status.st_mode)) {
		(void)error_hint(error, "%s", option_hint("-R", NULL));
	}
	run_complain(error);
}

bool run_is_interrupted(void *context)
{
	struct run *run = context;

	if (signals_take_report())
		print_totals_now(run);
	if (signals_take_tick()) {
		run->ticks++;
		run_show_interval(run);
	}
	return run_must_stop(run);
}

bool run_must_stop(const struct run *run)
{
	return signals_stop() != 0 && !run->is_ending;
}

static void show_progress(void *context, uint64_t bytes)
{
	struct run *run = context;

	progress_update(&run->progress, bytes);
}

struct feed_control run_control(struct run *run)
{
	const char *read_size = getenv("JGANNOTATE_TEST_READ_SIZE");

	return (struct feed_control){ signals_wake_fd(), run_is_interrupted, show_progress, run,
		read_size == NULL ? 0 : strtoul(read_size, NULL, 10) };
}

static unsigned count_jobs(const struct options *options)
{
	long cores = 0;
#ifdef CPU_COUNT
	cpu_set_t set;
#endif

	if (options->jobs > 0)
		return options->jobs;
#ifdef CPU_COUNT
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		cores = CPU_COUNT(&set);
#endif
	if (cores == 0)
		cores = sysconf(_SC_NPROCESSORS_ONLN);
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

static size_t size_of_lane(void *context, const void *lane)
{
	(void)context;
	return lane_size(lane);
}

static void close_lane(void *context, void *lane)
{
	(void)context;
	lane_free(lane);
}

/* Up to where a plain file is read. */
static off_t end_of(const struct source *source, const struct stat *status)
{
	off_t end = source_range_end(source);

	return end < status->st_size ? end : status->st_size;
}

bool run_start_threads(struct run *run)
{
	struct parallel_lanes lanes = { run, open_lane, merge_lane, size_of_lane, close_lane };
	struct error ignored = ERROR_INIT;
	unsigned jobs;

	if (run->options->verbose)
		return false;
	jobs = count_jobs(run->options);
	if (jobs < 2)
		return false;
	if (run->parallel == NULL)
		run->parallel = parallel_new(jobs, &lanes, run->setup.matcher, run->setup.catalog,
		    run->options->trust, run->options->output == OUTPUT_JSON, &run->fields, &ignored);
	return run->parallel != NULL;
}

bool run_is_to_cut(const struct run *run, const struct source *source)
{
	struct stat status;
	off_t offset;
	int fd = source_plain_fd(source, &offset);

	/* which lines are in a window is known only in the order of the input */
	if (options_print(run->options) && window_is_bounded(&run->setup.window))
		return false;
	return fd >= 0 && file_stat(fd, &status) == 0 &&
	    end_of(source, &status) - offset >= PARALLEL_BYTES;
}

/* One input by many threads, or by this one. */
static enum feed_result feed_one(struct run *run, struct source *source, bool may_cut,
    const struct feed_control *control, struct error *error)
{
	return may_cut && control->read_size == 0 && run_is_to_cut(run, source) &&
		run_start_threads(run)
	    ? parallel_feed(run->parallel, source, control, error)
	    : feed_source(&run->scan, source, control, error);
}

void run_refer_stamps(struct run *run, const char *path)
{
	struct zone zone = { 0 };

	timestamp_rule_refer_now(&run->setup.stamps, &zone);
	if (path != NULL)
		timestamp_rule_name(&run->setup.stamps, path, &zone);
}

/* The head of a plain file shows what its dates mean, wherever it is entered. */
static void learn_from_head(struct run *run, const struct source *source)
{
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	char *head = fd < 0 ? NULL : malloc(HEAD_SIZE);
	ssize_t count = head == NULL ? -1 : pread(fd, head, HEAD_SIZE, 0);

	if (count >= 0)
		timestamp_rule_learn(&run->setup.stamps, head, (size_t)count);
	free(head);
}

/* Where stamps do not say all, the file's last change and name say the rest, or else the clock. */
static void refer_stamps(struct run *run, const struct source *source)
{
	struct timestamp_rule *stamps = &run->setup.stamps;
	const char *name = source_name(source);
	struct timespec time = { 0 };
	struct zone zone = { 0 };

	if (!source_changed_at(source, &time)) {
		run_refer_stamps(run, NULL);
		return;
	}
	timestamp_rule_refer(stamps, (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000, &zone);
	if (name != NULL)
		timestamp_rule_name(stamps, name, &zone);
	learn_from_head(run, source);
}

off_t run_find_entry(const struct run *run, int fd, off_t from, off_t end)
{
	struct clock clock;

	clock_init(&clock, &run->setup.stamps);
	return bisect_find(fd, from, end, run->setup.window.since, clock_read, &clock);
}

/* Skips the front of the input where it lies before the window. */
static void skip_front(struct run *run, struct source *source, struct run_front *front)
{
	struct stat status;
	off_t offset;
	off_t entry;
	int fd = source_plain_fd(source, &offset);

	/* printed objects have line numbers, so all lines are counted */
	if (run->setup.window.since == CLOCK_UNKNOWN || fd < 0 ||
	    run->options->output == OUTPUT_JSON || file_stat(fd, &status) != 0)
		return;
	entry = run_find_entry(run, fd, offset, end_of(source, &status));
	if (entry > offset && source_set_position(source, entry))
		front->skipped_bytes = (uint64_t)(entry - offset);
}

void run_prepare_input(struct run *run, struct source *source, struct run_front *front)
{
	*front = (struct run_front){ .encoding = run_look_at_front(source) };
	if (!options_print(run->options))
		source_skip_holes(source);
	refer_stamps(run, source);
	skip_front(run, source, front);
}

void run_begin_lane(struct run *run, const struct source *source, const struct run_front *front)
{
	if (front->encoding != NULL)
		run_name_encoding(run, source, front->encoding);
	run->skipped_bytes += front->skipped_bytes;
	lane_begin_input(run->lane, front->skipped_bytes == 0, CLOCK_UNKNOWN);
}

static uint64_t size_of(const char *name)
{
	struct stat status;

	return name != NULL && stat(name, &status) == 0 && S_ISREG(status.st_mode)
	    ? (uint64_t)status.st_size
	    : 0;
}

void run_end_input(
    struct run *run, const char *name, enum feed_result result, struct error *error)
{
	progress_clear(&run->progress);
	if (result == FEED_INPUT_ERROR)
		complain_of_input(run, name, error);
	else if (result == FEED_FATAL)
		run_fail(run, error);
	if (result == FEED_DONE || result == FEED_INPUT_ERROR)
		progress_next_file(&run->progress, size_of(name));
}

bool run_feed_input(struct run *run, const char *name, bool may_cut)
{
	struct feed_control control = run_control(run);
	struct error error = ERROR_INIT;
	struct source *source = source_open(name, &error);
	struct run_front front;
	enum feed_result result;

	if (source == NULL) {
		run_end_input(run, name, FEED_INPUT_ERROR, &error);
		return true;
	}
	if (source_is_terminal(source))
		message_print("reading log lines from the terminal; end with Ctrl-D");
	run_prepare_input(run, source, &front);
	run_begin_lane(run, source, &front);
	scan_begin_input(&run->scan, CLOCK_UNKNOWN);
	result = feed_one(run, source, may_cut, &control, &error);
	run_end_input(run, name, result, &error);
	source_close(source);
	return result == FEED_DONE || result == FEED_INPUT_ERROR;
}

enum feed_result run_feed_range(struct run *run, int fd, const char *path, uint64_t from, uint64_t to,
    int64_t *last_time, struct error *error)
{
	struct feed_control control = run_control(run);
	struct source *source = source_open_fd(fd, path, error);
	enum feed_result result;
	const char *encoding;

	if (source == NULL)
		return FEED_INPUT_ERROR;
	encoding = from == 0 ? run_look_at_front(source) : NULL;
	if (encoding != NULL)
		run_name_encoding(run, source, encoding);
	source_set_range(source, from, to);
	refer_stamps(run, source);
	scan_begin_input(&run->scan, *last_time);
	lane_begin_input(run->lane, false, *last_time);
	result = feed_one(run, source, true, &control, error);
	progress_clear(&run->progress);
	source_close(source);
	*last_time = lane_last_time(run->lane);
	return result;
}

static uint64_t count_bytes(const struct run *run)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < run->file_count; i++)
		bytes += size_of(run->files[i]);
	return bytes;
}

void run_feed(struct run *run)
{
	struct error error = ERROR_INIT;
	bool goes_on = true;
	size_t at = 0;

	progress_init(&run->progress, count_bytes(run));
	while (goes_on && at < run->file_count) {
		size_t before = at;

		goes_on = run_feed_several(run, &at);
		if (goes_on && at == before)
			goes_on = run_feed_input(run, run->files[at++], true);
	}
	if (!run->pipe_closed && !run->has_failed && !writer_flush(run->writer, &error))
		run_fail(run, &error);
}
