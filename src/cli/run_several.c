/*
 * Owns the way of several inputs at once: which of them, and what is said of each in its turn.
 * Must not know threads.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/run_parts.h"
#include "cli/signals.h"

/* Inputs with fewer bytes than this, all together, are done before threads have started. */
#define SEVERAL_BYTES (1024 * 1024)

/* An input between its opening and its end. */
struct input {
	const char *name;
	struct source *source; /* NULL: opened in its turn */
	struct run_front front;
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

	if (several->next == run->file_count)
		return NULL;
	input = &several->inputs[several->next];
	input->name = run->files[several->next];
	if (is_regular(input->name))
		input->source = source_open(input->name, &ignored);
	if (input->source != NULL && run_is_to_cut(run, input->source)) {
		source_close(input->source);
		input->source = NULL;
		return NULL;
	}
	several->next++;
	if (input->source != NULL)
		run_prepare_input(run, input->source, &input->front);
	*source = input->source;
	return input;
}

static void begin_input(void *context, void *begun)
{
	struct several *several = context;
	const struct input *input = begun;

	run_begin_lane(several->run, input->source, &input->front);
}

static enum feed_result end_input(
    void *context, void *ended, enum feed_result result, struct error *error)
{
	struct several *several = context;
	struct run *run = several->run;
	struct input *input = ended;

	several->done++;
	if (input->source == NULL)
		return run_feed_input(run, input->name, false) ? FEED_DONE : FEED_STOPPED;
	run_end_input(run, input->name, result, error);
	source_close(input->source);
	input->source = NULL;
	return FEED_DONE;
}

static bool is_wanted(const struct run *run, size_t at)
{
	return !options_print(run->options) && run->file_count - at > 1 && run->progress.total >= SEVERAL_BYTES;
}

bool run_feed_several(struct run *run, size_t *at)
{
	struct feed_control control = run_control(run);
	struct several several = { run, NULL, *at, *at };
	struct parallel_inputs inputs = { &several, run->scan.sinks, next_input, begin_input,
		end_input };
	struct error error = ERROR_INIT;
	enum feed_result result;

	if (!is_wanted(run, *at) || control.read_size != 0 || !run_start_threads(run))
		return true;
	several.inputs = calloc(run->file_count, sizeof(*several.inputs));
	if (several.inputs == NULL)
		return true; /* one after the other */
	result = parallel_feed_inputs(run->parallel, &inputs, &control, &error);
	progress_clear(&run->progress);
	if (result == FEED_FATAL)
		run_fail(run, &error);
	for (size_t i = *at; i < several.next; i++)
		source_close(several.inputs[i].source);
	free(several.inputs);
	*at = several.done;
	return result == FEED_DONE;
}
