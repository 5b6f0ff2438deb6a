#ifndef JGANNOTATE_MATCH_QUOTE_H
#define JGANNOTATE_MATCH_QUOTE_H

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "match/object.h"

/*
 * The bytes that an object is made of: brackets, names, and quotes in whatever
 * spelling. A quote is judged from the spelling of the object's own ones:
 * object->quote_start and quote_length are all that is read of it. Private to
 * the object's reader. All functions are thread safe.
 */

/* What a quote at some place is, seen from the object's own spelling. */
enum quote_kind { QUOTE_NONE, QUOTE_OWN, QUOTE_DEEPER, QUOTE_SHALLOWER };

static inline bool is_open(char c)
{
	return c == '{' || c == '(' || c == '[';
}

static inline bool is_close(char c)
{
	return c == '}' || c == ')' || c == ']';
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* unlike strchr alone: a NUL of the log is in no set */
static inline bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static inline bool is_name_char(char c)
{
	static const bool is_name[UCHAR_MAX + 1] = {
		['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true,
		['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,
		['_'] = true, ['a'] = true, ['b'] = true, ['c'] = true, ['d'] = true,
		['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true,
		['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true, ['n'] = true,
		['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true,
		['t'] = true, ['u'] = true, ['v'] = true, ['w'] = true, ['x'] = true,
		['y'] = true, ['z'] = true, ['A'] = true, ['B'] = true, ['C'] = true,
		['D'] = true, ['E'] = true, ['F'] = true, ['G'] = true, ['H'] = true,
		['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true,
		['N'] = true, ['O'] = true, ['P'] = true, ['Q'] = true, ['R'] = true,
		['S'] = true, ['T'] = true, ['U'] = true, ['V'] = true, ['W'] = true,
		['X'] = true, ['Y'] = true, ['Z'] = true,
	};

	return is_name[(unsigned char)c];
}

/* Goes on from `at` to the next byte that can be a bracket's or a quote's. */
static inline uint32_t quote_skip_plain(const char *data, uint32_t at, uint32_t end)
{
	static const bool is_sign[UCHAR_MAX + 1] = { ['{'] = true, ['}'] = true, ['('] = true,
		[')'] = true, ['['] = true, [']'] = true, ['"'] = true, ['\''] = true,
		['\\'] = true };

	while (at < end && !is_sign[(unsigned char)data[at]])
		at++;
	return at;
}

/* Goes back from `at` to behind the byte before it that can be a bracket's or end a quote. */
static inline uint32_t quote_skip_plain_back(const char *data, uint32_t floor, uint32_t at)
{
	static const bool is_sign[UCHAR_MAX + 1] = { ['{'] = true, ['}'] = true, ['('] = true,
		[')'] = true, ['['] = true, [']'] = true, ['"'] = true, ['\''] = true,
		['2'] = true };

	while (at > floor && !is_sign[(unsigned char)data[at - 1]])
		at--;
	return at;
}

/* Behind the byte at `at`, and behind all of a run of backslashes: where no quote begins at
 * its first, none does at the others. */
uint32_t quote_skip_escape(const char *data, uint32_t at, uint32_t end);

/* Classifies the quote of `length` bytes at `at`. */
enum quote_kind quote_kind_of(
    const struct object *object, const char *data, uint32_t at, uint32_t length);

/* quote_read() for a byte that may begin a quote. */
enum quote_kind quote_read_spelled(const struct object *object, const char *data, uint32_t at,
    uint32_t end, uint32_t *length);

/* The quote at `at`, before `end`: its kind and length, backslashes included. */
static inline enum quote_kind quote_read(const struct object *object, const char *data,
    uint32_t at, uint32_t end, uint32_t *length)
{
	char c = data[at];

	*length = 0;
	if (c != '"' && c != '\'' && c != '\\')
		return QUOTE_NONE;
	if (object->quote_length != 1 || c != data[object->quote_start])
		return quote_read_spelled(object, data, at, end, length);
	*length = 1;
	return QUOTE_OWN;
}

/* quote_start_before() for a byte before `end` that may end a quote. */
uint32_t quote_start_before_spelled(
    const struct object *object, const char *data, uint32_t floor, uint32_t end);

/* Where the quote that ends at `end` begins; `end` when none ends there. */
static inline uint32_t quote_start_before(
    const struct object *object, const char *data, uint32_t floor, uint32_t end)
{
	if (end == floor ||
	    (data[end - 1] != '"' && data[end - 1] != '\'' && data[end - 1] != '2'))
		return end;
	return quote_start_before_spelled(object, data, floor, end);
}

/* The same for a quote of whatever character. */
uint32_t quote_start_before_any(
    const struct object *object, const char *data, uint32_t floor, uint32_t end);

/* Behind the string that begins at `at` with a quote of `length` bytes; the
 * string's inside is [at + length, *inside_end). */
uint32_t quote_string_end(const struct object *object, const char *data, uint32_t at,
    uint32_t length, uint32_t end, uint32_t *inside_end);

#endif
