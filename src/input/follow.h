#ifndef JGANNOTATE_INPUT_FOLLOW_H
#define JGANNOTATE_INPUT_FOLLOW_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "input/block.h"
#include "input/follow_part.h"

/*
 * Files that grow, followed by name as tail -F does: whatever is written to them comes as blocks
 * of whole lines, across rotation, truncation and absence, each line once and in order.
 *
 * When a name leads to another file, the old one is read on to its end, and stays open for
 * late lines as long as some name leads to it; nothing of the new file is given before all
 * that the old one held when the new one was looked at. Files that came and went under the name
 * between two looks are found by their rotated names (rotated.h), compressed or not. A file that
 * was truncated is read from its start; where it was copied before, what had not been read comes
 * from the copy. Whatever cannot be found is told.
 *
 * Nothing is asked as long as the kernel can tell that there is news (inotify); else, on
 * network file systems for instance, once a second.
 */
struct follow;

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
	 * start; `place` is of the file's start and to be set. FOLLOW_START_UNKNOWN with errno: it
	 * cannot be read. NULL: at the start. */
	uint64_t (*begin)(
	    void *context, size_t file, int fd, uint64_t size, struct follow_place *place);
};

/* Looks at all files for the first time. NULL when there is no memory. */
struct follow *follow_new(const struct follow_options *options, struct error *error);
void follow_free(struct follow *follow); /* NULL is allowed */

struct follow_block {
	struct block block;
	size_t file;                /* index in names */
	struct follow_place *place; /* of the block's start; to be moved to its end */
	bool is_torn;               /* an unfinished last line whose end will never come */
};

#define FOLLOW_OTHERS_MAX 4 /* that may be waited for besides */

enum follow_result { FOLLOW_READ, FOLLOW_NOTHING, FOLLOW_FAILED };

/* The next block, valid until the next call. FOLLOW_NOTHING: all is read for now.
 * FOLLOW_FAILED: no memory. Never waits. */
enum follow_result follow_next(
    struct follow *follow, struct follow_block *block, struct error *error);

/* After FOLLOW_NOTHING: waits until there may be more, or one of `others` (at most
 * FOLLOW_OTHERS_MAX) has something to say, as in poll(), or `milliseconds` are over (-1: ever). */
void follow_wait(struct follow *follow, struct pollfd *others, nfds_t count, int milliseconds);

/* From now on only what the files hold at this moment is given. */
void follow_finish(struct follow *follow);

#endif
