/*
 * Owns the spellings of `key separator number` that most programs print, read without the
 * pattern, which costs several times as much. Must not find anything that the pattern of rule.c
 * would not.
 */
#include <string.h>

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
static uint32_t skip_quote(const char *data, uint32_t at, uint32_t end)
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

/* The digits at `at`, up to ten of them: sets their number, and returns how many. */
static inline uint32_t read_digits(const char *data, uint32_t at, uint32_t end, uint32_t *code)
{
	const uint32_t most = end - at < 10 ? end - at : 10;
	uint32_t count = 0;

	*code = 0;
	for (; count < most && is_digit(data[at + count]); count++)
		*code = *code * 10 + (uint32_t)(data[at + count] - '0');
	return count;
}

/* The same of the first eight bytes, all at once: how many digits a code has is anybody's guess, so
 * no branch depends on it. */
static inline uint32_t read_eight_digits(const char *data, uint32_t at, uint32_t *code)
{
	uint64_t bytes;
	uint64_t others;
	uint32_t count;

	memcpy(&bytes, data + at, sizeof(bytes));
	bytes ^= UINT64_C(0x3030303030303030);
	others = ((bytes + UINT64_C(0x7676767676767676)) | bytes) & UINT64_C(0x8080808080808080);
	count = others == 0 ? 8 : (uint32_t)__builtin_ctzll(others) / 8;
	bytes = count == 0 ? 0 : bytes << (64 - 8 * count); /* zeros in front */
	bytes = bytes * 10 + (bytes >> 8); /* two digits each, then four, then eight */
	bytes = (bytes & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
	        ((bytes >> 16) & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001);
	*code = (uint32_t)(bytes >> 32);
	return count;
}

/* Whether nothing that stands at `at` goes on with a number. */
static inline bool ends_number(const char *data, uint32_t at, uint32_t end)
{
	return at == end || (unsigned char)data[at] < '-' ||
	       !(is_word(data[at]) || data[at] == '.' || data[at] == '-');
}

/* The number at `at`, if it ends where nothing could go on. */
static inline bool read_number(const char *data, uint32_t at, uint32_t end, struct hit *hit)
{
	uint32_t count = 8;

	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && end - at >= 8)
		count = read_eight_digits(data, at, &hit->code);
	if (count == 8)
		count = read_digits(data, at, end, &hit->code);
	hit->number.start = at;
	hit->number.end = hit->value_end = at + count;
	if (count - 1 > 8 || (data[at] == '0' && count > 1))
		return false;
	at += count;
	if (count < 4 && end - at > 3 && data[at] == ',' && is_digit(data[at + 1]))
		return false; /* of thousands the pattern knows more */
	return ends_number(data, at, end);
}

/* Where a quote that begins at `at` ends. Most are one byte. */
static inline uint32_t pass_quote(const char *data, uint32_t at, uint32_t end)
{
	if (at == end || is_digit(data[at]))
		return at;
	if (end - at > 1 && data[at] == '"' && data[at + 1] != '"' && data[at + 1] != '\\')
		return at + 1;
	return skip_quote(data, at, end);
}

bool rule_glance(const char *data, size_t length, size_t key_start, struct hit *hit)
{
	const uint32_t end = (uint32_t)length;
	uint32_t at = pass_quote(data, hit->key.end, end);

	hit->key.start = (uint32_t)key_start;
	hit->quote.start = hit->key.end;
	hit->quote.end = at;
	hit->is_member = at > hit->key.end;
	if (!hit->is_member) {
		at = skip_separator(data, at, end);
		hit->open_start = at;
		return at > hit->key.end && read_number(data, at, end, hit);
	}
	at = skip_blanks(data, at, end);
	if (at == end || data[at] != ':')
		return false;
	at = skip_blanks(data, at + 1, end);
	hit->open_start = at;
	return read_number(data, pass_quote(data, at, end), end, hit);
}
