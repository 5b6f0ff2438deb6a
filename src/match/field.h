#ifndef JGANNOTATE_MATCH_FIELD_H
#define JGANNOTATE_MATCH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "match/hit.h"
#include "match/reader.h"

/*
 * The value of a --by field for one hit: what the hit is grouped by.
 *
 * A field's name is looked for, as it is spelled, as the name of a JSON member (in any
 * spelling of quotes), of a logfmt, `key=value` or `key: value` field, or of a member
 * of any other notation that reader.h knows. Of several, in this order:
 *   1. in the hit's own object, then in those that enclose it, inner ones first;
 *      the line itself encloses all of them;
 *   2. where the line begins far to the left: at the line's top level there;
 *   3. in a bracketed group beside the hit, at the line's top level, that carries no code
 *      of its own: `[app=web] code=9011`, `login failed code=9011 {"app":"web"}`.
 * A sibling's members are not the hit's. Of two in one place, the one nearest to the
 * left counts, then the nearest to the right.
 *
 * `path` is the path of a URL, without query and fragment: of a request (`POST /v1/login`),
 * else of a field called path, uri, url, request_uri..., else of any full URL.
 *
 * The search goes as far as the reader's window and the line's beginning, and over no more than a
 * few hundred members, so that its time is bounded whatever the line holds.
 */
enum field_kind {
	FIELD_FILE,  /* the input's name: the caller knows it */
	FIELD_LABEL, /* the report's label, with --merge: the caller knows it */
	FIELD_PATH,
	FIELD_GROUP, /* what a named group of the user's pattern captured: in the hit */
	FIELD_NAME,
};

#define FIELD_NAME_MAX 64u   /* bytes of a field's name */
#define FIELD_VALUE_MAX 256u /* bytes of a value; a longer one is cut, between characters */

/* A value; nothing to release. */
struct field_rule {
	enum field_kind kind;
	char name[FIELD_NAME_MAX + 1];
	uint32_t length; /* of name */
};

/* Reads the argument of --by. `is_group`: a pattern of -e has a group of this name; that
 * goes before all other meanings. ERROR_USAGE for a name that is empty, too long, or
 * holds control characters or quotes. */
bool field_rule_init(
    struct field_rule *rule, const char *argument, bool is_group, struct error *error);

/* Finds the value for hits[index] of the line that the reader is turned to: the span [*start, *end)
 * of `data`, the hits' block. 1 to FIELD_VALUE_MAX bytes of any value but LF, without quotes,
 * blanks trimmed, escapes as they stand. Returns false when there is none: no such field, an empty
 * one, a null, an object; and for FIELD_FILE and FIELD_LABEL. Allocates nothing. */
bool field_find(const struct field_rule *rule, struct reader *reader, const char *data,
    const struct hit *hits, size_t index, uint32_t *start, uint32_t *end);

#endif
