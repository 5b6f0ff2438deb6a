/*
 * Owns the proof that a pattern cannot see a newline. Must not know PCRE2's
 * library, only its syntax; what it does not know, it does not promise.
 */
#include "match/blockwise.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *at;
	const char *end;
};

static bool is_at(const struct reader *reader, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(reader->end - reader->at) >= length &&
	    memcmp(reader->at, text, length) == 0;
}

static bool skip(struct reader *reader, const char *text)
{
	if (!is_at(reader, text))
		return false;
	reader->at += strlen(text);
	return true;
}

/* \xHH (or \xH); \x{...} is not known here. Returns the byte or -1. */
static int read_hex(struct reader *reader)
{
	int value = 0;
	int digits = 0;

	while (digits < 2 && reader->at < reader->end && isxdigit((unsigned char)*reader->at)) {
		char digit[2] = { *reader->at++, '\0' };

		value = value * 16 + (int)strtol(digit, NULL, 16);
		digits++;
	}
	return digits > 0 ? value : -1;
}

/* One escaped single byte behind a backslash. Returns the byte, or -1. */
static int read_escaped_byte(struct reader *reader)
{
	char c = *reader->at++;

	switch (c) {
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case 'f':
		return '\f';
	case 'e':
		return 0x1b;
	case 'a':
		return 0x07;
	case 'n':
		return '\n';
	case 'x':
		return read_hex(reader);
	default:
		return isalnum((unsigned char)c) || c == '\n' ? -1 : (unsigned char)c;
	}
}

/* What stands behind a backslash outside a class. */
static bool escape_is_safe(struct reader *reader)
{
	int byte;

	if (reader->at == reader->end)
		return false;
	if (strchr("dwhbBN", *reader->at) != NULL) {
		/* \N{U+...} is another thing */
		return *reader->at++ != 'N' || !is_at(reader, "{");
	}
	byte = read_escaped_byte(reader);
	return byte >= 0 && byte != '\n';
}

/* [:alpha:] and its like that hold no LF. */
static bool posix_is_safe(struct reader *reader)
{
	static const char *const names[] = { "[:alpha:]", "[:alnum:]", "[:digit:]", "[:xdigit:]",
		"[:upper:]", "[:lower:]", "[:punct:]", "[:word:]", "[:blank:]", "[:graph:]",
		"[:print:]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (skip(reader, names[i]))
			return true;
	return false;
}

/* One item of a class. Returns its byte, 256 for a set without LF, -1 for what
 * is not known. */
static int read_class_item(struct reader *reader)
{
	if (is_at(reader, "[:") || is_at(reader, "[.") || is_at(reader, "[="))
		return posix_is_safe(reader) ? 256 : -1;
	if (!skip(reader, "\\"))
		return (unsigned char)*reader->at++;
	if (reader->at == reader->end)
		return -1;
	if (strchr("dwh", *reader->at) != NULL) {
		reader->at++;
		return 256;
	}
	return read_escaped_byte(reader);
}

/* A class behind its `[`: positive and without LF, or negated with \n in it. */
static bool class_is_safe(struct reader *reader)
{
	bool negated = skip(reader, "^");
	bool first = true;
	bool has_newline = false;

	for (;; first = false) {
		int from;
		int to;

		if (reader->at == reader->end)
			return false;
		if (!first && skip(reader, "]"))
			return has_newline == negated;
		from = read_class_item(reader);
		to = from;
		if (from < 0)
			return false;
		if (is_at(reader, "-") && !is_at(reader, "-]")) {
			reader->at++;
			if (reader->at == reader->end || from == 256)
				return false;
			to = read_class_item(reader);
			if (to < from || to == 256)
				return false;
		}
		has_newline = has_newline || (from <= '\n' && '\n' <= to);
	}
}

/* What stands behind a `(`. */
static bool group_is_safe(struct reader *reader)
{
	static const char *const openings[] = { "?:", "?|", "?=", "?!", "?<=", "?<!", "?>",
		"?i)", "?-i)", "?i:" };

	if (is_at(reader, "*"))
		return false;
	if (!is_at(reader, "?"))
		return true;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		if (skip(reader, openings[i]))
			return true;
	if (skip(reader, "?P<") || skip(reader, "?<") || skip(reader, "?'")) {
		while (reader->at < reader->end &&
		    (isalnum((unsigned char)*reader->at) || *reader->at == '_'))
			reader->at++;
		return skip(reader, ">") || skip(reader, "'");
	}
	return false;
}

bool blockwise_is_safe(const char *pattern, size_t length)
{
	struct reader reader = { pattern, pattern + length };

	while (reader.at < reader.end) {
		bool safe = true;

		switch (*reader.at++) {
		case '\\':
			safe = escape_is_safe(&reader);
			break;
		case '[':
			safe = class_is_safe(&reader);
			break;
		case '(':
			safe = group_is_safe(&reader);
			break;
		case '^':
		case '$':
		case '\n':
			safe = false;
			break;
		default:
			break;
		}
		if (!safe)
			return false;
	}
	return true;
}

/* Whether `|` stands outside all groups. The pattern is safe, so its classes and
 * escapes are simple ones. */
static bool has_alternatives(const char *pattern, size_t length)
{
	struct reader reader = { pattern, pattern + length };
	unsigned depth = 0;

	while (reader.at < reader.end) {
		switch (*reader.at++) {
		case '\\':
			(void)escape_is_safe(&reader);
			break;
		case '[':
			(void)class_is_safe(&reader);
			break;
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		case '|':
			if (depth == 0)
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

size_t blockwise_literal(const char *pattern, size_t length)
{
	size_t literal = 0;

	while (literal < length &&
	    (isalnum((unsigned char)pattern[literal]) || pattern[literal] == '_'))
		literal++;
	/* a quantifier may make the last one stand no time */
	if (literal > 0 && literal < length && strchr("*+?{", pattern[literal]) != NULL)
		literal--;
	return literal < 3 || has_alternatives(pattern, length) ? 0 : literal;
}
