/*
 * Owns the choice of where a file is cut. Must not know who reads the stretches
 * or what is in them.
 */
#include "input/cutter.h"

#include <string.h>

#include "base/file.h"
#include "input/block.h"

/* How much is looked at for a newline at a time. */
#define WINDOW 4096u

void cutter_init(struct cutter *cutter, int fd, off_t offset, off_t end)
{
	cutter->fd = fd;
	cutter->at = offset;
	cutter->end = end;
	cutter->in_rest = false;
}

/* Behind the last newline in [from, to): 1, or 0 when there is none. */
static int find_last(int fd, off_t from, off_t to, off_t *behind)
{
	while (to > from) {
		off_t start = to - from > (off_t)WINDOW ? to - (off_t)WINDOW : from;
		char window[WINDOW];
		ssize_t count = file_read_at(fd, window, (size_t)(to - start), start);
		const char *newline;

		if (count < 0)
			return -1;
		newline = memrchr(window, '\n', (size_t)count);
		if (newline != NULL) {
			*behind = start + (newline - window) + 1;
			return 1;
		}
		to = start;
	}
	return 0;
}

/* Behind the first newline in [from, to): 1, or 0 when there is none. */
static int find_first(int fd, off_t from, off_t to, off_t *behind)
{
	while (from < to) {
		size_t length = to - from > (off_t)WINDOW ? WINDOW : (size_t)(to - from);
		char window[WINDOW];
		ssize_t count = file_read_at(fd, window, length, from);
		const char *newline;

		if (count <= 0)
			return (int)count;
		newline = memchr(window, '\n', (size_t)count);
		if (newline != NULL) {
			*behind = from + (newline - window) + 1;
			return 1;
		}
		from += count;
	}
	return 0;
}

static int hand_out(struct cutter *cutter, struct stretch *stretch, off_t end, bool is_cut)
{
	stretch->offset = cutter->at;
	stretch->length = (size_t)(end - cutter->at);
	stretch->is_cut = is_cut;
	stretch->is_rest = cutter->in_rest;
	cutter->at = end;
	return 1;
}

static int next_rest(struct cutter *cutter, struct stretch *stretch, off_t size)
{
	off_t end = cutter->at + (off_t)CUTTER_LENGTH < size ? cutter->at + (off_t)CUTTER_LENGTH : size;
	off_t behind;
	int found = find_first(cutter->fd, cutter->at, end, &behind);

	if (found < 0)
		return -1;
	(void)hand_out(cutter, stretch, found > 0 ? behind : end, false);
	cutter->in_rest = found == 0;
	return 1;
}

int cutter_next(struct cutter *cutter, struct stretch *stretch)
{
	struct stat status;
	off_t size, end, longest;
	off_t behind;
	int found;

	if (file_stat(cutter->fd, &status) != 0)
		return -1;
	size = status.st_size < cutter->end ? status.st_size : cutter->end;
	if (cutter->at >= size)
		return 0;
	if (cutter->in_rest)
		return next_rest(cutter, stretch, size);
	end = cutter->at + (off_t)CUTTER_LENGTH;
	if (end >= size) {
		found = find_last(cutter->fd, cutter->at, size, &behind);
		if (found < 0)
			return -1;
		return hand_out(cutter, stretch, found > 0 ? behind : size, false);
	}
	longest = cutter->at + (off_t)BLOCK_LINE_MAX + 1;
	found = find_last(cutter->fd, cutter->at, end, &behind);
	if (found == 0) /* the first line reaches further */
		found = find_first(cutter->fd, end, longest < size ? longest : size, &behind);
	if (found < 0)
		return -1;
	if (found > 0)
		return hand_out(cutter, stretch, behind, false);
	if (longest > size)
		return hand_out(cutter, stretch, size, false);
	(void)hand_out(cutter, stretch, cutter->at + (off_t)BLOCK_LINE_MAX, true);
	cutter->in_rest = true;
	return 1;
}
