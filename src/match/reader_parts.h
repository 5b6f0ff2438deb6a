#ifndef JGANNOTATE_MATCH_READER_PARTS_H
#define JGANNOTATE_MATCH_READER_PARTS_H

#include <string.h>

#include "match/reader.h"
#include "match/spelling.h"

/*
 * A line that is being read, shared by the parts that take its signs one after the other:
 * reader.c the boxes, the hits and the loop; reader_string.c quotes; reader_name.c brackets, names
 * and elements.
 */
#define BOXES_MAX 4608u
#define MEMBERS_MAX 4608u

/* A text in quotes or brackets of its own, which may be a name. */
struct pending {
	uint32_t outer_start, start, end, behind; /* behind == 0: there is none */
};

struct reader {
	const char *data;
	uint32_t line_start, line_end, limit;
	const struct hit *hits;
	size_t hit_count;

	uint32_t from, to; /* what was read; both 0: nothing */
	uint32_t words;    /* of marks */
	uint32_t box_count, member_count;
	struct hit_place places[READER_HITS];
	size_t placed; /* hits whose keys were passed, */
	size_t passed; /* and those whose values were */

	uint32_t event; /* where the next of them is to be passed, or its annotation begins */

	uint32_t current; /* box */
	uint32_t at;      /* signs before it are done */
	uint32_t edge;    /* the end of the last sign, but for colours; no name begins before it */
	uint32_t colour_start, colour_end; /* the last run of colours; */
	uint32_t colour_before;            /* the end of the one before it */
	uint32_t less_start, less_end;     /* the last `<` */
	struct pending pending;

	uint64_t marks[READER_WINDOW / 64 + 1];
	struct box boxes[BOXES_MAX];
	struct member members[MEMBERS_MAX];
};

/* Ends the value that is being read in the box. */
static inline void reader_end_value(struct reader *reader, uint32_t index, uint32_t at)
{
	struct box *box = &reader->boxes[index];
	struct member *member;

	if (box->open == READER_NONE)
		return;
	member = &reader->members[box->open];
	box->open = READER_NONE;
	while (at > member->value_start &&
	       (spelling_is_blank(reader->data[at - 1]) || reader->data[at - 1] == '\r'))
		at--;
	member->value_end = at > member->value_start ? at : member->value_start;
}

static inline bool reader_follows(
    const struct reader *reader, uint32_t at, const char *text, uint32_t length)
{
	return reader->to - at >= length && memcmp(reader->data + at, text, length) == 0;
}

static inline uint32_t reader_max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* ---- reader.c ---- */

/* Begins a box in the current one, and makes it the current one. Returns its index. */
uint32_t reader_add_box(struct reader *reader, enum box_kind kind, uint32_t start);

/* Closes all up to `index`, and that; its inside ends at `at`. */
void reader_leave_all(struct reader *reader, uint32_t index, uint32_t at);

/* The member whose value the box at hand is begins as it closes: that value is whole. */
void reader_end_owner(struct reader *reader, const struct box *box, uint32_t at);

/* Adds a member of this name to the box `in`; its value begins at `value_from`, or behind what can
 * be seen through there. Does nothing where there is no room. */
void reader_add_member(
    struct reader *reader, uint32_t in, const struct pending *name, uint32_t value_from);

/* ---- reader_string.c ---- */

/* Takes a quote. reader->at is behind the string where a whole one was taken. */
void reader_take_quote(struct reader *reader, struct sign *sign);

/* ---- reader_name.c ---- */

void reader_open_brackets(struct reader *reader, const struct sign *sign);
void reader_close_brackets(struct reader *reader, const struct sign *sign);

/* May move the sign's end. */
void reader_take_separator(struct reader *reader, struct sign *sign);

/* Whether the comma stands behind the name of a tuple of two, which makes it a member. */
bool reader_take_tuple(struct reader *reader, const struct sign *sign);

/* A `<`: the text before it ends, and a tag may begin. */
void reader_take_less(struct reader *reader, const struct sign *sign);
void reader_take_greater(struct reader *reader, struct sign *sign);

#endif
