/*
 * Owns the look around a hit: brackets, strings, members. Must not know what a
 * member means for the hit.
 *
 * One reader serves both directions of the text as it is: JSON at any level of escaping,
 * Python, PHP, Ruby, Go, Java's toString, logfmt. It never needs the whole to
 * be well formed; where a log cut an object off, what is there is used.
 */
#include "match/object.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

/* What a quote at some place is, seen from the object's own spelling. */
enum quote_kind { QUOTE_NONE, QUOTE_OWN, QUOTE_DEEPER, QUOTE_SHALLOWER };

static bool is_open(char c)
{
	return c == '{' || c == '(' || c == '[';
}

static bool is_close(char c)
{
	return c == '}' || c == ')' || c == ']';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* unlike strchr alone: a NUL of the log is in no set */
static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool is_name_char(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_';
}

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

/* Classifies the quote of `length` bytes at `at`. */
static enum quote_kind quote_kind(
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

/* Whether a quote can begin (with its backslashes) or end with this byte. */
static inline bool is_quote_start(char c)
{
	return c == '"' || c == '\'' || c == '\\';
}

static inline bool is_quote_end(char c)
{
	return c == '"' || c == '\'' || c == '2';
}

/* Goes on from `at` to the next byte that can be a bracket's or a quote's. */
static inline uint32_t skip_plain(const char *data, uint32_t at, uint32_t end)
{
	static const bool is_sign[UCHAR_MAX + 1] = { ['{'] = true, ['}'] = true, ['('] = true,
		[')'] = true, ['['] = true, [']'] = true, ['"'] = true, ['\''] = true,
		['\\'] = true };

	while (at < end && !is_sign[(unsigned char)data[at]])
		at++;
	return at;
}

/* Behind the byte at `at`, and behind all of a run of backslashes: where no quote begins at
 * its first, none does at the others. */
static uint32_t skip_escape(const char *data, uint32_t at, uint32_t end)
{
	if (data[at] != '\\')
		return at + 1;
	while (at < end && data[at] == '\\')
		at += end - at >= 4 && strncasecmp(data + at, "\\x5c", 4) == 0 ? 4 : 1;
	return at;
}

/* The quote at or behind `at`: its kind and length. */
static enum quote_kind read_quote(const struct object *object, const char *data, uint32_t at,
    uint32_t end, uint32_t *length)
{
	*length = 0;
	if (!is_quote_start(data[at]))
		return QUOTE_NONE;
	if (object->quote_length == 1 && data[at] == data[object->quote_start]) {
		*length = 1;
		return QUOTE_OWN;
	}
	*length = quote_length_at(data, at, end, own_quote(object, data));
	if (is_doubled(object, data) && *length == 1 && at + 1 < end && data[at + 1] == '"')
		*length = 2;
	return quote_kind(object, data, at, *length);
}

/* Where the quote that ends at `end` begins; `end` when none ends there. */
static uint32_t quote_start_before(
    const struct object *object, const char *data, uint32_t floor, uint32_t end)
{
	uint32_t at = end;

	if (at == floor || !is_quote_end(data[at - 1]))
		return end;
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

/* With bare keys a `"` met going left is the end of a string, unless a word
 * begins right behind it: then the hit stands inside that string. */
static bool opens_around_hit(const struct object *object, const char *data, uint32_t quote_end)
{
	return object->quote_length == 0 && is_name_char(data[quote_end]);
}

/* Goes left from `at` to the opening bracket. Returns false when there is none;
 * then object->start is where the text around the hit begins. */
static bool find_opening(struct object *object, const char *data, uint32_t at, uint32_t floor,
    bool in_string)
{
	unsigned depth = 0;
	uint32_t string_end = object->quote_start + object->quote_length;

	object->start = floor;

	while (at > floor) {
		uint32_t start = quote_start_before(object, data, floor, at);
		char c;

		if (start < at) {
			enum quote_kind kind = quote_kind(object, data, start, at - start);

			if (kind == QUOTE_SHALLOWER ||
			    (kind == QUOTE_OWN && !in_string && opens_around_hit(object, data, at))) {
				object->start = at;
				return false;
			}
			if (kind == QUOTE_OWN) {
				in_string = !in_string;
				string_end = at;
			}
			at = start;
			continue;
		}
		c = data[--at];
		if (in_string)
			continue;
		if (is_close(c))
			depth++;
		else if (is_open(c) && depth-- == 0) {
			object->start = at + 1;
			return true;
		}
	}
	/* the string that the text begins in was cut off on its left */
	if (in_string)
		object->start = string_end;
	return false;
}

/* Behind the string that begins at `at` with a quote of `length` bytes; the
 * string's inside is [at + length, *inside_end). */
static uint32_t string_end(const struct object *object, const char *data, uint32_t at,
    uint32_t length, uint32_t end, uint32_t *inside_end)
{
	for (at = skip_plain(data, at + length, end); at < end; at = skip_plain(data, at, end)) {
		uint32_t next;
		enum quote_kind kind = read_quote(object, data, at, end, &next);

		if (kind == QUOTE_OWN) {
			*inside_end = at;
			return at + next;
		}
		at = next > 0 ? at + next : skip_escape(data, at, end);
	}
	*inside_end = end;
	return end;
}

static bool is_string_start(
    const struct object *object, const char *data, uint32_t from, uint32_t at)
{
	if (object->quote_length > 0)
		return true;
	while (at > from && is_blank(data[at - 1]))
		at--;
	return at == from || is_in(data[at - 1], ":=,({[>");
}

/* Goes right from `at` to the closing bracket, or to where the object is cut off. */
static uint32_t find_closing(
    const struct object *object, const char *data, uint32_t at, uint32_t end)
{
	unsigned depth = 0;

	for (at = skip_plain(data, at, end); at < end; at = skip_plain(data, at, end)) {
		uint32_t length;
		uint32_t inside;
		enum quote_kind kind = read_quote(object, data, at, end, &length);

		if (kind == QUOTE_SHALLOWER)
			return at;
		if (kind == QUOTE_OWN) {
			if (!is_string_start(object, data, object->start, at))
				return at;
			at = string_end(object, data, at, length, end, &inside);
			continue;
		}
		if (kind == QUOTE_DEEPER) {
			at += length;
			continue;
		}
		if (is_open(data[at]))
			depth++;
		else if (is_close(data[at]) && depth-- == 0)
			return at;
		at = skip_escape(data, at, end);
	}
	return end;
}

static bool has_opening(const char *data, uint32_t start, uint32_t end)
{
	return memchr(data + start, '{', end - start) != NULL ||
	    memchr(data + start, '(', end - start) != NULL ||
	    memchr(data + start, '[', end - start) != NULL;
}

/* A stretch that begins inside the object of the hit before it: where that one ends. */
static uint32_t behind_objects(const char *data, uint32_t start, uint32_t end)
{
	unsigned depth = 0;

	for (uint32_t at = start; at < end; at++) {
		if (is_open(data[at]))
			depth++;
		else if (is_close(data[at]) && depth-- == 0) {
			start = at + 1;
			depth = 0;
		}
	}
	return start;
}

void object_find(struct object *object, const char *data, const struct hit *hit,
    uint32_t stretch_start, uint32_t stretch_end)
{
	uint32_t floor = object_floor(hit);
	uint32_t end = object_ceiling(hit);
	uint32_t left = hit->key_start;
	uint32_t right = hit->annotation_end;
	uint32_t length;
	bool in_string = false;

	memset(object, 0, sizeof(*object));
	object->quote_start = hit->quote_start;
	object->quote_length = hit->quote_end - hit->quote_start;
	object->hole_start = hit->number_start;
	object->hole_end = hit->annotation_end;
	/* out of the key's own quotes or print_r's brackets, and of the value's quotes */
	if (object->quote_length > 0) {
		left = quote_start_before(object, data, floor, left);
		in_string = left == hit->key_start; /* the key ends a longer name */
	}
	if (left > floor && data[left - 1] == '[' && hit->quote_end < hit->line_end &&
	    data[hit->quote_end] == ']')
		left--;
	length = hit->number_start - hit->open_start;
	if (right == hit->value_end && length > 0 && end - right >= length &&
	    memcmp(data + hit->open_start, data + right, length) == 0)
		right += length;
	object->fence = left;
	/* without brackets nothing in front of the stretch matters */
	if (stretch_start > floor && stretch_start <= left && !has_opening(data, floor, left))
		floor = stretch_start;
	object->has_brackets = find_opening(object, data, left, floor, in_string);
	if (!object->has_brackets && stretch_end < end)
		end = stretch_end > right ? stretch_end : right;
	object->end = find_closing(object, data, right, end);
	if (object->has_brackets)
		return;
	if (stretch_start > object->start)
		object->start = stretch_start;
	object->start = behind_objects(data, object->start, left);
	if (stretch_end < object->end)
		object->end = stretch_end;
}

/* ---- members ---- */

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
	enum quote_kind kind = at < end ? read_quote(object, data, at, end, &length) : QUOTE_NONE;

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
			kind = read_quote(object, data, ++at, end, &length);
	}
	member->value_start = at;
	member->value_end = at;
	member->is_nested = at < end && is_open(data[at]);
	if (member->is_nested)
		return at;
	if (kind == QUOTE_OWN) {
		member->value_start = at + length;
		return string_end(object, data, at, length, end, &member->value_end);
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

	if (read_quote(object, data, *at, end, &length) == QUOTE_OWN) {
		member->name_start = *at + length;
		next = string_end(object, data, *at, length, end, &member->name_end);
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
			*at = skip_plain(data, *at, object->end);
		if (*at == object->end)
			return false;
		c = data[*at];
		if (*at == object->hole_start && object->hole_end > *at) {
			*at = object->hole_end;
			continue;
		}
		if (read_quote(object, data, *at, object->end, &length) == QUOTE_OWN ||
		    is_name_char(c)) {
			if (depth == 0) {
				if (read_member(object, data, at, member))
					return true;
			} else if (length > 0) {
				*at = string_end(
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
		*at = length > 0 ? *at + length : skip_escape(data, *at, object->end);
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

/* The same for a quote of whatever character. */
static uint32_t any_quote_start_before(
    const struct object *object, const char *data, uint32_t floor, uint32_t end)
{
	uint32_t start = quote_start_before(object, data, floor, end);

	if (start == end && end > floor && (data[end - 1] == '"' || data[end - 1] == '\''))
		start = end - 1;
	return start;
}

bool object_is_value_of(
    const struct object *object, const char *data, uint32_t line_start, const char *name)
{
	uint32_t at = object->start;
	uint32_t length = (uint32_t)strlen(name);
	uint32_t quote;
	uint32_t before;

	if (!object->has_brackets)
		return false;
	at--;
	if (at - line_start > OBJECT_REACH)
		line_start = at - OBJECT_REACH;
	/* a type's name, or the mark of a map: Type( Array ( %{ #{ &{ */
	while (at > line_start && (is_name_char(data[at - 1]) || is_in(data[at - 1], " \t.$%#&")))
		at--;
	/* the object is a text inside another's string */
	at = any_quote_start_before(object, data, line_start, at);
	while (at > line_start && is_blank(data[at - 1]))
		at--;
	if (at > line_start && data[at - 1] == '>')
		at--;
	if (at == line_start || (data[at - 1] != ':' && data[at - 1] != '=' && data[at] != '>'))
		return false;
	at -= data[at - 1] == ':' || data[at - 1] == '=';
	while (at > line_start && (is_blank(data[at - 1]) || is_in(data[at - 1], "]>")))
		at--;
	quote = any_quote_start_before(object, data, line_start, at);
	if (quote - line_start < length || strncasecmp(data + quote - length, name, length) != 0)
		return false;
	before = quote - length;
	length = at - quote;
	/* the name begins where its quote, the like of \x22, ends, or where no name goes on */
	return before == line_start || !is_name_char(data[before - 1]) ||
	    (length > 0 && before - line_start >= length &&
		memcmp(data + before - length, data + quote, length) == 0);
}
