/*
 * Owns the calendar, the cache over libc's time zone, and how our own reports write a time.
 *
 * libc is asked for a stretch of three days at once, in which clocks change once at most; where
 * they do, the second of the change is found by halving. A time on a clock is then looked for on
 * either side of the change. How a zone is named and chosen: zone_choose.c.
 */
#include "base/zone.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

/* What is looked up at once. No zone changed its clocks twice within four days since 1938:
 * so there is at most one change in it and in the day before. */
#define SPAN (3 * DAY)

/* Years beyond 30,000 have no zone; libc would refuse the largest. The second is further away
 * than any time is, and still no danger to a sum. */
#define FARTHEST INT64_C(900000000000)
#define BEYOND INT64_C(1000000000000000000)

static inline int64_t floor_to(int64_t value, int64_t unit)
{
	int64_t rest = value % unit;

	return value - (rest < 0 ? rest + unit : rest);
}

static int64_t seconds_of(int64_t time)
{
	return time / 1000 - (time % 1000 < 0);
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* --- the calendar ------------------------------------------------------------ */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool civil_is_valid(const struct civil *civil)
{
	static const unsigned char days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (civil->month < 1 || civil->month > 12 || civil->day < 1)
		return false;
	if (civil->day > days[civil->month - 1] &&
	    !(civil->month == 2 && civil->day == 29 && is_leap(civil->year)))
		return false;
	return civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 && civil->minute <= 59 &&
	       civil->second >= 0 && civil->second <= 60;
}

/* Days since 1970-01-01. Years are counted from March, so that the leap day is the last, and
 * from so early that none is negative: this runs for every stamp, and division by constants
 * of what has no sign is cheap. */
static int64_t days_of(int year, int month, int day)
{
	enum { ERAS = 800000, DAYS_OF_ERA = 146097 }; /* eras of 400 years */
	uint64_t y = (uint64_t)((int64_t)year - (month <= 2) + (int64_t)400 * ERAS);
	unsigned m = (unsigned)(month > 2 ? month - 3 : month + 9);
	uint64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5;

	return (int64_t)days + day - 1 - 719468 - (int64_t)DAYS_OF_ERA * ERAS;
}

static void set_date(struct civil *civil, int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = floor_to(shifted, 146097) / 146097;
	int64_t day = shifted - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153;

	civil->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	civil->month = (int)(month < 10 ? month + 3 : month - 9);
	civil->year = (int)(year + era * 400 + (civil->month <= 2));
}

/* Seconds that a clock shows, as if it were one of UTC. */
static int64_t wall_seconds(const struct civil *civil)
{
	return days_of(civil->year, civil->month, civil->day) * DAY + civil->hour * 3600 +
	       civil->minute * 60 + (civil->second > 59 ? 59 : civil->second);
}

int64_t civil_to_utc(const struct civil *civil, int32_t offset)
{
	return (wall_seconds(civil) - offset) * 1000 + civil->millisecond;
}

/* --- offsets ----------------------------------------------------------------- */

static int32_t ask_libc(int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	return localtime_r(&when, &tm) == NULL ? 0 : (int32_t)tm.tm_gmtoff;
}

/* The first second in (from, to] whose offset is not that of `from`; `to` has another. */
static int64_t find_change(int64_t from, int64_t to)
{
	int32_t before = ask_libc(from);

	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (ask_libc(middle) == before)
			from = middle;
		else
			to = middle;
	}
	return to;
}

static void look_up(struct zone *zone, int64_t seconds)
{
	int64_t from, to;
	int32_t before, offset;

	if (seconds > FARTHEST || seconds < -FARTHEST) {
		from = seconds < 0 ? -BEYOND : FARTHEST;
		*zone = (struct zone){ from, seconds < 0 ? -FARTHEST : BEYOND, from, 0, 0 };
		return;
	}
	from = floor_to(seconds, SPAN);
	to = from + SPAN;
	before = ask_libc(from - DAY);
	offset = ask_libc(from);
	*zone = (struct zone){ from, to, from, offset, offset };
	if (before != offset) {
		zone->changed = find_change(from - DAY, from);
		zone->before = before;
		return;
	}
	if (ask_libc(to - 1) == offset)
		return;
	zone->changed = find_change(from, to - 1);
	if (seconds < zone->changed) {
		zone->to = zone->changed;
		zone->changed = from;
		return;
	}
	zone->from = zone->changed;
	zone->offset = ask_libc(zone->changed);
}

int32_t zone_offset(struct zone *zone, int64_t seconds)
{
	if (seconds < zone->from || seconds >= zone->to)
		look_up(zone, seconds);
	return zone->offset;
}

/* The UTC second at which the clocks show `wall`. An instant that shows it is either of the
 * offset a day before or of the one after; where none does, it lies in a gap. */
static int64_t to_utc(struct zone *zone, int64_t wall)
{
	int64_t guess = wall - zone->offset;
	int64_t first, second;

	if (guess >= zone->from && guess < zone->to &&
	    guess - zone->changed >= zone->before - zone->offset)
		return guess;
	first = wall - zone_offset(zone, wall - DAY);
	if (first + zone_offset(zone, first) == wall)
		return first;
	second = wall - zone_offset(zone, wall + DAY);
	if (second + zone_offset(zone, second) == wall)
		return second;
	return first;
}

int64_t zone_to_utc(struct zone *zone, const struct civil *civil)
{
	return to_utc(zone, wall_seconds(civil)) * 1000 + civil->millisecond;
}

void zone_to_civil(struct zone *zone, int64_t time, struct civil *civil)
{
	civil_from_utc(time, zone_offset(zone, seconds_of(time)), civil);
}

void civil_from_utc(int64_t time, int32_t offset, struct civil *civil)
{
	int64_t wall = seconds_of(time) + offset;
	int64_t midnight = floor_to(wall, DAY);
	int rest = (int)(wall - midnight);

	set_date(civil, midnight / DAY);
	civil->hour = rest / 3600;
	civil->minute = rest / 60 % 60;
	civil->second = rest % 60;
	civil->millisecond = (int)((time % 1000 + 1000) % 1000);
}

/* --- buckets ----------------------------------------------------------------- */

/* The first instant at which the clocks show `wall` or later. */
static int64_t first_instant(int64_t wall)
{
	struct zone zone = { 0, 0, 0, 0, 0 };
	int64_t utc = to_utc(&zone, wall);

	if (utc + zone_offset(&zone, utc) == wall)
		return utc;
	return zone.changed; /* of the gap that holds it */
}

/* The bucket on the clock's face that holds `wall`. */
static void find_face(int64_t wall, uint32_t seconds, int64_t *start, int64_t *end)
{
	int64_t midnight = floor_to(wall, DAY);

	if (seconds >= DAY) {
		int64_t length = seconds / DAY * DAY;

		/* 1970-01-05 was a Monday */
		*start = floor_to(midnight - (int64_t)4 * DAY, length) + (int64_t)4 * DAY;
		*end = *start + length;
		return;
	}
	*start = midnight + floor_to(wall - midnight, seconds);
	*end = smaller(*start + seconds, midnight + DAY);
}

/* A bucket no longer than what the clocks are set back by ends there, before `stop`. */
static int64_t cut_where_set_back(const struct zone *zone, int64_t stop, uint32_t seconds)
{
	struct zone next = *zone;

	while (next.to < stop) {
		int64_t change = next.to;
		int32_t offset = next.offset;

		if (offset - zone_offset(&next, change) >= (int64_t)seconds)
			return change;
	}
	return stop;
}

int64_t zone_bucket(struct zone *zone, int64_t time, uint32_t seconds, int64_t *end)
{
	int64_t utc = seconds_of(time);
	int64_t wall = utc + zone_offset(zone, utc);
	int64_t set_back = zone->before - zone->offset;
	int64_t face, face_end, start, stop;

	/* seen the second time, in a bucket that holds both times */
	if (set_back > 0 && set_back < seconds && utc < zone->changed + set_back)
		wall = zone->changed + zone->before - 1;
	find_face(wall, seconds, &face, &face_end);
	if (set_back >= seconds && face < zone->changed + zone->before) {
		start = larger(face - zone->offset, zone->changed);
		stop = face_end - zone->offset;
	} else {
		start = first_instant(face);
		stop = cut_where_set_back(zone, first_instant(face_end), seconds);
	}
	*end = stop * 1000;
	return start * 1000;
}

/* --- text: RFC 3339 ---------------------------------------------------------- */

static size_t format_offset(int32_t offset, char *text, size_t room)
{
	int minutes = (offset < 0 ? -offset : offset) / 60;

	return (size_t)snprintf(
	    text, room, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

size_t zone_format(
    struct zone *zone, int64_t time, bool with_milliseconds, char text[ZONE_TEXT_MAX])
{
	struct civil civil;
	int32_t offset = zone_offset(zone, seconds_of(time));
	int used;

	zone_to_civil(zone, time, &civil);
	used = snprintf(text, ZONE_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", civil.year,
	    civil.month, civil.day, civil.hour, civil.minute, civil.second);
	if (with_milliseconds)
		used +=
		    snprintf(text + used, ZONE_TEXT_MAX - (size_t)used, ".%03d", civil.millisecond);
	return (size_t)used + format_offset(offset, text + used, ZONE_TEXT_MAX - (size_t)used);
}

size_t zone_format_offset(int32_t offset, char text[ZONE_TEXT_MAX])
{
	return format_offset(offset, text, ZONE_TEXT_MAX);
}

/* Reads exactly `digits` digits at `*at` and moves behind them. */
static bool take_number(const char **at, int digits, int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return true;
}

static bool take_char(const char **at, const char *any)
{
	if (**at == '\0' || strchr(any, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

static bool take_fraction(const char **at, int *milliseconds)
{
	int digits = 0;

	if (!take_char(at, "."))
		return true;
	for (int unit = 100; **at >= '0' && **at <= '9'; digits++, (*at)++) {
		*milliseconds += (**at - '0') * unit;
		unit /= 10;
	}
	return digits >= 1 && digits <= 9;
}

static bool take_offset(const char **at, int32_t *offset)
{
	int hours, minutes, sign = **at == '-' ? -1 : 1;

	*offset = 0;
	if (take_char(at, "Zz"))
		return true;
	if (!take_char(at, "+-") || !take_number(at, 2, &hours) || !take_char(at, ":") ||
	    !take_number(at, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool zone_parse(const char *text, int64_t *time)
{
	struct civil civil = { 0 };
	int32_t offset;

	if (!take_number(&text, 4, &civil.year) || !take_char(&text, "-") ||
	    !take_number(&text, 2, &civil.month) || !take_char(&text, "-") ||
	    !take_number(&text, 2, &civil.day) || !take_char(&text, "Tt ") ||
	    !take_number(&text, 2, &civil.hour) || !take_char(&text, ":") ||
	    !take_number(&text, 2, &civil.minute) || !take_char(&text, ":") ||
	    !take_number(&text, 2, &civil.second) || !take_fraction(&text, &civil.millisecond) ||
	    !take_offset(&text, &offset) || *text != '\0' || !civil_is_valid(&civil))
		return false;
	*time = civil_to_utc(&civil, offset);
	return true;
}

bool zone_parse_offset(const char *text, int32_t *offset)
{
	return strlen(text) == strlen("+08:00") && take_offset(&text, offset) && *text == '\0';
}
