/*
 * Owns the stamps that a pattern of strptime describes. Must not know the usual ones.
 */
#include "match/timestamp_parts.h"

#include <string.h>
#include <time.h>

/* How much of a line strptime sees: it needs a copy, which ends in a NUL. */
#define COPY_LENGTH 256u

/* The pattern is the user's: no compiler can check it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static bool print_sample(const char *format, const struct tm *tm, char text[COPY_LENGTH])
{
	return strftime(text, COPY_LENGTH, format, tm) > 0;
}
#pragma GCC diagnostic pop

bool stamp_check_format(struct timestamp_rule *rule, struct error *error)
{
	/* Sunday, 2026-11-22 13:14:15 */
	struct tm sample = { .tm_year = 126, .tm_mon = 10, .tm_mday = 22, .tm_hour = 13,
		.tm_min = 14, .tm_sec = 15, .tm_yday = 325, .tm_zone = "UTC" };
	struct tm one = { .tm_year = 1, .tm_mday = 1, .tm_gmtoff = 1 };
	struct tm other = { .tm_year = 2, .tm_mon = 1, .tm_mday = 2, .tm_gmtoff = 2 };
	char text[COPY_LENGTH];

	/* What comes out the same whatever stood there before is in the pattern. */
	if (!print_sample(rule->format, &sample, text) ||
	    strptime(text, rule->format, &one) == NULL ||
	    strptime(text, rule->format, &other) == NULL)
		return error_set(error, ERROR_USAGE,
		    "'%s' is no pattern of strptime, like '%%Y-%%m-%%d %%H:%%M:%%S'", rule->format);
	if (one.tm_mon != other.tm_mon || one.tm_mday != other.tm_mday)
		return error_set(error, ERROR_USAGE,
		    "the time pattern '%s' names no day: put %%m and %%d in", rule->format);
	rule->format_has_year = one.tm_year == other.tm_year;
	rule->format_has_offset = one.tm_gmtoff == other.tm_gmtoff;
	return true;
}

bool stamp_in_format(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	char copy[COPY_LENGTH + 1];
	struct tm tm = { .tm_mday = 1 };
	struct stamp stamp = { .has_year = rule->format_has_year };
	const char *copy_end, *behind;
	size_t length;

	while (line < end && (*line == ' ' || *line == '\t' || *line == '['))
		line++;
	length = (size_t)(end - line) < COPY_LENGTH ? (size_t)(end - line) : COPY_LENGTH;
	memcpy(copy, line, length);
	copy[length] = '\0';
	copy_end = copy + length;
	behind = strptime(copy, rule->format, &tm);
	if (behind == NULL)
		return false;
	stamp.civil = (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, 0 };
	behind = stamp_read_fraction(behind, copy_end, &stamp.civil.millisecond);
	if (rule->format_has_offset) {
		stamp.zone = TIMESTAMP_ZONE_NUMERIC;
		stamp.offset = (int32_t)tm.tm_gmtoff;
	} else {
		(void)stamp_read_offset(behind, copy_end, &stamp);
	}
	return stamp_finish(rule, zone, &stamp, found);
}
