#ifndef JGANNOTATE_CLI_PROGRESS_H
#define JGANNOTATE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The progress line on standard error: how much of the files is done, how fast,
 * how long still. It appears after two seconds of work, when standard error is
 * a terminal and standard output is not, and goes when the work is done.
 */
struct progress {
	bool is_wanted;
	bool is_shown;
	uint64_t total;  /* bytes of all files */
	uint64_t before; /* of the files that are done */
	int64_t start;   /* milliseconds of the clock */
	int64_t next;    /* when to draw again */
};

/* `total`: 0 when it is not known; then there is no progress line. */
void progress_init(struct progress *progress, uint64_t total);

/* Draws when it is time to. `done`: bytes of the current file. */
void progress_update(struct progress *progress, uint64_t done);

/* The current file is done: it had this many bytes. */
void progress_next_file(struct progress *progress, uint64_t bytes);

/* Wipes the line, before anything else is written to standard error. */
void progress_clear(struct progress *progress);

#endif
