#ifndef JGANNOTATE_INPUT_BISECT_H
#define JGANNOTATE_INPUT_BISECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Where to begin to read a regular, plain file whose lines are in the order of time, when
 * nothing before some time is wanted.
 */

/* Sets `*time` to the time that stands in a line (without its newline) and returns true;
 * false where none does. */
typedef bool bisect_time_at(void *context, const char *line, size_t length, int64_t *time);

/* The offset of a line with a time, at or behind `start` (where a line begins) and BISECT_BACK
 * bytes or more before the first line whose time is not before `since`: what is slightly out
 * of order, as threads write it, is not missed. About 30 stretches of at most BISECT_REACH
 * bytes are read, by pread. `start` itself is returned where that cannot be said: the times
 * that were seen are out of order, some stretch has none, or reading failed. So it is too
 * where the file holds nothing to skip. */
#define BISECT_BACK (1024 * 1024)
#define BISECT_REACH (32 * 1024)
off_t bisect_find(int fd, off_t start, off_t size, int64_t since, bisect_time_at *time_at,
    void *context);

#endif
