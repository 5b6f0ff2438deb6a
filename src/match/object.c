/*
 * Owns the search for the object around a hit: brackets and strings. Must not know
 * what a member means for the hit.
 *
 * One reader serves both directions of the text as it is: JSON at any level of escaping,
 * Python, PHP, Ruby, Go, Java's toString, logfmt. It never needs the whole to
 * be well formed; where a log cut an object off, what is there is used.
 */
#include "match/object.h"

#include <string.h>
#include <strings.h>

#include "match/quote.h"

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

	for (at = quote_skip_plain_back(data, floor, at); at > floor;
	     at = quote_skip_plain_back(data, floor, at)) {
		uint32_t start = quote_start_before(object, data, floor, at);
		char c;

		if (start < at) {
			enum quote_kind kind = quote_kind_of(object, data, start, at - start);

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

	for (at = quote_skip_plain(data, at, end); at < end; at = quote_skip_plain(data, at, end)) {
		uint32_t length;
		uint32_t inside;
		enum quote_kind kind = quote_read(object, data, at, end, &length);

		if (kind == QUOTE_SHALLOWER)
			return at;
		if (kind == QUOTE_OWN) {
			if (!is_string_start(object, data, object->start, at))
				return at;
			at = quote_string_end(object, data, at, length, end, &inside);
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
		at = quote_skip_escape(data, at, end);
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

	for (uint32_t at = quote_skip_plain(data, start, end); at < end;
	     at = quote_skip_plain(data, at + 1, end)) {
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
	/* a pattern's hits may stand in each other's keys: the stretch holds its own hit */
	if (stretch_start > left)
		stretch_start = left;
	if (stretch_start > object->start)
		object->start = stretch_start;
	object->start = behind_objects(data, object->start, left);
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
	at = quote_start_before_any(object, data, line_start, at);
	while (at > line_start && is_blank(data[at - 1]))
		at--;
	if (at > line_start && data[at - 1] == '>')
		at--;
	if (at == line_start || (data[at - 1] != ':' && data[at - 1] != '=' && data[at] != '>'))
		return false;
	at -= data[at - 1] == ':' || data[at - 1] == '=';
	while (at > line_start && (is_blank(data[at - 1]) || is_in(data[at - 1], "]>")))
		at--;
	quote = quote_start_before_any(object, data, line_start, at);
	if (quote - line_start < length || strncasecmp(data + quote - length, name, length) != 0)
		return false;
	before = quote - length;
	length = at - quote;
	/* the name begins where its quote, the like of \x22, ends, or where no name goes on */
	return before == line_start || !is_name_char(data[before - 1]) ||
	    (length > 0 && before - line_start >= length &&
		memcmp(data + before - length, data + quote, length) == 0);
}
