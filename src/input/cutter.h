#ifndef JGANNOTATE_INPUT_CUTTER_H
#define JGANNOTATE_INPUT_CUTTER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Cuts a regular file at newlines into stretches that several threads can read
 * at once. Lines longer than BLOCK_LINE_MAX come as block.h says: a cut front,
 * then rests. Only the bytes around a cut are read here.
 *
 * A value; the descriptor stays the caller's and is only used by pread.
 */
struct cutter {
	int fd;
	off_t at;
	off_t end;    /* nothing from there on is handed out */
	bool in_rest; /* the next stretch goes on with a long line */
};

struct stretch {
	off_t offset;
	size_t length; /* never 0, at most BLOCK_LINE_MAX + 1 */
	bool is_cut;
	bool is_rest;
};

/* Cuts from `offset` to `end`, or to the end of the file where that is before. */
void cutter_init(struct cutter *cutter, int fd, off_t offset, off_t end);

/* The next stretch, usually of CUTTER_LENGTH bytes. Returns 1, 0 at the end (of the file as
 * long as it is now), or -1 with errno set. */
#define CUTTER_LENGTH (1024u * 1024)
int cutter_next(struct cutter *cutter, struct stretch *stretch);

#endif
