#ifndef JGANNOTATE_STREAM_SCAN_H
#define JGANNOTATE_STREAM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "match/matcher.h"
#include "match/standing.h"
#include "stream/sink.h"

/*
 * The hot loop: a piece's hits are found, judged and pushed into the sinks.
 * One `struct scan` per thread.
 */
#define SCAN_SINKS_MAX 4

struct scan {
	struct matcher_run *run;      /* owned */
	struct standing *standing;    /* owned */
	struct sink *sinks[SCAN_SINKS_MAX]; /* the caller's */
	size_t sink_count;
};

/* Returns false (and `error`) when there is no memory. */
bool scan_init(struct scan *scan, const struct matcher *matcher, const struct catalog *catalog,
    enum trust trust, bool judge_all, struct error *error);
void scan_release(struct scan *scan);

/* Adds a sink; there is room for SCAN_SINKS_MAX. */
void scan_add_sink(struct scan *scan, struct sink *sink);

/* Scans one piece and sets its `newlines`. */
bool scan_piece(struct scan *scan, struct piece *piece, struct error *error);

/* Passes a flush on to all sinks. */
bool scan_flush(struct scan *scan, struct error *error);

#endif
