/* Every byte once and in order, whatever the descriptor does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>

#include "output/writer.h"
#include "randoms.h"
#include "temporary.h"

#define LENGTH (1500u * 1024)

static struct writer *open_writer(int fd)
{
	struct error error = ERROR_INIT;
	struct writer *writer = writer_new(fd, "the test's output", &error);

	assert_non_null(writer);
	return writer;
}

/* Adds LENGTH bytes in parts of many sizes, now and then a flush. */
static void add_parts(struct writer *writer, const char *bytes, uint64_t seed, bool with_flushes)
{
	static const size_t sizes[] = { 0, 1, 7, 100, 1000, 16 * 1024 - 1, 16 * 1024, 65535, 65536,
		65537, 200000 };
	struct randoms randoms = { seed };
	struct error error = ERROR_INIT;

	for (size_t at = 0; at < LENGTH;) {
		size_t part = sizes[randoms_below(&randoms, sizeof(sizes) / sizeof(sizes[0]))];

		if (part > LENGTH - at)
			part = LENGTH - at;
		if (!writer_add(writer, bytes + at, part, &error))
			fail_msg("%s", error.text);
		at += part;
		if (with_flushes && randoms_below(&randoms, 4) == 0)
			assert_true(writer_flush(writer, &error));
	}
	assert_true(writer_flush(writer, &error));
	assert_true(writer_flush(writer, &error));
}

static char *make_bytes(void)
{
	struct randoms randoms = { 12 };
	char *bytes = malloc(LENGTH);

	assert_non_null(bytes);
	for (size_t i = 0; i < LENGTH; i++)
		bytes[i] = (char)randoms_next(&randoms);
	return bytes;
}

static void nothing_is_lost_in_a_slow_pipe(void **state)
{
	char *bytes = make_bytes();

	(void)state;
	for (int mode = 0; mode < 4; mode++) {
		struct temporary_reader reader = { .size = 2 * LENGTH, .step = 30011 };
		struct writer *writer;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		if (mode >= 2)
			assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
		reader.fd = ends[0];
		reader.pause = mode % 2 == 0 ? 0 : 300;
		reader.bytes = malloc(reader.size);
		assert_non_null(reader.bytes);
		assert_int_equal(pthread_create(&reader.thread, NULL, temporary_read, &reader), 0);
		writer = open_writer(ends[1]);
		add_parts(writer, bytes, (uint64_t)mode, mode % 2 == 0);
		writer_free(writer);
		(void)close(ends[1]);
		assert_int_equal(pthread_join(reader.thread, NULL), 0);
		assert_int_equal(reader.length, LENGTH);
		assert_memory_equal(reader.bytes, bytes, LENGTH);
		free(reader.bytes);
		(void)close(ends[0]);
	}
	free(bytes);
}

static void nothing_goes_out_before_a_flush(void **state)
{
	struct error error = ERROR_INIT;
	struct writer *writer;
	char found[8];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	writer = open_writer(ends[1]);
	assert_true(writer_add(writer, "abc", 3, &error));
	assert_true(read(ends[0], found, sizeof(found)) < 0 && errno == EAGAIN);
	assert_true(writer_flush(writer, &error));
	assert_int_equal(read(ends[0], found, sizeof(found)), 3);
	assert_memory_equal(found, "abc", 3);
	/* what was not flushed is dropped */
	assert_true(writer_add(writer, "def", 3, &error));
	writer_free(writer);
	assert_true(read(ends[0], found, sizeof(found)) < 0 && errno == EAGAIN);
	(void)close(ends[0]);
	(void)close(ends[1]);
	writer_free(NULL);
}

static void a_closed_pipe_is_told_apart(void **state)
{
	static char big[100000];

	(void)state;
	for (size_t length = 1; length <= sizeof(big); length += sizeof(big) - 1) {
		struct error error = ERROR_INIT;
		struct writer *writer;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		(void)close(ends[0]);
		writer = open_writer(ends[1]);
		assert_false(
		    writer_add(writer, big, length, &error) && writer_flush(writer, &error));
		assert_int_equal(error.kind, ERROR_CLOSED);
		writer_free(writer);
		(void)close(ends[1]);
	}
}

static void a_full_disk_is_named(void **state)
{
	struct error error = ERROR_INIT;
	int fd = open("/dev/full", O_WRONLY);
	struct writer *writer;

	(void)state;
	assert_true(fd >= 0);
	writer = open_writer(fd);
	assert_true(writer_add(writer, "abc", 3, &error));
	assert_false(writer_flush(writer, &error));
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(
	    error.text, "cannot write to the test's output: No space left on device");
	writer_free(writer);
	(void)close(fd);
}

static void a_closed_descriptor_is_named(void **state)
{
	struct error error = ERROR_INIT;
	struct writer *writer = open_writer(1000);

	(void)state;
	assert_true(writer_add(writer, "abc", 3, &error));
	assert_false(writer_flush(writer, &error));
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(error.text, "cannot write to the test's output: Bad file descriptor");
	writer_free(writer);
}

/* Kept in memory, then moved: the same bytes. */
static void memory_is_moved_whole(void **state)
{
	struct temporary_reader reader = { .size = 3 * LENGTH, .step = 1u << 20 };
	struct error error = ERROR_INIT;
	struct writer *memory = writer_new_memory(&error);
	struct writer *writer;
	char *bytes = make_bytes();
	int ends[2];

	(void)state;
	assert_non_null(memory);
	assert_int_equal(pipe(ends), 0);
	reader.fd = ends[0];
	reader.bytes = malloc(reader.size);
	assert_non_null(reader.bytes);
	assert_int_equal(pthread_create(&reader.thread, NULL, temporary_read, &reader), 0);
	writer = open_writer(ends[1]);
	assert_true(writer_add(writer, "<", 1, &error));
	add_parts(memory, bytes, 5, true);
	assert_true(writer_move(memory, writer, &error));
	assert_true(writer_add(writer, "|", 1, &error));
	add_parts(memory, bytes, 6, false);
	assert_true(writer_move(memory, writer, &error));
	assert_true(writer_move(memory, writer, &error));
	assert_true(writer_flush(writer, &error));
	writer_free(writer);
	writer_free(memory);
	(void)close(ends[1]);
	assert_int_equal(pthread_join(reader.thread, NULL), 0);
	assert_int_equal(reader.length, 2 * LENGTH + 2);
	assert_int_equal(reader.bytes[0], '<');
	assert_memory_equal(reader.bytes + 1, bytes, LENGTH);
	assert_int_equal(reader.bytes[1 + LENGTH], '|');
	assert_memory_equal(reader.bytes + 2 + LENGTH, bytes, LENGTH);
	free(reader.bytes);
	free(bytes);
	(void)close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_in_a_slow_pipe),
		cmocka_unit_test(nothing_goes_out_before_a_flush),
		cmocka_unit_test(a_closed_pipe_is_told_apart),
		cmocka_unit_test(a_full_disk_is_named),
		cmocka_unit_test(a_closed_descriptor_is_named),
		cmocka_unit_test(memory_is_moved_whole),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
