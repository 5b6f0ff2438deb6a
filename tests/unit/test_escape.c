/* Every byte value, and every pair of bytes, in each language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Whether these bytes may stand between the quotes of a JSON string (RFC 8259). */
static bool is_json(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t codepoint;
		size_t length = utf8_decode(s + i, len - i, &codepoint);

		if (length == 0 || codepoint < 0x20 || codepoint == '"')
			return false;
		if (codepoint != '\\') {
			i += length;
			continue;
		}
		if (i + 1 < len && s[i + 1] != '\0' && strchr("\"\\/bfnrt", s[i + 1])) {
			i += 2;
			continue;
		}
		if (i + 5 >= len || s[i + 1] != 'u' || !is_hex(s[i + 2]) || !is_hex(s[i + 3]) ||
		    !is_hex(s[i + 4]) || !is_hex(s[i + 5]))
			return false;
		i += 6;
	}
	return true;
}

static void check_json(const char *bytes, size_t len, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	escape_json(&out, bytes, len);
	if (!is_json(out.data, out.len))
		fail_msg("not JSON: %s", out.data);
	if (expected != NULL)
		assert_string_equal(out.data, expected);
	strbuf_release(&out);
}

static void json_of_every_byte(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		const char byte = (char)i;
		char expected[8] = { byte, '\0' };

		if (i >= 0x80)
			strcpy(expected, "\xef\xbf\xbd");
		else if (i < 0x20 || i == 0x7f)
			(void)snprintf(expected, sizeof(expected), "\\u%04x", i);
		if (i == '"' || i == '\\')
			(void)snprintf(expected, sizeof(expected), "\\%c", byte);
		for (size_t k = 0; k < 5; k++)
			if (i == (unsigned)"\b\t\n\f\r"[k])
				(void)snprintf(expected, sizeof(expected), "\\%c", "btnfr"[k]);
		check_json(&byte, 1, expected);
	}
}

static void json_of_every_pair(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		const char pair[4] = { 'x', (char)(i >> 8), (char)(i & 255), 'y' };

		check_json(pair, 4, NULL);
	}
}

static void json_of_characters(void **state)
{
	(void)state;
	check_json("", 0, "");
	check_json("plain run, then \"x\"", 19, "plain run, then \\\"x\\\"");
	check_json("余额\xf0\x9f\x98\x80", 10, "余额\xf0\x9f\x98\x80");
	check_json("\xe2\x80\xa8\xe2\x80\xa9", 6, "\\u2028\\u2029");
	check_json("\xc4\xe3", 2, "\xef\xbf\xbd\xef\xbf\xbd");
	check_json("\xe4\xbd", 2, "\xef\xbf\xbd\xef\xbf\xbd"); /* cut off */
	check_json("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	check_json("a\0b", 3, "a\\u0000b");
}

static void check_visible(const char *bytes, size_t len, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	escape_visible(&out, bytes, len);
	assert_string_equal(out.data, expected);
	strbuf_release(&out);
}

static void visible_of_every_byte(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		const char byte = (char)i;
		char expected[8] = { byte, '\0' };

		if (i < 0x20 || i >= 0x7f)
			(void)snprintf(expected, sizeof(expected), "\\x%02x", i);
		check_visible(&byte, 1, expected);
	}
}

static void visible_of_characters(void **state)
{
	(void)state;
	check_visible("\x1b[31m", 5, "\\x1b[31m");
	check_visible("\xc2\x9b"
	              "31m",
	    5, "\\xc2\\x9b31m");
	check_visible("\xe2\x80\xae", 3, "\\xe2\\x80\\xae");
	check_visible("\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6");
	check_visible("a \"b\" \\ 余额\xe2\x80\xa8.", 18, "a \"b\" \\ 余额\xe2\x80\xa8.");
}

static const struct {
	const char *line, *shown;
	bool coloured;
} lines[] = {
	{ "plain", "plain", false },
	{ "a\tb", "a\tb", false },
	{ "\x1b[31mred\x1b[0m \"x\"", "\x1b[31mred\x1b[0m \"x\"", true },
	{ "\x1b[m", "\x1b[m", true },
	{ "\x1b[1;38;5;9mx", "\x1b[1;38;5;9mx", true },
	{ "\x1b[2J", "\\x1b[2J", false },
	{ "\x1b[31", "\\x1b[31", false },
	{ "\x1b[3\x1b[1m1m", "\\x1b[3\x1b[1m1m", true },
	{ "\x1b]0;title\x07", "\\x1b]0;title\\x07", false },
	{ "\x1b", "\\x1b", false },
	{ "cr\r", "cr\\x0d", false },
	{ "\xc2\x9b"
	  "31m\xff",
	    "\\xc2\\x9b31m\\xff", false },
	{ "余额 \xe2\x80\xae", "余额 \\xe2\\x80\\xae", false },
};

static void shows_lines_on_a_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct strbuf out = STRBUF_INIT;
		bool coloured = escape_terminal_line(&out, lines[i].line, strlen(lines[i].line));

		assert_string_equal(out.data, lines[i].shown);
		assert_int_equal(coloured, lines[i].coloured);
		strbuf_release(&out);
	}
}

typedef void escape_fn(struct strbuf *out, const char *bytes, size_t len);

struct escape_case {
	escape_fn *escape;
	const char *input, *expected;
};

static const struct escape_case escape_cases[] = {
	{ escape_csv, "", "" },
	{ escape_csv, "/v1/verify", "/v1/verify" },
	{ escape_csv, "a,b", "\"a,b\"" },
	{ escape_csv, "a\"b", "\"a\"\"b\"" },
	{ escape_csv, "a\nb", "\"a\nb\"" },
	{ escape_csv, "=1+1", "'=1+1" },
	{ escape_csv, "+1", "'+1" },
	{ escape_csv, "-1", "'-1" },
	{ escape_csv, "@SUM(A1)", "'@SUM(A1)" },
	{ escape_csv, "\t=1", "'\t=1" },
	{ escape_csv, "\r=1", "\"'\r=1\"" },
	{ escape_csv, "=a,\"b\"", "\"'=a,\"\"b\"\"\"" },
	{ escape_csv, "a=1", "a=1" },
	{ escape_csv, "号\xff", "号\xef\xbf\xbd" },
	{ escape_html, "<a href='x' b=\"y\">&", "&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;" },
	{ escape_html, "号\xff\x1b", "号\\xff\\x1b" },
	{ escape_html, "\xe2\x80\xae", "\\xe2\\x80\\xae" },
	{ escape_prometheus, "a\"b\\c\nd\te", "a\\\"b\\\\c\\nd\te" },
	{ escape_prometheus, "号\xff", "号\xef\xbf\xbd" },
	{ escape_markdown, "verify consistent", "verify consistent" },
	{ escape_markdown, "a|b`c*d", "a\\|b\\`c\\*d" },
	{ escape_markdown, "captcha_id _x_", "captcha_id \\_x\\_" },
	{ escape_markdown, "<img src=x>&amp;", "&lt;img src=x&gt;&amp;amp;" },
	{ escape_markdown, "[a](http://b) www.c", "\\[a\\](http\\://b) www\\.c" },
	{ escape_markdown, "a\\|b\nc", "a\\\\\\|b\\x0ac" },
	{ escape_markdown, "@all #1", "@\xe2\x81\xa0" "all \\#1" },
};

static void languages_of_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(escape_cases) / sizeof(escape_cases[0]); i++) {
		const struct escape_case *row = &escape_cases[i];
		struct strbuf out = STRBUF_INIT;

		row->escape(&out, row->input, strlen(row->input));
		assert_string_equal(out.data, row->expected);
		strbuf_release(&out);
	}
}

/* Any two bytes: what has a meaning in HTML or Markdown never comes through. */
static void pairs_of_bytes_lose_their_meaning(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		const char bytes[] = { (char)(i >> 8), (char)(i & 255) };
		struct strbuf html = STRBUF_INIT, markdown = STRBUF_INIT;

		escape_html(&html, bytes, 2);
		escape_markdown(&markdown, bytes, 2);
		for (size_t k = 0; k < html.len; k++)
			assert_null(memchr("<>\"'\n\r\0", html.data[k], 7));
		for (size_t k = 0; k < markdown.len; k++) {
			if (markdown.data[k] == '\\') {
				k++; /* escaped itself, or a letter of \x1b */
				continue;
			}
			assert_null(memchr("<>|`*[]\n\r\0", markdown.data[k], 9));
		}
		strbuf_release(&html);
		strbuf_release(&markdown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_of_every_byte),
		cmocka_unit_test(json_of_every_pair),
		cmocka_unit_test(json_of_characters),
		cmocka_unit_test(visible_of_every_byte),
		cmocka_unit_test(visible_of_characters),
		cmocka_unit_test(shows_lines_on_a_terminal),
		cmocka_unit_test(languages_of_reports),
		cmocka_unit_test(pairs_of_bytes_lose_their_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
