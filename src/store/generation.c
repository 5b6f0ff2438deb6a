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

bool file_identity_is_same(const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->birth == b->birth;
}

bool file_identity_is_untouched(const struct file_identity *a, const struct file_identity *b)
{
	return file_identity_is_same(a, b) && a->size == b->size && a->mtime == b->mtime;
}
