/* What --explain shows: cards, tables, alignment, languages, words not found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"
#include "catalog/explain.h"

static struct catalog *catalog;

static int make_catalog(void **state)
{
	static const char extra[] = "404\tgone\t商店\n";
	struct error error = ERROR_INIT;

	(void)state;
	catalog = catalog_new(&error);
	return catalog == NULL || !catalog_add_builtin(catalog, &error) ||
	       !catalog_parse(catalog, "shop.tsv", extra, strlen(extra), &error) ||
	       !catalog_freeze(catalog, &error);
}

static int free_catalog(void **state)
{
	(void)state;
	catalog_free(catalog);
	return 0;
}

/* Explains up to four words and compares. */
static void check(const char *const words[4], bool chinese, bool color, const char *expected,
    const char *expected_missing)
{
	struct strbuf out = STRBUF_INIT, missing = STRBUF_INIT;
	char copies[4][64], *pointers[4];
	size_t count = 0;
	bool found;

	for (; count < 4 && words[count] != NULL; count++) {
		strcpy(copies[count], words[count]);
		pointers[count] = copies[count];
	}
	found = explain_words(catalog, pointers, count, chinese, color, &out, &missing);
	assert_int_equal(found, expected_missing[0] == '\0');
	assert_string_equal(missing.data, expected_missing);
	assert_string_equal(out.data, expected);
	assert_false(out.failed || missing.failed);
	strbuf_release(&out);
	strbuf_release(&missing);
}

static void one_code_is_a_card(void **state)
{
	(void)state;
	check((const char *const[4]){ "9018" }, false, false,
	    "9018  appKey no money\n"
	    "  means       Insufficient account balance\n"
	    "  outcome     account\n"
	    "  to do       in the JiGuang console: balance, quota, service switched on\n"
	    "  category    verification\n"
	    "  catalog     built-in\n",
	    "");
	check((const char *const[4]){ "9000" }, true, true,
	    "\x1b[1m9000\x1b[0m  \x1b[32mverify consistent\x1b[0m\n"
	    "  \x1b[2m说明\x1b[0m        手机号验证一致\n"
	    "  \x1b[2m结果\x1b[0m        \x1b[32m成功\x1b[0m\n"
	    "  \x1b[2m类别\x1b[0m        verification\n"
	    "  \x1b[2m注意\x1b[0m        其他系统也使用这个数字\n"
	    "  \x1b[2m码表\x1b[0m        built-in\n",
	    "");
}

static void several_are_a_table(void **state)
{
	(void)state;
	check((const char *const[4]){ "9001", "404", "0", "9001" }, false, false,
	    "code  outcome   category      what JiGuang says\n"
	    "   0  success   risk          success\n"
	    "                              Request succeeded\n"
	    " 404  failed    商店          gone\n"
	    "9001  negative  verification  verify not consistent\n"
	    "                              Phone number verification inconsistent\n",
	    "");
	check((const char *const[4]){ "2000", "404" }, true, false,
	    "代码  结果    类别      极光返回的原文\n"
	    " 404  失败    商店      gone\n"
	    "2000  服务端  platform  internal error\n"
	    "                        服务器内部错误\n",
	    "");
}

static void words_are_searched(void **state)
{
	static const char balance[] = "code  outcome  category      what JiGuang says\n"
	                              "1805  account  risk          insufficient balance\n"
	                              "9018  account  verification  appKey no money\n"
	                              "                             Insufficient account balance\n";

	(void)state;
	check((const char *const[4]){ "BALANCE" }, false, false, balance, "");
	check((const char *const[4]){ "余额" }, false, false, balance, "");
	check((const char *const[4]){ "商店" }, false, false,
	    "404  gone\n"
	    "  outcome     failed\n"
	    "  to do       it did not work and the code does not say why: let the user try "
	    "another way\n"
	    "  category    商店\n"
	    "  catalog     shop.tsv\n",
	    "");
}

static void names_what_was_not_found(void **state)
{
	(void)state;
	check((const char *const[4]){ "9008", "nosuchword", "", "0404" }, false, false, "",
	    "9008\nnosuchword\n\n0404\n");
	check((const char *const[4]){ "1\x1b[2J\n", "18446744073709551616" }, false, false, "",
	    "1\\x1b[2J\\x0a\n18446744073709551616\n");
}

/* Without words all are listed, and every line is aligned in both languages. */
static void lists_everything_aligned(void **state)
{
	(void)state;
	for (int chinese = 0; chinese < 2; chinese++) {
		struct strbuf out = STRBUF_INIT, missing = STRBUF_INIT;
		size_t rows = 0, description_at;
		char *line, *rest;

		assert_true(explain_words(catalog, NULL, 0, chinese != 0, false, &out, &missing));
		line = strtok_r(out.data, "\n", &rest);
		description_at =
		    utf8_width(line, (size_t)(strstr(line, chinese ? "极光" : "what") - line));
		while ((line = strtok_r(NULL, "\n", &rest)) != NULL) {
			size_t prefix = utf8_fit(line, strlen(line), description_at);

			assert_int_equal(utf8_width(line, prefix), description_at);
			assert_int_equal(line[prefix - 1], ' ');
			assert_int_not_equal(line[prefix], ' ');
			rows += line[strspn(line, " ")] >= '0' && line[3] != ' ';
		}
		assert_int_equal(rows, catalog_size(catalog));
		strbuf_release(&out);
		strbuf_release(&missing);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_code_is_a_card),
		cmocka_unit_test(several_are_a_table),
		cmocka_unit_test(words_are_searched),
		cmocka_unit_test(names_what_was_not_found),
		cmocka_unit_test(lists_everything_aligned),
	};

	return cmocka_run_group_tests(tests, make_catalog, free_catalog);
}
