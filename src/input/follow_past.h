#ifndef JGANNOTATE_INPUT_FOLLOW_PAST_H
#define JGANNOTATE_INPUT_FOLLOW_PAST_H

#include <stddef.h>
#include <stdint.h>

#include "input/follow_part.h"

/*
 * What became of the files that had a name: found among its rotated files, see rotated.h.
 */
#define FOLLOW_PAST_MAX 256

/* The files that had the name `path` after the last of `parts` (after `since`, nanoseconds since
 * 1970, where there is none), and have it no more: descriptors, the caller's to close, oldest
 * first; returns how many. `*live` is open to the file that has the name; where a later one has it
 * by now, that takes its place. */
size_t follow_past_find(const char *path, const struct follow_part *parts, int64_t since,
    int fds[FOLLOW_PAST_MAX], int *live);

/* A copy of what `part` was before it was cut, that holds more than was read of it: a descriptor,
 * the caller's to close; -1: there is none. */
int follow_past_find_copy(const char *path, const struct follow_part *part);

#endif
