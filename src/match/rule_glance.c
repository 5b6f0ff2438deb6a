/*
 * Owns the spellings of `key separator number` that most programs print, read without the
 * pattern, which costs several times as much. Must not find anything that the pattern of rule.c
 * would not.
 */
#include "match/rule.h"

static inline uint32_t skip_blanks(const char *data, uint32_t at, uint32_t end)
{
	while (at < end && (data[at] == ' ' || data[at] == '\t'))
		at++;
	return at;
}

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static bool is_word(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || is_digit(c) || c == '_';
}

/* Where a quote that begins at `at` ends: `"` or `'` behind any backslashes, or \x22; `at` for
 * anything else, of which the pattern knows more. */
static inline uint32_t skip_quote(const char *data, uint32_t at, uint32_t end)
{
	uint32_t from = at;

	if (at == end || (data[at] != '"' && data[at] != '\'' && data[at] != '\\'))
		return from;
	while (at < end && data[at] == '\\')
		at++;
	if (at == end)
		return from;
	if (data[at] == '\'' || (data[at] == '"' &&
				    (at + 1 == end || (data[at + 1] != '"' && data[at + 1] != '\\'))))
		return at + 1;
	if (at > from && end - at > 2 && data[at] == 'x' && data[at + 1] == '2' &&
	    (data[at + 2] == '2' || data[at + 2] == '7'))
		return at + 3;
	return from;
}

/* `=`, `=>`, `:`, `：` with blanks around it. */
static uint32_t skip_separator(const char *data, uint32_t at, uint32_t end)
{
	uint32_t from = at;

	at = skip_blanks(data, at, end);
	if (end - at > 1 && (data[at] == '=' || data[at] == ':'))
		at += data[at] == '=' && data[at + 1] == '>' ? 2 : 1;
	else if (end - at > 3 && data[at] == '\xef' && data[at + 1] == '\xbc' &&
	         data[at + 2] == '\x9a')
		at += 3;
	else
		return from;
	return skip_blanks(data, at, end);
}

/* The number at `at`, if it ends where nothing could go on. */
static inline bool read_number(const char *data, uint32_t at, uint32_t end, struct hit *hit)
{
	const uint32_t start = at;
	uint32_t code = 0;

	for (; at < end && is_digit(data[at]); at++)
		code = code * 10 + (uint32_t)(data[at] - '0'); /* of many digits it is not used */
	hit->code = code;
	hit->number_start = start;
	hit->number_end = hit->value_end = at;
	if (at - start - 1 > 8 || (data[start] == '0' && at > start + 1))
		return false;
	if (at - start < 4 && end - at > 3 && data[at] == ',' && is_digit(data[at + 1]))
		return false; /* of thousands the pattern knows more */
	return at == end || !(is_word(data[at]) || data[at] == '.' || data[at] == '-');
}

bool rule_glance(const char *data, size_t length, size_t key_start, struct hit *hit)
{
	const uint32_t end = (uint32_t)length;
	uint32_t at = skip_quote(data, hit->key_end, end);

	hit->key_start = (uint32_t)key_start;
	hit->quote_start = hit->key_end;
	hit->quote_end = at;
	hit->is_member = at > hit->key_end;
	if (!hit->is_member) {
		at = skip_separator(data, at, end);
		hit->open_start = at;
		return at > hit->key_end && read_number(data, at, end, hit);
	}
	at = skip_blanks(data, at, end);
	if (at == end || data[at] != ':')
		return false;
	at = skip_blanks(data, at + 1, end);
	hit->open_start = at;
	return read_number(data, skip_quote(data, at, end), end, hit);
}
