/*
 * Owns which lines of a piece are read for a stamp, and that none is twice.
 *
 * A line without a digit has no stamp, so stretches without any are passed over. From the line that
 * is asked for the lines are read backwards until one has a stamp, no further than to the line last
 * asked for, whose time is known; the line last read is kept. What a stamp looks like, and what a
 * time is for, is not known here.
 */
#include "time/clock.h"

#include <string.h>

/* A line has a stamp, but its time cannot be known: nor is that of the lines behind it. Never
 * told to anybody. */
#define LOST (INT64_MIN + 2)

static int64_t told(int64_t time)
{
	return time == LOST ? CLOCK_UNKNOWN : time;
}

/* ---- digits ---- */

/* Bytes that are searched at once. */
#define STRETCH 64u

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* A vector of the smallest size that all processors of a kind have. */
typedef unsigned char bytes __attribute__((vector_size(16)));
typedef signed char flags __attribute__((vector_size(16)));

static bool has_digit(const char *stretch)
{
	uint64_t found[2];
	flags any = { 0 };

	for (size_t i = 0; i < STRETCH; i += sizeof(bytes)) {
		bytes some;

		memcpy(&some, stretch + i, sizeof(some));
		/* the digits become the ten lowest numbers of all */
		any |= (flags)((flags)(some - (unsigned char)('0' + 128)) < -128 + 10);
	}
	memcpy(found, &any, sizeof(found));
	return (found[0] | found[1]) != 0;
}

/* Where the first digit in [from, to) stands; `to` where there is none. */
static size_t first_digit(const char *data, size_t from, size_t to)
{
	while (to - from >= STRETCH && !has_digit(data + from))
		from += STRETCH;
	while (from < to && !is_digit(data[from]))
		from++;
	return from;
}

/* Behind the last digit in [from, to); `from` where there is none. */
static size_t behind_digits(const char *data, size_t from, size_t to)
{
	while (to - from >= STRETCH && !has_digit(data + to - STRETCH))
		to -= STRETCH;
	while (to > from && !is_digit(data[to - 1]))
		to--;
	return to;
}

/* ---- lines ---- */

void clock_init(struct clock *clock, const struct timestamp_rule *rule)
{
	*clock = (struct clock){ .rule = rule };
	clock_begin(clock, "", 0, CLOCK_UNKNOWN);
}

void clock_begin(struct clock *clock, const char *data, size_t length, int64_t carry)
{
	clock->data = data;
	clock->length = length;
	clock->carry = carry;
	clock->blank = 0;
	clock->asked = SIZE_MAX;
	clock->own_line = SIZE_MAX;
	clock->known_line = SIZE_MAX;
}

static size_t line_end(const struct clock *clock, size_t line_start)
{
	const char *newline;

	if (line_start == clock->known_line)
		return clock->known_end;
	newline = memchr(clock->data + line_start, '\n', clock->length - line_start);
	return newline == NULL ? clock->length : (size_t)(newline - clock->data);
}

/* Where the line begins that ends before `line_start`, which is not 0. */
static size_t line_before(const struct clock *clock, size_t line_start)
{
	const char *newline = memrchr(clock->data, '\n', line_start - 1);

	return newline == NULL ? 0 : (size_t)(newline - clock->data) + 1;
}

/* Where the first line begins that does not begin before `at`. */
static size_t line_from(const struct clock *clock, size_t at)
{
	const char *newline;

	if (at == 0 || at > clock->length)
		return at;
	newline = memchr(clock->data + at - 1, '\n', clock->length - at + 1);
	return newline == NULL ? clock->length : (size_t)(newline - clock->data) + 1;
}

/* At the edges of a piece nothing is noted: where pieces are cut must not show. */
static bool read_stamp(struct clock *clock, size_t line_start, size_t end)
{
	struct timestamp_rule silent;

	if (!clock->at_edge)
		return timestamp_read(clock->rule, &clock->zone, clock->data + line_start,
		    end - line_start, &clock->own);
	silent = *clock->rule;
	silent.is_silent = true;
	return timestamp_read(
	    &silent, &clock->zone, clock->data + line_start, end - line_start, &clock->own);
}

/* clock_own(), or LOST. */
static int64_t read_own(struct clock *clock, size_t line_start)
{
	if (line_start == clock->own_line)
		return clock->own.time;
	clock->own_line = line_start;
	clock->own.time = CLOCK_UNKNOWN;
	if (line_start >= clock->blank && line_start < clock->length) {
		const size_t end = line_end(clock, line_start);

		/* a line that somebody knows has a hit, and so a digit */
		if ((line_start == clock->known_line ||
		        first_digit(clock->data, line_start, end) < end) &&
		    !read_stamp(clock, line_start, end))
			clock->own.time = clock->own.is_lost ? LOST : CLOCK_UNKNOWN;
	}
	return clock->own.time;
}

int64_t clock_own(struct clock *clock, size_t line_start)
{
	return told(read_own(clock, line_start));
}

struct stamp_zones clock_own_zone(struct clock *clock, size_t line_start, size_t line_end)
{
	const char *line = clock->data + line_start;
	size_t length = line_end - line_start;

	if (stamp_shape_fits(&clock->shape, line, length))
		return clock->shape.zones;
	clock_know(clock, line_start, line_end);
	if (clock_own(clock, line_start) == CLOCK_UNKNOWN)
		return (struct stamp_zones){ 0 };
	stamp_shape_learn(&clock->shape, clock->rule, &clock->zone, line, length, &clock->own);
	return stamp_zones_of_offset(&clock->own);
}

/* The last stamp of the lines from `floor` to the one at `line_start`, which is not below it;
 * CLOCK_UNKNOWN when none has one. */
static int64_t read_back(struct clock *clock, size_t line_start, size_t floor)
{
	int64_t time = read_own(clock, line_start);

	while (time == CLOCK_UNKNOWN && line_start > floor) {
		size_t behind = behind_digits(clock->data, floor, line_start);

		if (behind == floor)
			break;
		line_start = line_before(clock, behind);
		if (line_start < floor)
			break;
		time = read_own(clock, line_start);
	}
	return time;
}

/* clock_at(), but for the carry. */
static int64_t find_stamp(struct clock *clock, size_t line_start)
{
	size_t floor = clock->blank; /* the lines before it are known */
	bool has_below = false;      /* `found` is that of a line before, and holds on */

	if (line_start == clock->asked)
		return clock->found.time;
	if (clock->asked < line_start && clock->found.time != CLOCK_UNKNOWN) {
		floor = clock->asked + 1;
		has_below = true;
	}
	if (line_start >= floor && read_back(clock, line_start, floor) != CLOCK_UNKNOWN)
		clock->found = clock->own;
	else if (!has_below)
		clock->found.time = CLOCK_UNKNOWN;
	if (clock->found.time == CLOCK_UNKNOWN && line_start >= clock->blank)
		clock->blank = line_start + 1;
	clock->asked = line_start;
	return clock->found.time;
}

int64_t clock_at(struct clock *clock, size_t line_start)
{
	int64_t time = find_stamp(clock, line_start);

	return time != CLOCK_UNKNOWN ? told(time) : clock->carry;
}

static int64_t find_first(struct clock *clock)
{
	size_t line = line_from(clock, clock->blank);
	bool is_blank = true; /* no line so far has a stamp */

	while (line < clock->length) {
		size_t digit = first_digit(clock->data, line, clock->length);
		int64_t time;

		if (digit == clock->length) {
			if (is_blank)
				clock->blank = digit;
			break;
		}
		line = line_before(clock, digit + 1);
		time = read_own(clock, line);
		is_blank = is_blank && time == CLOCK_UNKNOWN;
		if (told(time) != CLOCK_UNKNOWN) {
			if (clock->asked == SIZE_MAX) {
				clock->asked = line;
				clock->found = clock->own;
			}
			return time;
		}
		line = line_end(clock, line) + 1;
		if (is_blank && line > clock->blank)
			clock->blank = line;
	}
	return CLOCK_UNKNOWN;
}

int64_t clock_first(struct clock *clock)
{
	int64_t time;

	clock->at_edge = true;
	time = find_first(clock);
	clock->at_edge = false;
	return time;
}

int64_t clock_last(struct clock *clock)
{
	int64_t time = clock_left(clock);

	return time == CLOCK_PENDING ? CLOCK_UNKNOWN : time;
}

int64_t clock_left(struct clock *clock)
{
	int64_t time = CLOCK_UNKNOWN;

	clock->at_edge = true;
	if (clock->length > 0)
		time = find_stamp(clock, line_before(clock, clock->length));
	clock->at_edge = false;
	return time == CLOCK_UNKNOWN ? CLOCK_PENDING : told(time);
}

bool clock_read(void *context, const char *line, size_t length, int64_t *time)
{
	struct clock *clock = context;
	struct timestamp stamp;

	if (!timestamp_read(clock->rule, &clock->zone, line, length, &stamp))
		return false;
	*time = stamp.time;
	return true;
}
