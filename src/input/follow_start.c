/*
 * Owns the search for a line by its number, from either end. Must not know what is in the lines.
 *
 * The file is read in steps, backwards or forwards, and its LFs are counted. From behind one more
 * is looked for than there are lines asked for: it ends the line before them.
 */
#include "input/follow_start.h"

#include <stddef.h>
#include <string.h>

#include "base/file.h"

#define STEP (64u * 1024)

uint64_t follow_start_of_last(int fd, uint64_t size, uint64_t lines)
{
	char buffer[STEP];

	/* the LF that ends the lines asked for, then one for each of them */
	for (uint64_t end = size, seen = 0; end > 0;) {
		size_t length = end < STEP ? (size_t)end : STEP;
		const char *newline;
		ssize_t count;

		count = file_read_at(fd, buffer, length, (off_t)(end - length));
		if (count < 0)
			return FOLLOW_START_UNKNOWN;
		if ((size_t)count < length)
			return 0;
		for (size_t left = length; (newline = memrchr(buffer, '\n', left)) != NULL;
		     left = (size_t)(newline - buffer))
			if (seen++ == lines)
				return end - length + (uint64_t)(newline - buffer) + 1;
		end -= length;
	}
	return 0;
}

/* The end of line `lines`, as far as there are so many; `*seen` is how many there are.
 * FOLLOW_START_UNKNOWN: it cannot be read. */
static uint64_t pass_lines(int fd, uint64_t size, uint64_t lines, uint64_t *seen)
{
	char buffer[STEP];
	uint64_t last = 0;

	*seen = 0;
	for (uint64_t at = 0; at < size && *seen < lines;) {
		ssize_t count = file_read_at(
		    fd, buffer, size - at < STEP ? (size_t)(size - at) : STEP, (off_t)at);
		const char *end = buffer + count;

		if (count < 0)
			return FOLLOW_START_UNKNOWN;
		if (count == 0)
			break;
		for (const char *from = buffer;
		     *seen < lines && (from = memchr(from, '\n', (size_t)(end - from))) != NULL;) {
			++*seen;
			from++;
			last = at + (uint64_t)(from - buffer);
		}
		at += (size_t)count;
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

	return pass_lines(fd, end, UINT64_MAX, &seen) == FOLLOW_START_UNKNOWN ? FOLLOW_START_UNKNOWN
	                                                                      : seen;
}
