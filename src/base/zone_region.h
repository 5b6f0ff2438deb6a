#ifndef JGANNOTATE_BASE_ZONE_REGION_H
#define JGANNOTATE_BASE_ZONE_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/zone.h"

/*
 * A time zone of the system's beside the one that was chosen (zone.h), by its name: for stamps
 * that name theirs. Read-only once it is there, for any number of threads.
 */
struct zone_region;

/* NULL: the system knows no such name ("Asia/Shanghai", of `length` bytes), or there is no
 * memory. */
struct zone_region *zone_region_new(const char *name, size_t length);
void zone_region_free(struct zone_region *region); /* NULL is allowed */

/* The offset, in seconds east of UTC, that the region's clocks had when they showed `civil`; of
 * an hour shown twice the first one's, of a gap that from before it. False: not known, since it
 * is later than all that the system's file tells. */
bool zone_region_offset(
    const struct zone_region *region, const struct civil *civil, int32_t *offset);

#endif
