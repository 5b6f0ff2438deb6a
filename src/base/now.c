/*
 * Owns the question what time it is. Must not know who asks.
 */
#include "base/now.h"

#include <stdlib.h>
#include <time.h>

int64_t now_milliseconds(void)
{
	const char *test = getenv("JGANNOTATE_TEST_NOW");
	struct timespec time = { 0 };

	if (test != NULL)
		return strtoll(test, NULL, 10) * 1000;
	(void)clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
