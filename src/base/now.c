/*
 * Owns the question what time it is. Must not know who asks.
 */
#include "base/now.h"

#include <stdlib.h>
#include <time.h>

/* Linux stamps files by a clock that stands still between ticks. */
#ifdef CLOCK_REALTIME_COARSE
#define CLOCK_OF_FILES CLOCK_REALTIME_COARSE
#else
#define CLOCK_OF_FILES CLOCK_REALTIME
#endif

static int64_t nanoseconds(clockid_t clock)
{
	struct timespec time = { 0 };

	(void)clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t read_clock(clockid_t clock)
{
	const char *test = getenv("JGANNOTATE_TEST_NOW");

	return test != NULL ? strtoll(test, NULL, 10) * 1000 : nanoseconds(clock) / 1000000;
}

int64_t now_milliseconds(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t now_of_files(void)
{
	return read_clock(CLOCK_OF_FILES);
}

int64_t now_of_stamps(void)
{
	return nanoseconds(CLOCK_OF_FILES);
}

int64_t now_steady(void)
{
	return nanoseconds(CLOCK_MONOTONIC) / 1000000;
}
