/*
 * Owns the search for a line by its number, from either end. Must not know what is in the lines.
 */
#include "input/follow_start.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define STEP (64u * 1024)

/* Reads [at, at + length) whole; returns what of it is there. */
static size_t read_at(int fd, char *buffer, size_t length, uint64_t at)
{
	size_t done = 0;
	ssize_t count;

	while (done < length &&
	       (count = pread(fd, buffer + done, length - done, (off_t)(at + done))) > 0)
		done += (size_t)count;
	return done;
}

uint64_t follow_start_of_last(int fd, uint64_t size, uint64_t lines)
{
	char buffer[STEP];

	/* the LF that ends the lines asked for, then one for each of them */
	for (uint64_t end = size, seen = 0; end > 0;) {
		size_t length = end < STEP ? (size_t)end : STEP;
		const char *newline;

		length = read_at(fd, buffer, length, end - length) == length ? length : 0;
		if (length == 0)
			return 0;
		for (size_t left = length; (newline = memrchr(buffer, '\n', left)) != NULL;
		     left = (size_t)(newline - buffer))
			if (seen++ == lines)
				return end - length + (uint64_t)(newline - buffer) + 1;
		end -= length;
	}
	return 0;
}

/* The end of line `lines`, as far as there are so many; `*seen` is how many there are. */
static uint64_t pass_lines(int fd, uint64_t size, uint64_t lines, uint64_t *seen)
{
	char buffer[STEP];
	uint64_t last = 0;

	*seen = 0;
	for (uint64_t at = 0; at < size && *seen < lines;) {
		size_t length =
		    read_at(fd, buffer, size - at < STEP ? (size_t)(size - at) : STEP, at);
		const char *end = buffer + length;

		if (length == 0)
			break;
		for (const char *from = buffer;
		     *seen < lines && (from = memchr(from, '\n', (size_t)(end - from))) != NULL;) {
			++*seen;
			from++;
			last = at + (uint64_t)(from - buffer);
		}
		at += length;
	}
	return last;
}

uint64_t follow_start_of_line(int fd, uint64_t size, uint64_t line)
{
	uint64_t seen;

	return line <= 1 ? 0 : pass_lines(fd, size, line - 1, &seen);
}

uint64_t follow_count_lines(int fd, uint64_t end)
{
	uint64_t seen;

	(void)pass_lines(fd, end, UINT64_MAX, &seen);
	return seen;
}
