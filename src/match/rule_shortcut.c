/*
 * Owns the spellings of `key separator number` that most programs print, read without the
 * pattern, which costs several times as much. Must not find anything that the pattern of rule.c
 * would not.
 */
#include <string.h>

#include "match/rule.h"

static inline uint32_t skip_blanks(const char *data, uint32_t at, uint32_t end)
{
	while (at < end && data[at] <= ' ' && (data[at] == ' ' || data[at] == '\t'))
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

static uint32_t skip_backslashes(const char *data, uint32_t at, uint32_t end)
{
	while (at < end && data[at] == '\\')
		at++;
	return at;
}

/* Where a quote that begins at `at` ends: `"`, once or twice, or `'` behind any backslashes, or
 * \x22; `at` for anything else, of which the pattern knows more. */
static uint32_t skip_quote(const char *data, uint32_t at, uint32_t end)
{
	const uint32_t sign = skip_backslashes(data, at, end);

	if (sign == end)
		return at;
	if (data[sign] == '\'')
		return sign + 1;
	if (data[sign] == '"') {
		const uint32_t second = skip_backslashes(data, sign + 1, end);

		return second < end && data[second] == '"' ? second + 1 : sign + 1;
	}
	if (sign > at && end - sign > 2 && data[sign] == 'x' && data[sign + 1] == '2' &&
	    (data[sign + 2] == '2' || data[sign + 2] == '7'))
		return sign + 3;
	return at;
}

/* `:`, `=`, `==`, `=>`, `->`, and a colon of full width in UTF-8 and GBK. */
static inline uint32_t skip_separator(const char *data, uint32_t at, uint32_t end)
{
	if (end - at < 2)
		return at;
	if (data[at] == ':')
		return at + 1;
	if (data[at] == '=')
		return at + 1 + (data[at + 1] == '>' || data[at + 1] == '=');
	if (memcmp(data + at, "->", 2) == 0 || memcmp(data + at, "\xa3\xba", 2) == 0)
		return at + 2;
	return end - at > 2 && memcmp(data + at, "：", 3) == 0 ? at + 3 : at;
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
	if (at == end || (unsigned char)data[at] < '-')
		return true;
	if (data[at] == '.' || data[at] == '-')
		return end - at < 2 || !is_digit(data[at + 1]);
	return !is_word(data[at]);
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
	if (end - at > 1 && data[at] == '.' && data[at + 1] == '0')
		hit->value_end = at += 2;
	return ends_number(data, at, end);
}

/* Where a quote that begins at `at` ends. Most are one byte, or none: a digit, `:` or `=`. */
static inline uint32_t pass_quote(const char *data, uint32_t at, uint32_t end)
{
	if (at == end || (unsigned char)(data[at] - '0') <= '>' - '0')
		return at;
	if (end - at > 1 && data[at] == '"' && data[at + 1] != '"' && data[at + 1] != '\\')
		return at + 1;
	return skip_quote(data, at, end);
}

/* Where the value may begin behind a name in brackets, an element's, or a Chinese one, which needs
 * no separator; 0: it is none of these. */
static uint32_t skip_rare_separator(
    const char *data, uint32_t at, uint32_t end, const struct hit *hit)
{
	const bool is_chinese =
	    hit->quote.end == hit->key.end && (unsigned char)data[hit->key.end - 1] >= 0x80;

	if (at < end && at == hit->quote.end && (data[at] == ']' || data[at] == ')')) {
		const bool may_be_apart = data[at] == ']';
		const uint32_t from = skip_blanks(data, at + 1, end);

		at = skip_separator(data, from, end);
		if (at > from || !may_be_apart)
			return at > from ? at : 0;
	} else if (at < end && at == hit->key.end && data[at] == '>') {
		return at + 1;
	}
	return at < end && is_chinese && is_digit(data[at]) ? at : 0;
}

bool rule_shortcut(const char *data, size_t length, size_t key_start, struct hit *hit)
{
	const uint32_t end = (uint32_t)length;
	const uint32_t quote_end = pass_quote(data, hit->key.end, end);
	const uint32_t from = skip_blanks(data, quote_end, end);
	uint32_t at = skip_separator(data, from, end);

	hit->key.start = (uint32_t)key_start;
	hit->quote.start = hit->key.end;
	hit->quote.end = quote_end;
	hit->is_member = quote_end > hit->key.end && at > from && data[from] == ':';
	if (at == from) {
		at = skip_rare_separator(data, from, end, hit);
		if (at == 0)
			return false;
	}
	at = skip_blanks(data, at, end);
	hit->open_start = at;
	return read_number(data, pass_quote(data, at, end), end, hit);
}
