/*
 * Owns the way of the inputs through the scan, until they end or a signal asks to stop. Must not
 * know what becomes of the hits.
 *
 * Before its lines are read an input is asked in what encoding it is written, what its dates mean
 * and where the window begins in it. Then inputs are fed one after the other, a large and plain one
 * by all threads; where nothing is printed, several at once.
 */
#include "cli/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/message.h"
#include "base/wide.h"
#include "cli/option_hints.h"
#include "cli/signals.h"

/* Inputs with fewer bytes than this, all together, are done before threads have started. */
#define SEVERAL_BYTES (1024 * 1024)
/* A file smaller than this is done before threads have started. */
#define PARALLEL_BYTES (4 * 1024 * 1024)

/* So much of a file is asked what its dates mean. */
#define HEAD_SIZE 65536u

/* ---- before its lines are read ---- */

/* What is found when an input is opened, which may be before its turn; in its turn it begins. */
struct front {
	uint64_t skipped_bytes; /* that lie before the window */
	const char *encoding;   /* UTF-16 or another that cannot be searched; or NULL */
	uint64_t start;         /* where in the file it begins, with its front */
	uint64_t lines, bytes;  /* of the inputs before it */
};

/* Up to where a plain file is read. */
static off_t end_of(const struct source *source, const struct stat *status)
{
	off_t end = source_range_end(source);

	return end < status->st_size ? end : status->st_size;
}

/* Whether a source is large and plain, so that threads can share it. */
static bool is_to_cut(const struct reading *reading, const struct source *source)
{
	struct stat status;
	off_t offset;
	int fd = source_plain_fd(source, &offset);

	/* which lines are in a window is known only in the order of the input */
	if (options_print(reading->options) && window_is_bounded(&reading->setup.window))
		return false;
	return fd >= 0 && file_stat(fd, &status) == 0 &&
	       end_of(source, &status) - offset >= PARALLEL_BYTES;
}

/* The head of a plain file shows what its dates mean, wherever it is entered. */
static void learn_from_head(struct reading *reading, const struct source *source)
{
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	char *head = fd < 0 ? NULL : malloc(HEAD_SIZE);
	ssize_t count = head == NULL ? -1 : file_read_at(fd, head, HEAD_SIZE, 0);

	if (count >= 0)
		timestamp_rule_learn(&reading->setup.stamps, head, (size_t)count);
	free(head);
}

/* Where stamps do not say all, the file's last change and name say the rest, or else the clock. */
static void refer_stamps(struct reading *reading, const struct source *source)
{
	struct timestamp_rule *stamps = &reading->setup.stamps;
	const char *name = source_name(source);
	struct timespec time = { 0 };
	struct zone zone = { 0 };

	if (!source_changed_at(source, &time)) {
		reading_refer_stamps(reading, NULL);
		return;
	}
	timestamp_rule_refer(stamps, (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000, &zone);
	if (name != NULL)
		timestamp_rule_name(stamps, name, &zone);
	learn_from_head(reading, source);
}

/* The wide encoding that a plain input is written in; else NULL. */
static const char *look_at_front(const struct source *source)
{
	char front[WIDE_FRONT];
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	ssize_t length = fd < 0 ? -1 : file_read_at(fd, front, sizeof(front), offset);

	return length > 0 ? wide_name(front, (size_t)length) : NULL;
}

/* The input counts as damaged. */
static void name_encoding(
    struct reading *reading, const struct source *source, const char *encoding)
{
	struct error error = ERROR_INIT;
	const char *name = source_name(source);

	reading->damaged++;
	(void)error_set(&error, ERROR_DAMAGED, "'%s' is %s, in which no code is found",
	    source_title(source), encoding);
	(void)error_hint(&error, "try: iconv -f %s -t UTF-8 %s | jgannotate", encoding,
	    name == NULL ? "" : name);
	message_error(&error);
}

/* Skips the front of the input where it lies before the window. */
static void skip_front(struct reading *reading, struct source *source, struct front *front)
{
	struct stat status;
	off_t offset;
	off_t entry;
	int fd = source_plain_fd(source, &offset);

	/* printed objects have line numbers, so all lines are counted */
	if (reading->setup.window.since == CLOCK_UNKNOWN || fd < 0 ||
	    reading->options->output == OUTPUT_JSON || file_stat(fd, &status) != 0)
		return;
	entry = reading_find_entry(reading, fd, offset, end_of(source, &status));
	if (entry > offset && source_set_position(source, entry))
		front->skipped_bytes = (uint64_t)(entry - offset);
}

static void prepare_input(struct reading *reading, struct source *source, struct front *front)
{
	*front =
	    (struct front){ .encoding = look_at_front(source), .start = source_position(source) };
	if (reading->slices != NULL)
		(void)source_keep_digest(
		    source); /* that it could not is told when it is asked for */
	if (!options_print(reading->options))
		source_skip_holes(source);
	refer_stamps(reading, source);
	skip_front(reading, source, front);
}

static void start_input(struct reading *reading, const struct source *source, struct front *front)
{
	front->lines = tally_lines(outputs_tally(reading->outputs));
	front->bytes = tally_bytes(outputs_tally(reading->outputs));
	if (front->encoding != NULL)
		name_encoding(reading, source, front->encoding);
	reading->skipped_bytes += front->skipped_bytes;
	tally_begin_input(
	    outputs_tally(reading->outputs), front->skipped_bytes == 0, CLOCK_UNKNOWN);
}

/* The same for a stretch of a file, by itself; `last_time` is that of the lines before it. */
static void start_range(
    struct reading *reading, const struct source *source, bool is_front, int64_t last_time)
{
	const char *encoding = is_front ? look_at_front(source) : NULL;

	if (encoding != NULL)
		name_encoding(reading, source, encoding);
	refer_stamps(reading, source);
	tally_begin_input(outputs_tally(reading->outputs), false, last_time);
}

/* ---- one input ---- */

static bool is_number(const char *name)
{
	size_t length = strspn(name, "0123456789");

	return length > 0 && length <= 9 && name[length] == '\0';
}

/* Names an input that could not be read, or not whole, and counts it. `name`: NULL: standard input.
 */
static void refuse_input(struct reading *reading, const char *name, struct error *error)
{
	struct stat status;

	if (error->kind == ERROR_DAMAGED)
		reading->damaged++;
	else
		reading->unreadable++;
	if (name != NULL && stat(name, &status) != 0) {
		if (is_number(name))
			(void)error_hint(error, "to look it up: jgannotate --explain %s", name);
		else if (reading->options->verbose)
			(void)error_hint(error, "%s", option_hint("-v", name));
		else if (option_operand_hint(name) != NULL)
			(void)error_hint(error, "%s", option_operand_hint(name));
	} else if (name != NULL && S_ISDIR(status.st_mode)) {
		(void)error_hint(error, "%s", option_hint("-R", NULL));
	}
	message_error(error);
}

static void show_progress(void *context, uint64_t bytes)
{
	struct run *run = context;

	progress_update(&run->reading.progress, bytes);
}

static struct feed_control make_control(struct run *run)
{
	const char *read_size = getenv("JGANNOTATE_TEST_READ_SIZE");

	return (struct feed_control){ signals_wake_fd(), run_is_interrupted, show_progress, run,
		read_size == NULL ? 0 : strtoul(read_size, NULL, 10) };
}

/* One input by many threads, or by this one. */
static enum feed_result feed_one(struct reading *reading, struct source *source, bool may_cut,
    const struct feed_control *control, struct error *error)
{
	return may_cut && control->read_size == 0 && is_to_cut(reading, source) &&
	               reading_start_threads(reading)
	           ? parallel_feed(reading->parallel, source, control, error)
	           : feed_source(&reading->scan, source, control, error);
}

static uint64_t size_of(const char *name)
{
	struct stat status;

	return name != NULL && stat(name, &status) == 0 && S_ISREG(status.st_mode)
	           ? (uint64_t)status.st_size
	           : 0;
}

/* An input between its opening and its end. */
struct input {
	const char *name;
	struct source *source; /* NULL: it is not opened yet, or could not be */
	struct front front;
};

/* All of the input was read, as far as that could be. False when there is no memory. */
static bool note_slice(
    struct reading *reading, const struct input *input, bool is_whole, struct error *error)
{
	const struct tally *tally = outputs_tally(reading->outputs);
	const struct digest *digest;
	struct summary_slice *slice;
	char text[DIGEST_TEXT];

	if (reading->slices == NULL)
		return true;
	slice = &reading->slices[reading->slice_count++];
	*slice = (struct summary_slice){ .label = reading->options->label, .file = input->name };
	if (input->source == NULL)
		return true;
	slice->start = input->front.start;
	slice->end = source_position(input->source);
	slice->lines = tally_lines(tally) - input->front.lines;
	slice->bytes = tally_bytes(tally) - input->front.bytes;
	digest = source_digest(input->source);
	if (!is_whole)
		return true;
	if (digest == NULL)
		return error_set_memory(error);
	digest_text(digest, text);
	slice->digest = arena_text(&reading->slice_texts, text, strlen(text));
	return slice->digest != NULL || error_set_memory(error);
}

static void close_input(
    struct run *run, const struct input *input, enum feed_result result, struct error *error)
{
	const char *name = input->name;
	struct error memory = ERROR_INIT;

	progress_clear(&run->reading.progress);
	if (result == FEED_INPUT_ERROR)
		refuse_input(&run->reading, name, error);
	else if (result == FEED_FATAL)
		delivery_fail(&run->delivery, error);
	if (result != FEED_DONE && result != FEED_INPUT_ERROR)
		return;
	progress_next_file(&run->reading.progress, size_of(name));
	if (!note_slice(&run->reading, input, result == FEED_DONE, &memory))
		delivery_fail(&run->delivery, &memory);
}

static bool feed_input(struct run *run, const char *name, bool may_cut)
{
	struct feed_control control = make_control(run);
	struct error error = ERROR_INIT;
	struct input input = { .name = name, .source = source_open(name, &error) };
	enum feed_result result;

	if (input.source == NULL) {
		close_input(run, &input, FEED_INPUT_ERROR, &error);
		return true;
	}
	if (source_is_terminal(input.source))
		message_print("reading log lines from the terminal; end with Ctrl-D");
	prepare_input(&run->reading, input.source, &input.front);
	start_input(&run->reading, input.source, &input.front);
	scan_begin_input(&run->reading.scan, CLOCK_UNKNOWN);
	result = feed_one(&run->reading, input.source, may_cut, &control, &error);
	close_input(run, &input, result, &error);
	source_close(input.source);
	return result == FEED_DONE || result == FEED_INPUT_ERROR;
}

enum feed_result run_feed_range(struct run *run, int fd, const char *path, uint64_t from,
    uint64_t to, int64_t *last_time, struct error *error)
{
	struct reading *reading = &run->reading;
	struct feed_control control = make_control(run);
	struct source *source = source_open_fd(fd, path, error);
	enum feed_result result;

	if (source == NULL)
		return FEED_INPUT_ERROR;
	source_set_range(source, from, to);
	start_range(reading, source, from == 0, *last_time);
	scan_begin_input(&reading->scan, *last_time);
	result = feed_one(reading, source, true, &control, error);
	progress_clear(&reading->progress);
	source_close(source);
	*last_time = tally_last_time(outputs_tally(reading->outputs));
	return result;
}

/* ---- several at once ---- */

struct several {
	struct run *run;
	struct input *inputs; /* of each file of the run */
	size_t next;          /* to be handed out */
	size_t done;
};

/* Whether its end can be waited for, however that takes. What cannot be opened now may be in its
 * turn, when others are closed. */
static bool is_regular(const char *name)
{
	struct stat status;

	return name != NULL && stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

static void *next_input(void *context, struct source **source)
{
	struct several *several = context;
	struct run *run = several->run;
	struct error ignored = ERROR_INIT;
	struct input *input;

	if (several->next == run->reading.file_count)
		return NULL;
	input = &several->inputs[several->next];
	input->name = run->reading.files[several->next];
	if (is_regular(input->name))
		input->source = source_open(input->name, &ignored);
	if (input->source != NULL && is_to_cut(&run->reading, input->source)) {
		source_close(input->source);
		input->source = NULL;
		return NULL;
	}
	several->next++;
	if (input->source != NULL)
		prepare_input(&run->reading, input->source, &input->front);
	*source = input->source;
	return input;
}

static void begin_input(void *context, void *begun)
{
	struct several *several = context;
	struct input *input = begun;

	start_input(&several->run->reading, input->source, &input->front);
}

static enum feed_result end_input(
    void *context, void *ended, enum feed_result result, struct error *error)
{
	struct several *several = context;
	struct run *run = several->run;
	struct input *input = ended;

	several->done++;
	if (input->source == NULL)
		return feed_input(run, input->name, false) ? FEED_DONE : FEED_STOPPED;
	close_input(run, input, result, error);
	source_close(input->source);
	input->source = NULL;
	return FEED_DONE;
}

static bool is_wanted(const struct run *run, size_t at)
{
	return !options_print(run->options) && run->reading.file_count - at > 1 &&
	       run->reading.progress.total >= SEVERAL_BYTES;
}

/* Feeds inputs from `*at` on, several at once, as far as nothing is printed and none is large and
 * plain. Moves `*at` to the first that is not done. Returns false when the run must end. */
static bool feed_several(struct run *run, size_t *at)
{
	struct feed_control control = make_control(run);
	struct several several = { run, NULL, *at, *at };
	struct parallel_inputs inputs = { &several, run->reading.scan.sinks, next_input,
		begin_input, end_input };
	struct error error = ERROR_INIT;
	enum feed_result result;

	if (!is_wanted(run, *at) || control.read_size != 0 || !reading_start_threads(&run->reading))
		return true;
	several.inputs = calloc(run->reading.file_count, sizeof(*several.inputs));
	if (several.inputs == NULL)
		return true; /* one after the other */
	result = parallel_feed_inputs(run->reading.parallel, &inputs, &control, &error);
	progress_clear(&run->reading.progress);
	if (result == FEED_FATAL)
		delivery_fail(&run->delivery, &error);
	for (size_t i = *at; i < several.next; i++)
		source_close(several.inputs[i].source);
	free(several.inputs);
	*at = several.done;
	return result == FEED_DONE;
}

/* ---- all of them ---- */

static uint64_t count_bytes(const struct run *run)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < run->reading.file_count; i++)
		bytes += size_of(run->reading.files[i]);
	return bytes;
}

void run_feed(struct run *run)
{
	struct error error = ERROR_INIT;
	bool goes_on = true;
	size_t at = 0;

	progress_init(&run->reading.progress, count_bytes(run));
	while (goes_on && at < run->reading.file_count) {
		size_t before = at;

		goes_on = feed_several(run, &at);
		if (goes_on && at == before)
			goes_on = feed_input(run, run->reading.files[at++], true);
	}
	if (!run->delivery.pipe_closed && run->delivery.failure == EXIT_DONE &&
	    !writer_flush(run->delivery.writer, &error))
		delivery_fail(&run->delivery, &error);
}
