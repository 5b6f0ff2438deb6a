#ifndef JGANNOTATE_TIME_TIMESTAMP_PARTS_H
#define JGANNOTATE_TIME_TIMESTAMP_PARTS_H

#include <string.h>

#include "time/timestamp.h"

/*
 * A stamp as it is written, between the files that find it (timestamp_find.c), read it
 * (timestamp_spelling.c, timestamp_member.c) and make a time of it (timestamp.c). Private to them.
 * All functions are thread safe. Texts end at `end`, without a NUL.
 */

/* A stamp as it was read. Begin with zeros. */
struct stamp {
	struct civil civil;
	const char *begin; /* of its date */
	bool has_year, has_month_name;
	bool has_order; /* else civil has the day where the first number is, and that may be the
	                   month */
	bool is_padded; /* a day of two digits: so its hour has two as well */
	enum timestamp_zone zone;
	bool is_region, is_cst;
	int32_t offset;        /* that `zone` stands for, where that is known; 0 of CST */
	const char *zone_name; /* NULL: none that has to be looked up */
	size_t zone_length;
	bool is_epoch; /* of all this nothing, but: */
	int64_t epoch; /* milliseconds since 1970 */
};

/* Numbers that count seconds since 1970 are of the years 2000 to 2100. */
#define STAMP_EPOCH_FIRST UINT64_C(946684800)
#define STAMP_EPOCH_END UINT64_C(4133980800)

static inline bool stamp_is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool stamp_is_alnum(char c)
{
	return stamp_is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool stamp_is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* The number of two digits, or -1. */
static inline int stamp_two(const char *text)
{
	unsigned tens = (unsigned char)text[0] - (unsigned)'0';
	unsigned ones = (unsigned char)text[1] - (unsigned)'0';

	return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

/* A number of one digit or two that ends at `end`: where it begins, or NULL. */
const char *stamp_read_number(const char *text, const char *end, int *number);

/* Whether a sequence that sets a colour ends in front of `at`. */
bool stamp_is_behind_colour(const char *text, const char *at);

/* Reads a date that ends in front of the hour at `hour`, which is not the text's start. */
bool stamp_read_date(const char *text, const char *hour, struct stamp *stamp);

/* Reads a year behind a time, perhaps behind the zone's letters: "03:14:15 CST 2026". */
bool stamp_read_late_year(const char *at, const char *end, struct stamp *stamp);

/* Reads a fraction at `at`, if one is there, and returns what is behind it. */
const char *stamp_read_fraction(const char *at, const char *end, int *milliseconds);

/* Reads a zone at `at`, if one is there, and returns what is behind it. The text's start is asked
 * for what stands around the stamp, of which the rest is read. */
const char *stamp_read_zone(const char *text, const char *at, const char *end, struct stamp *stamp);

/* Finds what the stamp has not: the year, the order of day and month, its zone's offset; and makes
 * a time of it. False: there is no such time, or (found->is_lost) it cannot be known. */
bool stamp_finish(const struct timestamp_rule *rule, struct zone *zone, struct stamp *stamp,
    struct timestamp *found);

/* The first stamp whose hour begins in the text's first `reach` bytes. False: there is none, or
 * (found->is_lost) its time cannot be known. */
bool stamp_find(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *end, size_t reach, struct timestamp *found);

/* The next stamp with a colon in its time, as it is written, which begins before `limit`: `*at` is
 * where to begin, then where to go on. */
bool stamp_next(
    const char *text, const char *end, const char *limit, const char **at, struct stamp *stamp);

/* A time without a day at the line's start, and none of its date. */
bool stamp_read_bare(const char *line, const char *end, struct stamp *stamp);

/* The stamp at the text's very beginning: a time in what follows it is none of the text's own. */
bool stamp_find_first(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *end, struct timestamp *found);

/* Whether a stamp may begin with this: names of months and days begin with capital letters. */
static inline bool stamp_may_begin(char c)
{
	return (c < 'a' || c > 'z') && c != '{';
}

/* The time of the record that begins at `brace`. False: it has none, or (found->is_lost) its time
 * cannot be known. The record ends at `*behind`; at `brace`: there is no record, for want of a name
 * in quotes. */
bool stamp_in_record(const struct timestamp_rule *rule, struct zone *zone, const char *brace,
    const char *end, const char **behind, struct timestamp *found);

#endif
