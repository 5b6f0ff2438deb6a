/* The rows of data/fields.tsv; fields far away, over-long, hostile; the rule's argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "match/field.h"
#include "randoms.h"
#include "scanned.h"

static struct scanner scanner;

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c == '\0' ? NULL : strchr(digits, c | 0x20);

	return found == NULL ? -1 : (int)(found - digits);
}

/* Undoes \\, \t and \xHH in place; returns the length. */
static size_t unescape(char *text)
{
	size_t length = 0;

	for (const char *at = text; *at != '\0'; at++) {
		char c = *at;

		if (c == '\\') {
			at++;
			assert_true(*at == '\\' || *at == 't' || *at == 'x');
			c = *at == 't' ? '\t' : '\\';
			if (*at == 'x') {
				c = (char)(hex(at[1]) * 16 + hex(at[2]));
				at += 2;
			}
		}
		text[length++] = c;
	}
	text[length] = '\0';
	return length;
}

static struct field_rule rule_of(const char *argument)
{
	struct error error = ERROR_INIT;
	struct field_rule rule;

	assert_true(field_rule_init(&rule, argument, false, &error));
	return rule;
}

/* The value of hits[index], with all the hits of its line for the reader to know. */
static bool find(const struct field_rule *rule, const char *data, const struct hit *hits,
    size_t count, size_t index, uint32_t *start, uint32_t *end)
{
	struct error error = ERROR_INIT;
	struct reader *reader = reader_new(&error);
	size_t first = index;
	size_t last = index;
	bool found;

	assert_non_null(reader);
	while (first > 0 && hits[first - 1].line.start == hits[index].line.start)
		first--;
	while (last + 1 < count && hits[last + 1].line.start == hits[index].line.start)
		last++;
	if (last - first >= READER_HITS) {
		first = index;
		last = index;
	}
	reader_turn(reader, data, hits[index].line.start, hits[index].line.end, hits + first,
	    last + 1 - first, hits[index].line.end);
	found = field_find(rule, reader, data, hits + first, index - first, start, end);
	reader_free(reader);
	return found;
}

static bool find_scanned(const struct field_rule *rule, const char *data, size_t index,
    uint32_t *start, uint32_t *end)
{
	return find(rule, data, scanner.scanned->hits, scanner.scanned->count, index, start, end);
}

/* What each hit of the line is grouped by, as in fields.tsv. */
static void find_all(const char *field, const char *line, size_t length, char *out, size_t size)
{
	struct field_rule rule = rule_of(field);
	size_t used = 0;

	scanner_scan(&scanner, line, length);
	out[0] = '\0';
	for (size_t i = 0; i < scanner.scanned->count; i++) {
		uint32_t start = 0;
		uint32_t end = 0;
		bool found = find_scanned(&rule, line, i, &start, &end);

		used += (size_t)snprintf(out + used, size - used, "%s%.*s", i > 0 ? " | " : "",
		    found ? (int)(end - start) : 1, found ? line + start : "-");
		assert_true(used < size);
	}
}

static void rows_of_the_table(void **state)
{
	char path[4096];
	char text[8192];
	FILE *file;
	unsigned row = 0;
	unsigned wrong = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/data/fields.tsv", getenv("TESTS"));
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(text, sizeof(text), file) != NULL) {
		char *field = text;
		char *line = strchr(text, '\t');
		char *expected = line == NULL ? NULL : strchr(line + 1, '\t');
		char found[4096];
		size_t length;

		row++;
		if (text[0] == '#' || text[0] == '\n')
			continue;
		assert_non_null(expected);
		*line++ = '\0';
		*expected++ = '\0';
		expected[strcspn(expected, "\n")] = '\0';
		length = unescape(line);
		(void)unescape(expected);
		find_all(field, line, length, found, sizeof(found));
		if (strcmp(found, expected) != 0) {
			print_error("fields.tsv:%u: %s in '%s': expected '%s', found '%s'\n", row,
			    field, line, expected, found);
			wrong++;
		}
	}
	fclose(file);
	assert_true(row > 100);
	assert_int_equal(wrong, 0);
}

/* ---- reach ---- */

struct text {
	char data[65536];
	size_t length;
};

static void add(struct text *text, const char *part)
{
	memcpy(text->data + text->length, part, strlen(part));
	text->length += strlen(part);
}

static void add_filler(struct text *text, size_t length)
{
	memset(text->data + text->length, 'x', length);
	text->length += length;
}

static void assert_found(const char *field, const struct text *text, const char *expected)
{
	char found[4096];

	find_all(field, text->data, text->length, found, sizeof(found));
	assert_string_equal(found, expected);
}

static void a_field_may_stand_where_the_line_begins(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add(&text, "app=web POST /v1/login ");
	add_filler(&text, 6000);
	add(&text, " code=9011");
	assert_found("app", &text, "web");
	assert_found("path", &text, "/v1/login");
}

static void a_long_json_line_has_its_first_members(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add(&text, "{\"statusCode\":200,\"app\":\"web\",\"x\":\"");
	add_filler(&text, 6000);
	add(&text, "\",\"body\":{\"code\":9011}}");
	assert_found("app", &text, "web");
}

static void between_its_reaches_nothing_is_seen(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add_filler(&text, 20000);
	add(&text, " app=web POST /v1/login ");
	add_filler(&text, 20000);
	add(&text, " code=9011 ");
	add_filler(&text, 20000);
	add(&text, " app=web POST /v1/login");
	assert_found("app", &text, "-");
	assert_found("path", &text, "-");
}

static void the_nearer_one_wins_over_the_first(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add(&text, "app=first ");
	add_filler(&text, 3000);
	add(&text, " app=near ");
	add_filler(&text, 100);
	add(&text, " code=9011");
	assert_found("app", &text, "near");
}

static void nothing_is_taken_from_other_lines(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add(&text, "app=x POST /x\ncode=9011\napp=y POST /y\n");
	assert_found("app", &text, "-");
	assert_found("path", &text, "-");
}

/* ---- values ---- */

static void a_long_value_is_cut_between_characters(void **state)
{
	struct field_rule rule = rule_of("app");
	struct text text = { .length = 0 };
	uint32_t start = 0;
	uint32_t end = 0;

	(void)state;
	add(&text, "{\"app\":\"a");
	for (int i = 0; i < 200; i++)
		add(&text, "码");
	add(&text, "\",\"code\":9011}");
	scanner_scan(&scanner, text.data, text.length);
	assert_int_equal(scanner.scanned->count, 1);
	assert_true(find_scanned(&rule, text.data, 0, &start, &end));
	assert_int_equal(end - start, 1 + 85 * 3);
}

static void a_value_that_is_cut_off_is_none(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add(&text, "{\"code\":9011,\"app\":\"we");
	assert_found("app", &text, "-");
}

static void what_a_pattern_captured_is_in_the_hit(void **state)
{
	struct error error = ERROR_INIT;
	struct field_rule rule;
	struct hit hit = { .line.end = 20, .group.start = 3, .group.end = 7 };
	uint32_t start;
	uint32_t end;

	(void)state;
	assert_true(field_rule_init(&rule, "path", true, &error));
	assert_int_equal(rule.kind, FIELD_GROUP);
	assert_true(find(&rule, "0123456789012345678901", &hit, 1, 0, &start, &end));
	assert_int_equal(start, 3);
	assert_int_equal(end, 7);
	hit.group.start = hit.group.end = 0;
	assert_false(find(&rule, "0123456789012345678901", &hit, 1, 0, &start, &end));
}

static void an_annotation_is_no_field(void **state)
{
	struct text text = { .length = 0 };

	(void)state;
	add(&text,
	    "{\"code\":9011,\"code_outcome\":\"auth\",\"code_description\":\"auth failed\"}");
	assert_found("code_outcome", &text, "-");
}

/* ---- hostile bytes ---- */

static const char *const words[] = { "app", "=", ":", "\"", "\\", "\\\"", "\\x22", "\\u0022", "{",
	"}", "[", "]", "(", ")", ",", " ", "code", "9011", "code=9011", "\"code\":9011",
	"\"app\":\"web\"", "app=web", "GET ", "/v1", "http://", "?", "path", "'", "\n", "\x1b[31m",
	"m", "\\u001b[0m", "\xe7\xa0\x81", "\xff", "<app>", "=>", "\"\"", "null", "\t", "\r", "x" };

/* The text ends where its memory does, so that a checker sees any read behind it. */
static void look_for_all(const char *text, size_t length, unsigned round)
{
	static const char *const fields[] = { "app", "path", "code", "x", "m" };

	scanner_scan(&scanner, text, length);
	for (size_t i = 0; i < scanner.scanned->count; i++)
		for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
			const struct hit *hit = &scanner.scanned->hits[i];
			struct field_rule rule = rule_of(fields[f]);
			uint32_t start;
			uint32_t end;

			if (!find_scanned(&rule, text, i, &start, &end))
				continue;
			if (start < hit->line.start || end > hit->line.end || start >= end ||
			    end - start > FIELD_VALUE_MAX)
				fail_msg("round %u: %s at %u to %u of a line at %u to %u", round,
				    fields[f], start, end, hit->line.start, hit->line.end);
		}
}

static void random_lines_give_values_within_the_line(void **state)
{
	struct randoms randoms = { 5 };

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		char text[600];
		size_t length = randoms_text(&randoms, words, sizeof(words) / sizeof(words[0]), 13,
		    text, 20 + randoms_below(&randoms, sizeof(text) - 20));
		char *copy = malloc(length + 1);

		assert_non_null(copy);
		memcpy(copy + 1, text, length);
		look_for_all(copy + 1, length, round);
		free(copy);
	}
}

/* Lines full of the name, of openings, of quotes: the time does not grow with their number. */
static void a_line_full_of_names_takes_bounded_time(void **state)
{
	static const char *const parts[] = { "app=", "\"app\":\"", "{\"app\":1,", "app={",
		"http://", "/", "GET /", "\\", "\"", "[app=1]", "path=/" };
	struct field_rule rules[] = { rule_of("app"), rule_of("path") };

	(void)state;
	for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++) {
		struct text text = { .length = 0 };
		clock_t begin;
		uint32_t start;
		uint32_t end;

		while (text.length < 6000)
			add(&text, parts[p]);
		add(&text, " code=9011 ");
		while (text.length < 12000)
			add(&text, parts[p]);
		scanner_scan(&scanner, text.data, text.length);
		assert_int_equal(scanner.scanned->count, 1);
		begin = clock();
		for (int i = 0; i < 200; i++)
			for (size_t r = 0; r < 2; r++)
				(void)find_scanned(&rules[r], text.data, 0, &start, &end);
		if (clock() - begin > CLOCKS_PER_SEC)
			fail_msg("full of '%s': more than 2.5 ms a hit", parts[p]);
	}
}

/* ---- the argument ---- */

static void arguments_have_their_kinds(void **state)
{
	(void)state;
	assert_int_equal(rule_of("file").kind, FIELD_FILE);
	assert_int_equal(rule_of("label").kind, FIELD_LABEL);
	assert_int_equal(rule_of("path").kind, FIELD_PATH);
	assert_int_equal(rule_of("http.path").kind, FIELD_NAME);
	assert_int_equal(rule_of("应用").length, 6);
}

static void arguments_that_name_nothing_are_refused(void **state)
{
	static const char *const bad[] = { "", "a\nb", "\"app\"", "a'b", "a\\b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error error = ERROR_INIT;
		struct field_rule rule;

		assert_false(field_rule_init(&rule, bad[i], false, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_non_null(strstr(error.text, "--by: "));
	}
}

static int begin(void **state)
{
	(void)state;
	scanner_init(&scanner, TRUST_ALL, false);
	return 0;
}

static int end(void **state)
{
	(void)state;
	scanner_release(&scanner);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_the_table),
		cmocka_unit_test(a_field_may_stand_where_the_line_begins),
		cmocka_unit_test(a_long_json_line_has_its_first_members),
		cmocka_unit_test(between_its_reaches_nothing_is_seen),
		cmocka_unit_test(the_nearer_one_wins_over_the_first),
		cmocka_unit_test(nothing_is_taken_from_other_lines),
		cmocka_unit_test(a_long_value_is_cut_between_characters),
		cmocka_unit_test(a_value_that_is_cut_off_is_none),
		cmocka_unit_test(what_a_pattern_captured_is_in_the_hit),
		cmocka_unit_test(an_annotation_is_no_field),
		cmocka_unit_test(random_lines_give_values_within_the_line),
		cmocka_unit_test(a_line_full_of_names_takes_bounded_time),
		cmocka_unit_test(arguments_have_their_kinds),
		cmocka_unit_test(arguments_that_name_nothing_are_refused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
