/*
 * Owns where unforeseeable numbers come from. Must not know what is hashed.
 */
#include "base/seed.h"

#include <time.h>
#include <unistd.h>

uint64_t seed_make(void)
{
	struct timespec now = { 0, 0 };
	uint64_t seed;

	if (getentropy(&seed, sizeof(seed)) == 0)
		return seed;
	/* An old kernel or a strict sandbox: the clock and where our stack lies. */
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15u ^ (uint64_t)now.tv_sec << 20 ^
	       (uint64_t)(uintptr_t)&now;
}
