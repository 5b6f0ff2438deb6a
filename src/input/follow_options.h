#ifndef JGANNOTATE_INPUT_FOLLOW_OPTIONS_H
#define JGANNOTATE_INPUT_FOLLOW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "input/block.h"
#include "input/follow_file.h"

/*
 * What whoever follows files asks for, is told, and is given: for follow.h.
 */

enum follow_event {
	FOLLOW_ABSENT,     /* it is not there at the start; waiting */
	FOLLOW_GONE,       /* for a second it was not there; waiting */
	FOLLOW_APPEARED,   /* after one of these, it is there */
	FOLLOW_REPLACED,   /* another file has the name now */
	FOLLOW_TRUNCATED,  /* read from its start */
	FOLLOW_UNREADABLE, /* errnum; tried again */
	FOLLOW_COMPRESSED, /* given up, until another file has the name */
	FOLLOW_NO_FILE,    /* the same, for a directory, FIFO, device */
	FOLLOW_POLLED,     /* errnum: why it is looked at once a second */
	FOLLOW_MISSING,    /* replaced, and it cannot be told that all files between were found */
	FOLLOW_NO_COPY,    /* truncated, and no copy was found: what was not read is lost */
	FOLLOW_EVENTS
};

struct follow_options {
	const char *const *names; /* these live as long as the follow */
	size_t count;
	/* Globs of more rotated names, as of rotated_search. */
	const char *const *patterns;
	size_t pattern_count;
	bool polls;                 /* use no inotify */
	unsigned poll_milliseconds; /* how often to look without it; 0: once a second */
	size_t read_size;           /* 0: the usual */
	void *context;              /* of all */
	/* Told what happens to the file `names[file]`. */
	void (*tell)(void *context, size_t file, enum follow_event event, int errnum);
	/* Told why a rotated file of it, or a folder of such, cannot be read: lines between may be
	 * missing. `why` says which. */
	void (*tell_unread)(void *context, size_t file, const struct error *why);
	/* Where to begin in a file that is there at the start: returns the offset, of a line's
	 * start; `place` is of the file's start and to be set. FOLLOW_START_UNKNOWN
	 * (follow_start.h) with errno: it cannot be read. NULL: at the start. */
	uint64_t (*begin)(
	    void *context, size_t file, int fd, uint64_t size, struct follow_place *place);
};

enum follow_result { FOLLOW_READ, FOLLOW_NOTHING, FOLLOW_FAILED };

struct follow_block {
	struct block block;
	size_t file;                /* index in names */
	struct follow_place *place; /* of the block's start; to be moved to its end */
	bool is_torn;               /* an unfinished last line whose end will never come */
};

#endif
