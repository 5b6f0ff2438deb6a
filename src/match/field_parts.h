#ifndef JGANNOTATE_MATCH_FIELD_PARTS_H
#define JGANNOTATE_MATCH_FIELD_PARTS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "match/hit.h"

/*
 * What field.c is put together from. Nobody else includes this. All functions are thread safe.
 */

/* A field as it stands in the line. */
struct field_member {
	uint32_t start;                     /* of its name, with the opening quote */
	uint32_t name_start;                /* without it */
	uint32_t quote_start, quote_length; /* the quote that closes the name; 0: a bare name */
	uint32_t value_start, value_end;
	uint32_t behind; /* the value, with its closing quote */
};

/* field_member.c: whether the name [name_start, name_end) is that of a field, with a separator
 * behind it. Sets all up to value_start. Nothing before `floor` or from `end` on is read. */
bool field_member_name(const char *data, uint32_t floor, uint32_t end, uint32_t name_start,
    uint32_t name_end, struct field_member *member);

/* Reads its value. Returns false when there is none, or an object. */
bool field_member_value(
    const char *data, uint32_t floor, uint32_t end, struct field_member *member);

/* Behind the colour sequences at `at`; `at` when there are none. */
uint32_t field_skip_colours(const char *data, uint32_t at, uint32_t end);

/* Cuts [start, *end) to FIELD_VALUE_MAX bytes, not within a UTF-8 character. */
void field_cut(const char *data, uint32_t start, uint32_t *end);

/* field_place.c: how near to the hit a field stands. 0: in the hit's own object; 1, 2...: in
 * those that enclose it; then the following. */
enum { FIELD_IN_LINE = 1 << 20, FIELD_IN_GROUP, FIELD_APART };

/* Of a field before the hit, which lies within OBJECT_REACH. */
unsigned field_level_before(
    const char *data, const struct field_member *member, const struct hit *hit);
/* Of one behind it. */
unsigned field_level_behind(
    const char *data, const struct field_member *member, const struct hit *hit);
/* Of one anywhere, by the line's brackets alone. */
unsigned field_level_in_line(
    const char *data, const struct field_member *member, const struct hit *hit);

/* field_path.c: FIELD_PATH. */
bool field_path(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end);

#endif
