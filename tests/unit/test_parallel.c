/* Several inputs at once: their order, their outputs, and how they are stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "scanned.h"
#include "stream/parallel.h"
#include "temporary.h"

#define INPUTS 6
#define LINE "code=9011 some words behind it\n"

struct world;

/* What came of the pieces: newlines by input, and the inputs in the order they came. */
struct record {
	struct sink sink; /* first: the sink is the struct */
	struct world *world;
	uint64_t newlines[INPUTS];
	char order[4096];
};

struct input {
	char path[64];
	uint64_t lines;
	struct source *source;
};

struct world {
	struct scanner scanner;
	struct parallel *parallel;
	struct record result;
	struct input inputs[INPUTS];
	size_t count, next;
	char said[4096];     /* by begin and end, in order */
	size_t outputs_size; /* of each job */
	bool merge_fails;
	int stops_after; /* looks; -1: never */
	int ends_after;  /* ends; -1: never */
	bool waits;      /* the first input waits until the second one is seen */
	bool was_alone;
	pthread_mutex_t lock;
	pthread_cond_t seen;
	bool is_second_seen;
};

static void add_letter(char *text, size_t input)
{
	size_t length = strlen(text);
	char letter = (char)('A' + input);

	if (length > 0 && text[length - 1] == letter)
		return;
	assert_true(length < 4000);
	text[length] = letter;
	text[length + 1] = '\0';
}

static size_t number_of(const struct world *world, const char *file)
{
	size_t i = 0;

	while (file != world->inputs[i].path)
		i++;
	return i;
}

/* As long as one worker had to do all, this would wait for ever. */
static void meet(struct world *world, size_t input)
{
	struct timespec until;
	int status = 0;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	(void)pthread_mutex_lock(&world->lock);
	if (input == 1) {
		world->is_second_seen = true;
		(void)pthread_cond_broadcast(&world->seen);
	}
	while (input == 0 && !world->is_second_seen && status == 0)
		status = pthread_cond_timedwait(&world->seen, &world->lock, &until);
	world->was_alone = world->was_alone || status != 0;
	(void)pthread_mutex_unlock(&world->lock);
}

static bool take_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	(void)sink;
	(void)piece;
	(void)hits;
	(void)count;
	(void)error;
	return true;
}

static bool take_end(struct sink *sink, const struct piece *piece, struct error *error)
{
	struct record *record = (struct record *)sink;
	size_t input = number_of(record->world, piece->file);

	(void)error;
	if (record->world->waits)
		meet(record->world, input);
	record->newlines[input] += piece->newlines;
	add_letter(record->order, input);
	return true;
}

static bool take_flush(struct sink *sink, struct error *error)
{
	(void)sink;
	(void)error;
	return true;
}

static const struct sink_operations operations = { take_hits, take_end, take_flush };

static void record_init(struct record *record, struct world *world)
{
	memset(record, 0, sizeof(*record));
	record->sink.operations = &operations;
	record->world = world;
}

static void *open_outputs(void *context, struct sink **sinks, size_t *count, struct error *error)
{
	struct record *outputs = malloc(sizeof(*outputs));

	(void)error;
	assert_non_null(outputs);
	record_init(outputs, context);
	sinks[0] = &outputs->sink;
	*count = 1;
	return outputs;
}

static bool merge_outputs(void *context, void *from, uint64_t line_offset, struct error *error)
{
	struct world *world = context;
	struct record *outputs = from;

	assert_int_equal(line_offset, 0);
	if (world->merge_fails)
		return error_set_memory(error);
	assert_true(strlen(outputs->order) <= 1);
	for (size_t i = 0; i < INPUTS; i++)
		world->result.newlines[i] += outputs->newlines[i];
	if (outputs->order[0] != '\0')
		add_letter(world->result.order, (size_t)(outputs->order[0] - 'A'));
	record_init(outputs, world);
	return true;
}

static size_t size_of_outputs(void *context, const void *outputs)
{
	(void)outputs;
	return ((struct world *)context)->outputs_size;
}

static void close_outputs(void *context, void *outputs)
{
	(void)context;
	free(outputs);
}

static void *next_input(void *context, struct source **source)
{
	struct world *world = context;

	if (world->next == world->count)
		return NULL;
	*source = world->inputs[world->next].source;
	return &world->inputs[world->next++];
}

static void begin_input(void *context, void *input)
{
	struct world *world = context;

	assert_non_null(((struct input *)input)->source);
	add_letter(world->said, (size_t)((struct input *)input - world->inputs));
}

static enum feed_result end_input(
    void *context, void *input, enum feed_result result, struct error *error)
{
	struct world *world = context;

	(void)error;
	assert_int_equal(result, FEED_DONE);
	add_letter(world->said, (size_t)((struct input *)input - world->inputs));
	strcat(world->said, "."); /* NOLINT: there is room */
	return world->ends_after >= 0 && world->ends_after-- == 0 ? FEED_STOPPED : FEED_DONE;
}

static bool is_interrupted(void *context)
{
	struct world *world = context;

	return world->stops_after >= 0 && world->stops_after-- == 0;
}

static void note_progress(void *context, uint64_t bytes)
{
	(void)context;
	(void)bytes;
}

/* The inputs have these numbers of lines; UINT64_MAX: it has no source. */
static void world_init(struct world *world, const uint64_t *lines, size_t count)
{
	struct parallel_outputs outputs = { world, open_outputs, merge_outputs, size_of_outputs,
		close_outputs };
	struct scan_fields fields = { NULL, false, NULL };
	struct error error = ERROR_INIT;

	memset(world, 0, sizeof(*world));
	world->stops_after = world->ends_after = -1;
	world->count = count;
	(void)pthread_mutex_init(&world->lock, NULL);
	(void)pthread_cond_init(&world->seen, NULL);
	record_init(&world->result, world);
	scanner_init(&world->scanner, TRUST_NORMAL, false);
	world->parallel = parallel_new(2, &outputs, world->scanner.matcher, world->scanner.catalog,
	    TRUST_NORMAL, false, &fields, &error);
	assert_non_null(world->parallel);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(LINE);
		char *text = NULL;

		world->inputs[i].lines = lines[i];
		if (lines[i] == UINT64_MAX)
			continue;
		text = malloc(lines[i] * length + 1);
		assert_non_null(text);
		for (uint64_t line = 0; line < lines[i]; line++)
			memcpy(text + line * length, LINE, length);
		temporary_file(world->inputs[i].path, text, lines[i] * length);
		world->inputs[i].source = source_open(world->inputs[i].path, &error);
		assert_non_null(world->inputs[i].source);
		free(text);
	}
}

static enum feed_result world_feed(struct world *world, struct error *error)
{
	struct sink *sinks[] = { &world->result.sink };
	struct parallel_inputs inputs = { world, sinks, next_input, begin_input, end_input };
	struct feed_control control = { -1, is_interrupted, note_progress, world, 0 };

	return parallel_feed_inputs(world->parallel, &inputs, &control, error);
}

static void world_release(struct world *world)
{
	for (size_t i = 0; i < world->count; i++) {
		source_close(world->inputs[i].source);
		if (world->inputs[i].path[0] != '\0')
			(void)unlink(world->inputs[i].path);
	}
	parallel_free(world->parallel);
	scanner_release(&world->scanner);
	(void)pthread_cond_destroy(&world->seen);
	(void)pthread_mutex_destroy(&world->lock);
}

static void expect_newlines(const struct world *world, size_t count)
{
	for (size_t i = 0; i < INPUTS; i++)
		assert_int_equal(world->result.newlines[i],
		    i < count && world->inputs[i].source != NULL ? world->inputs[i].lines : 0);
}

static void inputs_are_read_at_once_and_merged_in_order(void **state)
{
	static const uint64_t lines[INPUTS] = { 10, 20, 0, 40000, UINT64_MAX, 60 };
	struct error error = ERROR_INIT;
	struct world world;

	(void)state;
	world_init(&world, lines, INPUTS);
	world.waits = true;
	assert_int_equal(world_feed(&world, &error), FEED_DONE);
	assert_false(world.was_alone);
	assert_string_equal(world.result.order, "ABDF");
	assert_string_equal(world.said, "A.B.C.D.E.F.");
	expect_newlines(&world, INPUTS);
	world_release(&world);
}

static void full_outputs_wait_for_their_turn(void **state)
{
	static const uint64_t lines[INPUTS] = { 100000, 50000, 100000, 7, UINT64_MAX, 90000 };
	struct error error = ERROR_INIT;
	struct world world;

	(void)state;
	world_init(&world, lines, INPUTS);
	world.outputs_size = SIZE_MAX;
	assert_int_equal(world_feed(&world, &error), FEED_DONE);
	assert_string_equal(world.result.order, "ABCDF");
	expect_newlines(&world, INPUTS);
	world_release(&world);
}

static void what_was_read_before_a_stop_is_a_front(void **state)
{
	static const uint64_t lines[INPUTS] = { 30000, 30000, 200000, 30000, 200000, 200000 };
	struct error error = ERROR_INIT;

	(void)state;
	for (int looks = 0; looks < 8; looks++) {
		enum feed_result result;
		struct world world;
		size_t last;

		world_init(&world, lines, INPUTS);
		world.stops_after = looks;
		world.outputs_size = looks % 2 == 0 ? SIZE_MAX : 0;
		result = world_feed(&world, &error);
		assert_int_equal(result, world.stops_after < 0 ? FEED_STOPPED : FEED_DONE);
		last = strlen(world.result.order);
		assert_memory_equal(world.result.order, "ABCDEF", last);
		for (size_t i = 0; i < INPUTS; i++) {
			assert_true(world.result.newlines[i] <= lines[i]);
			if (i + 1 < last)
				assert_int_equal(world.result.newlines[i], lines[i]);
		}
		world_release(&world);
	}
}

static void a_failed_merge_ends_all(void **state)
{
	static const uint64_t lines[INPUTS] = { 100000, 100000, 10, 10, 10, 10 };
	struct error error = ERROR_INIT;
	struct world world;

	(void)state;
	world_init(&world, lines, INPUTS);
	world.merge_fails = true;
	world.outputs_size = SIZE_MAX;
	assert_int_equal(world_feed(&world, &error), FEED_FATAL);
	assert_int_equal(error.kind, ERROR_SYSTEM);
	world_release(&world);
}

static void an_end_can_end_all(void **state)
{
	static const uint64_t lines[INPUTS] = { 10, 10, UINT64_MAX, 100000, 10, 10 };
	struct error error = ERROR_INIT;
	struct world world;

	(void)state;
	world_init(&world, lines, INPUTS);
	world.ends_after = 2;
	assert_int_equal(world_feed(&world, &error), FEED_STOPPED);
	assert_string_equal(world.said, "A.B.C.");
	expect_newlines(&world, 3);
	world_release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inputs_are_read_at_once_and_merged_in_order),
		cmocka_unit_test(full_outputs_wait_for_their_turn),
		cmocka_unit_test(what_was_read_before_a_stop_is_a_front),
		cmocka_unit_test(a_failed_merge_ends_all),
		cmocka_unit_test(an_end_can_end_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
