#ifndef JGANNOTATE_BASE_SEED_H
#define JGANNOTATE_BASE_SEED_H

#include <stdint.h>

/*
 * A number that nobody can foresee, to hash with keys that may be chosen to
 * collide. Another one at each call. Never fails, never waits. Thread safe.
 */
uint64_t seed_make(void);

#endif
