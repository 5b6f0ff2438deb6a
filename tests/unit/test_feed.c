/* The rhythm of reading: flush before waiting, stop at what had come, faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanned.h"
#include "stream/feed.h"
#include "temporary.h"

/* Keeps what passed, and where it was flushed. */
struct passed {
	struct sink sink;
	char bytes[8192];
	size_t length, flushed;
	uint64_t last_line;
	size_t hits;
	/* what happens at a flush: the next part is written */
	int fd;
	const char *const *parts;
	size_t part_count;
	bool stops; /* ask to stop instead of closing */
	int wake_fd;
};

static bool pass_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	(void)piece;
	(void)hits;
	(void)error;
	((struct passed *)sink)->hits += count;
	return true;
}

static bool pass_piece(struct sink *sink, const struct piece *piece, struct error *error)
{
	struct passed *passed = (struct passed *)sink;

	(void)error;
	assert_true(passed->length + piece->length <= sizeof(passed->bytes));
	memcpy(passed->bytes + passed->length, piece->data, piece->length);
	passed->length += piece->length;
	passed->last_line = piece->first_line;
	return true;
}

static bool pass_flush(struct sink *sink, struct error *error)
{
	struct passed *passed = (struct passed *)sink;

	(void)error;
	passed->flushed = passed->length;
	if (passed->part_count > 0) {
		passed->part_count--;
		assert_true(write(passed->fd, passed->parts[0], strlen(passed->parts[0])) > 0);
		passed->parts++;
	} else if (passed->fd >= 0 && !passed->stops) {
		(void)close(passed->fd);
		passed->fd = -1;
	} else if (passed->stops) {
		assert_int_equal(write(passed->wake_fd, "x", 1), 1);
	}
	return true;
}

static const struct sink_operations passed_operations = { pass_hits, pass_piece, pass_flush };

static void feeder_init(struct scanner *scanner, struct passed *passed)
{
	memset(passed, 0, sizeof(*passed));
	passed->sink.operations = &passed_operations;
	passed->fd = -1;
	scanner_init(scanner, TRUST_NORMAL, false);
	scan_add_sink(&scanner->scan, &passed->sink);
}

static enum feed_result feed(
    struct scanner *scanner, const char *path, const struct feed_control *control)
{
	struct error error = ERROR_INIT;
	struct source *source = source_open(path, &error);
	enum feed_result result;

	if (source == NULL)
		fail_msg("%s", error.text);
	result = feed_source(&scanner->scan, source, control, &error);
	source_close(source);
	return result;
}

static void every_read_size_passes_the_same(void **state)
{
	static const char text[] = "code=9011\n\n{\"code\":9012}\nlast code=9013";

	(void)state;
	for (size_t size = 0; size < sizeof(text); size++) {
		struct feed_control control = { .wake_fd = -1, .read_size = size };
		struct scanner scanner;
		struct passed passed;
		char path[64];

		temporary_file(path, text, sizeof(text) - 1);
		feeder_init(&scanner, &passed);
		assert_int_equal(feed(&scanner, path, &control), FEED_DONE);
		assert_int_equal(passed.length, sizeof(text) - 1);
		assert_memory_equal(passed.bytes, text, sizeof(text) - 1);
		assert_int_equal(passed.hits, 3);
		if (size == 1)
			assert_int_equal(passed.last_line, 4);
		scanner_release(&scanner);
		assert_int_equal(unlink(path), 0);
	}
}

/* Each part is written only once what came before is flushed: were a line held back,
 * this would wait for ever. */
static void lines_are_out_before_it_waits(void **state)
{
	static const char *const parts[] = { "code=9011\n", "half ", "code=9012\nnext", "\n",
		"end" };
	struct feed_control control = { .wake_fd = -1 };
	struct scanner scanner;
	struct passed passed;
	char path[64];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	feeder_init(&scanner, &passed);
	passed.fd = ends[1];
	passed.parts = parts;
	passed.part_count = sizeof(parts) / sizeof(parts[0]);
	assert_int_equal(feed(&scanner, path, &control), FEED_DONE);
	assert_int_equal(passed.length, 33);
	assert_memory_equal(passed.bytes, "code=9011\nhalf code=9012\nnext\nend", 33);
	assert_int_equal(passed.hits, 2);
	scanner_release(&scanner);
	(void)close(ends[0]);
}

static bool has_news(void *context)
{
	char byte;

	return read(*(int *)context, &byte, 1) == 1;
}

/* Woken while it waits: what had come by then is finished, whole lines and the rest of the
 * pipe, though the writer is still there. */
static void it_stops_when_told(void **state)
{
	static const char *const parts[] = { "code=9011\n", "code=9012\ncut" };
	struct scanner scanner;
	struct passed passed;
	struct feed_control control = { .interrupted = has_news };
	char path[64];
	int ends[2];
	int wake[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe2(wake, O_NONBLOCK), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	feeder_init(&scanner, &passed);
	passed.fd = ends[1];
	passed.parts = parts;
	passed.part_count = 2;
	passed.stops = true;
	passed.wake_fd = wake[1];
	control.wake_fd = wake[0];
	control.context = &wake[0];
	assert_int_equal(feed(&scanner, path, &control), FEED_STOPPED);
	assert_memory_equal(passed.bytes, "code=9011\ncode=9012\n", 20);
	assert_int_equal(passed.length, 20);
	assert_int_equal(passed.hits, 2);
	scanner_release(&scanner);
	for (int i = 0; i < 2; i++) {
		(void)close(ends[i]);
		(void)close(wake[i]);
	}
}

static bool always(void *context)
{
	++*(size_t *)context;
	return true;
}

/* A file in which nothing was read yet when the word came. */
static void it_stops_before_it_begins(void **state)
{
	size_t asked = 0;
	struct feed_control control = { .wake_fd = -1, .interrupted = always, .context = &asked };
	struct scanner scanner;
	struct passed passed;
	char path[64];

	(void)state;
	temporary_file(path, "code=9011\n", 10);
	feeder_init(&scanner, &passed);
	assert_int_equal(feed(&scanner, path, &control), FEED_STOPPED);
	assert_int_equal(passed.length, 0);
	assert_int_equal(asked, 1);
	scanner_release(&scanner);
	assert_int_equal(unlink(path), 0);
}

static bool fail_piece(struct sink *sink, const struct piece *piece, struct error *error)
{
	(void)sink;
	(void)piece;
	return error_set(error, ERROR_CLOSED, "closed");
}

static const struct sink_operations broken_operations = { pass_hits, fail_piece, pass_flush };

static void faults_are_told_apart(void **state)
{
	struct feed_control control = { .wake_fd = -1 };
	struct scanner scanner;
	struct passed passed;
	char path[64];

	(void)state;
	feeder_init(&scanner, &passed);
	assert_int_equal(feed(&scanner, "/proc/self/mem", &control), FEED_INPUT_ERROR);
	passed.sink.operations = &broken_operations;
	temporary_file(path, "x\n", 2);
	assert_int_equal(feed(&scanner, path, &control), FEED_FATAL);
	assert_int_equal(unlink(path), 0);
	scanner_release(&scanner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_read_size_passes_the_same),
		cmocka_unit_test(lines_are_out_before_it_waits),
		cmocka_unit_test(it_stops_when_told),
		cmocka_unit_test(it_stops_before_it_begins),
		cmocka_unit_test(faults_are_told_apart),
	};

	(void)alarm(60); /* rather than wait for ever */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
