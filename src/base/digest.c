/*
 * Owns the state of a digest: that of xxHash, which wants to be aligned.
 */
#include "base/digest.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#define XXH_INLINE_ALL
#ifndef NDEBUG
#define XXH_NO_INLINE_HINTS 1 /* a compiler that does not optimise may refuse them */
#endif
#include <xxhash.h>

static XXH3_state_t *state_of(struct digest *digest)
{
	return (XXH3_state_t *)(void *)digest;
}

struct digest *digest_new(void)
{
	XXH3_state_t *state = XXH3_createState();

	if (state != NULL)
		(void)XXH3_128bits_reset(state);
	return (struct digest *)(void *)state;
}

void digest_free(struct digest *digest)
{
	(void)XXH3_freeState(state_of(digest));
}

void digest_add(struct digest *digest, const void *bytes, size_t len)
{
	(void)XXH3_128bits_update(state_of(digest), bytes, len);
}

void digest_text(const struct digest *digest, char text[DIGEST_TEXT])
{
	XXH128_hash_t hash = XXH3_128bits_digest((const XXH3_state_t *)(const void *)digest);

	(void)snprintf(text, DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
	    (uint64_t)hash.low64);
}
