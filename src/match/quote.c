/*
 * Owns the spellings of quotes: `"`, `\"` at any depth, \x22, \u0022, "" of CSV.
 * Must not know brackets or members.
 */
#include "match/quote.h"

#include <strings.h>

/* The length of the quote that begins at `at` (backslashes included), or 0. */
static uint32_t quote_length_at(const char *data, uint32_t at, uint32_t end, char own)
{
	uint32_t from = at;

	while (at < end && data[at] == '\\') {
		if (end - at >= 4 && memcmp(data + at, "\\x22", 4) == 0)
			return at + 4 - from;
		if (end - at >= 6 && memcmp(data + at, "\\u0022", 6) == 0)
			return at + 6 - from;
		at += end - at >= 4 && strncasecmp(data + at, "\\x5c", 4) == 0 ? 4 : 1;
	}
	return at < end && data[at] == own ? at + 1 - from : 0;
}

/* The character that the object's quotes are made of. */
static char own_quote(const struct object *object, const char *data)
{
	return object->quote_length > 0 &&
		data[object->quote_start + object->quote_length - 1] == '\''
	    ? '\''
	    : '"';
}

/* "C:\\" ends in an escaped backslash and a quote of our own: with k backslashes
 * in our spelling, each backslash of the text takes 2(k + 1) of them. */
static bool is_behind_backslashes(
    const struct object *object, const char *data, uint32_t at, uint32_t length)
{
	uint32_t own = object->quote_length - 1;

	for (uint32_t i = 0; i + 1 < length; i++)
		if (data[at + i] != '\\')
			return false;
	for (uint32_t i = 0; i < own; i++)
		if (data[object->quote_start + i] != '\\')
			return false;
	return (length - 1) % (2 * (own + 1)) == own;
}

enum quote_kind quote_kind_of(
    const struct object *object, const char *data, uint32_t at, uint32_t length)
{
	if (length == 0)
		return QUOTE_NONE;
	if (object->quote_length == 0)
		return length == 1 ? QUOTE_OWN : QUOTE_DEEPER;
	if (length == object->quote_length &&
	    memcmp(data + at, data + object->quote_start, length) == 0)
		return QUOTE_OWN;
	if (length > object->quote_length && is_behind_backslashes(object, data, at, length))
		return QUOTE_OWN;
	return length < object->quote_length ? QUOTE_SHALLOWER : QUOTE_DEEPER;
}

/* CSV doubles the quotes inside a field: there, two are one. */
static bool is_doubled(const struct object *object, const char *data)
{
	return object->quote_length == 2 && data[object->quote_start] == '"' &&
	    data[object->quote_start + 1] == '"';
}

uint32_t quote_skip_escape(const char *data, uint32_t at, uint32_t end)
{
	if (data[at] != '\\')
		return at + 1;
	while (at < end && data[at] == '\\')
		at += end - at >= 4 && strncasecmp(data + at, "\\x5c", 4) == 0 ? 4 : 1;
	return at;
}

enum quote_kind quote_read_spelled(const struct object *object, const char *data, uint32_t at,
    uint32_t end, uint32_t *length)
{
	*length = quote_length_at(data, at, end, own_quote(object, data));
	if (is_doubled(object, data) && *length == 1 && at + 1 < end && data[at + 1] == '"')
		*length = 2;
	return quote_kind_of(object, data, at, *length);
}

uint32_t quote_start_before_spelled(
    const struct object *object, const char *data, uint32_t floor, uint32_t end)
{
	uint32_t at = end;

	if (data[at - 1] == own_quote(object, data)) {
		at--;
		if (is_doubled(object, data) && at > floor && data[at - 1] == '"')
			return at - 1;
	} else if (at - floor >= 4 && memcmp(data + at - 4, "\\x22", 4) == 0) {
		at -= 4;
	} else if (at - floor >= 6 && memcmp(data + at - 6, "\\u0022", 6) == 0) {
		at -= 6;
	} else {
		return end;
	}
	for (;;) {
		if (at - floor >= 4 && strncasecmp(data + at - 4, "\\x5c", 4) == 0)
			at -= 4;
		else if (at > floor && data[at - 1] == '\\')
			at--;
		else
			return at;
	}
}

uint32_t quote_start_before_any(
    const struct object *object, const char *data, uint32_t floor, uint32_t end)
{
	uint32_t start = quote_start_before(object, data, floor, end);

	if (start == end && end > floor && (data[end - 1] == '"' || data[end - 1] == '\''))
		start = end - 1;
	return start;
}

uint32_t quote_string_end(const struct object *object, const char *data, uint32_t at,
    uint32_t length, uint32_t end, uint32_t *inside_end)
{
	for (at = quote_skip_plain(data, at + length, end); at < end;
	     at = quote_skip_plain(data, at, end)) {
		uint32_t next;
		enum quote_kind kind = quote_read(object, data, at, end, &next);

		if (kind == QUOTE_OWN) {
			*inside_end = at;
			return at + next;
		}
		at = next > 0 ? at + next : quote_skip_escape(data, at, end);
	}
	*inside_end = end;
	return end;
}
