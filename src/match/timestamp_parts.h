#ifndef JGANNOTATE_MATCH_TIMESTAMP_PARTS_H
#define JGANNOTATE_MATCH_TIMESTAMP_PARTS_H

#include "match/timestamp.h"

/*
 * What the files of the timestamp share. Private to them. All functions are thread safe.
 * Texts end at `end`, without a NUL.
 */

/* A stamp as it was read. */
struct stamp {
	struct civil civil;
	bool has_year;
	enum timestamp_zone zone;
	int32_t offset; /* that `zone` stands for */
};

static inline bool stamp_is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool stamp_is_alnum(char c)
{
	return stamp_is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 26;
}

/* The number of two digits, or -1. */
static inline int stamp_two(const char *text)
{
	unsigned tens = (unsigned char)text[0] - (unsigned)'0';
	unsigned ones = (unsigned char)text[1] - (unsigned)'0';

	return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

/* Reads a fraction at `at`, if one is there, and returns what is behind it. */
const char *stamp_read_fraction(const char *at, const char *end, int *milliseconds);

/* Reads an offset at `at`, if one is there: sets it, and returns what is behind it. */
const char *stamp_read_offset(const char *at, const char *end, struct stamp *stamp);

/* Finds a year where it has none, and makes a time of it. False: there is no such time. */
bool stamp_finish(const struct timestamp_rule *rule, struct zone *zone, struct stamp *stamp,
    struct timestamp *found);

/* The first stamp whose hour begins in the text's first `reach` bytes. */
bool stamp_find(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *end, size_t reach, struct timestamp *found);

/* The stamp in a JSON member of the line. */
bool stamp_in_member(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found);

/* The stamp at the line's start that rule->format describes. */
bool stamp_in_format(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found);

/* Finds out what rule->format holds. */
bool stamp_check_format(struct timestamp_rule *rule, struct error *error);

#endif
