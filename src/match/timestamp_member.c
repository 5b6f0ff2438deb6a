/*
 * Owns the time in a JSON line: a member of an object that is not nested in another, with a
 * number or a text. Must not know how a text spells a time.
 */
#include "match/timestamp_parts.h"

#include <string.h>

static const struct {
	const char *name;
	size_t length;
} names[] = { { "ts", 2 }, { "time", 4 }, { "timestamp", 9 }, { "@timestamp", 10 }, { "@t", 2 },
	{ "msec", 4 }, { "datetime", 8 }, { "__time__", 8 }, { "eventTime", 9 },
	{ "time_local", 10 }, { "timeMillis", 10 }, { "time_iso8601", 12 },
	{ "__REALTIME_TIMESTAMP", 20 } };
/* Those of a record's text. */
static const char *const texts[] = { "log", "message", "msg", "MESSAGE" };

/* The longest text that a member's time begins in. */
#define TEXT_REACH 64u
/* An hour that begins so early is of a stamp at its text's beginning. */
#define TEXT_START 16u

static bool is_name(const char *text, size_t length)
{
	if (length > 20)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].length == length && memcmp(names[i].name, text, length) == 0)
			return true;
	return false;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* Where the string that begins behind `at` is closed; NULL: nowhere. */
static const char *string_end(const char *at, const char *end)
{
	const char *begin = at;

	while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
		const char *slash = at;

		while (slash > begin && slash[-1] == '\\')
			slash--;
		if ((at - slash) % 2 == 0)
			return at;
		begin = ++at;
	}
	return NULL;
}

/* Seconds, or their thousandths, millionths, billionths since 1970, told apart by size. */
static bool read_epoch(const char *at, const char *end, int64_t *milliseconds)
{
	int64_t number = 0;
	int fraction = 0;
	size_t digits = 0;

	while (at < end && stamp_is_digit(*at) && digits < 19) {
		number = number * 10 + (*at++ - '0');
		if (++digits == 10 && (number < 1000000000 || number > 4000000000))
			return false;
	}
	if (at < end && *at == '.')
		at = stamp_read_fraction(at, end, &fraction);
	if (at < end && strchr(",}] \t\r\n\"", *at) == NULL)
		return false;
	switch (digits) {
	case 10:
		*milliseconds = number * 1000 + fraction;
		return true;
	case 13:
		*milliseconds = number;
		return true;
	case 16:
		*milliseconds = number / 1000;
		return true;
	case 19:
		*milliseconds = number / 1000000;
		return true;
	default:
		return false;
	}
}

/* The value of a member whose name is closed at `at`. */
static bool read_value(const struct timestamp_rule *rule, struct zone *zone, const char *at,
    const char *end, struct timestamp *found)
{
	const char *closed;

	*found = (struct timestamp){ .zone = TIMESTAMP_ZONE_UTC }; /* of a number */
	at = skip_blanks(at + 1, end);
	if (at == end || *at != ':')
		return false;
	at = skip_blanks(at + 1, end);
	if (at == end)
		return false;
	if (*at != '"')
		return read_epoch(at, end, &found->time);
	at++;
	closed = string_end(at, end);
	if (closed == NULL)
		closed = end;
	return read_epoch(at, closed, &found->time) ||
	       stamp_find(rule, zone, at, closed, TEXT_REACH, found);
}

bool stamp_in_first_text(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	const char *at = skip_blanks(line + 1, end);
	const char *closed;

	if (at == end || *at != '"')
		return false;
	at++;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const size_t length = strlen(texts[i]);

		if ((size_t)(end - at) <= length || memcmp(at, texts[i], length) != 0 ||
		    at[length] != '"')
			continue;
		at = skip_blanks(at + length + 1, end);
		if (at == end || *at != ':')
			return false;
		at = skip_blanks(at + 1, end);
		if (at == end || *at != '"')
			return false;
		at++;
		closed = string_end(at, end);
		return stamp_find(rule, zone, at, closed == NULL ? end : closed, TEXT_START, found);
	}
	return false;
}

bool stamp_in_member(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	size_t reach = (size_t)(end - line) < TIMESTAMP_REACH ? (size_t)(end - line)
							      : TIMESTAMP_REACH;
	const char *at = memchr(line, '{', reach);
	unsigned depth = 0;

	while (at != NULL && at < end) {
		const char *closed;

		switch (*at) {
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			depth--;
			break;
		case '"':
			closed = string_end(at + 1, end);
			if (closed == NULL)
				return false;
			if (depth == 1 && is_name(at + 1, (size_t)(closed - at - 1)) &&
			    read_value(rule, zone, closed, end, found))
				return true;
			at = closed;
			break;
		default:
			break;
		}
		at++;
		if (depth == 0) /* quotes in between are only text */
			at = memchr(at, '{', (size_t)(end - at));
	}
	return false;
}
