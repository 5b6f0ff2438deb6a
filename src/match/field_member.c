/*
 * Owns the reading of one field: whether a name is one, and what its value is, in
 * whatever notation. Must not know where in the line it stands.
 */
#include <string.h>

#include "match/field.h"
#include "match/field_parts.h"
#include "match/object.h"
#include "match/quote.h"

/* A quoted value is read no further than this. */
#define QUOTED_MAX 1024u

static bool follows(const char *data, uint32_t at, uint32_t end, const char *text, uint32_t length)
{
	return end - at >= length && memcmp(data + at, text, length) == 0;
}

/* ---- colours ---- */

/* Behind the escape character at `at`, raw or spelled; `at` when there is none. */
static uint32_t skip_escape(const char *data, uint32_t at, uint32_t end)
{
	static const char *const spellings[] = { "u001b", "u001B", "x1b", "x1B", "033", "e" };
	uint32_t from = at;

	if (at < end && data[at] == '\x1b')
		return at + 1;
	while (at < end && data[at] == '\\')
		at++;
	for (size_t i = 0; at > from && i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		uint32_t length = (uint32_t)strlen(spellings[i]);

		if (follows(data, at, end, spellings[i], length))
			return at + length;
	}
	return from;
}

uint32_t field_skip_colours(const char *data, uint32_t at, uint32_t end)
{
	for (;;) {
		uint32_t next = skip_escape(data, at, end);

		if (next == at || next == end || data[next] != '[')
			return at;
		next++;
		while (next < end && (is_in(data[next], "0123456789;:")))
			next++;
		if (next == end || data[next] != 'm')
			return at;
		at = next + 1;
	}
}

/* Whether a colour sequence ends at `end`, which is behind an `m`. */
static bool is_colour_before(const char *data, uint32_t floor, uint32_t end)
{
	uint32_t at = end - 1;

	while (at > floor && is_in(data[at - 1], "0123456789;:"))
		at--;
	return at > floor && data[at - 1] == '[' && at - floor >= 2 &&
	       (data[at - 2] == '\x1b' || (at - floor >= 3 && is_in(data[at - 2], "bB3e") &&
	                                      memrchr(data + floor, '\\', at - 2 - floor) != NULL));
}

/* ---- names ---- */

/* The quote of whatever spelling at `at`: its length, or 0. */
static uint32_t quote_length_at(const char *data, uint32_t at, uint32_t end)
{
	static const struct object bare;
	uint32_t length = 0;
	uint32_t behind = at;

	(void)quote_read(&bare, data, at, end, &length);
	if (length > 0)
		return length;
	while (behind < end && data[behind] == '\\')
		behind++;
	return behind < end && data[behind] == '\'' ? behind + 1 - at : 0;
}

/* Whether a bare name may begin at `at`. */
static bool begins_token(const char *data, uint32_t floor, uint32_t at)
{
	char c;

	if (at == floor)
		return true;
	c = data[at - 1];
	if (is_in(c, ".-/@$%#"))
		return false;
	if (!is_name_char(c))
		return true;
	if (c == 'm' && is_colour_before(data, floor, at))
		return true;
	/* \n, \t, \r of a text in a string */
	return is_in(c, "nrt") && at - floor >= 2 && data[at - 2] == '\\';
}

/* Behind the separator at `at`, with the blanks around it; `at` when there is none. */
static uint32_t skip_separator(const char *data, uint32_t at, uint32_t end, bool is_quoted)
{
	uint32_t from = at;
	char sign;

	at = field_skip_colours(data, at, end);
	while (at < end && is_blank(data[at]))
		at++;
	if (at == end)
		return from;
	sign = data[at++];
	if (sign == '=' && at < end && data[at] == '>')
		at++;
	else if (sign == '\xef' && follows(data, at, end, "\xbc\x9a", 2))
		at += 2; /* the full-width colon */
	else if (sign == '\xa3' && follows(data, at, end, "\xba", 1))
		at += 1; /* the same in GBK */
	else if ((sign != '=' && sign != ':') || (at < end && data[at] == sign) ||
	         (sign == ':' && !is_quoted && follows(data, at, end, "//", 2)))
		return from;
	while (at < end && is_blank(data[at]))
		at++;
	return field_skip_colours(data, at, end);
}

/* Sets quotes and start. Returns false when the name is a part of another. */
static bool read_quotes(
    const char *data, uint32_t floor, uint32_t end, uint32_t name_end, struct field_member *member)
{
	uint32_t start = member->name_start;
	uint32_t length = quote_length_at(data, name_end, end);

	/* CSV doubles quotes */
	if (length == 1 && follows(data, name_end, end, "\"\"", 2) && start - floor >= 2 &&
	    memcmp(data + start - 2, "\"\"", 2) == 0)
		length = 2;
	member->quote_start = name_end;
	member->quote_length = length;
	member->start = start - length;
	if (length == 0)
		return begins_token(data, floor, start);
	return start - floor >= length &&
	       memcmp(data + start - length, data + name_end, length) == 0;
}

bool field_member_name(const char *data, uint32_t floor, uint32_t end, uint32_t name_start,
    uint32_t name_end, struct field_member *member)
{
	uint32_t at = name_end;
	uint32_t next;

	/* most places where a name stands are ruled out by what follows it */
	if (at == end || is_name_char(data[at]) || is_in(data[at], ",./-;&)}"))
		return false;
	member->name_start = name_start;
	if (!read_quotes(data, floor, end, name_end, member))
		return false;
	at += member->quote_length;
	if (member->quote_length > 0 && follows(data, at, end, ">>", 2)) {
		at += 2; /* Erlang */
	} else if (member->quote_length == 0 && name_start > floor) {
		/* print_r's [name] => and XML's <name> */
		if (data[name_start - 1] == '[' && data[at] == ']')
			at++;
		if (data[name_start - 1] == '<' && data[at] == '>') {
			member->value_start = at + 1;
			return true;
		}
	}
	next = skip_separator(data, at, end, member->quote_length > 0);
	member->value_start = next;
	return next > at;
}

/* ---- values ---- */

void field_cut(const char *data, uint32_t start, uint32_t *end)
{
	uint32_t at;

	if (*end - start <= FIELD_VALUE_MAX)
		return;
	*end = start + FIELD_VALUE_MAX;
	/* back to the beginning of the character that does not fit whole */
	for (at = *end; at > *end - 4; at--)
		if (((unsigned char)data[at] & 0xc0) != 0x80) {
			*end = at;
			return;
		}
}

/* Whether a bare value ends at the backslash: before an escaped quote or line end. */
static bool is_end_escape(const char *data, uint32_t at, uint32_t end)
{
	at++;
	return at == end || is_in(data[at], "\"'\\nrt") || follows(data, at, end, "x22", 3) ||
	       follows(data, at, end, "u0022", 5) || skip_escape(data, at - 1, end) > at - 1;
}

/* Full-width punctuation: ， ； ） 。 */
static bool is_wide_stop(const char *data, uint32_t at, uint32_t end)
{
	return follows(data, at, end, "\xef\xbc\x8c", 3) ||
	       follows(data, at, end, "\xef\xbc\x9b", 3) ||
	       follows(data, at, end, "\xef\xbc\x89", 3) ||
	       follows(data, at, end, "\xe3\x80\x82", 3);
}

/* Whether a bare value ends at `at` for certain; blanks are another matter. */
static bool is_stop(const char *data, uint32_t at, uint32_t end)
{
	unsigned char c = (unsigned char)data[at];

	if (c == '\\')
		return is_end_escape(data, at, end);
	if (c >= 0x80)
		return is_wide_stop(data, at, end);
	return (c < ' ' && c != '\t') || is_in((char)c, ",;&)}]\"<{(");
}

/* Whether behind the blanks at `at` another field begins: ` name=`, ` name:`, ` [name] =>`. */
static bool is_next_field(const char *data, uint32_t at, uint32_t end)
{
	uint32_t from;

	while (at < end && is_blank(data[at]))
		at++;
	if (at < end && data[at] == '[')
		at++;
	from = at;
	while (at < end && is_name_char(data[at]))
		at++;
	if (at > from && at < end && data[at] == ']')
		at++;
	while (at < end && is_blank(data[at]) && data[from - 1] == '[')
		at++;
	return at > from && at < end && (data[at] == '=' || data[at] == ':');
}

/* The sign before the blanks before `at`; NUL when there is none. */
static char sign_before(const char *data, uint32_t floor, uint32_t at)
{
	while (at > floor && is_blank(data[at - 1]))
		at--;
	return at > floor ? data[at - 1] : '\0';
}

/* Reads a bare value. Returns false for the name of an object's type, and for a null. */
static bool read_bare(const char *data, uint32_t floor, uint32_t end, struct field_member *member)
{
	/* the field may stand in a list whose values may hold blanks */
	char sign = sign_before(data, floor, member->start);
	bool in_list = is_in(sign, "{([,");
	uint32_t at = member->value_start;
	uint32_t first_blank = 0;

	/* `app= code=1`: empty */
	if (is_blank(data[at - 1]) && sign_before(data, floor, at) == '=' &&
	    is_next_field(data, at, end))
		return false;
	while (at < end && !is_stop(data, at, end)) {
		if (is_blank(data[at])) {
			if (first_blank == 0)
				first_blank = at;
			if (!in_list || is_next_field(data, at, end))
				break;
		}
		at++;
	}
	/* `user=User(id=7)`, `x={`: an object */
	if (at < end && is_in(data[at], "{(") && (first_blank == 0 || in_list))
		return false;
	/* a list that does not go on as it began was none */
	if (first_blank > 0 && (at == end || !is_in(data[at], sign == ',' ? ",;)}]" : ",;)}] \t")))
		at = first_blank;
	member->behind = at;
	while (at > member->value_start && is_blank(data[at - 1]))
		at--;
	member->value_end = at;
	return !(
	    at - member->value_start == 4 && memcmp(data + member->value_start, "null", 4) == 0);
}

static bool read_quoted(
    const char *data, uint32_t end, uint32_t at, uint32_t length, struct field_member *member)
{
	struct object spelling = { .quote_start = at, .quote_length = length };
	uint32_t inside;

	if (end - at > QUOTED_MAX)
		end = at + QUOTED_MAX;
	member->value_start = at + length;
	member->behind = quote_string_end(&spelling, data, at, length, end, &inside);
	/* escaped backslashes in front of the closing quote are the value's */
	member->value_end = inside < end ? member->behind - length : end;
	/* one that is cut off could be any */
	return inside < end || end - member->value_start > FIELD_VALUE_MAX;
}

static void trim(const char *data, struct field_member *member)
{
	while (member->value_start < member->value_end && is_blank(data[member->value_start]))
		member->value_start++;
	field_cut(data, member->value_start, &member->value_end);
	while (member->value_start < member->value_end && is_blank(data[member->value_end - 1]))
		member->value_end--;
}

bool field_member_value(const char *data, uint32_t floor, uint32_t end, struct field_member *member)
{
	uint32_t at = member->value_start;
	uint32_t length;

	if (at == end)
		return false;
	if (follows(data, at, end, "<<\"", 3))
		at += 2; /* Erlang */
	else if (end - at > 1 && is_in(data[at], "ub") && is_in(data[at + 1], "'\""))
		at++; /* Python's u'text' */
	else if (is_open(data[at]))
		return false;
	length = quote_length_at(data, at, end);
	if (length == 1 && member->quote_length == 2 && follows(data, at, end, "\"\"", 2))
		length = 2; /* CSV */
	if (length > 0 ? !read_quoted(data, end, at, length, member)
	               : !read_bare(data, floor, end, member))
		return false;
	trim(data, member);
	return member->value_start < member->value_end;
}
