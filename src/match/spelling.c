/*
 * Owns the spellings of signs. Must not know what a sign means for the text around it.
 */
#include "match/spelling.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

/* The bytes that begin signs, by what a byte alone is; those that need a second look last. */
enum { SIGN_LOOK = SIGN_COLOUR + 1 };

static const unsigned char first_bytes[UCHAR_MAX + 1] = {
	['"'] = SIGN_QUOTE,
	['\''] = SIGN_QUOTE,
	['{'] = SIGN_OPEN,
	['('] = SIGN_OPEN,
	['['] = SIGN_OPEN,
	['}'] = SIGN_CLOSE,
	[')'] = SIGN_CLOSE,
	[']'] = SIGN_CLOSE,
	[':'] = SIGN_SEPARATOR,
	['='] = SIGN_SEPARATOR,
	[','] = SIGN_STOP,
	[';'] = SIGN_STOP,
	['&'] = SIGN_LOOK,
	['|'] = SIGN_STOP,
	['<'] = SIGN_LESS,
	['>'] = SIGN_GREATER,
	['\\'] = SIGN_LOOK,
	['%'] = SIGN_LOOK,
	['\x1b'] = SIGN_LOOK,
	['#'] = SIGN_LOOK,
	[0xe3] = SIGN_LOOK,
	[0xef] = SIGN_LOOK,
};

bool spelling_may_begin(char byte)
{
	return first_bytes[(unsigned char)byte] != SIGN_TEXT;
}

static bool stands(const char *data, uint32_t at, uint32_t end, const char *text, uint32_t length)
{
	return end - at >= length && memcmp(data + at, text, length) == 0;
}

static int hex_digit(char c)
{
	if (spelling_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int spelling_read_hex(const char *data, uint32_t at, uint32_t end, uint32_t digits)
{
	int value = 0;

	if (end - at < digits)
		return -1;
	for (uint32_t i = 0; i < digits; i++) {
		int digit = hex_digit(data[at + i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* What a character is that was spelled by its number, and ends at `end`. */
static void take_number(struct sign *sign, int value, uint32_t end)
{
	if (value < 0 || value >= 0x80)
		return;
	sign->end = end;
	sign->byte = (char)value;
	switch (value) {
	case ' ':
	case '\t':
		sign->kind = SIGN_BLANK;
		return;
	case '\n':
	case '\r':
		sign->kind = SIGN_BREAK;
		return;
	case '&':
		sign->kind = SIGN_STOP;
		return;
	default:
		if (first_bytes[value] < SIGN_LOOK)
			sign->kind = (enum sign_kind)first_bytes[value];
		return;
	}
}

/* ESC [ 1 ; 31 m or ESC [ K (of GNU grep) behind its ESC, which ends at `at`. */
static bool take_colour(struct sign *sign, const char *data, uint32_t at, uint32_t end)
{
	if (at == end || data[at] != '[')
		return false;
	at++;
	if (at == end || data[at] != 'K') {
		while (
		    at < end && (spelling_is_digit(data[at]) || data[at] == ';' || data[at] == ':'))
			at++;
		if (at == end || data[at] != 'm')
			return false;
	}
	sign->kind = SIGN_COLOUR;
	sign->end = at + 1;
	return true;
}

/* Behind the run of backslashes at `at`, however they are spelled; counts them. */
static uint32_t skip_backslashes(const char *data, uint32_t at, uint32_t end, uint32_t *count)
{
	for (; at < end; ++*count) {
		if (data[at] == '%') {
			if (!(end - at >= 3 && data[at + 1] == '5' && (data[at + 2] | 0x20) == 'c'))
				return at;
			at += 3;
		} else if (data[at] != '\\') {
			return at;
		} else if (end - at >= 4 && data[at + 1] == 'x' && data[at + 2] == '5' &&
		           (data[at + 3] | 0x20) == 'c') {
			at += 4;
		} else if (end - at >= 6 && memcmp(data + at + 1, "u005", 4) == 0 &&
		           (data[at + 5] | 0x20) == 'c') {
			at += 6;
		} else {
			at++;
		}
	}
	return at;
}

/* A sign behind one backslash or more. */
static void read_escape(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	uint32_t behind = skip_backslashes(data, at, end, &sign->backslashes);
	int value;

	sign->end = behind;
	if (behind == end)
		return;
	switch (data[behind]) {
	case '"':
	case '\'':
		sign->kind = SIGN_QUOTE;
		sign->byte = data[behind];
		sign->is_plain = true;
		sign->end = behind + 1;
		return;
	case '%':
		value = spelling_read_hex(data, behind + 1, end, 2);
		if (value == '"' || value == '\'')
			take_number(sign, value, behind + 3);
		return;
	case 'x':
		value = spelling_read_hex(data, behind + 1, end, 2);
		behind += 3;
		break;
	case 'u':
		value = spelling_read_hex(data, behind + 1, end, 4);
		behind += 5;
		break;
	case '0':
		value = stands(data, behind, end, "033", 3) ? 0x1b : -1;
		behind += 3;
		break;
	case 'e':
		value = 0x1b;
		behind += 1;
		break;
	case 'n':
	case 'r':
		sign->kind = SIGN_BREAK;
		sign->end = behind + 1;
		return;
	case 't':
		sign->kind = SIGN_BLANK;
		sign->end = behind + 1;
		return;
	case '/':
	case 'b':
	case 'f':
	case 'v':
	case 'a':
		sign->end = behind + 1;
		return;
	default:
		return;
	}
	if (value == 0x1b && take_colour(sign, data, behind, end))
		return;
	take_number(sign, value, behind);
}

static const struct {
	const char *name;
	uint32_t length;
	char byte;
} entities[] = { { "&quot;", 6, '"' }, { "&#34;", 5, '"' }, { "&#x22;", 6, '"' },
	{ "&#39;", 5, '\'' }, { "&#x27;", 6, '\'' }, { "&apos;", 6, '\'' }, { "&lt;", 4, '<' },
	{ "&gt;", 4, '>' }, { "&amp;", 5, '&' }, { "&nbsp;", 6, ' ' }, { "&#58;", 5, ':' },
	{ "&#61;", 5, '=' }, { "&#44;", 5, ',' }, { "&#123;", 6, '{' }, { "&#125;", 6, '}' },
	{ "&#x3D;", 6, '=' }, { "&#x3A;", 6, ':' }, { "&#x2C;", 6, ',' }, { "&#x7B;", 6, '{' },
	{ "&#x7D;", 6, '}' } };

static void read_entity(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	sign->kind = SIGN_STOP;
	if (end - at < 4 || (data[at + 1] != '#' && !spelling_is_letter(data[at + 1])))
		return;
	for (uint32_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (end - at >= entities[i].length &&
		    strncasecmp(data + at, entities[i].name, entities[i].length) == 0) {
			take_number(sign, entities[i].byte, at + entities[i].length);
			return;
		}
}

static void read_percent(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	int value = spelling_read_hex(data, at + 1, end, 2);

	if (value == '\\') {
		read_escape(data, at, end, sign);
		if (sign->kind == SIGN_QUOTE && data[sign->end - 1] != '"' &&
		    data[sign->end - 1] != '\'')
			return;
		sign->kind = SIGN_TEXT;
		sign->end = at + 3;
		return;
	}
	take_number(sign, value, at + 3);
}

/* Signs of full width: ： ， ； （ ） 【 】 。 */
static void read_wide(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	static const struct {
		char text[4];
		enum sign_kind kind;
	} wide[] = { { "\xef\xbc\x9a", SIGN_SEPARATOR }, { "\xef\xbc\x8c", SIGN_STOP },
		{ "\xef\xbc\x9b", SIGN_STOP }, { "\xef\xbc\x88", SIGN_OPEN },
		{ "\xef\xbc\x89", SIGN_CLOSE }, { "\xe3\x80\x90", SIGN_OPEN },
		{ "\xe3\x80\x91", SIGN_CLOSE }, { "\xe3\x80\x82", SIGN_STOP } };

	for (uint32_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (stands(data, at, end, wide[i].text, 3)) {
			sign->kind = wide[i].kind;
			sign->byte = wide[i].kind == SIGN_SEPARATOR ? ':' : '(';
			sign->end = at + 3;
			return;
		}
}

/* rsyslog writes control characters as #012. */
static void read_octal(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	if (!stands(data, at, end, "#0", 2) || end - at < 4 || data[at + 2] != '1')
		return;
	switch (data[at + 3]) {
	case '1':
		sign->kind = SIGN_BLANK;
		break;
	case '2':
	case '5':
		sign->kind = SIGN_BREAK;
		break;
	default:
		return;
	}
	sign->end = at + 4;
}

/* A sign that its first byte alone does not tell. */
static void read_more(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	sign->kind = SIGN_TEXT;
	switch (data[at]) {
	case '\\':
		read_escape(data, at, end, sign);
		break;
	case '%':
		read_percent(data, at, end, sign);
		break;
	case '&':
		read_entity(data, at, end, sign);
		break;
	case '\x1b':
		(void)take_colour(sign, data, at + 1, end);
		break;
	case '#':
		read_octal(data, at, end, sign);
		break;
	default:
		read_wide(data, at, end, sign);
		break;
	}
}

void spelling_read(const char *data, uint32_t at, uint32_t end, struct sign *sign)
{
	const unsigned char first = first_bytes[(unsigned char)data[at]];

	sign->byte = data[at];
	sign->start = at;
	sign->end = at + 1;
	sign->backslashes = 0;
	sign->is_plain = first == SIGN_QUOTE;
	sign->kind = (enum sign_kind)first;
	if (first == SIGN_LOOK) {
		read_more(data, at, end, sign);
	} else if (data[at] == '=' && end - at > 1) {
		if (data[at + 1] == '>' || data[at + 1] == '=')
			sign->end++;
		else if (data[at + 1] == '&' && stands(data, at + 1, end, "&gt;", 4))
			sign->end += 4;
	}
}

uint32_t spelling_skip_colours(const char *data, uint32_t at, uint32_t end)
{
	while (at < end && (data[at] == '\x1b' || data[at] == '\\')) {
		struct sign sign;

		spelling_read(data, at, end, &sign);
		if (sign.kind != SIGN_COLOUR)
			return at;
		at = sign.end;
	}
	return at;
}

uint32_t spelling_pass_gap(const char *data, uint32_t at, uint32_t end)
{
	while (at < end && spelling_may_begin_gap(data[at])) {
		struct sign sign;

		if (spelling_is_blank(data[at])) {
			at++;
			continue;
		}
		spelling_read(data, at, end, &sign);
		if (sign.kind != SIGN_COLOUR && sign.kind != SIGN_BLANK)
			return at;
		at = sign.end;
	}
	return at;
}

/* Whether `text`, in any case, ends at `at`. */
static bool ends_with(
    const char *data, uint32_t floor, uint32_t at, const char *text, uint32_t length)
{
	return at - floor >= length && strncasecmp(data + at - length, text, length) == 0;
}

bool spelling_closes(const char *data, uint32_t open, uint32_t length, uint32_t backslashes,
    const struct sign *quote)
{
	const uint32_t bare = length - backslashes; /* what must be the same byte for byte */

	return quote->backslashes >= backslashes &&
	       (quote->backslashes - backslashes) % (2 * (backslashes + 1)) == 0 &&
	       quote->end - quote->start - quote->backslashes == bare &&
	       memcmp(data + quote->end - bare, data + open + length - bare, bare) == 0;
}

/* Where the backslashes that end at `at` begin, in whatever spelling. */
static uint32_t backslashes_before(const char *data, uint32_t floor, uint32_t at)
{
	while (at > floor) {
		const bool may_end = (data[at - 1] | 0x20) == 'c';

		if (data[at - 1] == '\\')
			at--;
		else if (may_end && ends_with(data, floor, at, "\\x5c", 4))
			at -= 4;
		else if (may_end && ends_with(data, floor, at, "\\u005c", 6))
			at -= 6;
		else if (may_end && ends_with(data, floor, at, "%5c", 3))
			at -= 3;
		else
			return at;
	}
	return at;
}

uint32_t spelling_quote_before(const char *data, uint32_t floor, uint32_t at)
{
	static const struct {
		const char *text;
		uint32_t length;
		bool is_escape; /* it ends in what a backslash makes of it */
	} quotes[] = { { "\\x22", 4, true }, { "\\x27", 4, true }, { "\\u0022", 6, true },
		{ "\\u0027", 6, true }, { "%22", 3, true }, { "%27", 3, true },
		{ "&quot;", 6, false }, { "&#34;", 5, false }, { "&#x22;", 6, false },
		{ "&#39;", 5, false }, { "&#x27;", 6, false }, { "&apos;", 6, false } };
	char last = at > floor ? data[at - 1] : '\0';

	if (last == '"' || last == '\'')
		return backslashes_before(data, floor, at - 1);
	if (last != '2' && last != '7' && last != ';')
		return at;
	for (uint32_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++)
		if (ends_with(data, floor, at, quotes[i].text, quotes[i].length)) {
			at -= quotes[i].length;
			return quotes[i].is_escape ? backslashes_before(data, floor, at) : at;
		}
	return at;
}

uint32_t spelling_follows(
    const char *data, uint32_t at, uint32_t end, const char *text, uint32_t length, bool *cut)
{
	*cut = false;
	for (uint32_t i = 0; i < length; i++) {
		struct sign sign;

		if (at == end) {
			*cut = true;
			return 0;
		}
		if (data[at] == text[i] || (text[i] == ' ' && data[at] == '+')) {
			at++;
			continue;
		}
		spelling_read(data, at, end, &sign);
		if (text[i] != ' ' || sign.kind != SIGN_BLANK)
			return 0;
		at = sign.end;
	}
	return at;
}
