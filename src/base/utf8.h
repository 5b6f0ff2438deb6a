#ifndef JGANNOTATE_BASE_UTF8_H
#define JGANNOTATE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 read from bytes that may be anything. Thread safe.
 */

/* Decodes the character at the start of `len` bytes (len > 0) into `*codepoint`.
 * Returns its length, 1 to 4, or 0 when the bytes are not valid UTF-8 (also
 * for surrogates, overlong forms, values past U+10FFFF and a cut sequence). */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *codepoint);

/* Columns that `len` bytes take on a terminal: wide (Chinese, emoji) characters
 * take two, combining and control characters none; a byte that is not UTF-8
 * takes one. */
size_t utf8_width(const char *bytes, size_t len);

/* Whether a character may drive a terminal or turn the direction of the text: C0,
 * DEL, C1, the bidi overrides and isolates (U+202A-202E, U+2066-2069). */
bool utf8_is_unsafe(uint32_t codepoint);

/* The number of bytes, at most `len`, of the longest start that takes no more
 * than `columns` columns and cuts no character. */
size_t utf8_fit(const char *bytes, size_t len, size_t columns);

#endif
