#ifndef JGANNOTATE_MATCH_OBJECT_H
#define JGANNOTATE_MATCH_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "match/hit.h"

/*
 * The object around a hit, and its members: what can be known of a reply from
 * the text beside its code, in whatever language it was printed.
 *
 * The object is what the nearest enclosing brackets hold ({}, (), []), within
 * the hit's line and OBJECT_REACH bytes to either side. Brackets inside strings
 * and members of nested objects do not belong to it. A string is what stands in quotes spelled
 * like the hit's own (`"`, `\"`, `\x22`...); text in quotes spelled shorter than those
 * ends it. Without brackets it is a stretch of the line, given by the caller: what
 * lies between the neighbouring hits.
 *
 * Offsets are in the hit's block. All functions are thread safe.
 */
#define OBJECT_REACH 2048u

struct object {
	uint32_t start; /* behind the opening bracket, or of the stretch */
	uint32_t end;   /* before the closing bracket, or of the stretch */
	bool has_brackets;
	uint32_t quote_start, quote_length; /* the spelling of its quotes; length 0: bare keys */
	uint32_t fence;                     /* where the hit's key begins: a bare value ends there */
	uint32_t hole_start, hole_end;      /* the hit's number and what annotates it: one value */
};

struct member {
	uint32_t name_start, name_end;   /* without quotes */
	uint32_t value_start, value_end; /* without quotes, blanks trimmed; empty for a nested object */
	bool is_nested;
};

void object_find(struct object *object, const char *data, const struct hit *hit,
    uint32_t stretch_start, uint32_t stretch_end);

/* Between these lies all that can belong to the hit's object. */
static inline uint32_t object_floor(const struct hit *hit)
{
	return hit->key_start - hit->line_start > OBJECT_REACH ? hit->key_start - OBJECT_REACH
							       : hit->line_start;
}

static inline uint32_t object_ceiling(const struct hit *hit)
{
	return hit->line_end - hit->annotation_end > OBJECT_REACH
	    ? hit->annotation_end + OBJECT_REACH
	    : hit->line_end;
}

/* Reads the next member at the object's own depth. `*at` is where to go on: at
 * first object->start. Returns false at the end. */
bool object_next(
    const struct object *object, const char *data, uint32_t *at, struct member *member);

/* Whether the object has a member of this name, in any case. */
bool object_has(const struct object *object, const char *data, const char *name, size_t length);

/* Whether the object is the value of a member (or argument) called `name`, in any case:
 * "name":{ | name={ | name=Type( | "name":"{ and their like. */
bool object_is_value_of(
    const struct object *object, const char *data, uint32_t line_start, const char *name);

#endif
