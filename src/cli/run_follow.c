/*
 * Owns a run that follows its files: where in them it begins, and what is said of their fate.
 * Must not know how they are watched.
 *
 * Whoever watches them calls back: to ask where to begin, to tell what happened to a file, before
 * lines of another file, and when there is nothing to read. Through its hooks a database has its
 * say in the first and its turn in the last.
 */
#include "cli/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "cli/option_table.h"
#include "cli/signals.h"
#include "input/follow_start.h"
#include "stream/feed_follow.h"

/* As tail does it. */
#define LINES_DEFAULT 10

struct following {
	struct run *run;
	const struct follow_hooks *hooks;
	bool is_starting;
	const char *compressed; /* at the start: the last such file */
	size_t refused;         /* at the start */
	bool has_headings;
	size_t headed; /* the file whose heading was the last */
};

/* ---- what happens to a file ---- */

static const char *const events[] = {
	[FOLLOW_ABSENT] = "is not there yet; waiting",
	[FOLLOW_GONE] = "is gone; waiting for a new file",
	[FOLLOW_APPEARED] = "has appeared; following it",
	[FOLLOW_REPLACED] = "has been replaced; following the new file",
	[FOLLOW_TRUNCATED] = "has been truncated; following it from its new start",
	[FOLLOW_MISSING] =
	    ("may have had other files since, which are not found: lines between may be "
	     "missing; more rotated names: --rotated"),
	[FOLLOW_NO_COPY] = "has no copy beside it: lines between may be missing",
	[FOLLOW_COMPRESSED] = "is compressed: it cannot be followed; without -F it is read",
	[FOLLOW_NO_FILE] = "is no regular file: it cannot be followed; without -F it is read",
};

static void tell(void *context, size_t file, enum follow_event event, int errnum)
{
	struct following *following = context;
	struct run *run = following->run;
	const char *name = run->reading.files[file];

	if (event == FOLLOW_UNREADABLE)
		message_print("cannot read '%s': %s; waiting", name, strerror(errnum));
	else if (event == FOLLOW_POLLED && errnum == EREMOTE)
		message_print(
		    "'%s' may be written by others than this host: looking each second", name);
	else if (event == FOLLOW_POLLED)
		message_print("inotify cannot be used for '%s': %s; looking each second", name,
		    errnum == ENOSPC ? "too many watches (fs.inotify.max_user_watches)"
		                     : strerror(errnum));
	else if (event != FOLLOW_COMPRESSED || !following->is_starting)
		message_print("'%s' %s", name, events[event]);
	if (event != FOLLOW_COMPRESSED && event != FOLLOW_NO_FILE)
		return;
	run->reading.unreadable++;
	if (following->is_starting)
		following->refused++;
	if (following->is_starting && event == FOLLOW_COMPRESSED)
		following->compressed = name;
}

static void tell_unread(void *context, size_t file, const struct error *why)
{
	const struct following *following = context;

	message_print("'%s': %s; lines between may be missing", following->run->reading.files[file],
	    why->text);
}

/* ---- where to begin ---- */

static uint64_t choose_start(const struct run *run, int fd, uint64_t size)
{
	const struct options *options = run->options;

	if (options->lines.is_asked && options->lines.is_number)
		return follow_start_of_line(fd, size, options->lines.count);
	if (!options->lines.is_asked && run->reading.setup.window.since != CLOCK_UNKNOWN)
		return (uint64_t)reading_find_entry(&run->reading, fd, 0, (off_t)size);
	return follow_start_of_last(
	    fd, size, options->lines.is_asked ? options->lines.count : LINES_DEFAULT);
}

static uint64_t begin_file(
    void *context, size_t file, int fd, uint64_t size, struct follow_place *place)
{
	const struct following *following = context;
	const struct follow_hooks *hooks = following->hooks;
	uint64_t start;

	if (hooks->start == NULL || !hooks->start(hooks->context, file, fd, &start))
		start = choose_start(following->run, fd, size);
	if (start == FOLLOW_START_UNKNOWN)
		return start;
	if (start > size) { /* it was cut since that was known */
		tell(context, file, FOLLOW_TRUNCATED, 0);
		message_print(
		    "'%s': lines between may be missing", following->run->reading.files[file]);
		start = 0;
	}
	/* printed objects have line numbers */
	if (following->run->options->output == OUTPUT_JSON) {
		uint64_t lines = follow_count_lines(fd, start);

		if (lines == FOLLOW_START_UNKNOWN)
			return lines;
		place->line = lines + 1;
	} else {
		place->has_line = start == 0;
	}
	return start;
}

/* ---- while it runs ---- */

static bool is_interrupted(void *context)
{
	const struct following *following = context;
	bool is_stopping = run_is_interrupted(following->run);

	if (following->hooks->work != NULL && !is_stopping)
		(void)following->hooks->work(following->hooks->context);
	return is_stopping;
}

static int rest(void *context)
{
	const struct following *following = context;

	return following->hooks->work == NULL ? -1
	                                      : following->hooks->work(following->hooks->context);
}

static void begin_lines(void *context, size_t file, const struct follow_place *place)
{
	struct following *following = context;
	struct run *run = following->run;
	struct error error = ERROR_INIT;

	reading_refer_stamps(&run->reading, run->reading.files[file]);
	tally_begin_input(outputs_tally(run->reading.outputs), place->has_line, place->last_time);
	if (!following->has_headings || following->headed == file)
		return;
	following->headed = file;
	if (!outputs_set_heading(run->reading.outputs, run->reading.files[file], &error))
		delivery_fail(&run->delivery, &error);
}

/* Whether anything will go to standard output. */
static bool uses_output(const struct run *run)
{
	const struct options_list *reports = &run->options->reports;

	for (size_t i = 0; i < reports->count; i++) {
		struct report_target target;

		if (report_target_read(&target, reports->items[i]) && target.file == NULL)
			return true;
	}
	return options_print(run->options) || run->delivery.verdict != NULL;
}

static void feed(struct following *following, struct follow *follow)
{
	struct run *run = following->run;
	struct feed_follow_control control = { .names = run->reading.files,
		.wake_fd = signals_wake_fd(),
		.output_fd = uses_output(run) ? STDOUT_FILENO : -1,
		.interrupted = is_interrupted,
		.begin = begin_lines,
		.rest = rest,
		.context = following };
	struct error error = ERROR_INIT;

	if (feed_follow(&run->reading.scan, follow, &control, &error) == FEED_FATAL)
		delivery_fail(&run->delivery, &error);
}

int run_follow(struct run *run, const struct follow_hooks *hooks)
{
	static const struct follow_hooks none = { NULL, NULL, NULL, NULL };
	struct following following = { run, hooks == NULL ? &none : hooks, true, NULL, 0,
		run->reading.file_count > 1 && isatty(STDOUT_FILENO) == 1, SIZE_MAX };
	const char *read_size = getenv("JGANNOTATE_TEST_READ_SIZE");
	const char *poll = getenv("JGANNOTATE_TEST_POLL");
	struct follow_options options = { .names = run->reading.files,
		.count = run->reading.file_count,
		.patterns = (const char *const *)run->options->rotated.items,
		.pattern_count = run->options->rotated.count,
		.polls = poll != NULL,
		.poll_milliseconds = poll == NULL ? 0 : (unsigned)strtoul(poll, NULL, 10),
		.read_size = read_size == NULL ? 0 : strtoul(read_size, NULL, 10),
		.context = &following,
		.tell = tell,
		.tell_unread = tell_unread,
		.begin = begin_file };
	struct error error = ERROR_INIT;
	struct follow *follow = follow_new(&options, &error);
	int status = -1;

	following.is_starting = false;
	if (follow == NULL) {
		delivery_fail(&run->delivery, &error);
	} else if (following.compressed != NULL) {
		(void)error_set(&error, ERROR_USAGE, "'%s' %s", following.compressed,
		    events[FOLLOW_COMPRESSED]);
		message_error(&error);
		status = delivery_error_status(&error);
	} else if (following.refused == run->reading.file_count) {
		status = EXIT_TROUBLE;
	} else {
		if (following.hooks->ready != NULL)
			following.hooks->ready(following.hooks->context);
		feed(&following, follow);
	}
	follow_free(follow);
	return status;
}
