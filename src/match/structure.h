#ifndef JGANNOTATE_MATCH_STRUCTURE_H
#define JGANNOTATE_MATCH_STRUCTURE_H

#include <stdint.h>

/*
 * Which bytes of a text may begin a sign (spelling.h): a bit for each, 64 at a time. There are
 * several versions; structure_mark takes the fastest that this processor has. All give the same.
 */

/* Marks `length` bytes: bits[i / 64] has bit i % 64 set where data[i] may begin a sign. Bits
 * behind the last byte are 0. Thread safe. */
void structure_mark(const char *data, uint32_t length, uint64_t *bits);

typedef void structure_mark_fn(const char *data, uint32_t length, uint64_t *bits);

/* All versions that this processor has, fastest first, ended by NULL. */
void structure_mark_versions(structure_mark_fn *versions[3]);

#endif
