/*
 * Owns the names that carry a code and the rule for what stands before them.
 * Must not know patterns, numbers or the catalog.
 */
#include "match/key.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "match/spelling.h"

#define KEYS_MAX 64 /* names searched for one by one */
#define NAME_LENGTH_MAX 64
#define WORD(text) { text, sizeof(text) - 1 }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* what stands before `code` in the usual keys */
static const struct key_word code_prefixes[] = { WORD("err"), WORD("err_"), WORD("error_"),
	WORD("error"), WORD("ret"), WORD("ret_"), WORD("res"), WORD("result"), WORD("result_"),
	WORD("resp"), WORD("resp_"), WORD("rsp"), WORD("return"), WORD("return_"), WORD("biz"),
	WORD("biz_"), WORD("consistency") };
/* before `码`: 返回 错误 响应 结果 错误代 返回代, in UTF-8, in GBK, in escapes of UTF-16
 * and of UTF-8; and 錯誤 before 碼 */
static const struct key_word utf8_prefixes[] = { WORD("返回"), WORD("错误"), WORD("响应"),
	WORD("结果"), WORD("错误代"), WORD("返回代") };
static const struct key_word gbk_prefixes[] = { WORD("\xb7\xb5\xbb\xd8"), WORD("\xb4\xed\xce\xf3"),
	WORD("\xcf\xec\xd3\xa6"), WORD("\xbd\xe1\xb9\xfb"), WORD("\xb4\xed\xce\xf3\xb4\xfa"),
	WORD("\xb7\xb5\xbb\xd8\xb4\xfa") };
static const struct key_word traditional_prefixes[] = { WORD("錯誤") };
/* a blank is a backslash, or more where the text is in another */
static const struct key_word utf16_prefixes[] = { WORD("u8fd4 u56de"), WORD("u9519 u8bef"),
	WORD("u54cd u5e94"), WORD("u7ed3 u679c"), WORD("u9519 u8bef u4ee3"),
	WORD("u8fd4 u56de u4ee3") };
static const struct key_word byte_prefixes[] = { WORD("xe8 xbf x94 xe5 x9b x9e xe7 xa0"),
	WORD("xe9 x94 x99 xe8 xaf xaf xe7 xa0"), WORD("xe5 x93 x8d xe5 xba x94 xe7 xa0"),
	WORD("xe7 xbb x93 xe6 x9e x9c xe7 xa0"),
	WORD("xe9 x94 x99 xe8 xaf xaf xe4 xbb xa3 xe7 xa0"),
	WORD("xe8 xbf x94 xe5 x9b x9e xe4 xbb xa3 xe7 xa0") };
static const struct key_literal usual_literals[] = {
	{ WORD("code"), true, code_prefixes, COUNT(code_prefixes), 0, true, false, true },
	{ WORD("码"), false, utf8_prefixes, COUNT(utf8_prefixes), 0, false, true, true },
	{ WORD("\xc2\xeb"), false, gbk_prefixes, COUNT(gbk_prefixes), 0, false, true, true },
	{ WORD("碼"), false, traditional_prefixes, COUNT(traditional_prefixes), 0, false, true, true },
	{ WORD("\\u7801"), false, utf16_prefixes, COUNT(utf16_prefixes), 0, false, true, true },
	{ WORD("\\x81"), false, byte_prefixes, COUNT(byte_prefixes), 0, false, true, true },
};

static const char *const usual_names[] = { "code", "errcode", "err_code", "error_code",
	"errorCode", "retCode", "ret_code", "resCode", "resultCode", "result_code", "respCode",
	"resp_code", "rspCode", "returnCode", "return_code", "bizCode", "biz_code",
	"consistencyCode", "返回码", "错误码", "响应码", "结果码", "错误代码", "返回代码", "錯誤碼" };

/* The last three letters of a word, as one number: most texts differ there. */
#define TAIL(last, before, third) \
	((uint32_t)(unsigned char)(last) | (uint32_t)(unsigned char)(before) << 8 | \
	    (uint32_t)(unsigned char)(third) << 16)
#define WORD_BEFORE(text, kind) \
	{ \
		WORD(text), \
		    TAIL((text)[sizeof(text) - 2], (text)[sizeof(text) - 3], \
		        (text)[sizeof(text) - 4]), \
		    kind \
	}

/* Words in front of a key, with blanks between, that make it another thing's: "exit code 0"; and
 * those that may. */
static const struct word_before {
	struct key_word word;
	uint32_t tail;
	enum hit_word kind;
} words_before[] = { WORD_BEFORE("exit", HIT_WORD_OTHER), WORD_BEFORE("status", HIT_WORD_OTHER),
	WORD_BEFORE("http", HIT_WORD_OTHER), WORD_BEFORE("zip", HIT_WORD_OTHER),
	WORD_BEFORE("postal", HIT_WORD_OTHER), WORD_BEFORE("area", HIT_WORD_OTHER),
	WORD_BEFORE("country", HIT_WORD_OTHER), WORD_BEFORE("verification", HIT_WORD_OTHER),
	WORD_BEFORE("verify", HIT_WORD_OTHER), WORD_BEFORE("sms", HIT_WORD_OTHER),
	WORD_BEFORE("promo", HIT_WORD_OTHER), WORD_BEFORE("otp", HIT_WORD_OTHER),
	WORD_BEFORE("invite", HIT_WORD_OTHER), WORD_BEFORE("coupon", HIT_WORD_OTHER),
	WORD_BEFORE("pin", HIT_WORD_OTHER), WORD_BEFORE("branch", HIT_WORD_OTHER),
	WORD_BEFORE("currency", HIT_WORD_OTHER), WORD_BEFORE("activation", HIT_WORD_OTHER),
	WORD_BEFORE("post", HIT_WORD_PERHAPS), WORD_BEFORE("access", HIT_WORD_PERHAPS),
	WORD_BEFORE("security", HIT_WORD_PERHAPS), WORD_BEFORE("product", HIT_WORD_PERHAPS),
	WORD_BEFORE("bank", HIT_WORD_PERHAPS) };
/* this one needs no blank */
static const struct key_word chinese_word = WORD("验证码");

/* A number below 64 for the two bytes before `end`, the same in any case. With a factor of 5 no
 * prefix shares it with barcode, statusCode, zipcode, postcode, encode or unicode. */
#define ENDING(last, before) (((unsigned)((last) & 31) + 5 * (unsigned)((before) & 31)) % 64)

static unsigned ending_of(const char *end)
{
	return ENDING(end[-1], end[-2]);
}

/* A bit for each way in which a prefix ends: most words that end in a literal are seen through by
 * theirs. */
static uint64_t endings_of(const struct key_literal *literal)
{
	uint64_t endings = 0;

	for (size_t i = 0; i < literal->prefix_count; i++) {
		const struct key_word *prefix = &literal->prefixes[i];

		endings |= UINT64_C(1) << ending_of(prefix->text + prefix->length);
	}
	return endings;
}

static bool add_literal(struct key_set *set, const struct key_literal *literal, struct error *error)
{
	struct key_literal *grown =
	    realloc(set->literals, (set->count + 1) * sizeof(*set->literals));

	if (grown == NULL)
		return error_set_memory(error);
	set->literals = grown;
	set->literals[set->count] = *literal;
	set->literals[set->count++].endings = endings_of(literal);
	return true;
}

static bool add_name(struct key_set *set, const char *name, size_t length, struct error *error)
{
	char **grown = realloc(set->names, (set->name_count + 1) * sizeof(*set->names));

	if (grown == NULL)
		return error_set_memory(error);
	set->names = grown;
	set->names[set->name_count] = strndup(name, length);
	if (set->names[set->name_count] == NULL)
		return error_set_memory(error);
	set->name_count++;
	return true;
}

static bool add_usual(struct key_set *set, struct error *error)
{
	for (size_t i = 0; i < COUNT(usual_literals); i++)
		if (!add_literal(set, &usual_literals[i], error))
			return false;
	for (size_t i = 0; i < COUNT(usual_names); i++)
		if (!add_name(set, usual_names[i], strlen(usual_names[i]), error))
			return false;
	return true;
}

static bool has_name(const struct key_set *set, const char *name, size_t length)
{
	for (size_t i = 0; i < set->name_count; i++)
		if (strlen(set->names[i]) == length && strncasecmp(set->names[i], name, length) == 0)
			return true;
	return false;
}

static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

static bool add_user_name(
    struct key_set *set, const char *name, size_t length, struct error *error)
{
	struct key_literal literal = { { NULL, length }, true, NULL, 0, 0, is_ascii(name[0]),
		!is_ascii(name[length - 1]), false };

	if (has_name(set, name, length))
		return true;
	if (set->count == KEYS_MAX)
		return error_set(error, ERROR_USAGE, "--key: more than %d names", KEYS_MAX);
	if (!add_name(set, name, length, error))
		return false;
	literal.literal.text = set->names[set->name_count - 1];
	return add_literal(set, &literal, error);
}

static bool add_user_names(struct key_set *set, const char *list, struct error *error)
{
	for (;;) {
		size_t length = strcspn(list, ",");

		if (length == 0)
			return error_set(error, ERROR_USAGE, "--key: empty name in '%s'", list);
		if (length > NAME_LENGTH_MAX)
			return error_set(error, ERROR_USAGE, "--key: name '%.*s' is longer than %d bytes",
			    (int)length, list, NAME_LENGTH_MAX);
		for (size_t i = 0; i < length; i++)
			if (iscntrl((unsigned char)list[i]))
				return error_set(error, ERROR_USAGE,
				    "--key: control character in '%.*s'", (int)length, list);
		if (!add_user_name(set, list, length, error))
			return false;
		list += length;
		if (*list++ == '\0')
			return true;
	}
}

bool key_set_init(struct key_set *set, struct error *error)
{
	memset(set, 0, sizeof(*set));
	return add_usual(set, error);
}

bool key_set_init_from(
    struct key_set *set, char *const *arguments, size_t count, struct error *error)
{
	bool besides = false;

	memset(set, 0, sizeof(*set));
	for (size_t i = 0; i < count; i++)
		besides = besides || arguments[i][0] == '+';
	if (besides && !add_usual(set, error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!add_user_names(set, arguments[i] + (arguments[i][0] == '+'), error))
			return false;
	return true;
}

void key_set_release(struct key_set *set)
{
	for (size_t i = 0; i < set->name_count; i++)
		free(set->names[i]);
	free(set->names);
	free(set->literals);
	memset(set, 0, sizeof(*set));
}

/* ---- what stands before a key ---- */

/* Words are in lower case; most of them fail at their last byte. */
static bool ends_with(const char *text, size_t floor, size_t end, const struct key_word *word)
{
	return end - floor >= word->length &&
	    (text[end - 1] | 0x20) == (word->text[word->length - 1] | 0x20) &&
	    (text[end - word->length] | 0x20) == (word->text[0] | 0x20) &&
	    strncasecmp(text + end - word->length, word->text, word->length) == 0;
}

/* unlike strchr alone: a NUL of the log is in no set */
static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Where the colour sequence that ends at `end` begins; `end` when none does. */
static size_t color_start(const char *text, size_t floor, size_t end)
{
	static const struct key_word introducers[] = { WORD("\\x1b"), WORD("\\u001b"), WORD("\\033"),
		WORD("\\e") };
	size_t at = end;

	if (at == floor || (text[at - 1] != 'm' && text[at - 1] != 'K'))
		return end;
	at--;
	while (text[end - 1] == 'm' && at > floor &&
	    (isdigit((unsigned char)text[at - 1]) || is_in(text[at - 1], ";:")))
		at--;
	if (at == floor || text[at - 1] != '[')
		return end;
	at--;
	if (at > floor && text[at - 1] == '\x1b')
		return at - 1;
	for (size_t i = 0; i < COUNT(introducers); i++)
		if (ends_with(text, floor, at, &introducers[i])) {
			at -= introducers[i].length;
			while (at > floor && text[at - 1] == '\\')
				at--;
			return at;
		}
	return end;
}

static bool is_alphanumeric(char c)
{
	return spelling_is_letter(c) || spelling_is_digit(c);
}

static bool is_token_char(char c)
{
	return spelling_is_name(c) || c == '-' || c == '/';
}

/* Whether the `digits` hexadecimal digits that end at `end` are the number of a character that may
 * stand before a key. */
static bool ends_number(const char *text, size_t end, uint32_t digits)
{
	const int value = spelling_read_hex(text, (uint32_t)end - digits, (uint32_t)end, digits);

	return value >= 0x80 || (value >= 0 && !is_token_char((char)value));
}

/* Whether \xHH or \uHHHH with `digits` digits ends at `end`, and is such a number. */
static bool ends_hex_escape(const char *text, size_t floor, size_t end, char kind, uint32_t digits)
{
	return end - floor >= digits + 2 && text[end - digits - 1] == kind &&
	       text[end - digits - 2] == '\\' && ends_number(text, end, digits);
}

/* Whether the letter or digit before `end` is the end of \n, \x22, \u0022, #012, %22. */
static bool ends_escape(const char *text, size_t floor, size_t end)
{
	if (end - floor >= 2 && text[end - 2] == '\\' && strchr("nrtbfvae", text[end - 1]) != NULL)
		return true;
	/* rsyslog's #012 */
	if (end - floor >= 4 && text[end - 4] == '#' && text[end - 3] == '0' &&
	    spelling_is_digit(text[end - 2]) && spelling_is_digit(text[end - 1]))
		return true;
	if (end - floor >= 3 && text[end - 3] == '%')
		return ends_number(text, end, 2);
	return ends_hex_escape(text, floor, end, 'x', 2) ||
	       ends_hex_escape(text, floor, end, 'u', 4);
}

/* Where the blank that ends at `end` begins, however it is spelled; `end` when none does. */
static size_t blank_start(const char *text, size_t floor, size_t end)
{
	static const struct key_word spelled[] = { WORD("\\t"), WORD("%20"), WORD("%09"), WORD("#011"),
		WORD("&nbsp;") };

	if (spelling_is_blank(text[end - 1]))
		return end - 1;
	if (!is_in(text[end - 1], "t091;"))
		return end;
	for (size_t i = 0; i < COUNT(spelled); i++)
		if (ends_with(text, floor, end, &spelled[i]))
			return end - spelled[i].length;
	return end;
}

/* Where the colours that end at `end` begin. */
static size_t skip_colors(const char *text, size_t floor, size_t end)
{
	for (;;) {
		size_t at = color_start(text, floor, end);

		if (at == end)
			return at;
		end = at;
	}
}

/* Whether the word that ends at `end` begins a token: behind a blank, a bracket, a quote, a
 * colour or a line end that was spelled. As a value (`action=verify code=9011`), or as the end of
 * a path or of a longer name, it is not meant. */
static bool is_word_alone(const char *text, size_t floor, size_t start)
{
	static const struct key_word entity_quotes[] = { WORD("&quot;"), WORD("&#34;") };

	if (start == floor || is_in(text[start - 1], " \t([{<\"'`"))
		return true;
	if (ends_with(text, floor, start, &entity_quotes[0]) ||
	    ends_with(text, floor, start, &entity_quotes[1]))
		return true;
	if (!is_alphanumeric(text[start - 1]))
		return false;
	return color_start(text, floor, start) < start || ends_escape(text, floor, start);
}

/* The word among those above that ends at `end`, alone. */
static enum hit_word word_that_ends(const char *text, size_t floor, size_t end)
{
	uint32_t tail;

	/* most texts are seen through by this: 31ms, a date, a bracket */
	if (end - floor < 3 || !spelling_is_letter(text[end - 1]) ||
	    !spelling_is_letter(text[end - 2]) || !spelling_is_letter(text[end - 3]))
		return HIT_WORD_NONE;
	tail = TAIL(text[end - 1] | 0x20, text[end - 2] | 0x20, text[end - 3] | 0x20);
	for (size_t i = 0; i < COUNT(words_before); i++) {
		const struct word_before *before = &words_before[i];

		if (before->tail == tail && ends_with(text, floor, end, &before->word) &&
		    is_word_alone(text, floor, end - before->word.length))
			return before->kind;
	}
	return HIT_WORD_NONE;
}

/* Whether what ends at `end` could be a colour or an escape: all others are seen through here. */
static bool may_be_sequence(const char *text, size_t floor, size_t end)
{
	size_t from = end - floor > 6 ? end - 6 : floor;

	return text[end - 1] == 'm' || text[end - 1] == 'K' ||
	    memchr(text + from, '\\', end - from) != NULL ||
	    (end - from > 2 && text[end - 3] == '%') || (end - from > 3 && text[end - 4] == '#');
}

/* The same of a key behind what a token may hold: a colour or an escape may end in it. */
static bool begins_behind_sequence(const char *text, size_t floor, size_t start)
{
	size_t end;

	if (is_alphanumeric(text[start - 1]) && !may_be_sequence(text, floor, start))
		return false;
	end = skip_colors(text, floor, start);
	if (end == floor || !is_token_char(text[end - 1]))
		return true;
	return end < start || (is_alphanumeric(text[end - 1]) && ends_escape(text, floor, end));
}

static inline bool begins_token(const char *text, size_t floor, size_t start)
{
	return start == floor || !is_token_char(text[start - 1]) || /* as most keys do */
	       begins_behind_sequence(text, floor, start);
}

/* Whether a blank or a colour, however it is spelled, may end with this byte: blank tab 0 1 9 ; K
 * m t */
static inline bool may_end_gap(char c)
{
#define BIT(c) (UINT64_C(1) << ((c)&63))
	static const uint64_t ends[4] = { BIT(' ') | BIT('\t') | BIT('0') | BIT('1') | BIT('9') |
		                              BIT(';'),
		BIT('K') | BIT('m') | BIT('t') };
#undef BIT

	return (ends[(unsigned char)c >> 6] >> ((unsigned char)c & 63) & 1) != 0;
}

/* Its last byte is rare. */
static inline bool ends_with_chinese(const char *text, size_t floor, size_t end)
{
	return text[end - 1] == chinese_word.text[chinese_word.length - 1] &&
	       ends_with(text, floor, end, &chinese_word);
}

enum hit_word key_word_before(const char *text, size_t floor, size_t start)
{
	size_t end;
	bool is_apart = false;

	if (start == floor)
		return HIT_WORD_NONE;
	if (!may_end_gap(text[start - 1]))
		return ends_with_chinese(text, floor, start) ? HIT_WORD_OTHER : HIT_WORD_NONE;
	for (end = start; end > floor && may_end_gap(text[end - 1]);) {
		const size_t blank = blank_start(text, floor, end);
		const size_t at = blank < end ? blank : color_start(text, floor, end);

		if (at == end)
			break;
		is_apart = is_apart || blank < end;
		end = at;
	}
	if (end == floor || end == start)
		return HIT_WORD_NONE;
	if (ends_with_chinese(text, floor, end))
		return HIT_WORD_OTHER;
	return is_apart ? word_that_ends(text, floor, end) : HIT_WORD_NONE;
}

static size_t backslashes_before(const char *text, size_t floor, size_t end)
{
	while (end > floor && text[end - 1] == '\\')
		end--;
	return end;
}

/* Whether a prefix ends at `at`, each of whose blanks stands for one backslash or more. */
static bool has_escaped_prefix(const struct key_literal *key, const char *text, size_t floor,
    size_t at, size_t *key_start)
{
	for (size_t i = 0; i < key->prefix_count; i++) {
		const struct key_word *prefix = &key->prefixes[i];
		size_t end = backslashes_before(text, floor, at);
		size_t left = prefix->length;

		while (left > 0 && end > floor) {
			if (prefix->text[left - 1] == ' ') {
				const size_t start = backslashes_before(text, floor, end);

				if (start == end)
					break;
				end = start;
			} else if ((text[end - 1] | 0x20) == prefix->text[left - 1]) {
				end--;
			} else {
				break;
			}
			left--;
		}
		*key_start = backslashes_before(text, floor, end);
		if (left == 0 && *key_start < end)
			return true;
	}
	return false;
}

bool key_stands_at(const struct key_literal *key, const char *text, size_t floor, size_t at,
    size_t *key_start)
{
	*key_start = at;
	if (key->is_name && (!key->has_boundary || begins_token(text, floor, at)))
		return true;
	if (key->literal.text[0] == '\\')
		return has_escaped_prefix(key, text, floor, at, key_start);
	if (at - floor < 2 || (key->endings >> ending_of(text + at) & 1) == 0)
		return false;
	for (size_t i = 0; i < key->prefix_count; i++) {
		*key_start = at - key->prefixes[i].length;
		if (ends_with(text, floor, at, &key->prefixes[i]) &&
		    (!key->has_boundary || begins_token(text, floor, *key_start)))
			return true;
	}
	return false;
}
