/*
 * Owns the way of the inputs through the scan, until they end or a signal asks to stop: one after
 * the other, a large file by all threads, or several at once. Must not know what becomes of the
 * hits.
 */
#include "cli/run.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/message.h"
#include "cli/signals.h"

/* Inputs with fewer bytes than this, all together, are done before threads have started. */
#define SEVERAL_BYTES (1024 * 1024)

/* ---- signals ---- */

static void print_totals_now(struct run *run)
{
	struct error error = ERROR_INIT;
	struct summary *summary = reading_summarize(&run->reading, &error);

	if (summary == NULL)
		message_error(&error);
	else
		delivery_print_totals(&run->delivery, summary);
	summary_free(summary);
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

/* ---- one input ---- */

/* One input by many threads, or by this one. */
static enum feed_result feed_one(struct reading *reading, struct source *source, bool may_cut,
    const struct feed_control *control, struct error *error)
{
	return may_cut && control->read_size == 0 && reading_is_to_cut(reading, source) &&
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

static void close_input(
    struct run *run, const char *name, enum feed_result result, struct error *error)
{
	progress_clear(&run->reading.progress);
	if (result == FEED_INPUT_ERROR)
		reading_refuse_input(&run->reading, name, error);
	else if (result == FEED_FATAL)
		delivery_fail(&run->delivery, error);
	if (result == FEED_DONE || result == FEED_INPUT_ERROR)
		progress_next_file(&run->reading.progress, size_of(name));
}

static bool feed_input(struct run *run, const char *name, bool may_cut)
{
	struct feed_control control = make_control(run);
	struct error error = ERROR_INIT;
	struct source *source = source_open(name, &error);
	struct reading_front front;
	enum feed_result result;

	if (source == NULL) {
		close_input(run, name, FEED_INPUT_ERROR, &error);
		return true;
	}
	if (source_is_terminal(source))
		message_print("reading log lines from the terminal; end with Ctrl-D");
	reading_prepare_input(&run->reading, source, &front);
	reading_begin_input(&run->reading, source, &front);
	scan_begin_input(&run->reading.scan, CLOCK_UNKNOWN);
	result = feed_one(&run->reading, source, may_cut, &control, &error);
	close_input(run, name, result, &error);
	source_close(source);
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
	reading_begin_range(reading, source, from == 0, *last_time);
	scan_begin_input(&reading->scan, *last_time);
	result = feed_one(reading, source, true, &control, error);
	progress_clear(&reading->progress);
	source_close(source);
	*last_time = tally_last_time(outputs_tally(reading->outputs));
	return result;
}

/* ---- several at once ---- */

/* An input between its opening and its end. */
struct input {
	const char *name;
	struct source *source; /* NULL: opened in its turn */
	struct reading_front front;
};

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
	if (input->source != NULL && reading_is_to_cut(&run->reading, input->source)) {
		source_close(input->source);
		input->source = NULL;
		return NULL;
	}
	several->next++;
	if (input->source != NULL)
		reading_prepare_input(&run->reading, input->source, &input->front);
	*source = input->source;
	return input;
}

static void begin_input(void *context, void *begun)
{
	struct several *several = context;
	const struct input *input = begun;

	reading_begin_input(&several->run->reading, input->source, &input->front);
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
	close_input(run, input->name, result, error);
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
	if (!run->delivery.pipe_closed && !run->delivery.has_failed &&
	    !writer_flush(run->delivery.writer, &error))
		delivery_fail(&run->delivery, &error);
}
