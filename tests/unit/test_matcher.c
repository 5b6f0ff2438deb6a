/* The search for codes: blocks against lines, JIT against interpreter, many keys, several
 * patterns, cut lines, batches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "randoms.h"
#include "scanned.h"

#define HITS_MAX 4096
/* main has no const for what getopt gives */
#define PATTERN(text) ((char *)(size_t)(text))

struct finder {
	struct catalog *catalog;
	struct key_set keys;
	struct matcher *matcher;
	struct matcher_run *run;
	struct hit hits[HITS_MAX];
	size_t count;
};

/* `keys`: the argument of -k; NULL: the usual ones; "": none. */
static struct finder *finder_new(const char *keys, struct matcher_options options)
{
	struct error error = ERROR_INIT;
	struct finder *finder = calloc(1, sizeof(*finder));
	char *argument = strdup(keys == NULL ? "" : keys);

	assert_non_null(finder);
	finder->catalog = scanned_catalog();
	if (keys == NULL)
		assert_true(key_set_init(&finder->keys, &error));
	else if (*keys != '\0')
		assert_true(key_set_init_from(&finder->keys, &argument, 1, &error));
	if (finder->keys.count > 0)
		options.keys = &finder->keys;
	finder->matcher = matcher_new(&options, finder->catalog, &error);
	if (finder->matcher == NULL)
		fail_msg("%s", error.text);
	finder->run = matcher_run_new(finder->matcher, &error);
	assert_non_null(finder->run);
	free(argument);
	return finder;
}

static void finder_free(struct finder *finder)
{
	matcher_run_free(finder->run);
	matcher_free(finder->matcher);
	key_set_release(&finder->keys);
	catalog_free(finder->catalog);
	free(finder);
}

static void find(struct finder *finder, const char *text, size_t length, bool is_cut, size_t batch)
{
	size_t found;

	finder->count = 0;
	matcher_begin(finder->run, text, length, is_cut);
	do {
		assert_true(finder->count + batch <= HITS_MAX);
		found = matcher_next(finder->run, finder->hits + finder->count, batch);
		finder->count += found;
	} while (found > 0);
	assert_int_equal(matcher_next(finder->run, finder->hits, batch), 0);
}

static void expect(struct finder *finder, const char *text, const char *codes)
{
	char found[1024] = "";

	find(finder, text, strlen(text), false, 16);
	for (size_t i = 0; i < finder->count; i++)
		(void)sprintf(
		    found + strlen(found), "%s%u", i == 0 ? "" : ",", finder->hits[i].code);
	if (strcmp(found, codes) != 0)
		fail_msg("'%s': %s instead of %s", text, found, codes);
}

static void same_hits(const struct finder *left, const struct finder *right, const char *text)
{
	if (left->count != right->count)
		fail_msg("'%s': %zu hits and %zu", text, left->count, right->count);
	for (size_t i = 0; i < left->count; i++) {
		struct hit hits[2] = { left->hits[i], right->hits[i] };

		/* each has its own catalog */
		assert_true((hits[0].entry == NULL) == (hits[1].entry == NULL));
		hits[0].entry = hits[1].entry = NULL;
		if (memcmp(&hits[0], &hits[1], sizeof(struct hit)) != 0)
			fail_msg("'%s': hit %zu (%u and %u)", text, i, left->hits[i].code,
			    right->hits[i].code);
	}
}

static void a_hit_is_described(void **state)
{
	static const char text[] = "x\n{\"id\":7,\"errCode\" : \"9011.0\",\"content\":\"\"}\r\ny";
	struct finder *finder = finder_new(NULL, (struct matcher_options){ 0 });
	const struct hit *hit = finder->hits;

	(void)state;
	expect(finder, text, "9011");
	assert_int_equal(hit->line.start, 2);
	assert_int_equal(text[hit->line.end], '\n');
	assert_memory_equal(text + hit->key.start, "errCode", 7);
	assert_int_equal(hit->key.end - hit->key.start, 7);
	assert_int_equal(hit->quote.start, hit->key.end);
	assert_int_equal(hit->quote.end, hit->key.end + 1);
	assert_memory_equal(text + hit->open_start, "\"9011.0\"", 8);
	assert_int_equal(hit->number.start, hit->open_start + 1);
	assert_int_equal(hit->number.end, hit->number.start + 4);
	assert_int_equal(hit->value_end, hit->number.end + 2);
	assert_int_equal(hit->annotation_end, hit->value_end);
	assert_true(hit->is_member);
	assert_int_equal(hit->entry->code, 9011);
	assert_int_equal(hit->hit_class, HIT_RESPONSE);
	assert_int_equal(matcher_newlines(finder->run), 2);
	expect(finder, "code=77", "77");
	assert_null(hit->entry);
	expect(finder, "", "");
	expect(finder, "\n\n", "");
	assert_int_equal(matcher_newlines(finder->run), 2);
	finder_free(finder);
}

static void hits_come_in_order(void **state)
{
	struct finder *finder = finder_new(NULL, (struct matcher_options){ 0 });

	(void)state;
	expect(finder, "错误码：1 code=2 返回码3 \xb7\xb5\xbb\xd8\xc2\xeb:4 errcode:5\ncode=6",
	    "1,2,3,4,5,6");
	expect(finder, "code=9001code=9002", "");
	expect(finder, "code=9001 code=9002", "9001,9002");
	expect(finder, "code:\n9001 code=9002\n", "9002");
	finder_free(finder);
}

/* More than the eight literals of one set, and more than 32 bytes between two. */
static void many_keys_are_all_found(void **state)
{
	char list[400] = "";
	char text[4096] = "";
	char codes[1024] = "";
	struct finder *finder;

	(void)state;
	for (int i = 0; i < 40; i++) {
		(void)sprintf(list + strlen(list), "%skey%02dx", i == 0 ? "" : ",", i);
		(void)sprintf(text + strlen(text), "%*skey%02dx=%d%s", i % 9 * 11, "", (i * 7) % 40,
		    100 + i, i % 3 == 0 ? "\n" : " ");
		(void)sprintf(codes + strlen(codes), "%s%d", i == 0 ? "" : ",", 100 + i);
	}
	finder = finder_new(list, (struct matcher_options){ 0 });
	expect(finder, text, codes);
	assert_int_equal(matcher_newlines(finder->run), 14);
	finder_free(finder);
	/* the usual keys and more */
	finder = finder_new("+k1,k2,k3,k4,k5,k6,k7", (struct matcher_options){ 0 });
	expect(finder, "k7=1 code=2 k1=3 返回码:4 k6=5", "1,2,3,4,5");
	finder_free(finder);
}

/* 33 keys that all stand at every byte fill the list of candidates. */
static void crowded_keys_do_not_overflow(void **state)
{
	char list[4096] = "";
	char text[3000];
	struct finder *finder;

	(void)state;
	for (int i = 1; i <= 60; i++)
		(void)sprintf(list + strlen(list), "%s%.*s", i == 1 ? "" : ",", i,
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	memset(text, 'a', sizeof(text));
	memcpy(text + sizeof(text) - 10, " aaa=9011\n", 10);
	finder = finder_new(list, (struct matcher_options){ 0 });
	find(finder, text, sizeof(text), false, 16);
	assert_int_equal(finder->count, 1);
	assert_int_equal(finder->hits[0].code, 9011);
	assert_int_equal(finder->hits[0].key.end - finder->hits[0].key.start, 3);
	assert_int_equal(matcher_newlines(finder->run), 1);
	finder_free(finder);
}

static void cut_lines_hold_no_number_at_their_end(void **state)
{
	static const struct {
		const char *text;
		size_t whole, cut;
	} rows[] = { { "code=9011", 1, 0 }, { "code=9011.0", 1, 0 }, { "code=9011 ", 1, 1 },
		{ "code=9011\ncode=9012", 2, 1 }, { "code=", 0, 0 } };
	char *const patterns[] = { PATTERN("E(?<code>\\d+)") };
	struct finder *finder = finder_new(NULL, (struct matcher_options){ 0 });
	struct finder *other =
	    finder_new("", (struct matcher_options){ .patterns = patterns, .pattern_count = 1 });

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		find(finder, rows[i].text, strlen(rows[i].text), false, 4);
		assert_int_equal(finder->count, rows[i].whole);
		find(finder, rows[i].text, strlen(rows[i].text), true, 4);
		assert_int_equal(finder->count, rows[i].cut);
	}
	find(other, "E1 E22", 6, true, 4);
	assert_int_equal(other->count, 1);
	find(other, "E1 E22", 6, false, 4);
	assert_int_equal(other->count, 2);
	finder_free(finder);
	finder_free(other);
}

/* The first pattern runs over blocks, the second line by line; the third has no such group. */
static void a_hit_carries_the_named_group(void **state)
{
	static const char text[] = "x\nu=ann a1\nu= a2\nb3 v=bob\nc4 u=eve\n";
	static const char *const expected[] = { "ann", "", "bob", "" };
	char *const patterns[] = { PATTERN("u=(?<user>\\w*) a(?<code>\\d)"),
		PATTERN("b(?<code>\\d)[^x]v=(?<user>[^y]+?)$"), PATTERN("c(?<code>\\d)") };
	struct finder *finder = finder_new("",
	    (struct matcher_options){ .patterns = patterns, .pattern_count = 3, .group = "user" });

	(void)state;
	assert_true(matcher_has_group(finder->matcher));
	expect(finder, text, "1,2,3,4");
	for (size_t i = 0; i < 4; i++) {
		const struct hit *hit = &finder->hits[i];
		size_t length = hit->group.end - hit->group.start;

		assert_int_equal(length, strlen(expected[i]));
		assert_memory_equal(text + hit->group.start, expected[i], length);
	}
	finder_free(finder);
	finder = finder_new("",
	    (struct matcher_options){ .patterns = patterns, .pattern_count = 3, .group = "usr" });
	assert_false(matcher_has_group(finder->matcher));
	finder_free(finder);
}

static void several_patterns_keep_their_order(void **state)
{
	char *const patterns[] = { PATTERN("b(?<code>\\d+)"), PATTERN("[ab](?<code>\\d)"),
		PATTERN("(?<code>\\d+)$"), PATTERN("x(?:1(?<other>y)|(?<code>2))") };
	struct finder *finder =
	    finder_new("", (struct matcher_options){ .patterns = patterns, .pattern_count = 3 });
	uint64_t before;

	(void)state;
	expect(finder, "a1 b22 c33\nb4\n5", "1,22,33,4,5");
	expect(finder, "b12\nb3a4", "12,3,4");
	finder_free(finder);
	/* what captures no code is skipped and counted */
	finder = finder_new(
	    "", (struct matcher_options){ .patterns = patterns + 3, .pattern_count = 1 });
	before = matcher_not_a_code(finder->run);
	expect(finder, "x1y x2 x1y", "2");
	assert_int_equal(matcher_not_a_code(finder->run) - before, 2);
	finder_free(finder);
	/* besides keys: one number is one hit */
	finder =
	    finder_new(NULL, (struct matcher_options){ .patterns = patterns, .pattern_count = 1 });
	expect(finder, "b9 code=10 code=b11 b12", "9,10,11,12");
	finder_free(finder);
}

static void where_tells_the_lines_apart(void **state)
{
	struct finder *finder =
	    finder_new(NULL, (struct matcher_options){ .where = "^\\S+ jiguang\\b.*$" });
	static const uint8_t classes[] = { HIT_ELSEWHERE, HIT_RESPONSE, HIT_RESPONSE,
		HIT_ELSEWHERE };

	(void)state;
	expect(finder, "x code=1\nx jiguang code=2 code=3\njiguang code=4", "1,2,3,4");
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(finder->hits[i].hit_class, classes[i]);
	finder_free(finder);
}

static void faults_name_their_option(void **state)
{
	char *const unnamed[] = { PATTERN("code=(\\d+)") };
	char *const broken[] = { PATTERN("(?<code>") };
	const struct {
		struct matcher_options options;
		const char *message;
	} rows[] = {
		{ { .patterns = unnamed, .pattern_count = 1 },
		    "--regexp: 'code=(\\d+)' has no group named code; write (?<code>\\d+) for the "
		    "number" },
		{ { .patterns = broken, .pattern_count = 1 }, "--regexp: " },
		{ { .where = "(" }, "--where: " },
	};
	struct catalog *catalog = scanned_catalog();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = ERROR_INIT;

		assert_null(matcher_new(&rows[i].options, catalog, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_int_equal(strncmp(error.text, rows[i].message, strlen(rows[i].message)), 0);
	}
	matcher_free(NULL);
	matcher_run_free(NULL);
	catalog_free(catalog);
}

/* ---- the same whatever the way ---- */

static const char *const words[] = { "code", "=", ":", "9011", "\"", "\n", " ", "errCode", "9001",
	"0", "错误码", "：", "\\", "\\x22", "\x1b[31m", ".0", ",", "{", "}", "content",
	"\"code\":9011,", "code=9003 ", " [request: token expired or not exist]", "exit ",
	"\xc2\xeb", "b7", ",\"code_outcome\":\"auth\"" };

/* A run that has read many replies, against one that has read none. */
static void what_was_read_before_is_read_the_same_again(void **state)
{
	static const char *const lefts[] = { "", "\"", ",\"", "{\"", ", ", "(", "t ", "x ", "\t",
		"err", " err", "resp.", "xp.", "9.", "-", "\\x22", "\x1b[1m", "exit ", "\n", ",'",
		"; ", "  " };
	static const char *const replies[] = { "code\":9000,\"content\":\"verify consistent\"",
		"code\": 9001, \"content\": \"verify not consistent\"",
		"code=8000, content=get phone success)", "code=9018 message=appKey no money,",
		"code': 9011, 'content': 'auth failed'", "code\":0,\"content\":\"success\"",
		"code=9000,content=verify consistent", "code=9000, msg: verify consistent\n",
		"code=9000 [success, verification: verify consistent], content=verify consistent}",
		"code\":9000,\"code_outcome\":\"success\",\"content\":\"verify consistent\"" };
	static const char *const rights[] = { "", "}", ",\"id\":1}", "\n", "x", " ", "\r\n",
		"content" };
	static const char *const keys[] = { NULL, "+resp.code", "code,9.code" };
	static const char bytes[] = "\"',:=0 9\n\\x[]{}cev";
	struct randoms randoms = { 20 };

	(void)state;
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		struct finder *old = finder_new(keys[k], (struct matcher_options){ 0 });
		struct finder *new = finder_new(keys[k], (struct matcher_options){ 0 });
		size_t hits = 0;

		for (size_t i = 0; i < 20000; i++) {
			char text[600] = "";
			size_t length;

			for (size_t part = randoms_below(&randoms, 3) + 1; part > 0; part--) {
				strcat(text, lefts[randoms_below(
				                 &randoms, sizeof(lefts) / sizeof(lefts[0]))]);
				strcat(text, replies[randoms_below(
				                 &randoms, sizeof(replies) / sizeof(replies[0]))]);
				strcat(text, rights[randoms_below(
				                 &randoms, sizeof(rights) / sizeof(rights[0]))]);
			}
			length = strlen(text);
			if (i % 3 == 0)
				text[randoms_below(&randoms, length)] =
				    bytes[randoms_below(&randoms, sizeof(bytes) - 1)];
			if (i % 4 != 0) /* most replies are not the last bytes there are */
				length += (size_t)sprintf(text + length, "%70s\n", "");
			matcher_run_free(new->run);
			new->run = matcher_run_new(new->matcher, &(struct error)ERROR_INIT);
			assert_non_null(new->run);
			find(old, text, length, i % 5 == 0, 16);
			find(new, text, length, i % 5 == 0, 16);
			same_hits(old, new, text);
			hits += old->count;
		}
		assert_true(hits > 10000);
		finder_free(old);
		finder_free(new);
	}
}

static void jit_and_interpreter_agree(void **state)
{
	char *const patterns[] = { PATTERN("\\w(?<code>\\d+)"), PATTERN("(?<code>9\\d*)$") };
	struct matcher_options options = { .patterns = patterns, .where = "9" };
	struct randoms randoms = { 6 };

	(void)state;
	for (options.pattern_count = 0; options.pattern_count <= 2; options.pattern_count++) {
		struct matcher_options plain = options;
		struct finder *left;
		struct finder *right;

		plain.no_jit = true;
		plain.no_blocks = true;
		left = finder_new(NULL, options);
		right = finder_new(NULL, plain);
		assert_false(matcher_is_jit(right->matcher));
		for (size_t round = 0; round < 300; round++) {
			char text[600];
			size_t length = randoms_text(&randoms, words,
			    sizeof(words) / sizeof(words[0]), 60 + round, text, sizeof(text));

			find(left, text, length, round % 5 == 0, 256);
			find(right, text, length, round % 5 == 0, 256);
			same_hits(left, right, text);
			assert_int_equal(matcher_newlines(left->run), matcher_newlines(right->run));
		}
		finder_free(left);
		finder_free(right);
	}
}

/* A block is its lines: the hits of each line alone, moved to its place. */
static void a_block_is_its_lines(void **state)
{
	struct randoms randoms = { 7 };
	struct finder *whole = finder_new(NULL, (struct matcher_options){ 0 });
	struct finder *line = finder_new(NULL, (struct matcher_options){ 0 });

	(void)state;
	for (size_t round = 0; round < 300; round++) {
		char text[800];
		size_t length = randoms_text(
		    &randoms, words, sizeof(words) / sizeof(words[0]), 60, text, sizeof(text));
		size_t seen = 0;

		find(whole, text, length, false, 1 + round % 7);
		for (size_t start = 0; start < length;) {
			const char *newline = memchr(text + start, '\n', length - start);
			size_t end = newline == NULL ? length : (size_t)(newline - text) + 1;

			find(line, text + start, end - start, false, 64);
			for (size_t i = 0; i < line->count; i++, seen++) {
				const struct hit *hit = &whole->hits[seen];

				if (seen >= whole->count || hit->code != line->hits[i].code ||
				    hit->number.start != line->hits[i].number.start + start ||
				    hit->key.start != line->hits[i].key.start + start ||
				    hit->annotation_end != line->hits[i].annotation_end + start ||
				    hit->line.start != start)
					fail_msg("'%s': hit %zu", text, seen);
			}
			start = end;
		}
		assert_int_equal(seen, whole->count);
	}
	finder_free(whole);
	finder_free(line);
}

static void the_size_of_a_batch_does_not_matter(void **state)
{
	char *const patterns[] = { PATTERN("b(?<code>\\d+)") };
	struct randoms randoms = { 8 };
	struct matcher_options options = { .patterns = patterns, .pattern_count = 1 };
	struct finder *one = finder_new(NULL, options);
	struct finder *many = finder_new(NULL, options);

	(void)state;
	for (size_t round = 0; round < 100; round++) {
		char text[3000];
		size_t length = randoms_text(
		    &randoms, words, sizeof(words) / sizeof(words[0]), 60, text, sizeof(text));

		find(one, text, length, false, 1);
		find(many, text, length, false, 1000);
		same_hits(one, many, text);
	}
	finder_free(one);
	finder_free(many);
}

/* ---- patterns that cost much ---- */

/* Lines that are cheap one by one, in a block that takes longer than one line
 * may: nothing is lost, and nothing is reported as lost. */
static void a_slow_block_is_no_slow_line(void **state)
{
	char *const patterns[] = { PATTERN("[abc]*(?:x|y)(?<code>\\d+)") };
	struct matcher_options options = { .patterns = patterns, .pattern_count = 1 };
	struct finder *block = finder_new("", options);
	const size_t line = 600;
	const size_t lines = 1000;
	char *text = malloc(line * lines);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', line * lines);
	for (size_t i = 1; i <= lines; i++)
		memcpy(text + i * line - 4, i % 100 == 0 ? "bx7\n" : "bbb\n", 4);
	find(block, text, line * lines, false, 100);
	assert_int_equal(block->count, lines / 100);
	assert_int_equal(matcher_trouble(block->run, PATTERN_TIME_LIMIT), 0);
	free(text);
	finder_free(block);
}

/* The line that meets the limit is lost and counted; its neighbours are not. */
static void a_limit_costs_its_line_only(void **state)
{
	char *const patterns[] = { PATTERN("(?:a+)+x(?<code>\\d+)|y(?<c>z)"),
		PATTERN("(?:a+)+x(?<code>\\d+)$|y(?<c>z)") };
	static char text[400];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "ax1\n", 4);
	memcpy(text + 300, "\nax2\nax3", 8);
	for (size_t i = 0; i < 2; i++) {
		struct matcher_options options = { .patterns = patterns + i, .pattern_count = 1 };
		struct finder *finder = finder_new("", options);
		uint64_t trouble = 0;

		expect(finder, "ax1\nax2", "1,2");
		find(finder, text, 308, false, 16);
		assert_int_equal(finder->count, 3);
		for (int t = 0; t < PATTERN_TROUBLE_COUNT; t++)
			trouble += matcher_trouble(finder->run, (enum pattern_trouble)t);
		assert_int_equal(trouble, 1);
		finder_free(finder);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hit_is_described),
		cmocka_unit_test(hits_come_in_order),
		cmocka_unit_test(many_keys_are_all_found),
		cmocka_unit_test(crowded_keys_do_not_overflow),
		cmocka_unit_test(cut_lines_hold_no_number_at_their_end),
		cmocka_unit_test(a_hit_carries_the_named_group),
		cmocka_unit_test(several_patterns_keep_their_order),
		cmocka_unit_test(where_tells_the_lines_apart),
		cmocka_unit_test(faults_name_their_option),
		cmocka_unit_test(what_was_read_before_is_read_the_same_again),
		cmocka_unit_test(jit_and_interpreter_agree),
		cmocka_unit_test(a_block_is_its_lines),
		cmocka_unit_test(the_size_of_a_batch_does_not_matter),
		cmocka_unit_test(a_slow_block_is_no_slow_line),
		cmocka_unit_test(a_limit_costs_its_line_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
