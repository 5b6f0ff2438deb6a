#ifndef JGANNOTATE_MATCH_READER_H
#define JGANNOTATE_MATCH_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "match/hit.h"

/*
 * The one reader of what stands around a hit: a line taken apart, once, into boxes and members,
 * in whatever notation and spelling (spelling.h) it was printed: JSON at any level of escaping,
 * CSV, Python, PHP, Ruby, Go, Java, Rust, Swift, Erlang, XML, URLs, logfmt, prose.
 *
 *     2026-03-05 INFO {"id":7,"body":"{\"code\":9011,\"content\":\"auth failed\"}"} took=3ms
 *     `- the line ----^ `- brackets   ^ `- a string, and brackets in it
 *
 * A box is the line itself, what brackets hold, the inside of a string, or an element. Brackets
 * in a string are its own: they neither open nor close anything around it. A member is a name, a
 * separator and a value, in the box where its name stands. What brackets or quotes were cut off
 * from, on either side, is read as far as it goes. Annotations of ours are not read, where the
 * hits tell of them.
 *
 * A line of up to READER_WINDOW bytes is read whole; of a longer one, a window around the hit that
 * was asked for. One per thread; offsets are in the hits' block.
 */
#define READER_WINDOW 16384u
#define READER_REACH 2048u /* so far to either side of a hit its window goes at least */
#define READER_HITS 64u    /* of one line, read at a time */
#define READER_NONE UINT32_MAX

enum box_kind { BOX_TEXT, BOX_STRING, BOX_BRACKETS, BOX_ELEMENT };

struct box {
	uint32_t start, end;  /* its inside */
	uint32_t parent;      /* the box around it; READER_NONE: this is the line */
	uint32_t string;      /* the innermost string that it is or is in, or READER_NONE */
	uint32_t owner;       /* the member whose value it is, or READER_NONE */
	uint32_t before;      /* the same text in front of a bracket that nothing opened */
	uint32_t first, last; /* its members */
	uint32_t open;        /* the one whose value is not read yet */
	uint32_t quote_start, quote_length; /* a string's opening quote, */
	uint32_t backslashes;               /* the backslashes in it */
	bool is_plain;                      /* and whether it is `"` or `'` behind them */
	bool is_doubled;                    /* quotes in this string are written twice: CSV */
	bool is_closed;
	uint8_t kind; /* enum box_kind */
};

struct member {
	uint32_t name_start, name_end;   /* without quotes */
	uint32_t outer_start;            /* with them */
	uint32_t value_start, value_end; /* without quotes, blanks trimmed */
	uint32_t box;
	uint32_t previous, next; /* of its box; READER_NONE: none */
	uint32_t child;          /* the box that its value is, or READER_NONE */
	bool is_quoted; /* the value stands in quotes; without a sign in it, it is no box */
};

/* Where a hit stands. */
struct hit_place {
	uint32_t box;
	uint32_t member; /* of which it is the value, or READER_NONE */
	uint32_t before; /* the box's last member in front of it, or READER_NONE */
};

/* Between these lies all that a hit's window holds for certain. */
static inline uint32_t reader_floor(const struct hit *hit)
{
	return hit->key.start - hit->line.start > READER_REACH ? hit->key.start - READER_REACH
	                                                       : hit->line.start;
}

static inline uint32_t reader_ceiling(const struct hit *hit)
{
	return hit->line.end - hit->annotation_end > READER_REACH
	           ? hit->annotation_end + READER_REACH
	           : hit->line.end;
}

struct reader;

/* NULL when there is no memory. */
struct reader *reader_new(struct error *error);
void reader_free(struct reader *reader); /* NULL is allowed */

/* Turns to the line [start, end) of `data`, of which these are hits, in order: up to READER_HITS,
 * all that stand in [hits[0].key.start, limit). Behind `limit` nothing is read. Nothing is done
 * before it is asked for. The hits must not move before the next line. */
void reader_turn(struct reader *reader, const char *data, uint32_t start, uint32_t end,
    const struct hit *hits, size_t count, uint32_t limit);

/* Reads around hits[index] of the line, and tells where it stands. The boxes and members are then valid
 * until the next call that reads. */
struct hit_place reader_place(struct reader *reader, size_t index);

/* Reads from the line's beginning on, without any hit; box 0 is the line. */
void reader_begin(struct reader *reader);

const struct box *reader_box(const struct reader *reader, uint32_t box);
const struct member *reader_member(const struct reader *reader, uint32_t member);
uint32_t reader_member_count(const struct reader *reader);

/* Whether the member has this name, in any case; of `resp.content`, `content` is one too. */
bool reader_is_named(
    const struct reader *reader, const struct member *member, const char *name, uint32_t length);

/* Whether the box is the value of a member called `name`, in any case: directly, or in a list or a
 * wrapping of it. */
bool reader_is_value_of(
    const struct reader *reader, uint32_t box, const char *name, uint32_t length);

#endif
