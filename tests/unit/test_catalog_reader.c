/* The strict reader: what it takes, and every fault with its place and reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "catalog/catalog.h"

static struct catalog *make_catalog(void)
{
	struct error error = ERROR_INIT;
	struct catalog *catalog = catalog_new(&error);

	assert_non_null(catalog);
	return catalog;
}

/* Texts that are right, and how many rows they hold. */
static const struct {
	const char *text;
	size_t rows;
} valid[] = {
	{ "", 0 },
	{ "\n\n\n", 0 },
	{ "# only a comment", 0 },
	{ "#\ttabs\tin \"a\" comment\n", 0 },
	{ "0\tzero\n", 1 },
	{ "1\tno last LF", 1 },
	{ "1\ta\r\n2\tb\r\n\r\n#c\r\n3\tc\r\n", 3 },
	{ "1\ta\n2\tb\r\n3\tc\r", 3 },
	{ "\xef\xbb\xbf"
	  "1\tBOM\n",
	    1 },
	{ "\xef\xbb\xbf", 0 },
	{ "999999999\tlargest\n", 1 },
	{ "1\t余额不足\t支付\tlimit\tyes\tx\t中文\n", 1 },
	{ "1\tbrackets [and] {such}: ok, <fine>\n", 1 },
	{ "1\ta\tmy category\n2\tb\t2nd\n3\tc\tauthor\n", 3 },
	{ "3\tc\n1\ta\n2\tb\n", 3 },
};

static void reads_what_is_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		struct catalog *catalog = make_catalog();
		struct error error = ERROR_INIT;

		if (!catalog_parse(catalog, "c.tsv", valid[i].text, strlen(valid[i].text), &error))
			fail_msg("row %zu: %s", i, error.text);
		if (catalog_size(catalog) != valid[i].rows)
			fail_msg("row %zu: %zu entries", i, catalog_size(catalog));
		catalog_free(catalog);
	}
}

/* Texts that are wrong: where, and a part of the reason. */
static const struct {
	const char *name, *text;
	size_t line, column;
	const char *reason;
} faults[] = {
	/* codes */
	{ "c", "-1\tx\n", 1, 1, "'-1' has a sign" },
	{ "c", "1\tx\n+404\tx\n", 2, 1, "'+404' has a sign" },
	{ "c", "0404\tx\n", 1, 1, "'0404' has a leading zero" },
	{ "c", "00\tx\n", 1, 1, "leading zero" },
	{ "c", " 404\tx\n", 1, 1, "a blank in code ' 404'" },
	{ "c", "404 \tx\n", 1, 4, "a blank in code '404 '" },
	{ "c", "404abc\tx\n", 1, 4, "'404abc' is not a decimal number" },
	{ "c", "4e2\tx\n", 1, 2, "'4e2' is not a decimal number" },
	{ "c", "0x194\tx\n", 1, 2, "'0x194' is not a decimal number" },
	{ "c", "1.0\tx\n", 1, 2, "not a decimal number" },
	{ "c", "code\tdescription\n", 1, 1, "a comment begins with #" },
	{ "c", "\xef\xbc\x91\tfullwidth one\n", 1, 1, "not a decimal number" },
	{ "c", "2147483648\tx\n", 1, 1, "'2147483648' is too large: at most 999999999" },
	{ "c", "18446744073709552020\tx\n", 1, 1, "too large" },
	{ "c", "9000-9010\tx\n", 1, 5, "looks like a range: one line per code" },
	{ "c", "\tx\n", 1, 1, "no code" },
	{ "c", "1\tx\n\n# y\n1\tz\n", 4, 1, "twice: first in line 1, again in line 4" },
	/* columns */
	{ "c", "9000\n", 1, 1, "no tab" },
	{ "c", "9000  spaces instead\n", 1, 1, "no tab" },
	{ "c", "9000,comma\n", 1, 1, "no tab" },
	{ "c", " \n", 1, 1, "no tab" },
	{ "c", " # x\n", 1, 1, "no tab" },
	{ "c", "1\t\n", 1, 3, "no description" },
	{ "c", "1\t\tx\n", 1, 3, "no description" },
	{ "c", "1\tx\ta\tlimit\tno\tn\tz\ty\n", 1, 19, "more than 7 columns" },
	{ "c", "1\tx\ta\tlimit\tno\tn\tz\t\n", 1, 19, "more than 7 columns" },
	/* texts */
	{ "c", "1\t x\n", 1, 3, "a blank before the text" },
	{ "c", "1\txyz \n", 1, 6, "a blank behind the text" },
	{ "c", "1\tx\ta\tlimit\tno\tn \n", 1, 17, "a blank behind the text" },
	{ "c", "1\tsay \"no\"\n", 1, 7, "\" is not allowed" },
	{ "c", "1\tit's\n", 1, 5, "' is not allowed" },
	{ "c", "1\ta\\b\n", 1, 4, "\\ is not allowed" },
	{ "c", "1\tx\ta'\n", 1, 6, "' is not allowed" },
	{ "c", "1\tx\ta\tlimit\tno\tn\"\n", 1, 17, "\" is not allowed" },
	{ "c", "1\tx\ta\tlimit\tno\tn\t'z\n", 1, 18, "' is not allowed" },
	/* bytes */
	{ "c", "1\ta\x1b[31m\n", 1, 4, "control character U+001B" },
	{ "c", "1\ta\x7f\n", 1, 4, "control character U+007F" },
	{ "c", "1\ta\rb\n", 1, 4, "control character U+000D" },
	{ "c", "1\ta\r\r\n", 1, 4, "control character U+000D" },
	{ "c", "1\tx\ry", 1, 4, "control character U+000D" },
	{ "c", "1\ta\x0b\n", 1, 4, "control character U+000B" },
	{ "c",
	    "1\ta\xc2\x9b"
	    "31m\n",
	    1, 4, "control character U+009B" },
	{ "c", "1\ta\x9b\n", 1, 4, "byte \\x9b: a catalog must be UTF-8" },
	{ "c", "1\t\xd3\xe0\xb6\xee\n", 1, 3, "must be UTF-8" },
	{ "c", "1\ta\xe4\xbd\n", 1, 4, "must be UTF-8" },
	{ "c",
	    "1\ta\xe2\x80\xae"
	    "b\n",
	    1, 4, "direction override U+202E" },
	{ "c", "1\ta\xe2\x80\xaa\n", 1, 4, "U+202A" },
	{ "c", "1\ta\xe2\x81\xa6\n", 1, 4, "U+2066" },
	{ "c", "1\ta\xe2\x81\xa9\n", 1, 4, "U+2069" },
	{ "c", "1\xff\tx\n", 1, 2, "must be UTF-8" },
	{ "c", "# a\n#\tb \x1b c\n", 2, 5, "control character U+001B" },
	{ "c", "# \xd3\xe0\n", 1, 3, "must be UTF-8" },
	{ "c", "1\tx\ty\xef\xbb\xbf\tzz\n", 1, 10, "unknown outcome" },
	/* words */
	{ "c", "1\tx\ta\tsucess\n", 1, 7, "unknown outcome 'sucess': did you mean 'success'?" },
	{ "c", "1\tx\ta\tSuccess\n", 1, 7, "did you mean 'success'?" },
	{ "c", "1\tx\ta\twhatever\n", 1, 7, "it is one of success, negative, request, auth" },
	{ "c", "1\tx\ta\terror\n", 1, 7, "unknown outcome 'error'" },
	{ "c", "1\tx\ta\tlimit\tyess\n", 1, 13, "did you mean 'yes'?" },
	{ "c", "1\tx\ta\tlimit\tmaybe\n", 1, 13, "it is one of no, yes, always" },
	/* categories */
	{ "c", "1\tx\t123\n", 1, 5, "may not be a number" },
	{ "c", "1\tx\t-a\n", 1, 5, "may not begin with -" },
	{ "c", "1\tx\ta,b\n", 1, 6, "may not hold ," },
	{ "c", "1\tx\ta:b\n", 1, 6, "may not hold :" },
	{ "c", "1\tx\tauth\n", 1, 5, "may not be an outcome" },
	{ "c", "1\tx\terror\n", 1, 5, "may not be a reserved word" },
	{ "c", "1\tx\tall\n", 1, 5, "reserved" },
	{ "c", "1\tx\tunlisted\n", 1, 5, "reserved" },
	{ "/x/2024.tsv", "1\tx\n", 1, 4, "gives none (a category may not be a number" },
	{ "auth.tsv", "1\tx\n", 1, 4, "may not be an outcome" },
	{ "/x/.tsv", "1\tx\ty\n2\tz\n", 2, 4, "the file's name gives none" },
	{ "a'b.tsv", "1\tx\n", 1, 4, "' is not allowed" },
};

static void check_fault(
    const char *name, const char *text, size_t len, size_t line, size_t column, const char *reason)
{
	struct catalog *catalog = make_catalog();
	struct error error = ERROR_INIT;
	char place[300];

	if (catalog_parse(catalog, name, text, len, &error))
		fail_msg("accepted: %s", text);
	(void)snprintf(
	    place, sizeof(place), "catalog '%s', line %zu, column %zu: ", name, line, column);
	if (strncmp(error.text, place, strlen(place)) != 0 || strstr(error.text, reason) == NULL)
		fail_msg("%s (not %s%s)", error.text, place, reason);
	assert_int_equal(error.kind, ERROR_USAGE);
	catalog_free(catalog);
}

static void names_every_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		check_fault(faults[i].name, faults[i].text, strlen(faults[i].text), faults[i].line,
		    faults[i].column, faults[i].reason);
	check_fault("c", "1\ta\0b\n", 6, 1, 4, "control character U+0000");
	check_fault("c", "1\0\ta\n", 5, 1, 2, "control character U+0000");
	check_fault("c", "\0", 1, 1, 1, "no tab");
}

/* Every byte value, alone in a description, is taken or refused. */
static void decides_on_every_byte(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		const char text[] = { '1', '\t', 'a', (char)byte, 'b', '\n' };
		struct catalog *catalog = make_catalog();
		struct error error = ERROR_INIT;
		bool expected = byte >= ' ' && byte < 0x7f && strchr("\"'\\", (int)byte) == NULL;
		bool right;

		if (byte == '\t') /* one more column */
			expected = true;
		right = catalog_parse(catalog, "c", text, sizeof(text), &error);
		if (right != expected)
			fail_msg("byte %u: %s", byte, error.text);
		catalog_free(catalog);
	}
}

static void limits_the_line(void **state)
{
	const size_t most = 1 << 20;
	char *text = malloc(most + 3);

	(void)state;
	memset(text, 'x', most + 3);
	memcpy(text, "1\t", 2);
	text[most] = '\n';
	for (size_t extra = 0; extra < 2; extra++) {
		struct catalog *catalog = make_catalog();
		struct error error = ERROR_INIT;

		text[most] = extra > 0 ? 'x' : '\n';
		text[most + 1] = '\n';
		assert_int_equal(catalog_parse(catalog, "c", text, most + 2, &error), extra == 0);
		if (extra > 0)
			assert_string_equal(error.text,
			    "catalog 'c', line 1, column 1048577: the line is longer than 1 MiB");
		catalog_free(catalog);
	}
	free(text);
}

static void cuts_long_values_and_names_in_messages(void **state)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
	struct catalog *catalog = make_catalog();
	struct error error = ERROR_INIT;

	(void)state;
	strbuf_add_repeat(&name, "long/", 1000);
	strbuf_add_text(&name, "end.tsv");
	strbuf_add_repeat(&text, "码", 5000);
	strbuf_add_text(&text, "\tx\n");
	assert_false(catalog_parse(catalog, name.data, text.data, text.len, &error));
	assert_non_null(strstr(error.text, "long/end.tsv', line 1, column 1: '码码"));
	assert_non_null(strstr(error.text, "码' is not a decimal number"));
	catalog_free(catalog);
	strbuf_release(&name);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_right),
		cmocka_unit_test(names_every_fault),
		cmocka_unit_test(decides_on_every_byte),
		cmocka_unit_test(limits_the_line),
		cmocka_unit_test(cuts_long_values_and_names_in_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
