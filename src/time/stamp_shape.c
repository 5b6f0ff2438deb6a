/*
 * Owns the comparing of a line's beginning with that of another whose stamp was read.
 *
 * What a stamp looks like is not known here. Where it ends is found by reading the line's first
 * bytes, one more each time, until they have the whole line's stamp. All digits in front of its
 * offset become '0'; then 16 bytes of a line are compared at once, its digits made '0' as well.
 */
#include "time/stamp_shape.h"

#include <string.h>

/* Bytes compared at once; a stamp with an offset has more. */
#define STEP 16

typedef unsigned char vector __attribute__((vector_size(STEP)));

/* Nothing where the bytes are the same, but for the values of digits. */
static inline vector differences(const char *line, const unsigned char *bytes)
{
	const vector zero = { '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
		'0', '0' };
	vector text, wanted, digits;

	memcpy(&text, line, STEP);
	memcpy(&wanted, bytes, STEP);
	digits = (vector)(text - zero <= 9);
	return ((text & ~digits) | (zero & digits)) ^ wanted;
}

static inline bool is_zero(const vector *value)
{
	unsigned long long halves[2];

	memcpy(halves, value, STEP);
	return (halves[0] | halves[1]) == 0;
}

bool stamp_shape_fits(const struct stamp_shape *shape, const char *line, size_t length)
{
	vector found;

	if (shape->length == 0 || length <= shape->length)
		return false;
	for (size_t i = shape->exact; i <= shape->length; i++)
		if ((unsigned char)line[i] != shape->bytes[i])
			return false;
	found = differences(line + shape->exact - STEP, shape->bytes + shape->exact - STEP);
	for (size_t i = 0; i + STEP < shape->exact; i += STEP)
		found |= differences(line + i, shape->bytes + i);
	return is_zero(&found) && (shape->hold == TIMESTAMP_HOLDS ||
	                              !timestamp_may_follow(line + shape->length, line + length));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_same(const struct timestamp *a, const struct timestamp *b)
{
	return a->time == b->time && a->zone == b->zone && a->offset == b->offset;
}

/* Where the line's stamp ends; 0: it cannot be told. */
static size_t end_of(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    size_t length, const struct timestamp *stamp)
{
	struct timestamp_rule quiet = *rule; /* no half of a line is worth a note */
	struct timestamp read;

	quiet.notes = NULL;
	for (size_t end = STEP; end < length && end < STAMP_SHAPE_MAX; end++) {
		if (!is_digit(line[end - 1]) || !timestamp_read(&quiet, zone, line, end, &read) ||
		    !is_same(&read, stamp))
			continue;
		/* +08 may be the half of +08:00 */
		while (end < length && (is_digit(line[end]) || line[end] == ':'))
			end++;
		return end < length && end < STAMP_SHAPE_MAX ? end : 0;
	}
	return 0;
}

void stamp_shape_learn(struct stamp_shape *shape, const struct timestamp_rule *rule,
    struct zone *zone, const char *line, size_t length, const struct timestamp *stamp)
{
	size_t exact;

	/* lines that never begin alike must not be taken apart each time */
	if ((shape->failures & (shape->failures + 1)) != 0 ||
	    stamp->zone != TIMESTAMP_ZONE_NUMERIC || stamp->hold == TIMESTAMP_MAY_CHANGE) {
		shape->failures++;
		return;
	}
	shape->failures++;
	shape->length = end_of(rule, zone, line, length, stamp);
	exact = shape->length;
	while (exact > STEP && line[exact] != '+' && line[exact] != '-')
		exact--;
	if (shape->length == 0 || (line[exact] != '+' && line[exact] != '-')) {
		shape->length = 0;
		return;
	}
	shape->exact = exact;
	shape->hold = stamp->hold;
	shape->zones = stamp_zones_of(stamp);
	for (size_t i = 0; i <= shape->length; i++)
		shape->bytes[i] = i < exact && is_digit(line[i]) ? '0' : (unsigned char)line[i];
}
