/* Which patterns may run over a block; and that those which may find the same there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/blockwise.h"
#include "match/matcher.h"
#include "match/pattern.h"
#include "randoms.h"
#include "scanned.h"

static const char *const safe[] = { "", "abc", "a|b", "a*b+?c{2,3}",
	"(a)(?:b)(?<c>d)(?P<e>f)(?'g'h)", ".", "\\N", "\\d\\w\\h\\t\\b\\B", "\\d{1,9}", "\\w{2}\\h{3,}", "\\x41", "\\xa1",
	"\\r\\f\\e\\a", "\\.\\[\\\\\\/", "[abc]", "[a-z0-9_]", "[]a]", "[a\\-z]", "[a-]",
	"[\\d\\w\\h]", "[[:alpha:][:digit:]]", "[^\\n]", "[^a\\n]", "[^]\\n]", "[^\\x00-\\x20]",
	"[\\x0b-\\xff]", "(?=a)(?!b)(?<=c)(?<!d)(?>e)(?|f|g)", "(?i)a", "(?-i)a", "(?i:a)", "[.$^]",
	"\\$\\^", "\xe9\x94\x99", "[\xe9\xff]", "code=(?<code>\\d+)" };

static const char *const unsafe[] = { "^a", "a$", "\\s", "\\S", "\\D", "\\W", "\\H", "\\v", "\\V",
	"\\R", "\\X", "\\A", "\\z", "\\Z", "\\G", "\\K", "\\n", "a\nb", "\\x0a", "\\xa", "\\x",
	"\\012", "\\12", "\\o{12}", "\\x{a}", "\\cJ", "\\Qa\\E", "\\p{L}", "\\g1", "\\k<a>", "\\1",
	"[^a]", "[^\\d]", "[\\n]", "[\\s]", "[\\S]", "[\\D]", "[\\W]", "[\\x0a]", "[\\xa]",
	"[\\t-\\r]", "[\\x00-\\xff]", "[ -\\n]", "[\t-\r]", "[a\n]", "[[:space:]]", "[[:cntrl:]]",
	"[[:^alpha:]]", "[[:ascii:]]", "[^[:space:]a]", "[\\Qa\\E]", "[\\012]", "[a-\\d]", "(?s).",
	"(?m)a", "(?x)a", "(?s:.)", "(?is)a", "(?^)a", "(*UTF)a", "(*LF)a", "(*ACCEPT)",
	"a(*SKIP)b", "(?R)", "(?1)", "(?+1)", "(?&a)", "(?P>a)", "(?P=a)", "(?#a\n)", "(?(1)a|b)",
	"(?C1)", "\\N{U+41}", "\\", "[a", "[", "a\\x0A" };

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++)
		if (!blockwise_is_safe(safe[i], strlen(safe[i])))
			fail_msg("'%s' is safe", safe[i]);
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (blockwise_is_safe(unsafe[i], strlen(unsafe[i])))
			fail_msg("'%s' is unsafe", unsafe[i]);
	assert_true(blockwise_is_safe("a\0b", 3));
	assert_false(blockwise_is_safe("a\0\n", 3));
}

/* ---- block against lines ---- */

/* Parts that captures are made of; the unsafe ones must make it refuse. */
static const char *const parts[] = { "a", "b", "=", "\\d", "\\w", ".", "\\N", "[ab=]", "[^\\n]",
	"[^a\\n]", "[a-c0-5]", "[\\d=]", "[[:alnum:]]", "\\b", "\\B", "\\h", "\\x20", "a*", "b+?",
	".*", ".*?", "\\d++", "\\w{2,}", "(?:a|b=)", "(a|\\d\\d)", "(?=\\w)", "(?!=)", "(?<=a)",
	"(?<!b)", "(?<!.)", "(?!.)", "(?<!\\w)", "(?=.)", "(?i)", "A", "|", "(?>\\w*)",
	"(?<=\\d\\d)", "(?:)", "\xff", "\\t*",
	/* unsafe */
	"^", "$", "\\s", "[^a]", "\\D", "\\n", "(?s)", "\\W", "(?m)", "\\s*", "\\A", "\\R?", "\\K",
	"[\\s\\d]" };
static const char *const captures[] = { "(?<code>\\d+)", "(?<code>\\d*)", "(?<code>\\w+)",
	"(?<code>[0-9]{1,4})", "(?<code>0|[1-9]\\d*)", "(?=(?<code>\\d+))", "(?<=(?<code>\\d\\d))",
	"(?<code>.*)", "(?<code>9)?" };
static const char *const words[] = { "a", "b", "=", "12", "0", "9", "901", " ", "\n", "\n\n", "ab",
	"a=5", "A", "\t", "\r", "\xff", "c", "9\n", "\n7", "=8", "aba", "ABA", "abab=1" };

/* In front of every other pattern: a literal that is searched for first. */
static const char *const fronts[] = { "aba", "abab=?", "aba+", "abab{0,1}", "ab_" };

#define HITS_MAX 512

struct outcome_of_run {
	struct hit hits[HITS_MAX];
	size_t count;
	uint64_t not_a_code, trouble;
};

static void run_matcher(const struct catalog *catalog, char *pattern, bool no_blocks, bool no_jit,
    const char *text, size_t length, struct outcome_of_run *outcome)
{
	struct error error = ERROR_INIT;
	char *const patterns[] = { pattern };
	struct matcher_options options = {
		.patterns = patterns, .pattern_count = 1, .no_blocks = no_blocks, .no_jit = no_jit
	};
	struct matcher *matcher = matcher_new(&options, catalog, &error);
	struct matcher_run *run;

	assert_non_null(matcher);
	run = matcher_run_new(matcher, &error);
	assert_non_null(run);
	memset(outcome, 0, sizeof(*outcome));
	matcher_begin(run, text, length, false);
	outcome->count = matcher_next(run, outcome->hits, HITS_MAX);
	outcome->not_a_code = matcher_not_a_code(run);
	for (int t = 0; t < PATTERN_TROUBLE_COUNT; t++)
		outcome->trouble += matcher_trouble(run, (enum pattern_trouble)t);
	matcher_run_free(run);
	matcher_free(matcher);
}

static void shown(const char *text, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++)
		out += sprintf(out, text[i] >= ' ' && text[i] <= '~' ? "%c" : "\\x%02x",
		    (unsigned char)text[i]);
}

static void compare(const struct catalog *catalog, char *pattern, const char *text, size_t length)
{
	static struct outcome_of_run block;
	static struct outcome_of_run lines;
	char readable[1024] = "";

	run_matcher(catalog, pattern, false, length % 2 == 0, text, length, &block);
	run_matcher(catalog, pattern, true, length % 2 == 0, text, length, &lines);
	shown(text, length, readable);
	if (block.trouble != lines.trouble)
		fail_msg("'%s' on '%s': trouble", pattern, readable);
	if (block.count != lines.count || block.not_a_code != lines.not_a_code)
		fail_msg(
		    "'%s' on '%s': %zu hits, %zu other captures in the block, %zu, %zu by line",
		    pattern, readable, block.count, (size_t)block.not_a_code, lines.count,
		    (size_t)lines.not_a_code);
	for (size_t i = 0; i < block.count; i++)
		if (memcmp(&block.hits[i], &lines.hits[i], sizeof(struct hit)) != 0)
			fail_msg("'%s' on '%s': hit %zu", pattern, readable, i);
}

static bool compiles(const char *pattern)
{
	struct error error = ERROR_INIT;
	struct pattern *compiled =
	    pattern_new("--regexp", pattern, strlen(pattern), PATTERN_USER, &error);

	pattern_free(compiled);
	return compiled != NULL;
}

static void literals(void **state)
{
	static const struct {
		const char *pattern;
		size_t length;
	} rows[] = { { "code=(?<code>\\d+)", 4 }, { "err_code", 8 }, { "codes?", 4 },
		{ "code{2}", 3 }, { "cod?", 0 }, { "co", 0 }, { "code|x", 0 }, { "code(a|b)", 4 },
		{ "code[|]", 4 }, { "code\\|", 4 }, { "(code)", 0 }, { ".code", 0 }, { "", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(blockwise_literal(rows[i].pattern, strlen(rows[i].pattern)),
		    rows[i].length);
}

static void safe_patterns_find_the_same_in_a_block(void **state)
{
	struct randoms randoms = { 4 };
	struct catalog *catalog = scanned_catalog();
	size_t tried = 0;
	size_t refused = 0;

	(void)state;
	for (size_t round = 0; round < 2500; round++) {
		char pattern[256] = "";
		char text[256];
		size_t before = randoms_below(&randoms, 4);
		size_t after = randoms_below(&randoms, 3);
		size_t length;

		if (round % 2 == 1)
			strcat(pattern, fronts[randoms_below(&randoms, 5)]);
		for (size_t i = 0; i < before; i++)
			strcat(pattern,
			    parts[randoms_below(&randoms, sizeof(parts) / sizeof(parts[0]))]);
		strcat(pattern,
		    captures[randoms_below(&randoms, sizeof(captures) / sizeof(captures[0]))]);
		for (size_t i = 0; i < after; i++)
			strcat(pattern,
			    parts[randoms_below(&randoms, sizeof(parts) / sizeof(parts[0]))]);
		if (!compiles(pattern))
			continue;
		if (!blockwise_is_safe(pattern, strlen(pattern))) {
			refused++;
			continue;
		}
		tried++;
		for (int texts = 0; texts < 2; texts++) {
			length = randoms_text(&randoms, words, sizeof(words) / sizeof(words[0]),
			    8 + randoms_below(&randoms, 190), text, sizeof(text));
			if (length > 0)
				compare(catalog, pattern, text, length);
		}
	}
	assert_true(tried > 500 && refused > 500);
	catalog_free(catalog);
}

/* Characters at random: what compiles and is called safe must be. */
static void safe_soups_find_the_same_in_a_block(void **state)
{
	static const char *const soup[] = { "\\", "[", "]", "^", "-", "(", ")", "?", "*", "+", "{",
		"}", "|", ".", "$", "a", "d", "w", "s", "n", "x", "0", "1", ":", "<", ">", "=", "!",
		"i", "\\d", "\\n", "[^", "\\x0", "P", "Q", "E", "[:", ":]", "\\" };
	struct randoms randoms = { 5 };
	struct catalog *catalog = scanned_catalog();
	size_t tried = 0;

	(void)state;
	for (size_t round = 0; round < 8000; round++) {
		char pattern[256] = "";
		char text[120];
		size_t length;

		for (size_t i = 1 + randoms_below(&randoms, 7); i > 0; i--)
			strcat(
			    pattern, soup[randoms_below(&randoms, sizeof(soup) / sizeof(soup[0]))]);
		strcat(pattern, randoms_below(&randoms, 2) ? "(?<code>\\d+)" : "(?<code>\\w*)");
		if (!blockwise_is_safe(pattern, strlen(pattern)) || !compiles(pattern) ||
		    strstr(pattern, "?<code>") == NULL)
			continue;
		{
			struct error error = ERROR_INIT;
			struct pattern *compiled =
			    pattern_new("--regexp", pattern, strlen(pattern), PATTERN_USER, &error);
			unsigned group;
			bool captures_code = pattern_groups(compiled, "code", &group, 1) == 1;

			pattern_free(compiled);
			if (!captures_code)
				continue;
		}
		tried++;
		length = randoms_text(&randoms, words, sizeof(words) / sizeof(words[0]),
		    8 + randoms_below(&randoms, 110), text, sizeof(text));
		if (length > 0)
			compare(catalog, pattern, text, length);
	}
	assert_true(tried > 200);
	catalog_free(catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(literals),
		cmocka_unit_test(safe_patterns_find_the_same_in_a_block),
		cmocka_unit_test(safe_soups_find_the_same_in_a_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
