#ifndef JGANNOTATE_TIME_STAMP_ZONES_H
#define JGANNOTATE_TIME_STAMP_ZONES_H

#include <stdbool.h>
#include <stdint.h>

#include "time/timestamp.h"

/*
 * What the stamps of a log say of their zones, taken together: nothing yet, all the same, or
 * unlike. The order in which they come makes no difference, nor how they are split: what two
 * halves give, joined, is what the whole gives. A value; zeros are STAMP_ZONES_NONE.
 */
enum stamp_zones_state {
	STAMP_ZONES_NONE, /* no stamp was seen */
	STAMP_ZONES_ONE,
	STAMP_ZONES_UNLIKE,
};

struct stamp_zones {
	enum stamp_zones_state state;
	enum timestamp_zone zone; /* STAMP_ZONES_ONE only, like the next */
	int32_t offset;
};

static inline void stamp_zones_join(struct stamp_zones *zones, const struct stamp_zones *other)
{
	if (zones->state == STAMP_ZONES_NONE)
		*zones = *other;
	else if (other->state != STAMP_ZONES_NONE &&
	         (other->state != zones->state || other->zone != zones->zone ||
	             other->offset != zones->offset))
		*zones = (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
}

static inline struct stamp_zones stamp_zones_of(const struct timestamp *stamp)
{
	return (struct stamp_zones){ STAMP_ZONES_ONE, stamp->zone, stamp->offset };
}

/* The same where only offsets that are numbers are told apart: any other zone is unlike. */
static inline struct stamp_zones stamp_zones_of_offset(const struct timestamp *stamp)
{
	return stamp->zone == TIMESTAMP_ZONE_NUMERIC
	           ? stamp_zones_of(stamp)
	           : (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
}

#endif
