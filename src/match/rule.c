/*
 * Owns the grammar of `key separator number`. Must not know which keys there
 * are, or what the number means.
 */
#include "match/rule.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "match/spelling.h"

/* The parts of the pattern, in PCRE2's extended syntax (blanks do not count). */
#define BLANK "[\\x20\\t]|\\\\++(?-i:t)|%20|%09|#011|&nbsp;"
#define BLANKS "(?:" BLANK ")*+"
#define COLOR "(?:\\x1b|\\\\++(?:x1b|u001b|033|e))\\[(?-i:[\\d;:]*+m|K)"
#define COLORS "(?:" COLOR ")*+"
#define GAP "(?:" BLANK "|" COLOR ")*+"
#define ESCAPED_BYTE "(?:\\\\++(?-i:x)5c)*+\\\\++(?-i:x)2[27]"
#define ESCAPED_UNIT "(?:\\\\++(?-i:u)005c)*+\\\\++(?-i:u)002[27]"
#define ENCODED "(?:%5c)*+%2[27]"
#define ENTITY "&(?:quot|apos|\\x2334|\\x2339|\\x23x2[27]);"
/* `"` or `'` behind backslashes, CSV's doubled `""` (escaped: `\"\"`), \x22 behind \x5C, \u0022, %22, &quot; */
#define QUOTE \
	"(?:(?:\\\\*+\"){1,2}+|\\\\*+'|" ESCAPED_BYTE "|" ESCAPED_UNIT "|" ENCODED "|" ENTITY ")"
#define COLON "(?::|%3a|&\\x23(?:58|x3a);)"
#define EQUALS "(?:=|%3d|&\\x23(?:61|x3d);)"
#define FULL_WIDTH_COLON "\\xef\\xbc\\x9a|\\xa3\\xba"
#define GREATER "(?:>|&gt;|\\\\++(?-i:u)003e)"
#define SEPARATOR "(?:" EQUALS "(?:=|" GREATER ")?+|->|" COLON "|" FULL_WIDTH_COLON ")"

/* What most programs print: seen at once. */
#define AS_USUAL "[:=]\\x20?+(?=\\d)"
/* The member form: the groups are the closing and the opening quote. */
#define AS_MEMBER COLORS "(?<key_quote>" QUOTE ")" BLANKS COLON BLANKS "(?<member_open>" QUOTE ")?+"
/* Any other: colours may stand between any two parts. The comma is Erlang's, in a tuple. */
#define AS_TEXT                                                                     \
	COLORS "(?:(?<text_quote>" QUOTE ")(?:>>)?+)?+[\\])]?+" GAP "(?:" SEPARATOR \
	       "|(?<=>>),)" GAP "(?:<<|(?-i:Some|Optional)\\()?+(?<text_open>" QUOTE ")?+" COLORS
/* code=[9011] of a bare key: in JSON it would be a list. An annotation of ours may stand in it. */
#define ANNOTATION "(?:\\x20(?:" COLOR ")?+\\[[^\\]\\n]*+\\](?:" COLOR ")?+)"
#define AS_WRAPPED                                                                 \
	GAP SEPARATOR GAP "(?:\\[(?=\\d++" ANNOTATION "?+\\])|\\xe3\\x80\\x90(?=\\d++" ANNOTATION \
			  "?+\\xe3\\x80\\x91))"
/* Behind a Chinese key, which needs no separator; 为 and 是 in UTF-8 and GBK may stand there. */
#define COPULA "(?:\\xe4\\xb8\\xba|\\xe6\\x98\\xaf|\\xce\\xaa|\\xca\\xc7)"
#define AS_WORD                                                                            \
	"\\]?+" GAP "(?:" COPULA GAP "(?:" SEPARATOR GAP ")?+)?+(?<word_open>" QUOTE ")?+" COLORS
#define AS_ELEMENT COLORS GREATER GAP "(?<element_open>" QUOTE ")?+"
/* What must follow: the end of the token, or a message field glued on. */
#define BOUNDARY "(?![\\w]|[.-]\\d)|(?=(?:message|msg|content|desc)[\\x20\\t]*+[=:])"
/* 9,018 is no 9 */
#define NO_THOUSANDS "(?!\\d{1,3}+,\\d{3}(?!\\w))"
#define NUMBER \
	NO_THOUSANDS "(?<number>0|[1-9]\\d{0,8}+)(?<zero>\\.0(?=" BOUNDARY "))?+(?:" BOUNDARY ")"

/* The groups in the order in which they stand in the pattern. */
enum group {
	KEY_QUOTE = 1,
	MEMBER_OPEN,
	ELEMENT_OPEN,
	TEXT_QUOTE,
	TEXT_OPEN,
	WORD_OPEN,
	NUMBER_GROUP,
	ZERO
};

static void add_literal(struct strbuf *text, const struct key_word *literal)
{
	for (size_t i = 0; i < literal->length; i++)
		strbuf_add_format(text, isalnum((unsigned char)literal->text[i]) ? "%c" : "\\x%02x",
		    (unsigned char)literal->text[i]);
}

/* (?:LITERAL|LITERAL): of those that need no separator, or of all. */
static void add_literals(
    struct strbuf *text, const struct key_literal *keys, size_t count, bool all)
{
	const char *before = "";

	for (size_t i = 0; i < count; i++) {
		if (!all && !keys[i].needs_no_separator)
			continue;
		strbuf_add_text(text, before);
		add_literal(text, &keys[i].literal);
		before = "|";
	}
}

static bool any_needs_no_separator(const struct key_literal *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (keys[i].needs_no_separator)
			return true;
	return false;
}

struct pattern *rule_new(
    const struct key_literal *keys, size_t count, bool no_jit, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct pattern *pattern = NULL;

	strbuf_add_text(&text, "(?i)(?:");
	add_literals(&text, keys, count, true);
	strbuf_add_text(&text, ")(?:" AS_USUAL "|" AS_MEMBER "|" AS_ELEMENT "|" AS_TEXT "|" AS_WRAPPED
			       "|");
	/* Where no key may stand so, the part can never match: the groups keep their numbers. */
	strbuf_add_text(&text, any_needs_no_separator(keys, count) ? "(?<=" : "(?!");
	add_literals(&text, keys, count, false);
	strbuf_add_text(&text, ")" AS_WORD ")" NUMBER);
	if (text.failed)
		(void)error_set_memory(error);
	else
		pattern = pattern_new("key", text.data, text.len,
		    PATTERN_ANCHORED | (no_jit ? PATTERN_NO_JIT : PATTERN_JIT_LATER), error);
	strbuf_release(&text);
	return pattern;
}

/* The first bytes of all forms: separators, quotes, colours, blanks; and of AS_WORD. */
#define FOLLOW ":=>\"'\\\x1b]) \t\xef\xa3%&#-"
#define FOLLOW_WORD FOLLOW "0123456789\xe4\xe6\xce\xca"

const char *rule_follow(const struct key_literal *key)
{
	return key->needs_no_separator ? FOLLOW_WORD : FOLLOW;
}

void rule_read(const struct pattern_run *run, size_t key_start, struct hit *hit)
{
	const size_t *spans = pattern_run_spans(run);
	static const enum group opens[] = { MEMBER_OPEN, TEXT_OPEN, WORD_OPEN, ELEMENT_OPEN };
	enum group quote = spans[2 * KEY_QUOTE] != PATTERN_UNSET ? KEY_QUOTE : TEXT_QUOTE;

	hit->key.start = (uint32_t)key_start;
	hit->number.start = (uint32_t)spans[2 * NUMBER_GROUP];
	hit->number.end = (uint32_t)spans[2 * NUMBER_GROUP + 1];
	hit->open_start = hit->number.start;
	hit->value_end = hit->number.end;
	if (pattern_run_pairs(run) > ZERO && spans[2 * ZERO] != PATTERN_UNSET)
		hit->value_end = (uint32_t)spans[2 * ZERO + 1];
	hit->is_member = spans[2 * KEY_QUOTE] != PATTERN_UNSET;
	if (spans[2 * quote] != PATTERN_UNSET) {
		hit->quote.start = (uint32_t)spans[2 * quote];
		hit->quote.end = (uint32_t)spans[2 * quote + 1];
	}
	for (size_t i = 0; i < sizeof(opens) / sizeof(opens[0]); i++)
		if (spans[2 * opens[i]] != PATTERN_UNSET)
			hit->open_start = (uint32_t)spans[2 * opens[i]];
}

/* Whether the quote that closes the key ends at `end` as well: there it opens it. */
static bool is_opened_at(const char *data, const struct hit *hit, uint32_t end)
{
	uint32_t length = hit->quote.end - hit->quote.start;

	return length > 0 && end - hit->line.start >= length &&
	       data[end - 1] == data[hit->quote.end - 1] &&
	       memcmp(data + end - length, data + hit->quote.start, length) == 0;
}

static uint32_t blanks_before(const char *data, uint32_t floor, uint32_t end)
{
	while (end > floor && spelling_is_blank(data[end - 1]))
		end--;
	return end;
}

/* Where the name of the key begins, which ends at key_end. */
static uint32_t name_before(const char *data, const struct hit *hit)
{
	uint32_t at = hit->key.end;
	/* any other quote ends with what no name holds */
	bool is_spelled = hit->quote.end > hit->quote.start && data[hit->quote.end - 1] == '2';

	while (at > hit->line.start && spelling_is_name(data[at - 1]) &&
	       !(is_spelled && is_opened_at(data, hit, at)))
		at--;
	return at;
}

void rule_look_back(const char *data, struct hit *hit)
{
	uint32_t floor = hit->line.start;
	uint32_t at;

	hit->value_end = hit->number.end;
	hit->open_start = spelling_quote_before(data, floor, hit->number.start);
	at = blanks_before(data, floor, hit->open_start);
	hit->key.start = hit->key.end = hit->quote.start = hit->quote.end = hit->open_start;
	if (at == floor || (data[at - 1] != ':' && data[at - 1] != '='))
		return;
	hit->is_member = data[at - 1] == ':';
	hit->quote.end = blanks_before(data, floor, at - 1);
	hit->quote.start = spelling_quote_before(data, floor, hit->quote.end);
	hit->key.end = hit->quote.start;
	hit->is_member = hit->is_member && hit->key.end < hit->quote.end;
	hit->key.start = name_before(data, hit);
	hit->is_member = hit->is_member && hit->key.start < hit->key.end;
}

bool rule_read_code(const char *digits, size_t length, uint32_t *code)
{
	uint32_t value = 0;

	if (length == 0 || length > 9 || (length > 1 && digits[0] == '0'))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(digits[i] - '0');
	}
	*code = value;
	return true;
}
