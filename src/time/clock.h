#ifndef JGANNOTATE_TIME_CLOCK_H
#define JGANNOTATE_TIME_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "time/stamp_shape.h"
#include "time/timestamp.h"

/*
 * The time of the lines of a piece: a line's own stamp, else that of the last line before
 * it that has one (which is unknown where that of a stamp cannot be known), else what the piece
 * before left. Lines are only read when asked for, and then at most once.
 *
 * A value, one per thread. The piece's bytes and the rule are borrowed.
 */

/* There is no time. */
#define CLOCK_UNKNOWN INT64_MIN

/* No line of this piece says it: it is the last time of the piece before, which was not
 * known to who began this one. */
#define CLOCK_PENDING (INT64_MIN + 1)

struct clock {
	const struct timestamp_rule *rule;
	struct zone zone; /* may be used for other things of the thread */
	const char *data;
	size_t length;
	int64_t carry;
	bool at_edge;           /* it is the piece's first time that is sought, or its last */
	size_t blank;           /* no line that begins before this has a stamp */
	size_t asked;           /* where the line last asked for begins; SIZE_MAX: none was yet */
	struct timestamp found; /* the last stamp up to there; its time may be CLOCK_UNKNOWN */
	size_t own_line;        /* where the line last read begins; SIZE_MAX: none was yet */
	struct timestamp own;   /* its stamp; its time is CLOCK_UNKNOWN where it has none */
	size_t known_line, known_end; /* where a line begins and ends: clock_know */
	struct stamp_shape shape;     /* how lines begin: clock_own_zone */
};

void clock_init(struct clock *clock, const struct timestamp_rule *rule);

/* A new piece, which begins with a line (not with the rest of one). `carry` is the time
 * before it: CLOCK_UNKNOWN where nothing is, CLOCK_PENDING where it is not known yet. */
void clock_begin(struct clock *clock, const char *data, size_t length, int64_t carry);

/* Tells where the line ends that begins at `line_start` and holds a digit, so that neither is
 * searched for. */
static inline void clock_know(struct clock *clock, size_t line_start, size_t line_end)
{
	clock->known_line = line_start;
	clock->known_end = line_end;
}

/* The time of the line that begins at `line_start`, or `carry`. Lines should be asked for
 * in growing order, again as often as needed; a step back is right but costs its lines again. */
int64_t clock_at(struct clock *clock, size_t line_start);

/* The line's own stamp or CLOCK_UNKNOWN. */
int64_t clock_own(struct clock *clock, size_t line_start);

/* The stamp itself of what clock_own or clock_first told just now, where that was a time. */
static inline const struct timestamp *clock_own_stamp(const struct clock *clock)
{
	return &clock->own;
}

/* The same of clock_last and clock_at, where that was not the carry. */
static inline const struct timestamp *clock_found_stamp(const struct clock *clock)
{
	return &clock->found;
}

/* What the stamp of the line [line_start, line_end) says of its zone, as stamp_zones_of_offset
 * tells it; STAMP_ZONES_NONE: it has none. A line that begins like others is not read for it. */
struct stamp_zones clock_own_zone(struct clock *clock, size_t line_start, size_t line_end);

/* The first and the last stamp of the piece, or CLOCK_UNKNOWN. The last is best asked for
 * after all lines: what they asked is not read again. */
int64_t clock_first(struct clock *clock);
int64_t clock_last(struct clock *clock);

/* What the piece leaves to the next one: its last time; CLOCK_UNKNOWN, where the last stamp is one
 * whose time cannot be known; CLOCK_PENDING, where it has no stamp at all. Costs what clock_last
 * does. */
int64_t clock_left(struct clock *clock);

/* The stamp of any line, not of the piece: what bisect_find asks. `context` is a struct clock. */
bool clock_read(void *context, const char *line, size_t length, int64_t *time);

#endif
