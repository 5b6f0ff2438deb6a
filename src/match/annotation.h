#ifndef JGANNOTATE_MATCH_ANNOTATION_H
#define JGANNOTATE_MATCH_ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "match/hit.h"
#include "match/reader.h"
#include "match/signs.h"

/*
 * What stands beside an annotated code, written and recognised. It is one
 * module for both, so that a log annotated before is read as the log it was.
 *
 * Text form, behind the value:      code=9011 [auth: auth failed]
 * Member form, siblings of the key: "code":9011,"code_outcome":"auth",...
 *
 * Thread safe.
 */

/* What an annotation holds: a set of these, written in this order. */
enum annotation_column {
	ANNOTATION_OUTCOME = 1,
	ANNOTATION_CATEGORY = 2,
	ANNOTATION_DESCRIPTION = 4,
	ANNOTATION_NOTES = 8,
	ANNOTATION_ALL = 15
};

/* How a hit can be annotated. */
enum annotation_form {
	ANNOTATION_NONE,   /* a quoted value cut off by the end of its line */
	ANNOTATION_TEXT,
	ANNOTATION_MEMBER,
};

/* The form for this hit and where it goes: `*at`, an offset in `data`. */
enum annotation_form annotation_form_of(const char *data, const struct hit *hit, uint32_t *at);

/* Whether the hit stands in what a URL encodes: its quotes or its separator tell. So is what is
 * written behind it then. */
bool annotation_is_encoded(const char *data, const struct hit *hit);

/* How the names of these columns' members go on behind the key: where none of these signs is, there
 * is no such member. */
#define ANNOTATION_COLUMNS 4
void annotation_signs(unsigned columns, struct signs *signs);

/* Where an annotation that stands behind the hit ends; hit->value_end when
 * there is none. Any columns, with or without colour. */
uint32_t annotation_end(const char *data, const struct hit *hit);

/* Appends what is to be inserted at `*at` (see annotation_form_of): nothing when
 * it stands there already. `columns` is a set of enum annotation_column; with
 * `color` in the colour of the outcome. The reader, which is turned to the hit's line where it is
 * needed, tells what stands in its object. Memory trouble is sticky in `out`. */
void annotation_write(struct strbuf *out, struct reader *reader, const char *data,
    const struct hit *hit, unsigned columns, bool color, uint32_t *at);

#endif
