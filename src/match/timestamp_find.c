/*
 * Owns how logs spell a date and a time. A time is found by its first colon; then the date
 * is read backwards from it, and what follows it forwards. Must not know lines, or which
 * stamp of several counts.
 */
#include "match/timestamp_parts.h"

#include <string.h>

/* --- what may stand around a stamp ------------------------------------------- */

static bool is_at_digit(const char *at, const char *end)
{
	return at < end && stamp_is_digit(*at);
}

/* Whether a date without century may begin at `at`: not in the middle of a word or number. */
static bool is_free(const char *text, const char *at)
{
	char c;

	if (at == text)
		return true;
	c = at[-1];
	return !stamp_is_alnum(c) && c != '-' && c != '/' && c != '.' && c != '_' && c != ':';
}

/* The number of four digits, or -1. */
static int four(const char *text)
{
	int century = stamp_two(text), year = stamp_two(text + 2);

	return century < 0 || year < 0 ? -1 : century * 100 + year;
}

/* --- dates, by their last bytes ---------------------------------------------- */

/* "2026-11-22", "2026/11/22", "2026.11.22", "26/11/22", "11-22" */
static bool read_numbers(const char *text, const char *end, struct stamp *stamp)
{
	size_t room = (size_t)(end - text);
	char sign = end[-3];

	if (room < 5 || (sign != '-' && sign != '/' && sign != '.'))
		return false;
	stamp->civil.day = stamp_two(end - 2);
	stamp->civil.month = stamp_two(end - 5);
	if (stamp->civil.day < 0 || stamp->civil.month < 0)
		return false;
	stamp->has_year = room >= 6 && end[-6] == sign;
	if (!stamp->has_year)
		return sign == '-' && *end == ' ' && is_free(text, end - 5);
	if (room >= 10 && four(end - 10) >= 0) {
		stamp->civil.year = four(end - 10);
		return room == 10 || !stamp_is_digit(end[-11]);
	}
	if (room < 8 || sign != '/' || stamp_two(end - 8) < 0)
		return false;
	stamp->civil.year = 2000 + stamp_two(end - 8);
	return is_free(text, end - 8);
}

/* "20261122" */
static bool read_compact(const char *text, const char *end, struct stamp *stamp)
{
	size_t room = (size_t)(end - text);

	if (room < 8 || four(end - 8) < 0 || (room > 8 && stamp_is_digit(end[-9])))
		return false;
	stamp->has_year = true;
	stamp->civil.year = four(end - 8);
	stamp->civil.month = stamp_two(end - 4);
	stamp->civil.day = stamp_two(end - 2);
	return stamp->civil.month >= 0 && stamp->civil.day >= 0;
}

/* The month of a name of three letters; 0: none. */
static int month_of(const char *name)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char lower[3] = { (char)(name[0] | 0x20), (char)(name[1] | 0x20), (char)(name[2] | 0x20) };

	for (int month = 0; month < 12; month++)
		if (memcmp(names + month * 3, lower, sizeof(lower)) == 0)
			return month + 1;
	return 0;
}

/* A day of one or two digits that ends at `end`; returns where it begins, or NULL. */
static const char *read_day(const char *text, const char *end, int *day)
{
	if (end == text || !stamp_is_digit(end[-1]))
		return NULL;
	if (end - text < 2 || !stamp_is_digit(end[-2])) {
		*day = end[-1] - '0';
		return end - 1;
	}
	*day = stamp_two(end - 2);
	return end - 2;
}

/* "22/Nov/2026", "22 Nov 2026", "22-Nov-2026" */
static bool read_day_month_year(const char *text, const char *end, struct stamp *stamp)
{
	const char *day;
	char sign;

	if (end - text < 10 || four(end - 4) < 0)
		return false;
	sign = end[-5];
	stamp->civil.month = month_of(end - 8);
	if ((sign != '/' && sign != ' ' && sign != '-') || end[-9] != sign ||
	    stamp->civil.month == 0)
		return false;
	stamp->has_year = true;
	stamp->civil.year = four(end - 4);
	day = read_day(text, end - 9, &stamp->civil.day);
	return day != NULL && is_free(text, day);
}

/* "Nov 22", "Nov  2", "Nov 22 2026" */
static bool read_month_day(const char *text, const char *end, struct stamp *stamp)
{
	stamp->has_year = false;
	if (end - text > 5 && end[-5] == ' ' && four(end - 4) >= 0) {
		stamp->has_year = true;
		stamp->civil.year = four(end - 4);
		end -= 5;
	}
	end = read_day(text, end, &stamp->civil.day);
	if (end == NULL || end - text < 4 || end[-1] != ' ')
		return false;
	end--;
	if (end[-1] == ' ' && end - text > 3)
		end--;
	stamp->civil.month = month_of(end - 3);
	return stamp->civil.month > 0 && (end - text == 3 || !stamp_is_alnum(end[-4]));
}

/* The date that ends at `end`, where what parts it from the time stands. */
static bool read_date(const char *text, const char *end, struct stamp *stamp)
{
	if (end - text < 5)
		return false;
	switch (*end) {
	case ' ':
		return read_numbers(text, end, stamp) || read_month_day(text, end, stamp) ||
		       read_compact(text, end, stamp) || read_day_month_year(text, end, stamp);
	case 'T':
	case 't':
		return read_numbers(text, end, stamp) || read_compact(text, end, stamp);
	case ':':
		return read_day_month_year(text, end, stamp);
	case '-':
		return read_compact(text, end, stamp);
	default:
		return false;
	}
}

/* --- the time and what follows it -------------------------------------------- */

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

/* Whether a word ends in front of `at`. */
static bool is_word_end(const char *at, const char *end)
{
	return at == end || !stamp_is_alnum(*at);
}

/* Whether " AM" or " PM" is at `at`. */
static bool is_half_day(const char *at, const char *end)
{
	return end - at >= 3 && at[0] == ' ' && at[2] == 'M' && (at[1] == 'A' || at[1] == 'P') &&
	       is_word_end(at + 3, end);
}

/* "+08:00", "+0800", "+08": NULL when it is something else. */
static const char *read_signed(
    const char *at, const char *end, bool is_apart, struct stamp *stamp)
{
	int sign = *at == '-' ? -1 : 1;
	int hours, minutes = 0;
	bool has_minutes = false;

	if (end - at < 3)
		return NULL;
	hours = stamp_two(at + 1);
	at += 3;
	if (end - at >= 3 && *at == ':' && stamp_two(at + 1) >= 0) {
		minutes = stamp_two(at + 1);
		has_minutes = true;
		at += 3;
	} else if (end - at >= 2 && stamp_two(at) >= 0) {
		minutes = stamp_two(at);
		has_minutes = true;
		at += 2;
	}
	if (hours < 0 || hours > 23 || minutes > 59 || (at < end && stamp_is_alnum(*at)))
		return NULL;
	/* apart from the time it may just be a number */
	if (is_apart && (!has_minutes || hours > 14 || minutes % 15 != 0))
		return NULL;
	if (!has_minutes && at < end && (*at == ':' || *at == '-' || *at == '.'))
		return NULL;
	stamp->zone = TIMESTAMP_ZONE_NUMERIC;
	stamp->offset = sign * (hours * 3600 + minutes * 60);
	return at;
}

/* "UTC", "GMT", "UTC+08:00" */
static const char *read_named_offset(const char *at, const char *end, struct stamp *stamp)
{
	const char *behind = at + 3;

	if (end - at < 3 || (memcmp(at, "UTC", 3) != 0 && memcmp(at, "GMT", 3) != 0) ||
	    !is_word_end(behind, end))
		return NULL;
	if (behind < end && (*behind == '+' || *behind == '-')) {
		const char *number = read_signed(behind, end, false, stamp);

		if (number != NULL)
			return number;
	}
	stamp->zone = TIMESTAMP_ZONE_NAMED;
	stamp->offset = 0;
	return behind;
}

const char *stamp_read_offset(const char *at, const char *end, struct stamp *stamp)
{
	const char *from = at;
	const char *behind = NULL;
	bool is_apart = at < end && *at == ' ';

	stamp->zone = TIMESTAMP_ZONE_NONE;
	if (is_apart)
		at++;
	if (at == end)
		return from;
	switch (*at) {
	case '+':
	case '-':
		behind = read_signed(at, end, is_apart, stamp);
		break;
	case 'Z':
	case 'z':
		if (!is_word_end(at + 1, end))
			break;
		stamp->zone = TIMESTAMP_ZONE_UTC;
		stamp->offset = 0;
		behind = at + 1;
		break;
	case 'U':
	case 'G':
		behind = read_named_offset(at, end, stamp);
		break;
	default:
		break;
	}
	return behind != NULL ? behind : from;
}

/* The year behind a time, perhaps behind the zone's letters: "03:14:15 CST 2026" */
static void read_late_year(const char *at, const char *end, struct stamp *stamp)
{
	const char *word = at + 1;
	size_t letters = 0;

	if (at == end || *at != ' ')
		return;
	while (letters < 5 && word + letters < end && word[letters] >= 'A' &&
	       word[letters] <= 'Z')
		letters++;
	if (letters >= 3 && letters <= 4 && word + letters < end && word[letters] == ' ')
		word += letters + 1;
	if (end - word < 4 || four(word) < 1970 || four(word) >= 2200 ||
	    (end - word > 4 && (stamp_is_alnum(word[4]) || word[4] == '.' || word[4] == '-')))
		return;
	stamp->has_year = true;
	stamp->civil.year = four(word);
}

/* The stamp whose hour is at `hour`, which two digits, a colon and two digits begin. */
static bool read_stamp(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *hour, const char *end, struct timestamp *found)
{
	struct stamp stamp;
	const char *at = hour + 5;

	if (!read_date(text, hour - 1, &stamp))
		return false;
	stamp.civil.hour = stamp_two(hour);
	stamp.civil.minute = stamp_two(hour + 3);
	stamp.civil.second = 0;
	stamp.civil.millisecond = 0;
	if (end - at >= 3 && *at == ':' && stamp_two(at + 1) >= 0) {
		stamp.civil.second = stamp_two(at + 1);
		at += 3;
		if (is_at_digit(at, end))
			return false;
		at = stamp_read_fraction(at, end, &stamp.civil.millisecond);
	} else if (!stamp.has_year || (at < end && (stamp_is_digit(*at) || *at == ':'))) {
		return false;
	}
	if (is_half_day(at, end))
		return false; /* a clock of twelve hours */
	at = stamp_read_offset(at, end, &stamp);
	if (!stamp.has_year)
		read_late_year(at, end, &stamp);
	return stamp_finish(rule, zone, &stamp, found);
}

bool stamp_find(const struct timestamp_rule *rule, struct zone *zone, const char *text,
    const char *end, size_t reach, struct timestamp *found)
{
	const char *at = text;
	const char *limit; /* of the colon, which has two digits on either side */

	if (end - text < 11)
		return false;
	limit = (size_t)(end - text) > reach + 4 ? text + reach + 2 : end - 2;
	while ((at = memchr(at, ':', (size_t)(limit - at))) != NULL) {
		if (at - text >= 8 && stamp_two(at + 1) >= 0 && stamp_two(at - 2) >= 0 &&
		    !stamp_is_digit(at[-3]) && read_stamp(rule, zone, text, at - 2, end, found))
			return true;
		at++;
	}
	return false;
}
