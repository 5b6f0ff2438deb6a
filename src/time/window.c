/*
 * Owns which times are inside a window, and in which bucket. Where a bucket begins is asked of the
 * zone, which is slow where clocks change: the answer stays in one of a few slots, by the time
 * divided by a bucket's length. Where a time comes from is not known here.
 */
#include "time/window.h"

static bool is_time(int64_t time)
{
	return time > CLOCK_PENDING;
}

bool window_is_bounded(const struct window *window)
{
	return window->since != CLOCK_UNKNOWN || window->until != CLOCK_UNKNOWN;
}

bool window_holds(const struct window *window, int64_t time)
{
	if (!is_time(time))
		return !window_is_bounded(window);
	return time >= window->since && (window->until == CLOCK_UNKNOWN || time < window->until);
}

int64_t window_bucket(
    const struct window *window, struct window_cache *cache, struct zone *zone, int64_t time)
{
	size_t slot;

	if (window->bucket_seconds == 0 || !is_time(time))
		return CLOCK_UNKNOWN;
	if (window->is_utc) {
		int64_t length = INT64_C(1000) * window->bucket_seconds;

		return time - ((time % length) + length) % length;
	}
	/* a bucket may be in two slots, since it need not begin where a slot does */
	slot = (uint64_t)time / (UINT64_C(1000) * window->bucket_seconds) % WINDOW_CACHED;
	if (time < cache->buckets[slot].start || time >= cache->buckets[slot].end)
		cache->buckets[slot].start =
		    zone_bucket(zone, time, window->bucket_seconds, &cache->buckets[slot].end);
	return cache->buckets[slot].start;
}
