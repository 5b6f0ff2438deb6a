/* Whether some bytes hold one of a few short texts: both versions against a plain comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "match/signs.h"
#include "randoms.h"

/* Both versions agree. */
static bool stand_in(const struct signs *signs, const char *data, size_t length)
{
	const bool fast = signs_stand_in(signs, data, length);

	assert_int_equal(signs_stand_in_plain(signs, data, length), fast);
	return fast;
}

/* The three bytes are put at every place of a text of every length; and two of
 * them nearly everywhere. */
static void three_bytes_are_held_or_not(void **state)
{
	static const char text[][3] = { "ttl" };
	struct signs signs;

	(void)state;
	signs_init(&signs, text, 1);
	for (size_t length = 0; length <= 140; length++) {
		char *data = malloc(length + 1);

		assert_non_null(data);
		for (size_t at = 0; at < length; at++)
			data[at] = "txl"[at % 3];
		assert_false(stand_in(&signs, data, length));
		for (size_t at = 0; at + 3 <= length; at++) {
			char saved[3];

			memcpy(saved, data + at, 3);
			memcpy(data + at, at % 2 == 0 ? "ttl" : "TtL", 3);
			if (!stand_in(&signs, data, length))
				fail_msg("length %zu, place %zu", length, at);
			if (stand_in(&signs, data, at + 2))
				fail_msg("length %zu, place %zu", at + 2, at);
			memcpy(data + at, saved, 3);
		}
		free(data);
	}
}

/* Only letters have a second case: `_` is not DEL, `=` no other byte. */
static bool holds_plainly(const char *data, size_t length, const char (*texts)[3], size_t count)
{
	for (size_t at = 0; at + 3 <= length; at++)
		for (size_t i = 0; i < count; i++)
			if (strncasecmp(data + at, texts[i], 3) == 0)
				return true;
	return false;
}

/* With as many texts as groups, and with more. */
static void short_texts_are_found_anywhere(void **state)
{
	static const char texts[][3] = { "_ou", "_de", "ttl", "te=", "sql", "ssa", "&st", "ui ",
		"zat", "nto", "d w", "jio", "?st", "lia", "tag", "era" };
	static const char *const words[] = { "_", "o", "u", "_o", "_d", "e", "t", "TTL", "tE=", "S",
		"qL", "ss", "a", "\n", "\xff", "\x7f", "&S", "i ", "Z", "nT", "D ", "J", "I",
		"----------", "----------" };
	struct randoms randoms = { 5 };
	size_t found = 0;

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		const size_t count = 1 + randoms_below(&randoms, sizeof(texts) / sizeof(texts[0]));
		struct signs signs;
		char text[128];
		size_t room = 8 + randoms_below(&randoms, 110);
		size_t length = randoms_text(
		    &randoms, words, sizeof(words) / sizeof(words[0]), 10, text, 10 + room);
		char *data = malloc(length > 0 ? length : 1); /* of its exact size */
		bool holds = holds_plainly(text, length, texts, count);

		assert_non_null(data);
		memcpy(data, text, length);
		signs_init(&signs, texts, count);
		if (stand_in(&signs, data, length) != holds)
			fail_msg("'%.*s'", (int)length, text);
		found += holds;
		free(data);
	}
	assert_in_range(found, 1000, 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_bytes_are_held_or_not),
		cmocka_unit_test(short_texts_are_found_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
