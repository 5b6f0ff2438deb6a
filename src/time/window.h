#ifndef JGANNOTATE_TIME_WINDOW_H
#define JGANNOTATE_TIME_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "time/clock.h"

/*
 * The stretch of time that counts, and its buckets. A value, only read after it was made.
 * Times are milliseconds since 1970.
 */
struct window {
	int64_t since, until;    /* from `since` on, before `until`; CLOCK_UNKNOWN: open */
	uint32_t bucket_seconds; /* 0: no buckets */
	bool is_utc;             /* buckets count from 1970 in UTC, whatever the zone */
	bool keeps_zone; /* times are told in the zone that was chosen, never in the log's */
};

/* The buckets last asked for, one cache per thread: a log's times go to and fro between
 * few. Begin with zeros. */
#define WINDOW_CACHED 64
struct window_cache {
	struct {
		int64_t start, end;
	} buckets[WINDOW_CACHED];
};

/* Whether either end is given. */
bool window_is_bounded(const struct window *window);

/* Whether `time` lies in the window. CLOCK_UNKNOWN and CLOCK_PENDING lie in none that is
 * bounded: ask for them before. */
bool window_holds(const struct window *window, int64_t time);

/* Where the bucket of `time` begins: CLOCK_UNKNOWN without buckets or without time (also for
 * CLOCK_PENDING). No two buckets share a start. */
int64_t window_bucket(
    const struct window *window, struct window_cache *cache, struct zone *zone, int64_t time);

#endif
