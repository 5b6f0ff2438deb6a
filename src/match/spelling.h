#ifndef JGANNOTATE_MATCH_SPELLING_H
#define JGANNOTATE_MATCH_SPELLING_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The signs that a log's text is put together from, in every spelling in which loggers, shells,
 * web servers and encoders write them:
 *
 *     "  '  \"  \\\"  \x22  \x5C\x22  \u0022  ""  \""  %22  %5C%22  &quot;  &#34;
 *     :  =  ==  =>  ->  ：  %3A  %3D  &#58;      { %7B \u007b   , ; & ， %2C   < &lt; \u003c
 *
 * and colours, line ends and blanks likewise. All functions are thread safe; nothing before
 * `floor` or from `end` on is read.
 */
enum sign_kind {
	SIGN_TEXT, /* none: it stands for itself */
	SIGN_QUOTE,
	SIGN_OPEN, /* of any brackets */
	SIGN_CLOSE,
	SIGN_SEPARATOR, /* between a name and its value */
	SIGN_STOP,      /* a comma and its like: ends a bare value */
	SIGN_BREAK,     /* a line end that was spelled */
	SIGN_LESS,
	SIGN_GREATER,
	SIGN_BLANK,  /* a blank that was spelled */
	SIGN_COLOUR, /* seen through */
};

struct sign {
	enum sign_kind kind;
	char byte;            /* the character that is spelled: `"`, `[`, `=`... */
	uint32_t start, end;  /* where it stands, with the backslashes that belong to it */
	uint32_t backslashes; /* a quote's: how many, in whatever spelling */
	bool is_plain;        /* a quote's: it is the character itself behind them */
};

/* Whether a byte may begin a sign: what is none of these stands for itself. */
bool spelling_may_begin(char byte);

/* The sign that begins at `at`, which is before `end`. */
void spelling_read(const char *data, uint32_t at, uint32_t end, struct sign *sign);

/* Where the colours, and with them blanks in any spelling, end that begin at `at`. */
uint32_t spelling_skip_colours(const char *data, uint32_t at, uint32_t end);
static inline uint32_t spelling_skip_gap(const char *data, uint32_t at, uint32_t end);

/* Whether `quote` closes a string whose opening quote, of `length` bytes at `open`, has so many
 * backslashes: it is spelled alike, but for backslashes of the text's own in front of it. With k of
 * them in the spelling each one of the text takes 2(k + 1): "C:\\" */
bool spelling_closes(const char *data, uint32_t open, uint32_t length, uint32_t backslashes,
    const struct sign *quote);

/* Where the quote that ends at `at` begins; `at` when none ends there. */
uint32_t spelling_quote_before(const char *data, uint32_t floor, uint32_t at);

/* Where `text`, the first `length` bytes of a value, ends, if the value begins with it: blanks of
 * the text may be spelled. 0: it does not. `*cut`: whether the data ended within it. */
uint32_t spelling_follows(
    const char *data, uint32_t at, uint32_t end, const char *text, uint32_t length, bool *cut);

/* The number of the `digits` hexadecimal digits at `at`; -1: there are not so many. */
int spelling_read_hex(const char *data, uint32_t at, uint32_t end, uint32_t digits);

static inline bool spelling_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline bool spelling_is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool spelling_is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* What a name is made of, or a word goes on with. */
static inline bool spelling_is_name(char c)
{
	return spelling_is_letter(c) || spelling_is_digit(c) || c == '_';
}

/* Whether a blank or a colour may begin with the byte, in any spelling: blank tab # % & \ ESC */
static inline bool spelling_may_begin_gap(char c)
{
	const uint64_t low = UINT64_C(1) << ' ' | UINT64_C(1) << '\t' | UINT64_C(1) << '#' |
	                     UINT64_C(1) << '%' | UINT64_C(1) << '&' | UINT64_C(1) << '\x1b';

	return (unsigned char)c < 64 ? (low >> (unsigned char)c & 1) != 0 : c == '\\';
}

/* spelling_skip_gap, where there may be something to skip. */
uint32_t spelling_pass_gap(const char *data, uint32_t at, uint32_t end);

static inline uint32_t spelling_skip_gap(const char *data, uint32_t at, uint32_t end)
{
	return at < end && spelling_may_begin_gap(data[at]) ? spelling_pass_gap(data, at, end) : at;
}

#endif
