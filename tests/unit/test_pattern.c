/* Bounded matching: limits by name, the JIT against the interpreter, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/pattern.h"
#include "randoms.h"

static struct pattern *compile(const char *text, unsigned flags)
{
	struct error error = ERROR_INIT;
	struct pattern *pattern = pattern_new("--regexp", text, strlen(text), flags, &error);

	if (pattern == NULL)
		fail_msg("'%s': %s", text, error.text);
	return pattern;
}

static struct pattern_run *run_for(const struct pattern *pattern)
{
	struct error error = ERROR_INIT;
	struct pattern_run *run = pattern_run_new(&pattern, 1, &error);

	assert_non_null(run);
	return run;
}

/* The text of 4,000 `a` on which `(a+)+$` and its like never end. */
static const char *long_text(void)
{
	static char text[4002];

	memset(text, 'a', sizeof(text) - 1);
	text[4000] = '!';
	return text;
}

static void limits_are_counted_by_name(void **state)
{
	static const struct {
		const char *pattern;
		unsigned flags;
		enum pattern_trouble trouble;
	} rows[] = {
		{ "^(?:a+)+$", 0, PATTERN_MATCH_LIMIT },
		{ "^(?:a+)+$", PATTERN_NO_JIT, PATTERN_MATCH_LIMIT },
		{ "^(?:(?:a|aa)+)+[bc]", PATTERN_USER, PATTERN_MATCH_LIMIT },
		{ "(*LIMIT_DEPTH=3)^(?:(a)|b)+[cd]", PATTERN_NO_JIT, PATTERN_DEPTH_LIMIT },
		{ "(*LIMIT_HEAP=0)^(((a)|b)|c)+[de]", PATTERN_NO_JIT, PATTERN_HEAP_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern *pattern = compile(rows[i].pattern, rows[i].flags);
		struct pattern_run *run = run_for(pattern);

		pattern_run_restart(run);
		if (pattern_match(pattern, run, long_text(), 4001, 0) != PATTERN_LIMIT)
			fail_msg("'%s' met no limit", rows[i].pattern);
		for (int t = 0; t < PATTERN_TROUBLE_COUNT; t++)
			if (pattern_run_trouble(run, (enum pattern_trouble)t) !=
			    (t == (int)rows[i].trouble))
				fail_msg("'%s': %s counted %zu", rows[i].pattern,
				    pattern_trouble_name((enum pattern_trouble)t),
				    (size_t)pattern_run_trouble(run, (enum pattern_trouble)t));
		/* the run goes on as before */
		if (rows[i].trouble == PATTERN_MATCH_LIMIT)
			assert_int_equal(pattern_match(pattern, run, "x", 1, 0), PATTERN_NO_MATCH);
		pattern_run_free(run);
		pattern_free(pattern);
	}
}

static void troubles_have_names(void **state)
{
	(void)state;
	assert_string_equal(pattern_trouble_name(PATTERN_MATCH_LIMIT), "match limit");
	for (int t = 0; t < PATTERN_TROUBLE_COUNT; t++)
		assert_true(*pattern_trouble_name((enum pattern_trouble)t) != '\0');
}

/* Cheap at each of a million places, dear in all. */
static void a_long_subject_is_bounded_in_time(void **state)
{
	const size_t length = 1024 * 1024;
	struct pattern *pattern = compile("a[ab]{0,2000}c", PATTERN_USER);
	struct pattern_run *run = run_for(pattern);
	char *text = malloc(length);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', length);
	memcpy(text + length - 2, "xc", 2);
	pattern_run_restart(run);
	assert_int_equal(pattern_match(pattern, run, text, length, 0), PATTERN_LIMIT);
	assert_int_equal(pattern_run_trouble(run, PATTERN_TIME_LIMIT), 1);
	/* the next line has its time again */
	pattern_run_restart(run);
	assert_int_equal(pattern_match(pattern, run, "aac", 3, 0), PATTERN_MATCH);
	free(text);
	pattern_run_free(run);
	pattern_free(pattern);
}

/* However deep it goes: a match, or a limit that is counted; never "no match". */
static void no_depth_is_taken_for_no_match(void **state)
{
	const size_t length = 400000;
	char *text = malloc(length);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', length);
	for (unsigned flags = 0; flags <= PATTERN_NO_JIT; flags += PATTERN_NO_JIT) {
		struct pattern *pattern = compile("^(?:(a)|(b))*$", flags);
		struct pattern_run *run = run_for(pattern);
		uint64_t trouble = 0;

		for (size_t part = 1000; part <= length; part += part) {
			enum pattern_result result = pattern_match(pattern, run, text, part, 0);
			uint64_t before = trouble;

			trouble = 0;
			for (int t = 0; t < PATTERN_TROUBLE_COUNT; t++)
				trouble += pattern_run_trouble(run, (enum pattern_trouble)t);
			assert_true(result == PATTERN_MATCH || trouble == before + 1);
			assert_true(result != PATTERN_NO_MATCH);
			assert_true(result == PATTERN_MATCH || part > 2000);
		}
		pattern_run_free(run);
		pattern_free(pattern);
	}
	free(text);
}

/* ---- JIT and interpreter ---- */

static const char *const parts[] = { "a", "b", "c", "0", "9", "\\d", "\\w", "\\s", "\\S", ".",
	"[ab]", "[^a\\n]", "(?:a|bc)", "(?<n>b|c\\d)", "(a)", "a*", "b+?", "c{1,3}", "\\d++",
	"(?=a)", "(?!b)", "(?<=a)", "(?<!c)", "\\b", "\\B", "^", "$", "|", "(?i)A", "\\h", "\\x61",
	"(?>a|ab)", "(?:\\w\\w)?", "\\n", "(b)?" };
static const char *const pieces[] = { "a", "b", "c", "ab", "abc", "0", "9", "90", " ", "\n", "B",
	"\t", "\r", "-" };

static void compare_paths(const char *text, const char *subject, size_t length)
{
	struct pattern *jit = compile(text, PATTERN_USER);
	struct pattern *plain = compile(text, PATTERN_USER | PATTERN_NO_JIT);
	struct pattern_run *jit_run = run_for(jit);
	struct pattern_run *plain_run = run_for(plain);

	assert_false(pattern_is_jit(plain));
	for (size_t from = 0; from <= length; from += 1 + length / 7) {
		enum pattern_result left = pattern_match(jit, jit_run, subject, length, from);
		enum pattern_result right = pattern_match(plain, plain_run, subject, length, from);

		if (left != right)
			fail_msg("'%s' on '%s' from %zu: %d, %d", text, subject, from, left, right);
		for (unsigned group = 0; left == PATTERN_MATCH && group < 4; group++) {
			size_t spans[4] = { 0 };
			bool l = pattern_run_span(jit_run, group, &spans[0], &spans[1]);
			bool r = pattern_run_span(plain_run, group, &spans[2], &spans[3]);

			if (l != r || spans[0] != spans[2] || spans[1] != spans[3])
				fail_msg(
				    "'%s' on '%s' from %zu: group %u", text, subject, from, group);
		}
	}
	pattern_run_free(jit_run);
	pattern_run_free(plain_run);
	pattern_free(jit);
	pattern_free(plain);
}

static void jit_and_interpreter_agree(void **state)
{
	struct randoms randoms = { 3 };
	size_t tried = 0;

	(void)state;
	for (size_t round = 0; round < 800; round++) {
		struct error error = ERROR_INIT;
		struct pattern *pattern;
		char text[200] = "";
		char subject[120];
		size_t length;

		for (size_t i = 1 + randoms_below(&randoms, 7); i > 0; i--)
			strcat(
			    text, parts[randoms_below(&randoms, sizeof(parts) / sizeof(parts[0]))]);
		pattern = pattern_new("--regexp", text, strlen(text), PATTERN_USER, &error);
		if (pattern == NULL)
			continue; /* two groups of one name */
		pattern_free(pattern);
		length = randoms_text(&randoms, pieces, sizeof(pieces) / sizeof(pieces[0]),
		    4 + randoms_below(&randoms, 100), subject, sizeof(subject));
		compare_paths(text, subject, length);
		tried++;
	}
	assert_true(tried > 500);
}

/* ---- the edges ---- */

static void anchored_patterns_begin_where_they_are_asked(void **state)
{
	struct pattern *pattern = compile("ab", PATTERN_ANCHORED);
	struct pattern_run *run = run_for(pattern);
	size_t start = 0;
	size_t end = 0;

	(void)state;
	assert_int_equal(pattern_match(pattern, run, "xab", 3, 0), PATTERN_NO_MATCH);
	assert_int_equal(pattern_match(pattern, run, "xab", 3, 1), PATTERN_MATCH);
	assert_true(pattern_run_span(run, 0, &start, &end));
	assert_int_equal(start, 1);
	assert_int_equal(end, 3);
	assert_false(pattern_run_span(run, 1, &start, &end));
	pattern_run_free(run);
	pattern_free(pattern);
}

static void spans_turned_round_are_none(void **state)
{
	struct pattern *pattern = compile("(?=(?1))a|x(ab\\K)", 0);
	struct pattern_run *run = run_for(pattern);
	size_t start = 0;
	size_t end = 0;

	(void)state;
	assert_int_equal(pattern_match(pattern, run, "ab", 2, 0), PATTERN_MATCH);
	assert_false(pattern_run_span(run, 0, &start, &end));
	pattern_run_free(run);
	pattern_free(pattern);
}

static void groups_are_found_by_name(void **state)
{
	struct pattern *pattern = compile("(?J)(?<code>1)|(x)(?<code>2)|(?<other>3)", PATTERN_USER);
	unsigned groups[4] = { 0 };

	(void)state;
	assert_int_equal(pattern_groups(pattern, "code", groups, 4), 2);
	assert_int_equal(groups[0] + groups[1], 1 + 3);
	assert_int_equal(pattern_groups(pattern, "code", groups, 1), 1);
	assert_int_equal(pattern_groups(pattern, "other", groups, 4), 1);
	assert_int_equal(groups[0], 4);
	assert_int_equal(pattern_groups(pattern, "none", groups, 4), 0);
	pattern_free(pattern);
}

/* What is refused, at which offset, and that the caret stands under it. */
static void bad_patterns_are_shown(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
		const char *hint;
	} rows[] = {
		{ "(", 1, "  (\n   ^\n" },
		{ "a(?<code>\\d", 11, "  a(?<code>\\d\n             ^\n" },
		{ "a)b", 1, "  a)b\n   ^\n" },
		{ "*", 0, "  *\n  ^\n" },
		{ "错*)", 4, "  错*)\n     ^\n" },
		{ "(*UTF)a", 6, NULL },
		{ "(*UCP)a", 6, NULL },
		{ "(*CRLF)a", 0, NULL },
		{ "(*ANYCRLF)(*LIMIT_MATCH=5)a", 0, NULL },
		{ "(*NUL)a", 0, NULL },
		{ "ab\\Cd", 4, NULL },
		{ "ab(?C)d", 6, NULL },
		{ "ab(?C'text')d", 12, NULL },
		{ "\x1b[", 2, "  \\x1b[\n       ^\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = ERROR_INIT;
		char place[64];

		if (pattern_new("--regexp", rows[i].text, strlen(rows[i].text), PATTERN_USER,
		        &error) != NULL)
			fail_msg("'%s' was taken", rows[i].text);
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_int_equal(strncmp(error.text, "--regexp: ", 10), 0);
		(void)snprintf(
		    place, sizeof(place), "at offset %zu of the pattern", rows[i].offset);
		if (strstr(error.text, place) == NULL)
			fail_msg("'%s': %s", rows[i].text, error.text);
		if (rows[i].hint != NULL)
			assert_string_equal(error.hint, rows[i].hint);
	}
}

static void long_patterns_are_cut_around_the_caret(void **state)
{
	struct error error = ERROR_INIT;
	char text[400];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[300] = ')';
	assert_null(pattern_new("--regexp", text, sizeof(text), PATTERN_USER, &error));
	assert_int_equal(strcspn(error.hint, "\n"), 2 + 76);
	assert_int_equal(error.hint[2 + 50], ')');
	assert_int_equal(strlen(error.hint), 2 + 76 + 1 + 2 + 50 + 2);
}

static void too_long_patterns_are_refused(void **state)
{
	struct error error = ERROR_INIT;
	char *text = malloc(PATTERN_LENGTH_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', PATTERN_LENGTH_MAX + 1);
	assert_null(pattern_new("--regexp", text, PATTERN_LENGTH_MAX + 1, PATTERN_USER, &error));
	assert_int_equal(error.kind, ERROR_USAGE);
	free(text);
}

static void bytes_are_bytes(void **state)
{
	struct pattern *pattern = compile("^.\\x80.$", PATTERN_USER);
	struct pattern_run *run = run_for(pattern);

	(void)state;
	assert_int_equal(pattern_match(pattern, run, "\xff\x80\0", 3, 0), PATTERN_MATCH);
	/* $ is the very end, not before a last newline */
	assert_int_equal(pattern_match(pattern, run, "\xff\x80x\n", 4, 0), PATTERN_NO_MATCH);
	pattern_run_free(run);
	pattern_free(pattern);
	pattern_free(NULL);
	pattern_run_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_counted_by_name),
		cmocka_unit_test(troubles_have_names),
		cmocka_unit_test(a_long_subject_is_bounded_in_time),
		cmocka_unit_test(no_depth_is_taken_for_no_match),
		cmocka_unit_test(jit_and_interpreter_agree),
		cmocka_unit_test(anchored_patterns_begin_where_they_are_asked),
		cmocka_unit_test(spans_turned_round_are_none),
		cmocka_unit_test(groups_are_found_by_name),
		cmocka_unit_test(bad_patterns_are_shown),
		cmocka_unit_test(long_patterns_are_cut_around_the_caret),
		cmocka_unit_test(too_long_patterns_are_refused),
		cmocka_unit_test(bytes_are_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
