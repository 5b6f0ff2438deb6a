/* Decoding of every character and of broken bytes; columns on a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"

static size_t encode(uint32_t codepoint, char *bytes)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 1; codepoint >>= 6)
		bytes[i] = (char)(0x80 | (codepoint & 0x3f));
	bytes[0] = (char)(lead[length] | codepoint);
	return length;
}

static void decodes_every_character(void **state)
{
	(void)state;
	for (uint32_t wanted = 0; wanted <= 0x10ffff; wanted++) {
		char bytes[4];
		uint32_t got = 0;
		size_t length = encode(wanted, bytes);
		size_t expected = wanted >= 0xd800 && wanted <= 0xdfff ? 0 : length;

		if (utf8_decode(bytes, length, &got) != expected || (expected && got != wanted))
			fail_msg("U+%04X", (unsigned)wanted);
		for (size_t cut = 1; cut < length; cut++)
			if (utf8_decode(bytes, cut, &got) != 0)
				fail_msg("U+%04X cut to %zu bytes", (unsigned)wanted, cut);
	}
}

static void refuses_broken_bytes(void **state)
{
	static const char *const broken[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xfe",
		"\xc3(",
		"\xe4\xbd(",
		"\xf0\x9f\x98(",
		"\xc4\xe3",
	};
	uint32_t codepoint;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		if (utf8_decode(broken[i], strlen(broken[i]), &codepoint) != 0)
			fail_msg("row %zu", i);
}

/* Two bytes are never the start of a longer character: that is cut. */
static void agrees_on_all_pairs_of_bytes(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		for (unsigned second = 0; second < 256; second++) {
			const char bytes[2] = { (char)first, (char)second };
			uint32_t got;
			size_t expected =
			    first < 0x80                                                       ? 1
			    : first >= 0xc2 && first < 0xe0 && second >= 0x80 && second < 0xc0 ? 2
			                                                                       : 0;

			if (utf8_decode(bytes, 2, &got) != expected)
				fail_msg("%02x %02x", first, second);
		}
	}
}

static const struct {
	const char *text;
	size_t columns;
} widths[] = {
	{ "", 0 }, { "plain ASCII ~", 13 }, { "账户余额不足", 12 }, { "，。：；（）！？", 16 },
	{ "【ＡＢＣ１２３】", 16 }, { "ｶﾅ", 2 },                        /* halfwidth */
	{ "한국어", 6 }, { "かな", 4 }, { "é", 1 }, { "e\xcc\x81", 1 }, /* combining acute */
	{ "が\xe3\x82\x99", 2 }, { "\xf0\x9f\x98\x80", 2 },             /* emoji */
	{ "\xf0\x9f\x9a\x80\xe2\x9c\x85", 4 },                          /* rocket, check mark */
	{ "a\xe2\x80\x8b"
	  "b",
	    2 },                                                   /* zero width space */
	{ "\xef\xbb\xbf", 0 },                                     /* BOM */
	{ "█▌░▲│─", 6 }, { "€…“”", 4 }, { "\xf0\xa0\x80\x80", 2 }, /* CJK extension B */
	{ "\t\x1b\x7f\xc2\x9b", 0 },
	{ "\xff\xfe"
	  "a",
	    3 },
	{ "\xc4\xe3\xba\xc3", 4 }, /* GBK */
};

static void knows_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		size_t got = utf8_width(widths[i].text, strlen(widths[i].text));

		if (got != widths[i].columns)
			fail_msg("'%s': %zu, not %zu", widths[i].text, got, widths[i].columns);
	}
}

static void fits_without_cutting(void **state)
{
	const char *text = "a账e\xcc\x81!";

	(void)state;
	assert_int_equal(utf8_fit(text, 8, 0), 0);
	assert_int_equal(utf8_fit(text, 8, 1), 1);
	assert_int_equal(utf8_fit(text, 8, 2), 1);
	assert_int_equal(utf8_fit(text, 8, 3), 4);
	assert_int_equal(utf8_fit(text, 8, 4), 7); /* takes the accent along */
	assert_int_equal(utf8_fit(text, 8, 5), 8);
	assert_int_equal(utf8_fit(text, 8, 99), 8);
	assert_int_equal(utf8_fit("\xff\xff", 2, 1), 1);
	assert_int_equal(utf8_fit("", 0, 5), 0);
}

static void names_unsafe_characters(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		bool expected = c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		                (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

		if (utf8_is_unsafe(c) != expected)
			fail_msg("U+%04X", (unsigned)c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_every_character),
		cmocka_unit_test(refuses_broken_bytes),
		cmocka_unit_test(agrees_on_all_pairs_of_bytes),
		cmocka_unit_test(knows_columns),
		cmocka_unit_test(fits_without_cutting),
		cmocka_unit_test(names_unsafe_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
