#ifndef JGANNOTATE_TIME_STAMP_SHAPE_H
#define JGANNOTATE_TIME_STAMP_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "time/timestamp.h"

/*
 * How a line begins whose stamp names an offset, up to the byte behind that: a line that begins
 * with the same bytes but for other digits, and with the same offset, has a stamp of the same
 * zone. So most lines of a log need not be read for it. A value, one per thread; zeros know
 * nothing.
 */
#define STAMP_SHAPE_MAX 192

struct stamp_shape {
	size_t length;     /* behind the offset; 0: nothing is known */
	size_t exact;      /* where the offset begins: from there on digits must be the same, too */
	unsigned failures; /* of lines to be alike */
	struct stamp_zones zones;
	enum timestamp_hold hold;
	unsigned char bytes[STAMP_SHAPE_MAX]; /* digits before `exact` are '0' */
};

/* Whether the line's stamp is of the zone `shape->zones`. No is never a verdict. */
bool stamp_shape_fits(const struct stamp_shape *shape, const char *line, size_t length);

/* The line, which does not fit, has this stamp. Now and then the shape becomes that of the line. */
void stamp_shape_learn(struct stamp_shape *shape, const struct timestamp_rule *rule,
    struct zone *zone, const char *line, size_t length, const struct timestamp *stamp);

#endif
