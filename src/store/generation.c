/*
 * Owns when two fingerprints, prefixes and identities are the same. Must not know files or
 * the database.
 */
#include "store/generation.h"

bool fingerprint_equals(const struct fingerprint *a, const struct fingerprint *b)
{
	return a->high == b->high && a->low == b->low;
}

bool prefix_equals(const struct prefix *a, const struct prefix *b)
{
	return a->offset == b->offset && fingerprint_equals(&a->head, &b->head) &&
	       fingerprint_equals(&a->tail, &b->tail);
}
