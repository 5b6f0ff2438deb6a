/* The fast search for literals against the plain one, which is checked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "match/literal.h"
#include "randoms.h"

#define HITS 2048

/* One search by both, in as many steps as a list of `max` needs. */
struct found {
	struct literal_hit hits[HITS];
	size_t count, steps, line_start;
	uint64_t newlines;
};

static void search(literal_scan_fn *scan, const struct literal_set *set, const char *data,
    size_t length, size_t from, size_t to, size_t max, struct found *found)
{
	struct literal_progress progress = { from, 0, from };

	found->count = found->steps = 0;
	while (progress.at < to) {
		struct literal_hit hits[HITS];
		size_t before = progress.at;
		size_t count = scan(set, data, length, to, hits, max, &progress);

		assert_true(count <= max && found->count + count <= HITS);
		assert_true(progress.at > before && progress.at <= to);
		memcpy(found->hits + found->count, hits, count * sizeof(hits[0]));
		found->count += count;
		found->steps++;
	}
	found->newlines = progress.newlines;
	found->line_start = progress.line_start;
}

/* Whether both lists are the same but for the lines' ends, which need not be known: where they
 * are, they are right. */
static bool are_same(
    const struct found *fast, const struct found *plain, const char *data, size_t length)
{
	for (size_t i = 0; i < plain->count; i++) {
		const struct literal_hit *a = &fast->hits[i];
		const struct literal_hit *b = &plain->hits[i];
		const char *newline = memchr(data + a->offset, '\n', length - a->offset);

		if (a->offset != b->offset || a->literal != b->literal ||
		    a->line_start != b->line_start || a->line_index != b->line_index)
			return false;
		if (a->line_end != 0 && (newline == NULL || data + a->line_end != newline))
			return false;
	}
	return fast->count == plain->count;
}

/* All must say the same. The bytes stand alone in memory of their exact size, so
 * that a sanitizer notices a read behind them. */
static void compare(const struct literal_set *set, const char *text, size_t length, size_t from,
    size_t to, size_t max)
{
	struct found *fast = malloc(2 * sizeof(*fast));
	struct found *plain = fast + 1;
	char *data = malloc(length > 0 ? length : 1);
	literal_scan_fn *versions[4];

	assert_non_null(fast);
	assert_non_null(data);
	memcpy(data, text, length);
	literal_scan_versions(versions);
	search(literal_scan_plain, set, data, length, from, to, max, plain);
	for (size_t i = 0; versions[i] != NULL; i++) {
		search(versions[i], set, data, length, from, to, max, fast);
		if (fast->count != plain->count || fast->newlines != plain->newlines ||
		    fast->line_start != plain->line_start || !are_same(fast, plain, data, length))
			fail_msg("version %zu, %zu literals, length %zu, from %zu to %zu, list of "
			         "%zu: %zu hits and %zu newlines instead of %zu and %zu",
			    i, set->count, length, from, to, max, fast->count,
			    (size_t)fast->newlines, plain->count, (size_t)plain->newlines);
	}
	free(data);
	free(fast);
}

static const char *const literals[LITERAL_MAX] = { "code", "\xe7\xa0\x81", "\xc2\xeb", "e", "oD",
	"de-_Code", "\n", "a_literal_of_the_greatest_length_that_is_allowed_64_bytes_in_all" };

static void make_set(struct literal_set *set, size_t count)
{
	memset(set, 0, sizeof(*set));
	for (size_t i = 0; i < count; i++)
		assert_true(literal_set_add(
		    set, literals[i], strlen(literals[i]), i % 3 == 1 ? " =e\n\xe7" : NULL));
}

static void plain_finds_what_is_there(void **state)
{
	static const char text[] = "code xCODE\ncodcode\ncod";
	static const size_t expected[] = { 0, 6, 14 };
	static const size_t line_starts[] = { 0, 0, 11 };
	struct literal_set set;
	struct literal_hit hits[LITERAL_HITS_MIN];
	struct literal_progress progress = { 0, 40, 0 };

	(void)state;
	make_set(&set, 1);
	assert_int_equal(literal_scan_plain(&set, text, sizeof(text) - 1, sizeof(text) - 1, hits,
	                     LITERAL_HITS_MIN, &progress),
	    3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(hits[i].offset, expected[i]);
		assert_int_equal(hits[i].literal, 0);
		assert_int_equal(hits[i].line_start, line_starts[i]);
	}
	assert_int_equal(progress.at, sizeof(text) - 1);
	assert_int_equal(progress.newlines, 42);
	assert_int_equal(progress.line_start, 19);
}

/* What stands behind a literal decides; nothing does at the end. */
static void plain_looks_at_what_follows(void **state)
{
	static const char text[] = "coded code=\ncode\ncode: code";
	struct literal_set set = { .count = 0 };
	struct literal_hit hits[LITERAL_HITS_MIN];
	struct literal_progress progress = { 0, 0, 0 };

	(void)state;
	assert_true(literal_set_add(&set, "code", 4, ":="));
	assert_int_equal(literal_scan_plain(&set, text, sizeof(text) - 1, sizeof(text) - 1, hits,
	                     LITERAL_HITS_MIN, &progress),
	    2);
	assert_int_equal(hits[0].offset, 6);
	assert_int_equal(hits[1].offset, 17);
	assert_int_equal(hits[1].line_start, 17);
}

static void case_folds_letters_only(void **state)
{
	struct literal_set set = { .count = 0 };
	struct literal_hit hits[LITERAL_HITS_MIN];
	struct literal_progress progress = { 0, 0, 0 };
	/* each differs from `[a_1` by the bit that makes a letter small */
	static const char text[] = "[a_1 [A_1 {a_1 [a\x7f"
	                           "1 [a_\x11 [A\x7f\x11 [A_1";

	(void)state;
	assert_true(literal_set_add(&set, "[A_1", 4, NULL));
	assert_int_equal(literal_scan(&set, text, sizeof(text) - 1, sizeof(text) - 1, hits,
	                     LITERAL_HITS_MIN, &progress),
	    3);
	assert_int_equal(hits[0].offset, 0);
	assert_int_equal(hits[1].offset, 5);
	assert_int_equal(hits[2].offset, sizeof(text) - 1 - 4);
}

static void agree_at_every_length_and_place(void **state)
{
	static const char *const words[] = { "code", "CoDe", "cod", "\n", " ", "e", "\xe7\xa0\x81",
		"\xc2\xeb", "de-_code", "x", "0", "\xff", "=9011" };
	struct randoms randoms = { 1 };
	char text[256];

	(void)state;
	for (size_t length = 0; length <= 200; length++) {
		struct literal_set set;

		make_set(&set, 1 + length % LITERAL_MAX);
		(void)randoms_text(
		    &randoms, words, sizeof(words) / sizeof(words[0]), 10, text, sizeof(text));
		for (size_t from = 0; from < 4 && from <= length; from++)
			compare(&set, text, length, from, length, LITERAL_HITS_MIN);
		compare(&set, text, length, 0, length / 2, LITERAL_HITS_MIN);
		compare(&set, text, length, length / 3, length - length / 4, LITERAL_HITS_MIN);
	}
}

static void agree_for_every_set(void **state)
{
	struct randoms randoms = { 2 };
	char text[600];

	(void)state;
	for (size_t round = 0; round < 400; round++) {
		struct literal_set set;
		size_t length = 0;
		size_t from;
		size_t to;

		make_set(&set, round % (LITERAL_MAX + 1));
		while (length + LITERAL_LENGTH < sizeof(text)) {
			const char *word = literals[randoms_below(&randoms, LITERAL_MAX)];
			size_t part = 1 + randoms_below(&randoms, strlen(word));

			if (randoms_below(&randoms, 3) == 0)
				part = strlen(word);
			memcpy(text + length, word, part);
			length += part;
		}
		from = randoms_below(&randoms, length);
		to = from + randoms_below(&randoms, length - from + 1);
		compare(&set, text, length, from, to, LITERAL_HITS_MIN);
		compare(&set, text, length, 0, length, LITERAL_HITS_MIN);
	}
}

/* A list as small as is allowed fills up and the search goes on behind it. */
static void a_full_list_is_resumed(void **state)
{
	static char text[1500];
	struct literal_set set = { .count = 0 };
	struct found *found = malloc(sizeof(*found));

	(void)state;
	assert_non_null(found);
	memset(text, 'e', sizeof(text));
	assert_true(literal_set_add(&set, "e", 1, NULL));
	for (size_t max = LITERAL_HITS_MIN; max < LITERAL_HITS_MIN + 40; max++) {
		compare(&set, text, sizeof(text), 0, sizeof(text), max);
		compare(&set, text, sizeof(text), 5, sizeof(text) - 5, max);
	}
	search(literal_scan, &set, text, sizeof(text), 0, sizeof(text), LITERAL_HITS_MIN, found);
	assert_int_equal(found->count, sizeof(text));
	assert_true(found->steps > 1);
	/* the same literal eight times over: eight hits a byte */
	for (size_t i = 1; i < LITERAL_MAX; i++)
		assert_true(literal_set_add(&set, "E", 1, NULL));
	compare(&set, text, 250, 0, 250, LITERAL_HITS_MIN);
	search(literal_scan, &set, text, 250, 0, 250, LITERAL_HITS_MIN, found);
	assert_int_equal(found->count, 250 * LITERAL_MAX);
	assert_int_equal(found->hits[9].offset, 1);
	assert_int_equal(found->hits[9].literal, 1);
	free(found);
}

static void a_literal_may_end_behind_to(void **state)
{
	static char text[128];
	struct literal_set set;
	struct literal_hit hits[LITERAL_HITS_MIN];

	(void)state;
	make_set(&set, 1);
	for (size_t at = 0; at + 4 <= 100; at++) {
		struct literal_progress progress = { 0, 0, 0 };

		memset(text, ' ', sizeof(text));
		memcpy(text + at, "code", 4);
		assert_int_equal(
		    literal_scan(&set, text, 100, at + 1, hits, LITERAL_HITS_MIN, &progress), 1);
		assert_int_equal(hits[0].offset, at);
		assert_int_equal(progress.newlines, 0);
		progress.at = 0;
		assert_int_equal(
		    literal_scan(&set, text, 100, at, hits, LITERAL_HITS_MIN, &progress), 0);
		assert_int_equal(progress.at, at);
		/* but not behind the text */
		progress.at = 0;
		assert_int_equal(
		    literal_scan(&set, text, at + 3, at + 3, hits, LITERAL_HITS_MIN, &progress), 0);
	}
}

static void a_set_takes_what_fits(void **state)
{
	struct literal_set set = { .count = 0 };
	char longest[LITERAL_LENGTH + 1];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_false(literal_set_add(&set, "", 0, NULL));
	assert_false(literal_set_add(&set, longest, LITERAL_LENGTH + 1, NULL));
	for (size_t i = 0; i < LITERAL_MAX; i++)
		assert_true(literal_set_add(&set, longest, LITERAL_LENGTH, NULL));
	assert_false(literal_set_add(&set, "x", 1, NULL));
	assert_int_equal(set.count, LITERAL_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_finds_what_is_there),
		cmocka_unit_test(plain_looks_at_what_follows),
		cmocka_unit_test(case_folds_letters_only),
		cmocka_unit_test(agree_at_every_length_and_place),
		cmocka_unit_test(agree_for_every_set),
		cmocka_unit_test(a_full_list_is_resumed),
		cmocka_unit_test(a_literal_may_end_behind_to),
		cmocka_unit_test(a_set_takes_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
