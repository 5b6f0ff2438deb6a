#ifndef JGANNOTATE_TESTS_TEMPORARY_H
#define JGANNOTATE_TESTS_TEMPORARY_H

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Files and pipes that a test needs for a moment. Include it behind cmocka.h.
 */

/* A new file with this content. Its path is written to `path`; unlink it. */
static inline void temporary_file(char path[64], const char *bytes, size_t length)
{
	int fd;

	(void)strcpy(path, "/tmp/jgannotate-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	assert_int_equal(close(fd), 0);
}

/* A thread that writes bytes to a descriptor, a few at a time, and closes it. */
struct temporary_writer {
	pthread_t thread;
	int fd;
	const char *bytes;
	size_t length, step;
	unsigned pause; /* microseconds between two writes */
};

static inline void *temporary_write(void *context)
{
	struct temporary_writer *writer = context;

	for (size_t at = 0; at < writer->length;) {
		size_t rest = writer->length - at;
		ssize_t count = write(
		    writer->fd, writer->bytes + at, rest < writer->step ? rest : writer->step);

		if (count <= 0)
			break;
		at += (size_t)count;
		if (writer->pause > 0)
			(void)usleep(writer->pause);
	}
	(void)close(writer->fd);
	return NULL;
}

/* A pipe with such a thread behind it. Its read end can be opened at `path`; the
 * descriptor returned must be closed afterwards. */
static inline int temporary_pipe(struct temporary_writer *writer, char path[64], const char *bytes,
    size_t length, size_t step, unsigned pause)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*writer = (struct temporary_writer){
		.fd = ends[1], .bytes = bytes, .length = length, .step = step, .pause = pause
	};
	(void)snprintf(path, 64, "/dev/fd/%d", ends[0]);
	assert_int_equal(pthread_create(&writer->thread, NULL, temporary_write, writer), 0);
	return ends[0];
}

/* Reads all of a descriptor, `step` bytes at a time, into `bytes`. */
struct temporary_reader {
	pthread_t thread;
	int fd;
	char *bytes;
	size_t size, length, step;
	unsigned pause;
};

static inline void *temporary_read(void *context)
{
	struct temporary_reader *reader = context;
	ssize_t count;

	do {
		size_t rest = reader->size - reader->length;

		count = read(reader->fd, reader->bytes + reader->length,
		    rest < reader->step ? rest : reader->step);
		if (count > 0)
			reader->length += (size_t)count;
		if (reader->pause > 0)
			(void)usleep(reader->pause);
	} while (count > 0);
	return NULL;
}

#endif
