#ifndef JGANNOTATE_STREAM_SINK_H
#define JGANNOTATE_STREAM_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "match/hit.h"
#include "time/clock.h"

/*
 * The one interface to all outputs. The scan pushes pieces of input and their
 * hits into a sink and knows nothing else about it.
 *
 * For each piece: sink_hits any number of times, hits in order; then
 * sink_piece_done. sink_flush where the input has no more for now: whatever was held back
 * must go out. All return false on an error that must end the run.
 */

/* A block of lines on its way through the sinks. */
struct piece {
	const char *data;
	size_t length;
	bool is_cut;         /* the last line goes on behind it: see block.h */
	bool is_rest;        /* the rest of such a line: it is passed on, never searched */
	const char *file;    /* the input's name; NULL: standard input */
	uint64_t first_line; /* number of its first line in the input, from 1 */
	uint64_t newlines;   /* in it; known at sink_piece_done */
	struct clock *clock; /* tells the time of its lines; NULL: nobody does, or it is a rest */
	bool is_damaged;     /* it is cut since the input is damaged behind it, not for its length */
};

struct sink {
	const struct sink_operations *operations;
};

struct sink_operations {
	bool (*hits)(struct sink *sink, const struct piece *piece, const struct hit *hits,
	    size_t count, struct error *error);
	bool (*piece_done)(struct sink *sink, const struct piece *piece, struct error *error);
	bool (*flush)(struct sink *sink, struct error *error);
};

static inline bool sink_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	return sink->operations->hits(sink, piece, hits, count, error);
}

static inline bool sink_piece_done(
    struct sink *sink, const struct piece *piece, struct error *error)
{
	return sink->operations->piece_done(sink, piece, error);
}

static inline bool sink_flush(struct sink *sink, struct error *error)
{
	return sink->operations->flush(sink, error);
}

#endif
