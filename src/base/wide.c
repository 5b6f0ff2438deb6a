/*
 * Owns the look at a text's first bytes for an encoding of wide characters. Must not know where
 * the text comes from.
 */
#include "base/wide.h"

#include <stdbool.h>
#include <string.h>

enum { LEAST = 16 }; /* fewer bytes without a mark may be anything */

/* Whether of each `unit` bytes only the one at `at` is not NUL. */
static bool is_spaced(const char *front, size_t length, size_t unit, size_t at)
{
	for (size_t i = 0; i < length - length % unit; i++)
		if ((front[i] != '\0') != (i % unit == at))
			return false;
	return true;
}

const char *wide_name(const char *front, size_t length)
{
	static const struct {
		const char *mark, *name;
		size_t length;
	} marks[] = { { "\xff\xfe\0", "UTF-32", 4 }, { "\0\0\xfe\xff", "UTF-32", 4 },
		{ "\xff\xfe", "UTF-16", 2 }, { "\xfe\xff", "UTF-16", 2 } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (length >= marks[i].length && memcmp(front, marks[i].mark, marks[i].length) == 0)
			return marks[i].name;
	if (length < LEAST)
		return NULL;
	length = length < WIDE_FRONT ? length : WIDE_FRONT;
	if (is_spaced(front, length, 2, 0) || is_spaced(front, length, 2, 1))
		return "UTF-16";
	return is_spaced(front, length, 4, 0) || is_spaced(front, length, 4, 3) ? "UTF-32" : NULL;
}
