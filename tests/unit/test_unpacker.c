/* Without threads: the reader decodes, waits and stops as the thread would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "input/source.h"

#define LENGTH (3u * 1024 * 1024)

static unsigned refusals;

/* In place of the C library's: a system that has no more threads. */
int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
    void *(*run)(void *), void *restrict argument)
{
	(void)thread;
	(void)attributes;
	(void)run;
	(void)argument;
	refusals++;
	return EAGAIN;
}

static char *make_text(void)
{
	char *text = malloc(LENGTH);

	assert_non_null(text);
	for (size_t i = 0; i < LENGTH; i++)
		text[i] = i % 64 == 63 ? '\n' : (char)('a' + i * i % 23);
	return text;
}

/* Opens what can be read from `fd` as if it were given by name. */
static struct source *open_fd(int fd, char name[32])
{
	struct error error = ERROR_INIT;
	struct source *source;

	(void)snprintf(name, 32, "/proc/self/fd/%d", fd);
	source = source_open(name, &error);
	assert_non_null(source);
	return source;
}

static void a_file_is_decoded_by_the_reader(void **state)
{
	char path[] = "/tmp/test_unpacker.XXXXXX", *text = make_text(), name[32];
	size_t bound = ZSTD_compressBound(LENGTH), length, total = 0;
	char *packed = malloc(bound), *got = malloc(LENGTH + 1);
	struct error error = ERROR_INIT;
	int fd = mkstemp(path);
	struct source *source;
	ssize_t count;

	(void)state;
	assert_true(fd >= 0);
	assert_non_null(packed);
	assert_non_null(got);
	length = ZSTD_compress(packed, bound, text, LENGTH, 1);
	assert_int_equal(write(fd, packed, length), (ssize_t)length);
	refusals = 0;
	source = open_fd(fd, name);
	assert_false(source_would_block(source));
	while ((count = source_read(source, got + total, LENGTH + 1 - total, &error)) > 0)
		total += (size_t)count;
	assert_int_equal(count, 0);
	assert_int_equal(refusals, 1);
	assert_int_equal(total, LENGTH);
	assert_memory_equal(got, text, LENGTH);
	source_close(source);
	assert_int_equal(unlink(path), 0);
	(void)close(fd);
	free(text);
	free(packed);
	free(got);
}

static void a_pipe_is_decoded_as_far_as_it_came(void **state)
{
	int ends[2];
	char name[32], packed[256], got[256];
	size_t length = ZSTD_compress(packed, sizeof(packed), "one\ntwo\n", 8, 1);
	struct error error = ERROR_INIT;
	struct source *source;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	source = open_fd(ends[0], name);
	(void)close(ends[0]);
	assert_true(source_would_block(source));
	/* a proper prefix of the magic: nothing is known yet */
	assert_int_equal(write(ends[1], packed, 2), 2);
	assert_true(source_would_block(source));
	assert_int_equal(source_pending(source), 0);
	/* half a frame: known, but nothing to give */
	assert_int_equal(write(ends[1], packed + 2, 5), 5);
	assert_true(source_would_block(source));
	assert_int_equal(source_pending(source), 0);
	assert_int_equal(write(ends[1], packed + 7, length - 7), (ssize_t)length - 7);
	assert_true(source_wait(source, -1));
	assert_false(source_would_block(source));
	assert_int_equal(source_pending(source), 8);
	assert_int_equal(source_read(source, got, sizeof(got), &error), 8);
	assert_memory_equal(got, "one\ntwo\n", 8);
	assert_true(source_would_block(source));
	/* and cut; a block that would not get smaller comes as far as it came */
	assert_int_equal(write(ends[1], packed, length - 1), (ssize_t)length - 1);
	(void)close(ends[1]);
	assert_false(source_would_block(source));
	assert_int_equal(source_read(source, got, sizeof(got), &error), 7);
	assert_memory_equal(got, "one\ntwo", 7);
	assert_int_equal(source_read(source, got, sizeof(got), &error), -1);
	assert_int_equal(error.kind, ERROR_DAMAGED);
	assert_non_null(strstr(error.text, "unexpected end of zstd data after 15 bytes"));
	assert_int_equal(source_read(source, got, sizeof(got), &error), 0);
	source_close(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_decoded_by_the_reader),
		cmocka_unit_test(a_pipe_is_decoded_as_far_as_it_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
