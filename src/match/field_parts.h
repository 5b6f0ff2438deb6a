#ifndef JGANNOTATE_MATCH_FIELD_PARTS_H
#define JGANNOTATE_MATCH_FIELD_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "match/hit.h"

/*
 * What field.c is put together from. Nobody else includes this. All functions are thread safe.
 */

/* Cuts [start, *end) to FIELD_VALUE_MAX bytes, not within a UTF-8 character. */
void field_cut(const char *data, uint32_t start, uint32_t *end);

/* field_path.c: FIELD_PATH. */
bool field_path(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end);

#endif
