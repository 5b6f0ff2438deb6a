/*
 * Owns the words for times and durations on the command line. Must not know what they are
 * for, or how logs spell theirs.
 *
 * A time is of one of five kinds, each with a reader of its own, which are asked in turn; what is
 * of no kind is no time, and what is of one may still be none (the 31st of April).
 */
#include "cli/when.h"

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "tally/count.h"
#include "time/clock.h"

#define SECOND INT64_C(1000)
#define DAY 86400
#define QUARTER COUNT_QUARTER_MILLISECONDS

/* Of days before: at most so many are asked for, or counted. */
#define DAYS_MAX 366
#define DAYS_COUNTED 100000

/* The longest duration that makes sense: 400 years before now is before every log. */
#define LONGEST INT64_C(12622780800)

static const struct {
	char letter;
	uint32_t seconds;
} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY }, { 'w', 7 * DAY } };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint32_t unit_of(char letter)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].letter == letter)
			return units[i].seconds;
	return 0;
}

/* Reads "90m", "1h30m" in seconds. Returns false when it is something else. */
static bool read_duration(const char *text, int64_t *seconds)
{
	*seconds = 0;
	if (*text == '\0')
		return false;
	while (*text != '\0') {
		int64_t number = 0;
		uint32_t unit;

		if (!is_digit(*text))
			return false;
		for (; is_digit(*text); text++)
			if (number <= LONGEST)
				number = number * 10 + (*text - '0');
		unit = unit_of(*text++);
		if (unit == 0)
			return false;
		if (number > LONGEST / unit || *seconds > LONGEST - number * unit)
			number = 0, *seconds = LONGEST;
		*seconds += number * unit;
	}
	return true;
}

/* Reads `digits` digits. */
static bool read_number(const char **at, int digits, int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++) {
		if (!is_digit(**at))
			return false;
		*number = *number * 10 + (*(*at)++ - '0');
	}
	return true;
}

static bool skip(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* The digits behind a point; from the fourth on they make no difference. */
static int read_thousandths(const char **at)
{
	int number = 0;

	for (int unit = 100; is_digit(**at); unit /= 10)
		number += (*(*at)++ - '0') * unit;
	return number;
}

/* "03:14", "3:14", "03:14:15", "03:14:15.123" */
static bool read_clock(const char **at, struct civil *civil)
{
	if (!read_number(at, is_digit(**at) && (*at)[1] == ':' ? 1 : 2, &civil->hour) ||
	    !skip(at, ':') || !read_number(at, 2, &civil->minute))
		return false;
	if (!skip(at, ':'))
		return true;
	if (!read_number(at, 2, &civil->second))
		return false;
	if ((**at == '.' || **at == ',') && is_digit((*at)[1])) {
		(*at)++;
		civil->millisecond = read_thousandths(at);
	}
	return true;
}

/* "2026-11-22" */
static bool read_day(const char **at, struct civil *civil)
{
	char sign;

	if (!read_number(at, 4, &civil->year))
		return false;
	sign = **at;
	return (sign == '-' || sign == '/') && skip(at, sign) &&
	       read_number(at, 2, &civil->month) && skip(at, sign) &&
	       read_number(at, 2, &civil->day);
}

/* "Z", "+08:00", "+0800", "+08", in seconds */
static bool read_offset(const char **at, int32_t *offset)
{
	int hours, minutes = 0;
	int sign = **at == '-' ? -1 : 1;

	*offset = 0;
	if (skip(at, 'Z') || skip(at, 'z'))
		return true;
	if (!skip(at, '+') && !skip(at, '-'))
		return false;
	if (!read_number(at, 2, &hours))
		return false;
	if ((skip(at, ':') || is_digit(**at)) && !read_number(at, 2, &minutes))
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return hours <= 23 && minutes <= 59;
}

static int64_t zone_time(const struct civil *civil)
{
	struct zone zone = { 0 };

	return zone_to_utc(&zone, civil);
}

/* What the texts that stand for a time have in common: true when `text` is of this kind;
 * `*is_valid` is whether there is such a time. */
typedef bool reader(const char *text, int64_t now, int64_t *milliseconds, bool *is_valid);

static bool read_date(const char *text, int64_t now, int64_t *milliseconds, bool *is_valid)
{
	struct civil civil = { 0 };
	const char *at = text;
	int32_t offset;

	(void)now;
	if (!read_day(&at, &civil))
		return false;
	if (*at != '\0') {
		if (*at != ' ' && *at != 'T' && *at != 't')
			return false;
		at++;
		if (!read_clock(&at, &civil))
			return false;
	}
	*is_valid = civil_is_valid(&civil);
	if (*at == '\0') {
		*milliseconds = zone_time(&civil);
		return true;
	}
	(void)skip(&at, ' ');
	if (!read_offset(&at, &offset) || *at != '\0')
		return false;
	*milliseconds = civil_to_utc(&civil, offset);
	return true;
}

/* Midnight, `days` before the day of `now`. */
static int64_t midnight(int64_t now, int days)
{
	struct zone zone = { 0 };
	int64_t end;
	int64_t start = zone_bucket(&zone, now, DAY, &end);

	while (days-- > 0)
		start = zone_bucket(&zone, start - 1, DAY, &end);
	return start;
}

/* A time of the day that the zone's clocks show at `day`. */
static int64_t clock_on(int64_t day, const struct civil *clock)
{
	struct zone zone = { 0 };
	struct civil civil;

	zone_to_civil(&zone, day, &civil);
	civil.hour = clock->hour;
	civil.minute = clock->minute;
	civil.second = clock->second;
	civil.millisecond = clock->millisecond;
	return zone_time(&civil);
}

static bool read_time_of_day(const char *text, int64_t now, int64_t *milliseconds, bool *is_valid)
{
	struct civil clock = { .year = 1970, .month = 1, .day = 1 };

	if (!read_clock(&text, &clock) || *text != '\0')
		return false;
	*is_valid = civil_is_valid(&clock);
	*milliseconds = clock_on(now, &clock);
	if (*milliseconds > now)
		*milliseconds = clock_on(midnight(now, 1), &clock);
	return true;
}

static bool read_word(const char *text, int64_t now, int64_t *milliseconds, bool *is_valid)
{
	*is_valid = true;
	if (strcmp(text, "now") == 0)
		*milliseconds = now;
	else if (strcmp(text, "today") == 0)
		*milliseconds = midnight(now, 0);
	else if (strcmp(text, "yesterday") == 0)
		*milliseconds = midnight(now, 1);
	else
		return false;
	return true;
}

static bool read_ago(const char *text, int64_t now, int64_t *milliseconds, bool *is_valid)
{
	int64_t seconds;

	(void)skip(&text, '-');
	if (!read_duration(text, &seconds))
		return false;
	*is_valid = seconds < LONGEST;
	*milliseconds = now - seconds * SECOND;
	return true;
}

bool when_is_relative(const char *text)
{
	int64_t milliseconds;
	bool is_valid;

	return strcmp(text, "now") == 0 || read_ago(text, 0, &milliseconds, &is_valid);
}

/* Seconds of 9 or 10 digits, milliseconds of 12 or 13: from 1973 to 2286. */
static bool read_epoch(const char *text, int64_t now, int64_t *milliseconds, bool *is_valid)
{
	size_t digits = strspn(text, "0123456789");
	const char *fraction = text + digits;
	int64_t number;

	(void)now;
	if (digits < 9 || digits > 13 || digits == 11)
		return false;
	number = strtoll(text, NULL, 10);
	if (digits > 10) {
		*milliseconds = number;
		*is_valid = true;
		return *fraction == '\0';
	}
	*milliseconds = number * SECOND;
	*is_valid = true;
	if (skip(&fraction, '.'))
		*milliseconds += read_thousandths(&fraction);
	return *fraction == '\0';
}

bool when_parse(const char *text, int64_t now, int64_t *milliseconds, struct error *error)
{
	static reader *const readers[] = { read_word, read_ago, read_epoch, read_time_of_day,
		read_date };

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		bool is_valid = false;

		if (!readers[i](text, now, milliseconds, &is_valid))
			continue;
		return is_valid || error_set(error, ERROR_USAGE, "there is no time '%s'", text);
	}
	(void)error_set(error, ERROR_USAGE, "'%s' is no time", text);
	return error_hint(error,
	    "a time is like 2h (ago), 08:30, yesterday, 2026-11-22, '2026-11-22 08:30' or "
	    "2026-11-22T08:30:00+08:00");
}

bool when_is_on_clocks(const char *text)
{
	struct civil civil = { 0 };
	int64_t time;
	bool is_valid;
	size_t length = strlen(text);
	int32_t offset;

	if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0)
		return true;
	if (read_clock(&(const char *){ text }, &civil))
		return true;
	if (!read_date(text, 0, &time, &is_valid))
		return false;
	/* of a date that was read only an offset can be the end */
	for (size_t i = strlen("2026-11-22"); i < length; i++) {
		const char *at = text + i;

		if (read_offset(&at, &offset) && *at == '\0')
			return false;
	}
	return true;
}

/* ---- durations ---- */

static bool refuse_duration(const char *text, struct error *error)
{
	size_t digits = strspn(text, "0123456789");
	char unit = text[digits];

	(void)error_set(error, ERROR_USAGE, "'%s' is no duration", text);
	if (digits > 0 && digits <= 9 && unit == '\0')
		(void)error_hint(error, "did you mean '%ss' or '%sm'?", text, text);
	else if (digits > 0 && digits <= 9 && unit_of((char)(unit | 0x20)) != 0)
		(void)error_hint(error, "did you mean '%.*s%c'?", (int)digits, text, unit | 0x20);
	else
		(void)error_hint(error, "a duration is like 30s, 15m, 1h, 1d or 1w");
	return false;
}

bool when_parse_duration(const char *text, uint32_t *seconds, struct error *error)
{
	int64_t length;

	if (!read_duration(text, &length))
		return refuse_duration(text, error);
	if (length < 1 || length > 365 * DAY) {
		(void)error_set(error, ERROR_USAGE,
		    "a duration of '%s' makes no sense: it must be 1s to 365d", text);
		return false;
	}
	*seconds = (uint32_t)length;
	return true;
}

/* The length nearest to `seconds` that divides a day. */
static uint32_t nearest_divisor(uint32_t seconds)
{
	static const uint32_t usual[] = { 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200,
		1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400 };
	uint32_t best = usual[0];

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		uint32_t far = best > seconds ? best - seconds : seconds - best;
		uint32_t near = usual[i] > seconds ? usual[i] - seconds : seconds - usual[i];

		if (near < far)
			best = usual[i];
	}
	return best;
}

/* Suggests a length that was perhaps meant, in the largest unit that it is made of. Returns
 * false. */
static bool suggest(uint32_t seconds, struct error *error)
{
	size_t i = 3; /* weeks are rarely meant */

	while (seconds % units[i].seconds != 0)
		i--;
	return error_hint(
	    error, "did you mean '%u%c'?", seconds / units[i].seconds, units[i].letter);
}

bool when_parse_bucket(const char *text, uint32_t *seconds, struct error *error)
{
	uint32_t length;

	if (!when_parse_duration(text, &length, error))
		return false;
	*seconds = length;
	if (length > 7 * DAY)
		return error_set(
		    error, ERROR_USAGE, "a bucket of '%s' is too long: at most 7d", text);
	if (length > DAY && length % DAY != 0) {
		(void)error_set(error, ERROR_USAGE, "buckets of '%s' are not of whole days", text);
		return suggest((length + DAY / 2) / DAY * DAY, error);
	}
	if (length < DAY && DAY % length != 0) {
		(void)error_set(error, ERROR_USAGE, "buckets of '%s' do not add up to a day", text);
		return suggest(nearest_divisor(length), error);
	}
	return true;
}

/* ---- quarters, and stretches of time before now ---- */

int64_t when_quarter(int64_t time)
{
	return time - ((time % QUARTER) + QUARTER) % QUARTER;
}

/* "--since lies between quarters of an hour ...; the nearest is 2026-11-22T10:15:00+08:00" */
bool when_check_quarter(const char *option, int64_t time, struct error *error)
{
	struct zone zone = { 0 };
	char text[ZONE_TEXT_MAX];
	int64_t over = time % QUARTER;
	int64_t quarter = time - over;

	if (time == CLOCK_UNKNOWN || over == 0)
		return true;
	if (over > QUARTER / 2)
		quarter += QUARTER;
	(void)zone_format(&zone, quarter, false, text);
	return error_set(error, ERROR_USAGE,
	    "%s lies between quarters of an hour, by which a database counts; the nearest is %s",
	    option, text);
}

static bool read_end(const char *text, int64_t now, int64_t *time, struct error *error)
{
	if (!when_parse(text, now, time, error))
		return false;
	if (when_is_relative(text))
		*time = when_quarter(*time);
	return true;
}

bool when_parse_window(
    const char *text, int64_t now, int64_t *since, int64_t *until, bool *valid, struct error *error)
{
	const char *dots = strstr(text, "..");
	char *front;

	*valid = false;
	if (dots == NULL)
		return false;
	front = strndup(text, (size_t)(dots - text));
	if (front == NULL)
		(void)error_set_memory(error);
	else if (read_end(front, now, since, error) && read_end(dots + 2, now, until, error))
		*valid = *since < *until ||
		         error_set(error, ERROR_USAGE, "'%s' does not end after it begins", text);
	free(front);
	return true;
}

unsigned when_parse_days(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long days;

	if (digits < 1 || digits > 3 ||
	    (strcmp(text + digits, "d") != 0 && strcmp(text + digits, "w") != 0))
		return 0;
	days = strtoul(text, NULL, 10) * (text[digits] == 'w' ? 7 : 1);
	return days <= DAYS_MAX ? (unsigned)days : 0;
}

static void step_back(struct civil *civil)
{
	if (--civil->day > 0)
		return;
	if (--civil->month < 1) {
		civil->month = 12;
		civil->year--;
	}
	for (civil->day = 31; !civil_is_valid(civil);)
		civil->day--;
}

int64_t when_days_before(int64_t time, unsigned days)
{
	struct zone zone = { 0 };
	struct civil civil;

	zone_to_civil(&zone, time, &civil);
	for (unsigned i = 0; i < days; i++)
		step_back(&civil);
	return zone_to_utc(&zone, &civil);
}

unsigned when_days_of(int64_t since, int64_t until)
{
	struct zone zone = { 0 };
	struct civil civil;
	unsigned days = 0;

	zone_to_civil(&zone, until, &civil);
	do {
		step_back(&civil);
		days++;
	} while (days < DAYS_COUNTED && zone_to_utc(&zone, &civil) > since);
	return days;
}
