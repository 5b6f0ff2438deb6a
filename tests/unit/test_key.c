/* What stands before a key, and the names of -k. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "match/key.h"

/* A text that ends in the literal, and the key that ends there; NULL: none does. */
struct row {
	const char *text;
	const char *key;
};

static const struct row rows[] = {
	/* the names */
	{ "code", "code" },
	{ "CODE", "CODE" },
	{ "errcode", "errcode" },
	{ "ErrCode", "ErrCode" },
	{ "err_code", "err_code" },
	{ "error_code", "error_code" },
	{ "errorCode", "errorCode" },
	{ "retCode", "retCode" },
	{ "ret_code", "ret_code" },
	{ "resCode", "resCode" },
	{ "resultCode", "resultCode" },
	{ "result_code", "result_code" },
	{ "respCode", "respCode" },
	{ "resp_code", "resp_code" },
	{ "rspCode", "rspCode" },
	{ "returnCode", "returnCode" },
	{ "return_code", "return_code" },
	{ "bizCode", "bizCode" },
	{ "biz_code", "biz_code" },
	{ "consistencyCode", "consistencyCode" },
	/* longer words */
	{ "statusCode", NULL },
	{ "httpCode", NULL },
	{ "responseCode", NULL },
	{ "status_code", NULL },
	{ "barcode", NULL },
	{ "xerrCode", NULL },
	{ "_code", NULL },
	{ "x-code", NULL },
	{ "path/code", NULL },
	{ "9code", NULL },
	{ "res_code", NULL },
	{ "rsp_code", NULL },
	/* what may stand before */
	{ " code", "code" },
	{ "\tcode", "code" },
	{ "\"code", "code" },
	{ "'errCode", "errCode" },
	{ "{code", "code" },
	{ ".code", "code" },
	{ "$code", "code" },
	{ "\xe8\xb4\xa5"
	  "code",
	    "code" },
	{ "\nx\ncode", "code" },
	/* escapes */
	{ "x\\ncode", "code" },
	{ "x\\tcode", "code" },
	{ "x\\rcode", "code" },
	{ "\\x22code", "code" },
	{ "\\x5C\\x22code", "code" },
	{ "\\u0022errCode", "errCode" },
	{ "\\033code", NULL },
	{ "\\zcode", NULL },
	{ "\\x41code", NULL },
	{ "\\u0041code", NULL },
	{ "\\u4e2dcode", "code" },
	{ "x22code", NULL },
	{ "\\xg2code", NULL },
	{ "u0022code", NULL },
	{ "\\499code", NULL },
	/* colours, of which any number may stand there */
	{ "x\x1b[31mcode", "code" },
	{ " \x1b[31mcode", "code" },
	{ "\x1b[0m\x1b[1;31mcode", "code" },
	{ "\\u001b[31mcode", "code" },
	{ "\\x1b[31mcode", "code" },
	{ "\\x1B[38:5:1mcode", "code" },
	{ "\\033[31mcode", "code" },
	{ "\\e[mcode", "code" },
	{ "\\\\u001b[31mcode", "code" },
	{ "[31mcode", NULL },
	{ "\x1b[31xcode", NULL },
	{ "\x1b 31mcode", NULL },
	{ "nonexit code", "code" },
	{ "smsx code", "code" },
	{ "exit, code", "code" },
	{ "\"exit\" code", "code" },
	{ "exit\ncode", "code" },
	{ "exit\n code", "code" },
	{ "error code", "code" },
	{ "exit\ne code", "code" },
};

static void keys_begin_a_token(void **state)
{
	struct error error = ERROR_INIT;
	struct key_set set;

	(void)state;
	assert_true(key_set_init(&set, &error));
	assert_string_equal(set.literals[0].literal.text, "code");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = strlen(rows[i].text);
		size_t start = 0;
		bool found = key_stands_at(&set.literals[0], rows[i].text, 0, length - 4, &start);

		if (found != (rows[i].key != NULL))
			fail_msg("'%s': %s", rows[i].text, found ? "is no key" : "is a key");
		if (found && strcmp(rows[i].text + start, rows[i].key) != 0)
			fail_msg("'%s': found '%s'", rows[i].text, rows[i].text + start);
	}
	key_set_release(&set);
}

/* "exit code: 0" is another thing's: the word is told. */
static void words_in_front_are_told(void **state)
{
	static const struct {
		const char *text;
		enum hit_word word;
	} cases[] = { { "exit code", HIT_WORD_OTHER }, { "status code", HIT_WORD_OTHER },
		{ "HTTP code", HIT_WORD_OTHER }, { "zip\tcode", HIT_WORD_OTHER },
		{ "postal  code", HIT_WORD_OTHER }, { "x area code", HIT_WORD_OTHER },
		{ "country code", HIT_WORD_OTHER }, { "verification code", HIT_WORD_OTHER },
		{ "number Verify code", HIT_WORD_OTHER }, { "sms code", HIT_WORD_OTHER },
		{ "promo code", HIT_WORD_OTHER }, { "otp code", HIT_WORD_OTHER },
		{ "invite code", HIT_WORD_OTHER }, { "PIN code", HIT_WORD_OTHER },
		{ "(exit code", HIT_WORD_OTHER }, { "\"exit code", HIT_WORD_OTHER },
		{ "\\nexit code", HIT_WORD_OTHER }, { "exit\x1b[31m code", HIT_WORD_OTHER },
		{ "exit \x1b[31mcode", HIT_WORD_OTHER }, { "验证码 code", HIT_WORD_OTHER },
		{ "验证码code", HIT_WORD_OTHER }, { "post code", HIT_WORD_PERHAPS },
		{ "bank code", HIT_WORD_PERHAPS }, { "access code", HIT_WORD_PERHAPS },
		{ "/v1/web/verify code", HIT_WORD_NONE }, { "cn.jiguang.verify code", HIT_WORD_NONE },
		{ "pre-verify code", HIT_WORD_NONE }, { "my_verify code", HIT_WORD_NONE },
		{ "step:verify code", HIT_WORD_NONE }, { "action=verify code", HIT_WORD_NONE },
		{ "nonexit code", HIT_WORD_NONE }, { "exit, code", HIT_WORD_NONE },
		{ "\"exit\" code", HIT_WORD_NONE }, { "exit\ncode", HIT_WORD_NONE },
		{ "login code", HIT_WORD_NONE }, { "code", HIT_WORD_NONE } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum hit_word word =
		    key_word_before(cases[i].text, 0, strlen(cases[i].text) - 4);

		if (word != cases[i].word)
			fail_msg("'%s': %d", cases[i].text, (int)word);
	}
	assert_int_equal(key_word_before("x exit code", 3, 7), HIT_WORD_NONE);
}

static void nothing_before_the_floor_counts(void **state)
{
	struct error error = ERROR_INIT;
	struct key_set set;
	size_t start = 0;

	(void)state;
	assert_true(key_set_init(&set, &error));
	assert_true(key_stands_at(&set.literals[0], "xcode", 1, 1, &start));
	/* a prefix must fit in front as well */
	assert_true(key_stands_at(&set.literals[0], "errcode", 0, 3, &start));
	assert_int_equal(start, 0);
	assert_true(key_stands_at(&set.literals[0], "errcode", 3, 3, &start));
	assert_int_equal(start, 3);
	key_set_release(&set);
}

static void chinese_keys_have_no_left_boundary(void **state)
{
	static const struct row chinese[] = { { "返回码", "返回码" }, { "x错误码", "错误码" },
		{ "9响应码", "响应码" }, { "结果码", "结果码" }, { "密码", NULL }, { "码", NULL },
		{ "验证码", NULL }, { "\xb7\xb5\xbb\xd8\xc2\xeb", "\xb7\xb5\xbb\xd8\xc2\xeb" },
		{ "x\xb4\xed\xce\xf3\xc2\xeb", "\xb4\xed\xce\xf3\xc2\xeb" },
		{ "x\xc2\xeb", NULL }, { "錯誤碼", "錯誤碼" }, { "错误代码", "错误代码" },
		{ "\\u9519\\u8bef\\u7801", "\\u9519\\u8bef\\u7801" },
		{ "\\\\u9519\\\\u8bef\\\\u7801", "\\\\u9519\\\\u8bef\\\\u7801" },
		{ "\\xe9\\x94\\x99\\xe8\\xaf\\xaf\\xe7\\xa0\\x81",
		    "\\xe9\\x94\\x99\\xe8\\xaf\\xaf\\xe7\\xa0\\x81" },
		{ "\\u9a8c\\u8bc1\\u7801", NULL } };
	struct error error = ERROR_INIT;
	struct key_set set;

	(void)state;
	assert_true(key_set_init(&set, &error));
	assert_int_equal(set.count, 6);
	for (size_t i = 0; i < sizeof(chinese) / sizeof(chinese[0]); i++) {
		const char *text = chinese[i].text;
		const char *found = NULL;

		for (size_t l = 1; l < set.count; l++) {
			size_t length = set.literals[l].literal.length;
			size_t start = 0;

			assert_true(set.literals[l].needs_no_separator);
			if (strlen(text) >= length &&
			    memcmp(text + strlen(text) - length, set.literals[l].literal.text,
			        length) == 0 &&
			    key_stands_at(&set.literals[l], text, 0, strlen(text) - length, &start))
				found = text + start;
		}
		if ((found == NULL) != (chinese[i].key == NULL) ||
		    (found != NULL && strcmp(found, chinese[i].key) != 0))
			fail_msg("'%s'", text);
	}
	key_set_release(&set);
}

static void users_names_replace_or_add(void **state)
{
	static char *in_place[] = { "ticket,my code,单号" };
	static char *besides[] = { "one", "+two,ONE,code" };
	struct error error = ERROR_INIT;
	struct key_set set;
	size_t usual;

	(void)state;
	assert_true(key_set_init(&set, &error));
	usual = set.name_count;
	key_set_release(&set);

	assert_true(key_set_init_from(&set, in_place, 1, &error));
	assert_int_equal(set.count, 3);
	assert_int_equal(set.name_count, 3);
	assert_string_equal(set.names[1], "my code");
	assert_true(set.literals[0].has_boundary);
	assert_false(set.literals[0].needs_no_separator);
	assert_false(set.literals[2].has_boundary);
	assert_true(set.literals[2].needs_no_separator);
	key_set_release(&set);

	/* a name that is there already is not taken twice */
	assert_true(key_set_init_from(&set, besides, 2, &error));
	assert_int_equal(set.count, 6 + 2);
	assert_int_equal(set.name_count, usual + 2);
	assert_string_equal(set.names[usual + 1], "two");
	key_set_release(&set);
}

static void bad_names_are_refused(void **state)
{
	static const struct {
		const char *argument;
		const char *message;
	} faults[] = {
		{ "", "--key: empty name in ''" },
		{ "+", "--key: empty name in ''" },
		{ "a,", "--key: empty name in ''" },
		{ "a,,b", "--key: empty name in ',b'" },
		{ "a\tb", "--key: control character in 'a\tb'" },
		{ "a,b\x7f", "--key: control character in 'b\x7f'" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg",
		    "--key: name "
		    "'aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg'"
		    " is longer than 64 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct error error = ERROR_INIT;
		struct key_set set;
		char *arguments[] = { (char *)(size_t)faults[i].argument };

		assert_false(key_set_init_from(&set, arguments, 1, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, faults[i].message);
		key_set_release(&set);
	}
}

static void names_are_limited_in_number(void **state)
{
	char list[65 * 5] = "";
	char *arguments[] = { list };
	struct error error = ERROR_INIT;
	struct key_set set;

	(void)state;
	for (unsigned i = 0; i < 64; i++)
		(void)snprintf(list + strlen(list), 6, "%sk%u", i == 0 ? "" : ",", i);
	assert_true(key_set_init_from(&set, arguments, 1, &error));
	assert_int_equal(set.count, 64);
	key_set_release(&set);
	(void)strcat(list, ",x");
	assert_false(key_set_init_from(&set, arguments, 1, &error));
	assert_int_equal(error.kind, ERROR_USAGE);
	key_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_begin_a_token),
		cmocka_unit_test(nothing_before_the_floor_counts),
		cmocka_unit_test(words_in_front_are_told),
		cmocka_unit_test(chinese_keys_have_no_left_boundary),
		cmocka_unit_test(users_names_replace_or_add),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(names_are_limited_in_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
