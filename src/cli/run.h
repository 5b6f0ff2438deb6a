#ifndef JGANNOTATE_CLI_RUN_H
#define JGANNOTATE_CLI_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/delivery.h"
#include "cli/options.h"
#include "cli/reading.h"
#include "stream/feed.h"

/*
 * A run over logs: what they are read with, and where the results go.
 */
struct run {
	const struct options *options;
	struct reading reading;
	struct delivery delivery;
	struct { /* by --every */
		uint64_t responses, errors, lines;
		uint64_t *codes; /* by entry id; NULL: none were, or there is no memory */
	} shown;
	uint64_t ticks; /* of --every so far */
	bool is_ending; /* a signal was obeyed: what is still to be done is not to be stopped */
};

/* Builds what the options ask for, but for the signals. To be released in any case. */
bool run_init(struct run *run, const struct options *options, struct error *error);
void run_release(struct run *run);

/* Whether a signal asked to stop. */
bool run_must_stop(const struct run *run);

/* Answers signals; true: one asks to stop. `context` is the run. */
bool run_is_interrupted(void *context);

/* Builds a run, lets `work` do it, and returns its exit status; dies of the signal that asked to
 * stop. */
int run_whole(const struct options *options, int (*work)(struct run *run));

/* ---- run_feed.c ---- */

/* Feeds all inputs and flushes standard output. Failures are in `run`. */
void run_feed(struct run *run);

/* Counts the bytes [from, to) of an open file, as many of them as there are. `*last_time` is that
 * of the lines before them, then of the last of them. As feed_source. */
enum feed_result run_feed_range(struct run *run, int fd, const char *path, uint64_t from,
    uint64_t to, int64_t *last_time, struct error *error);

/* ---- run_follow.c ---- */

/* Whoever does more than print while files are followed. All may be NULL. */
struct follow_hooks {
	void *context;
	/* Where to begin in a file that is there at the start; false: as it is usual.
	 * FOLLOW_START_UNKNOWN with errno: which file it is cannot be told now. */
	bool (*start)(void *context, size_t file, int fd, uint64_t *offset);
	/* The starts are known, and nothing is read yet. */
	void (*ready)(void *context);
	/* Called again and again while it follows; `milliseconds` until it must be called again,
	 * -1: when there is more. */
	int (*work)(void *context);
};

/* Follows the files until it is told to stop. Returns the exit status where nothing can be
 * followed, else -1. `hooks` may be NULL. */
int run_follow(struct run *run, const struct follow_hooks *hooks);

#endif
