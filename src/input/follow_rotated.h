#ifndef JGANNOTATE_INPUT_FOLLOW_ROTATED_H
#define JGANNOTATE_INPUT_FOLLOW_ROTATED_H

#include <stdbool.h>
#include <stddef.h>

#include "input/follow_file.h"
#include "input/rotated.h"

/*
 * What became of the files that had a name: found among its rotated files, see rotated.h.
 *
 * The file that had the name last is known again by its inode, or, since it was compressed or
 * copied, by what was read of it. Those after it have names of the same form, as one rotation gives
 * them, and were begun after it; their names tell their order.
 */
#define FOLLOW_ROTATED_MAX 256

struct follow_found {
	int fd; /* the caller's to close, at 0; -1: there is none */
	bool is_packed;
	char *path; /* the caller's to free */
};

/* Told of each file, or folder, that may hold lines but cannot be read: `why` says which. */
struct follow_rotated_teller {
	void (*tell)(void *context, const struct error *why);
	void *context;
};

struct follow_rotated {
	struct follow_found files[FOLLOW_ROTATED_MAX]; /* oldest first */
	size_t count;
	bool is_whole; /* nothing tells that there were others, but for those that were told of */
};

/* The files that had the name `search->path` after the last of `known` (after `since`, nanoseconds
 * since 1970, where there is none), and have it no more. `*live` is open to the file that has the
 * name; where a later one has it by now, that takes its place. */
void follow_rotated_find(struct follow_rotated *chosen, const struct rotated_search *search,
    const struct follow_file *known, int64_t since, int *live,
    const struct follow_rotated_teller *teller);

/* A copy of what `followed` was before it was cut. `found->fd`: -1 where it holds no more than
 * was read of it. Returns whether there is one. */
bool follow_rotated_find_copy(struct follow_found *found, const struct rotated_search *search,
    const struct follow_file *followed, const struct follow_rotated_teller *teller);

#endif
