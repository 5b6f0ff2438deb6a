/*
 * Owns the search for the place where a file reaches a time. Must not know how a line says
 * its time.
 */
#include "input/bisect.h"

#include <string.h>

#include "base/file.h"

/* Places all over the file that are looked at whatever `since` is: so that a file of
 * several parts, each in order, is noticed. */
#define SAMPLES 16

/* What is searched, and what is known of it so far. */
struct bisect {
	int fd;
	off_t start, size;
	bisect_time_at *time_at;
	void *context;
};

/* A line and its time. */
struct point {
	off_t offset;
	int64_t time;
};

/* The first line with a time that begins at or behind `offset`. Returns false when none does
 * in reach. */
static bool probe(const struct bisect *bisect, off_t offset, struct point *point)
{
	char buffer[BISECT_REACH];
	off_t from = offset > bisect->start ? offset - 1 : offset; /* does a line end there? */
	off_t rest = bisect->size - from;
	ssize_t count = file_read_at(
	    bisect->fd, buffer, rest < (off_t)sizeof(buffer) ? (size_t)rest : sizeof(buffer), from);
	const char *line = buffer;
	const char *end;

	if (count <= 0)
		return false;
	end = buffer + count;
	if (from < offset) {
		line = memchr(line, '\n', (size_t)count);
		if (line == NULL)
			return false;
		line++;
	}
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		/* a line that is cut may show half of a time */
		if (newline == NULL && from + count < bisect->size)
			return false;
		if (newline == NULL)
			newline = end;
		if (bisect->time_at(
		        bisect->context, line, (size_t)(newline - line), &point->time)) {
			point->offset = from + (line - buffer);
			return true;
		}
		line = newline + 1;
	}
	return false;
}

/* Narrows the stretch between a line before `since` and one that is not, to BISECT_BACK. The
 * last line of a file may be the former: then `high` is its end. */
static bool narrow(
    const struct bisect *bisect, int64_t since, struct point *low, struct point *high)
{
	while (high->offset - low->offset > BISECT_BACK) {
		struct point middle;

		if (!probe(bisect, low->offset + (high->offset - low->offset) / 2, &middle) ||
		    middle.time < low->time || middle.time > high->time)
			return false;
		if (middle.time >= since)
			*high = middle;
		else
			*low = middle;
	}
	return true;
}

/* Samples of the whole file: the last before `since`, and the first that is not. */
static bool sample(
    const struct bisect *bisect, int64_t since, struct point *low, struct point *high)
{
	struct point last = *low;

	*high = (struct point){ bisect->size, INT64_MAX };
	for (int i = 1; i < SAMPLES; i++) {
		off_t offset = bisect->start + (bisect->size - bisect->start) / SAMPLES * i;
		struct point point;

		if (!probe(bisect, offset, &point) || point.time < last.time)
			return false;
		last = point;
		if (point.time < since)
			*low = point;
		else if (high->offset == bisect->size)
			*high = point;
	}
	return true;
}

off_t bisect_find(
    int fd, off_t start, off_t size, int64_t since, bisect_time_at *time_at, void *context)
{
	const struct bisect bisect = { fd, start, size, time_at, context };
	const off_t back = BISECT_BACK + BISECT_REACH; /* a time is found in reach of it */
	struct point low, high, entry;

	if (size - start <= 2 * (off_t)BISECT_BACK)
		return start; /* not worth a search */
	if (!probe(&bisect, start, &low) || low.time >= since ||
	    !sample(&bisect, since, &low, &high) || !narrow(&bisect, since, &low, &high))
		return start;
	if (low.offset - start <= back || !probe(&bisect, low.offset - back, &entry) ||
	    entry.time >= since)
		return start;
	return entry.offset;
}
