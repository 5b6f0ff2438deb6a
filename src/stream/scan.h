#ifndef JGANNOTATE_STREAM_SCAN_H
#define JGANNOTATE_STREAM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "match/field.h"
#include "match/matcher.h"
#include "match/standing.h"
#include "stream/sink.h"

/*
 * The hot loop: a piece's hits are found, judged and pushed into the sinks.
 * One `struct scan` per thread.
 */
#define SCAN_SINKS_MAX 4

/* What is found out about a hit beside its code. */
struct scan_fields {
	struct timestamp_rule *stamps; /* NULL: no line has a time; it learns from the pieces */
	bool at_each_hit;                    /* else times are only told to who asks the piece */
	const struct field_rule *by;         /* NULL: hits are in no group */
};

struct scan {
	struct matcher_run *run;      /* owned */
	struct standing *standing;    /* owned */
	struct sink *sinks[SCAN_SINKS_MAX]; /* the caller's */
	size_t sink_count;
	struct scan_fields fields;
	struct clock clock;
	int64_t carry; /* the last time before the next piece, or who else knows: clock.h */
};

/* Returns false (and `error`) when there is no memory. */
bool scan_init(struct scan *scan, const struct matcher *matcher, const struct catalog *catalog,
    enum trust trust, bool judge_all, struct error *error);
void scan_release(struct scan *scan);

/* Before the first piece. What `fields` points to must outlive the scan; the rule for
 * stamps may change between inputs. */
void scan_set_fields(struct scan *scan, const struct scan_fields *fields);

/* Begins an input: what comes before has no time; in a worker `carry` is CLOCK_PENDING for
 * each piece. */
void scan_begin_input(struct scan *scan, int64_t carry);

/* Adds a sink; there is room for SCAN_SINKS_MAX. */
void scan_add_sink(struct scan *scan, struct sink *sink);

/* Scans one piece and sets its `newlines`. */
bool scan_piece(struct scan *scan, struct piece *piece, struct error *error);

/* Passes a flush on to all sinks. */
bool scan_flush(struct scan *scan, struct error *error);

#endif
