/*
 * Owns the stamps that a pattern of strptime describes. Must not know the usual ones.
 */
#include "time/timestamp_parts.h"

#include <string.h>
#include <time.h>

/* How much of a line is looked at; strptime needs a copy, which ends in a NUL. */
#define REACH 256u
#define COPY_LENGTH (2 * REACH)

/* The pattern is the user's: no compiler can check it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static bool print_sample(const char *format, const struct tm *tm, char text[COPY_LENGTH])
{
	return strftime(text, COPY_LENGTH, format, tm) > 0;
}
#pragma GCC diagnostic pop

/* Where the pattern has this conversion, or NULL. */
static const char *find_conversion(const char *format, char conversion)
{
	for (const char *at = format; (at = strchr(at, '%')) != NULL && at[1] != '\0'; at += 2)
		if (at[1] == conversion)
			return at;
	return NULL;
}

/* What every stamp of the pattern begins with, as format_first has it. */
static char first_of(const char *format)
{
	if (*format != '%')
		return *format == ' ' || *format == '\t' ? '\0' : *format;
	return strchr("YymdeHIMSsjFDTRC", format[1]) != NULL ? '0' : '\0';
}

bool stamp_check_format(struct timestamp_rule *rule, struct error *error)
{
	/* Sunday, 2026-11-22 13:14:15 */
	struct tm sample = { .tm_year = 126,
		.tm_mon = 10,
		.tm_mday = 22,
		.tm_hour = 13,
		.tm_min = 14,
		.tm_sec = 15,
		.tm_yday = 325,
		.tm_zone = "UTC" };
	struct tm one = { .tm_year = 1, .tm_mday = 1, .tm_gmtoff = 1 };
	struct tm other = { .tm_year = 2, .tm_mon = 1, .tm_mday = 2, .tm_gmtoff = 2 };
	char text[COPY_LENGTH];
	const char *zone = find_conversion(rule->format, 'Z');

	if (strlen(rule->format) >= REACH ||
	    (zone != NULL && find_conversion(zone + 2, 'Z') != NULL))
		return error_set(error, ERROR_USAGE,
		    "'%.40s' is too long for a time, or has %%Z twice", rule->format);
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
	rule->format_has_zone = zone != NULL;
	rule->format_is_epoch = find_conversion(rule->format, 's') != NULL;
	rule->format_first = first_of(rule->format);
	return true;
}

/* Where the conversion begins in what the pattern matches; NULL: what is in front of it does
 * not match. */
static const char *match_until(const char *format, const char *conversion, const char *text)
{
	char front[REACH];
	size_t length = (size_t)(conversion - format);
	struct tm ignored = { .tm_mday = 1 };

	memcpy(front, format, length);
	front[length] = '\0';
	return strptime(text, front, &ignored);
}

static size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* %Z: the zone is read as behind any stamp, and the pattern matched without it: libc would skip
 * whatever word stands there. */
static const char *match_zone(
    const struct timestamp_rule *rule, const char *text, struct tm *tm, struct stamp *stamp)
{
	char format[REACH], rest[COPY_LENGTH + 1];
	const char *conversion = find_conversion(rule->format, 'Z');
	const char *word = match_until(rule->format, conversion, text);
	const char *end = text + strlen(text), *behind, *match;
	size_t front;

	if (word == NULL)
		return NULL;
	while (*word == ' ')
		word++;
	behind = stamp_read_zone(rule, text, word, end, stamp);
	if (behind == word) { /* a word that is no zone of which anything is known */
		behind = word + strcspn(word, " \t])>,;|\"");
		stamp->zone = TIMESTAMP_ZONE_NAMED;
		stamp->zone_name = word;
		stamp->zone_length = (size_t)(behind - word);
	}
	front = (size_t)(word - text);
	memcpy(rest, text, front);
	memcpy(rest + front, behind, strlen(behind) + 1);
	front = (size_t)(conversion - rule->format);
	memcpy(format, rule->format, front);
	memcpy(format + front, conversion + 2, strlen(conversion + 2) + 1);
	match = strptime(rest, format, tm);
	return behind == word || match == NULL ? NULL : text + (match - rest) + (behind - word);
}

/* The stamp at the beginning of `text`; NULL: it is none, else what is behind it. */
static const char *match(
    const struct timestamp_rule *rule, const char *text, struct tm *tm, struct stamp *stamp)
{
	if (rule->format_is_epoch) {
		const char *epoch =
		    match_until(rule->format, find_conversion(rule->format, 's'), text);

		if (epoch == NULL || *epoch == '0' || count_digits(epoch) != 10)
			return NULL;
	}
	return rule->format_has_zone ? match_zone(rule, text, tm, stamp)
	                             : strptime(text, rule->format, tm);
}

/* Whether a token begins at `at`. */
static bool is_token(const struct timestamp_rule *rule, const char *line, const char *at)
{
	if (rule->format_first == '0' ? !stamp_is_digit(*at)
	                              : rule->format_first != '\0' && *at != rule->format_first)
		return false;
	if (at == line)
		return true;
	if (stamp_is_behind_colour(line, at))
		return true;
	return *at != ' ' && *at != '\t' && !stamp_is_alnum(at[-1]) &&
	       !stamp_is_in(at[-1], "-/.:_+,") && (unsigned char)at[-1] < 0x80;
}

static bool read_at(
    const struct timestamp_rule *rule, struct zone *zone, const char *at, struct timestamp *found)
{
	struct tm tm = { .tm_mday = 1 };
	struct stamp stamp = { .has_year = rule->format_has_year, .has_order = true };
	const char *end = at + strlen(at);
	const char *behind = match(rule, at, &tm, &stamp);

	if (behind == NULL)
		return false;
	stamp.civil = (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, 0 };
	stamp.begin = at;
	behind = stamp_read_fraction(behind, end, &stamp.civil.millisecond);
	if (rule->format_has_offset) {
		stamp.zone = rule->format_is_epoch ? TIMESTAMP_ZONE_UTC : TIMESTAMP_ZONE_NUMERIC;
		stamp.offset = (int32_t)tm.tm_gmtoff;
	} else if (stamp.zone == TIMESTAMP_ZONE_NONE) {
		(void)stamp_read_zone(rule, at, behind, end, &stamp);
	}
	if (!stamp_finish(rule, zone, &stamp, found))
		return false;
	if (rule->format_is_epoch)
		found->offset = 0;
	return true;
}

bool stamp_in_format(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	char copy[COPY_LENGTH + 1];
	size_t length = (size_t)(end - line) < COPY_LENGTH ? (size_t)(end - line) : COPY_LENGTH;
	size_t reach = length < REACH ? length : REACH;

	timestamp_note(rule->notes, TIMESTAMP_NOTE_TRIED);
	memcpy(copy, line, length);
	copy[length] = '\0';
	for (size_t i = 0; i < reach; i++) {
		if (!is_token(rule, copy, copy + i))
			continue;
		if (read_at(rule, zone, copy + i, found)) {
			timestamp_note(rule->notes, TIMESTAMP_NOTE_MATCHED);
			return true;
		}
		if (found->is_lost) {
			timestamp_note(rule->notes, TIMESTAMP_NOTE_MATCHED);
			return false;
		}
	}
	return false;
}
