/*
 * Owns how logs spell a time of day, and where in a text its first stamp is.
 *
 * A time is found by its first colon; then the date is read backwards from its hour, and what
 * follows it forwards. The few forms without a colon (an epoch, 20261122T031415, 12时02分) are only
 * looked for in front of the first one that has one, and count where they have room there. How a
 * date or a zone is spelled is timestamp_spelling.c's.
 */
#include "time/timestamp_parts.h"

#include <string.h>

static bool is_at_digit(const char *at, const char *end)
{
	return at < end && stamp_is_digit(*at);
}

static bool begins_with(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

/* --- what is behind an hour, or in front of it
 * -------------------------------------------------------------- */

const char *stamp_read_fraction(const char *at, const char *end, int *milliseconds)
{
	int unit = 100;

	*milliseconds = 0;
	if (at + 1 >= end || !stamp_is_digit(at[1]))
		return at;
	/* a colon in front of milliseconds, as Huawei's logs have it */
	if (*at == ':' && (end - at < 4 || stamp_two(at + 2) < 0 || is_at_digit(at + 4, end)))
		return at;
	if (*at != '.' && *at != ',' && *at != ':')
		return at;
	for (at++; at < end && stamp_is_digit(*at); at++) {
		*milliseconds += (*at - '0') * unit;
		unit /= 10;
	}
	return at;
}

enum half { HALF_NONE, HALF_AM, HALF_PM };

/* The half of the day behind a time: "PM", " pm", " p.m.", "下午"; moves `*at` behind it. */
static enum half read_half(const char **at, const char *end)
{
	const char *word = *at < end && **at == ' ' ? *at + 1 : *at;
	enum half half;

	/* some locales have a narrow or a hard blank there */
	if (word < end && (unsigned char)*word >= 0x80) {
		if (begins_with(word, end, "\u202f"))
			word += strlen("\u202f");
		else if (begins_with(word, end, "\u00a0"))
			word += strlen("\u00a0");
	}
	if (end - word < 2)
		return HALF_NONE;
	switch (*word) {
	case 'A':
	case 'a':
		half = HALF_AM;
		break;
	case 'P':
	case 'p':
		half = HALF_PM;
		break;
	default:
		half = begins_with(word, end, "上午")   ? HALF_AM
		       : begins_with(word, end, "下午") ? HALF_PM
		                                        : HALF_NONE;
		if (half != HALF_NONE)
			*at = word + strlen("上午");
		return half;
	}
	word += word[1] == '.' ? 2 : 1;
	if (word == end || (*word | 0x20) != 'm' ||
	    (word + 1 < end && (stamp_is_alnum(word[1]) || word[1] == '_')))
		return HALF_NONE;
	*at = word + (word + 1 < end && word[-1] == '.' && word[1] == '.' ? 2 : 1);
	return half;
}

/* The same in front of an hour: "下午03:14"; moves `*hour` in front of it. */
static enum half read_half_before(const char *text, const char **hour)
{
	const char *at = *hour;
	enum half half = HALF_NONE;

	if (at - text > 7 && at[-1] == ' ' && (unsigned char)at[-2] >= 0x80)
		at--;
	if (at - text > 6 && (unsigned char)at[-1] >= 0x80)
		half = memcmp(at - 6, "上午", 6) == 0   ? HALF_AM
		       : memcmp(at - 6, "下午", 6) == 0 ? HALF_PM
		                                        : HALF_NONE;
	if (half != HALF_NONE)
		*hour = at - 6;
	return half;
}

/* False: no clock shows that. A clock of 24 hours may have a half beside it. */
static bool apply_half(struct civil *civil, enum half half)
{
	if (half == HALF_NONE)
		return true;
	if (half == HALF_AM) {
		if (civil->hour == 12)
			civil->hour = 0;
		return civil->hour < 12;
	}
	if (civil->hour < 12)
		civil->hour += civil->hour == 0 ? 24 : 12;
	return civil->hour < 24;
}

/* --- a time with colons --------------------------------------------------------------- */

/* What follows the minutes, which end at `at`; NULL: the time is none. */
static const char *read_seconds(const char *at, const char *end, bool must, struct civil *civil)
{
	civil->second = 0;
	civil->millisecond = 0;
	if (end - at >= 3 && *at == ':' && stamp_two(at + 1) >= 0) {
		civil->second = stamp_two(at + 1);
		at += 3;
		return is_at_digit(at, end) ? NULL
		                            : stamp_read_fraction(at, end, &civil->millisecond);
	}
	return must || (at < end && (stamp_is_digit(*at) || *at == ':')) ? NULL : at;
}

/* What follows a time: the zone, and the year where there is none yet. */
static void read_rest(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	at = stamp_read_zone(text, at, end, stamp);
	if (!stamp->has_year)
		(void)stamp_read_late_year(at, end, stamp);
}

/* The stamp whose first colon is at `colon`, with two digits behind it and one in front. */
static bool read_at_colon(const char *text, const char *colon, const char *end, struct stamp *stamp)
{
	const char *hour = colon - 1, *at;
	enum half half;
	bool has_two;

	has_two = hour > text && stamp_is_digit(hour[-1]);
	hour -= has_two;
	if (hour - text < 5 || stamp_is_digit(hour[-1]))
		return false;
	*stamp = (struct stamp){ .begin = NULL };
	at = hour;
	half = read_half_before(text, &at);
	if (!stamp_read_date(text, at, stamp))
		return false;
	stamp->civil.hour = has_two ? stamp_two(hour) : *hour - '0';
	stamp->civil.minute = stamp_two(colon + 1);
	at = read_seconds(colon + 3, end, !stamp->has_year, &stamp->civil);
	if (at == NULL)
		return false;
	if (half == HALF_NONE)
		half = read_half(&at, end);
	if ((!has_two && stamp->is_padded && half == HALF_NONE) || !apply_half(&stamp->civil, half))
		return false;
	read_rest(text, at, end, stamp);
	return true;
}

bool stamp_next(
    const char *text, const char *end, const char *limit, const char **at, struct stamp *stamp)
{
	const char *colon = *at;

	while (colon < limit && (colon = memchr(colon, ':', (size_t)(limit - colon))) != NULL) {
		*at = colon + 1;
		if (colon - text >= 6 && stamp_is_digit(colon[-1]) && stamp_two(colon + 1) >= 0 &&
		    read_at_colon(text, colon, end, stamp))
			return true;
		colon++;
	}
	return false;
}

/* --- times without one ------------------------------------------------------------------ */

/* "20261122T031415": its T is at `at`. */
static bool read_basic(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	struct civil *civil = &stamp->civil;

	*stamp = (struct stamp){ .begin = NULL };
	if (at - text < 8 || end - at < 7 || !stamp_is_digit(at[1]) ||
	    !stamp_read_date(text, at + 1, stamp) || is_at_digit(at + 7, end))
		return false;
	civil->hour = stamp_two(at + 1);
	civil->minute = stamp_two(at + 3);
	civil->second = stamp_two(at + 5);
	if (civil->hour < 0 || civil->minute < 0 || civil->second < 0 || !stamp->has_year)
		return false;
	at = stamp_read_fraction(at + 7, end, &civil->millisecond);
	read_rest(text, at, end, stamp);
	return true;
}

/* "12时02分03秒": its 分 is at `at`. */
static bool read_chinese(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	static const char signs[][4] = { "时", "時", "点", "點" };
	struct civil *civil = &stamp->civil;
	const char *hour;
	enum half half;
	bool is_hour = false;

	*stamp = (struct stamp){ .begin = NULL };
	hour = stamp_read_number(text, at, &civil->minute);
	for (size_t i = 0; i < 4 && hour != NULL && hour - text > 5; i++)
		is_hour = is_hour || memcmp(hour - 3, signs[i], 3) == 0;
	if (!is_hour)
		return false;
	hour = stamp_read_number(text, hour - 3, &civil->hour);
	if (hour == NULL || hour - text < 5)
		return false;
	half = read_half_before(text, &hour);
	if (!stamp_read_date(text, hour, stamp) || !apply_half(civil, half))
		return false;
	at += 3;
	if (end - at >= 5 && stamp_two(at) >= 0 && memcmp(at + 2, "秒", 3) == 0) {
		civil->second = stamp_two(at);
		at += 5;
	}
	read_rest(text, at, end, stamp);
	return true;
}

/* Seconds since 1970 with a fraction. */
static bool read_epoch(const char *at, const char *end, struct stamp *stamp)
{
	const char *digit = at, *dot = at + 10;
	int64_t seconds = 0;
	int milliseconds;

	if (end - at < 12 || *dot != '.' || !stamp_is_digit(dot[1]))
		return false;
	for (; digit < dot; digit++) {
		if (!stamp_is_digit(*digit))
			return false;
		seconds = seconds * 10 + (*digit - '0');
	}
	*stamp = (struct stamp){ .begin = at, .is_epoch = true };
	at = stamp_read_fraction(dot, end, &milliseconds);
	stamp->epoch = seconds * 1000 + milliseconds;
	return at - dot <= 10 && (uint64_t)seconds >= STAMP_EPOCH_FIRST &&
	       (uint64_t)seconds < STAMP_EPOCH_END &&
	       (at == end || stamp_is_in(*at, " \t\r\n])}>,;:|\"'"));
}

/* Behind "[0] tag: [", or "[[", as fluent-bit has it; NULL: there is no such thing. */
static const char *skip_tag(const char *at, const char *end)
{
	if (end - at < 4 || *at != '[' || !stamp_is_digit(at[1]))
		return NULL;
	for (at++; is_at_digit(at, end); at++)
		;
	if (!begins_with(at, end, "] "))
		return NULL;
	at = memchr(at + 2, ' ', (size_t)(end - at - 2));
	if (at == NULL || at[-1] != ':' || !begins_with(at, end, " ["))
		return NULL;
	at += 2;
	return at < end && *at == '[' ? at + 1 : at;
}

static inline bool is_front(char c)
{
	return c == ' ' || c == '\t' || c == '[' || c == '(' || c == '<' || c == '"' || c == '\'';
}

/* Behind what may stand in front of a head: blanks, brackets, colours. */
static const char *skip_front(const char *at, const char *end)
{
	for (;;) {
		const char *from = at;

		while (at < end && is_front(*at))
			at++;
		if (end - at < 3 || at[0] != '\x1b' || at[1] != '[')
			return at;
		for (at += 2; at < end && (stamp_is_digit(*at) || *at == ';'); at++)
			;
		if (at == end || *at++ != 'm')
			return from;
	}
}

/* An epoch at the text's head, or where auditd and fluent-bit have theirs. */
static bool read_head(const char *text, const char *end, size_t reach, struct stamp *stamp)
{
	const char *at = skip_front(text, end);
	if (is_at_digit(at, end) && read_epoch(at, end, stamp))
		return true;
	at = skip_tag(text, end);
	if (at == NULL && (*text == 't' || *text == 'n') &&
	    (begins_with(text, end, "type=") || begins_with(text, end, "node="))) {
		size_t room = (size_t)(end - text) < reach ? (size_t)(end - text) : reach;

		at = memmem(text, room, "audit(", 6);
		at = at == NULL ? NULL : at + 6;
	}
	return at != NULL && read_epoch(at, end, stamp);
}

/* The first of these that begins before `limit`. */
static bool seek_others(const char *text, const char *end, const char *limit, struct stamp *stamp)
{
	static const char minute[] = "分";
	const char *at = text;

	if (read_head(text, end, (size_t)(limit - text), stamp))
		return true;
	while ((at = memchr(at, 'T', (size_t)(limit - at))) != NULL) {
		if (at > text && stamp_is_digit(at[-1]) && read_basic(text, at, end, stamp))
			return true;
		at++;
	}
	at = text;
	while ((at = memchr(at, (unsigned char)minute[0], (size_t)(limit - at))) != NULL) {
		if (begins_with(at, end, minute) && read_chinese(text, at, end, stamp))
			return true;
		at++;
	}
	return false;
}

/* An hour that begins so early may be of a stamp at its text's beginning, in front of which there
 * are at most so many bytes. */
#define FIRST_REACH 40
#define FRONT 8

/* --- the first stamp --------------------------------------------------------------------- */

bool stamp_find(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *end, size_t reach, struct timestamp *found)
{
	const char *at = text;
	const char *limit; /* of the colon, which has two digits behind it */
	struct stamp stamp, other;
	bool has_stamp;

	found->is_lost = false;
	if (end - text < 11)
		return false;
	limit = (size_t)(end - text) > reach + 4 ? text + reach + 2 : end - 2;
	do {
		has_stamp = stamp_next(text, end, limit, &at, &stamp);
		/* nothing has room in front of one that begins the text */
		if (has_stamp && stamp.begin - text < 8)
			continue;
		if (seek_others(text, end, has_stamp ? stamp.begin : limit, &other) &&
		    stamp_finish(rule, zone, &other, found))
			return true;
	} while (has_stamp && !found->is_lost && !stamp_finish(rule, zone, &stamp, found) &&
	         !found->is_lost);
	return has_stamp && !found->is_lost;
}

/* Whether only what is no word stands in front of `begin`: signs, syslog's <34>, a day of the week
 * or a level's letter. */
static bool is_first(const char *text, const char *begin)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	const char *at = skip_front(text, begin);
	const char *word = NULL;
	size_t letters = 0;

	if (begin - at > FRONT)
		return false;
	for (; at < begin; at++) {
		if ((unsigned char)*at >= 0x80)
			return false;
		if (!stamp_is_alnum(*at) || stamp_is_digit(*at))
			continue;
		word = letters == 0 ? at : word;
		letters++;
	}
	return letters <= 1 || (letters == 3 && memmem(days, sizeof(days) - 1, word, 3) != NULL);
}

bool stamp_find_first(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *end, struct timestamp *found)
{
	const char *at = skip_front(text, end);
	const char *limit = end - text > FIRST_REACH + 4 ? text + FIRST_REACH + 2 : end - 2;
	struct stamp stamp;

	found->is_lost = false;
	if (end - text < 11 || at == end || !stamp_may_begin(*at))
		return false;
	at = text;
	return (stamp_next(text, end, limit, &at, &stamp) ||
	           seek_others(text, end, limit, &stamp)) &&
	       is_first(text, stamp.begin) && stamp_finish(rule, zone, &stamp, found);
}

bool stamp_read_bare(const char *line, const char *end, struct stamp *stamp)
{
	const char *at = skip_front(line, end);

	if (end - at < 8 || stamp_two(at) < 0 || at[2] != ':' || stamp_two(at + 3) < 0)
		return false;
	*stamp = (struct stamp){ .begin = at, .has_year = true, .has_order = true };
	stamp->civil.hour = stamp_two(at);
	stamp->civil.minute = stamp_two(at + 3);
	at = read_seconds(at + 5, end, true, &stamp->civil);
	if (at == NULL || (at < end && (*at == ':' || *at == '-' || *at == '.')) ||
	    !apply_half(&stamp->civil, read_half(&at, end)))
		return false;
	(void)stamp_read_zone(line, at, end, stamp);
	return true;
}
