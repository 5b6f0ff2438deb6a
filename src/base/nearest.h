#ifndef JGANNOTATE_BASE_NEAREST_H
#define JGANNOTATE_BASE_NEAREST_H

#include <stddef.h>

/*
 * The nearest spelling, for "did you mean". Among `count` candidates, the one
 * with the smallest edit distance (insert, delete, replace, swap neighbours;
 * ASCII case ignored) to `word`, if that is at most 2 and less than half of
 * the word's length rounded up; else NULL. `stride` is the distance in bytes between
 * two candidate pointers, so that a column of a table can be searched. NULL
 * candidates are skipped. Thread safe.
 */
const char *nearest_find(const char *word, const char *const *first, size_t count, size_t stride);

#endif
