/*
 * Owns the reading of an object's members, in whatever language it was printed.
 * Must not know where objects begin or end.
 */
#include "match/object.h"

#include <string.h>
#include <strings.h>

#include "match/quote.h"

static uint32_t skip_blanks(const char *data, uint32_t at, uint32_t end)
{
	while (at < end && is_blank(data[at]))
		at++;
	return at;
}

/* Behind `:`, `=`, `=>` at `at`, blanks around it included; `at` when there is none. */
static uint32_t skip_separator(const char *data, uint32_t at, uint32_t end)
{
	uint32_t from = at;

	if (at < end && data[at] == '>' && end - at > 1 && data[at + 1] == '>')
		at += 2; /* Erlang's <<"name">> */
	if (at < end && data[at] == ']')
		at++;
	at = skip_blanks(data, at, end);
	if (at < end && (data[at] == ':' || data[at] == '=')) {
		at++;
		if (at < end && data[at - 1] == '=' && data[at] == '>')
			at++;
		/* `::` and `==` are no separators */
		if (at < end && (data[at] == ':' || data[at] == '='))
			return from;
		at = skip_blanks(data, at, end);
		return end - at >= 3 && memcmp(data + at, "<<\"", 3) == 0 ? at + 2 : at;
	}
	return from;
}

/* Whether a bare value ends at `at`: at a delimiter, or where ` name=` begins. */
static bool is_value_end(const char *data, uint32_t at, uint32_t end)
{
	bool is_bracketed; /* print_r's ` [name] => ` */

	switch (data[at]) {
	case ',':
	case ';':
	case '&':
	case ')':
	case '}':
	case ']':
	case '\r':
		return true;
	case ' ':
	case '\t':
		break;
	default:
		return false;
	}
	at = skip_blanks(data, at, end);
	is_bracketed = at < end && data[at] == '[';
	at += is_bracketed;
	if (at == end || !is_name_char(data[at]))
		return at == end;
	while (at < end && is_name_char(data[at]))
		at++;
	if (is_bracketed && at < end && data[at] == ']')
		at = skip_blanks(data, at + 1, end);
	return at < end && (data[at] == ':' || data[at] == '=');
}

/* Where the bracket behind a type's name or a map's mark at `at` stands: Type( Array (
 * %{ map[ ; `at` when none does. */
static uint32_t skip_type(const char *data, uint32_t at, uint32_t end)
{
	uint32_t from = at;

	while (at < end && (is_name_char(data[at]) || is_in(data[at], ".$%#&")))
		at++;
	if (at - from == 5 && strncasecmp(data + from, "array", 5) == 0)
		at = skip_blanks(data, at, end);
	return at < end && is_open(data[at]) ? at : from;
}

/* The first parameter of a URL or a form has a name of its own: `body: a=1&`. Takes it
 * out of the value that ends at `at`. Returns where to go on. */
static uint32_t cut_parameter(const char *data, struct member *member, uint32_t at)
{
	const char *sign = memrchr(data + member->value_start, '=', at - member->value_start);

	if (sign == NULL)
		return at;
	at = (uint32_t)(sign - data);
	while (at > member->value_start && is_name_char(data[at - 1]))
		at--;
	member->value_end = at;
	return at;
}

/* Reads the value at `at` into `member`. Returns where to go on. */
static uint32_t read_value(
    const struct object *object, const char *data, uint32_t at, struct member *member)
{
	uint32_t end = object->end;
	uint32_t length = 0;
	enum quote_kind kind = at < end ? quote_read(object, data, at, end, &length) : QUOTE_NONE;

	if (at == object->hole_start && object->hole_end > at) {
		member->value_start = at;
		member->value_end = object->hole_end;
		member->is_nested = false;
		return object->hole_end;
	}
	if (kind == QUOTE_NONE) {
		at = skip_type(data, at, end);
		/* Python 2's u'text' */
		if (at + 1 < end && (data[at] | 0x20) == 'u' && is_in(data[at + 1], "'\""))
			kind = quote_read(object, data, ++at, end, &length);
	}
	member->value_start = at;
	member->value_end = at;
	member->is_nested = at < end && is_open(data[at]);
	if (member->is_nested)
		return at;
	if (kind == QUOTE_OWN) {
		member->value_start = at + length;
		return quote_string_end(object, data, at, length, end, &member->value_end);
	}
	if (object->quote_length == 0 && at < end && data[at] == '\'') {
		const char *close = memchr(data + at + 1, '\'', end - at - 1);

		member->value_start = at + 1;
		member->value_end = close == NULL ? end : (uint32_t)(close - data);
		return member->value_end;
	}
	while (at < end && at != object->fence && !is_value_end(data, at, end))
		at++;
	member->value_end = at;
	while (member->value_end > member->value_start && is_blank(data[member->value_end - 1]))
		member->value_end--;
	return at < end && data[at] == '&' ? cut_parameter(data, member, at) : at;
}

/* Reads a member that begins at `at`, quoted or bare, if one does. */
static bool read_member(const struct object *object, const char *data, uint32_t *at,
    struct member *member)
{
	uint32_t end = object->end;
	uint32_t length;
	uint32_t next;

	if (quote_read(object, data, *at, end, &length) == QUOTE_OWN) {
		member->name_start = *at + length;
		next = quote_string_end(object, data, *at, length, end, &member->name_end);
	} else {
		member->name_start = *at;
		next = *at;
		do
			next++;
		while (next < end && next != object->fence && is_name_char(data[next]));
		member->name_end = next;
	}
	*at = next;
	next = skip_separator(data, next, end);
	if (next == *at)
		return false;
	*at = read_value(object, data, next, member);
	return true;
}

bool object_next(const struct object *object, const char *data, uint32_t *at, struct member *member)
{
	unsigned depth = 0;

	while (*at < object->end) {
		uint32_t length;
		uint32_t inside;
		char c;

		if (depth > 0 && (*at > object->hole_start || object->hole_start > object->end))
			*at = quote_skip_plain(data, *at, object->end);
		if (*at == object->end)
			return false;
		c = data[*at];
		if (*at == object->hole_start && object->hole_end > *at) {
			*at = object->hole_end;
			continue;
		}
		if (quote_read(object, data, *at, object->end, &length) == QUOTE_OWN ||
		    is_name_char(c)) {
			if (depth == 0) {
				if (read_member(object, data, at, member))
					return true;
			} else if (length > 0) {
				*at = quote_string_end(
				    object, data, *at, length, object->end, &inside);
			} else {
				++*at;
			}
			continue;
		}
		/* print_r's [name] is no nesting */
		if (is_open(c) && !(c == '[' && *at + 1 < object->end && depth == 0 &&
				      is_name_char(data[*at + 1])))
			depth++;
		else if (is_close(c) && depth > 0)
			depth--;
		*at = length > 0 ? *at + length : quote_skip_escape(data, *at, object->end);
	}
	return false;
}

bool object_has(const struct object *object, const char *data, const char *name, size_t length)
{
	struct member member;

	for (uint32_t at = object->start; object_next(object, data, &at, &member);)
		if (member.name_end - member.name_start == length &&
		    strncasecmp(data + member.name_start, name, length) == 0)
			return true;
	return false;
}
