/* The counts: classes, lines, caps, orders; and that merged parts are one whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "randoms.h"
#include "report/report.h"
#include "scanned.h"
#include "tally/tally.h"

/* Not struct scanner: it is the tally that takes the hits. */
struct counter {
	struct catalog *catalog;
	struct key_set keys;
	struct matcher *matcher;
	struct scan scan;
	struct tally *tally;
	struct selection *errors;
};

static void counter_init(struct counter *counter)
{
	struct error error = ERROR_INIT;
	struct matcher_options options = { .keys = &counter->keys };

	counter->catalog = scanned_catalog();
	assert_true(key_set_init(&counter->keys, &error));
	counter->matcher = matcher_new(&options, counter->catalog, &error);
	assert_non_null(counter->matcher);
	assert_true(scan_init(
	    &counter->scan, counter->matcher, counter->catalog, TRUST_NORMAL, false, &error));
	counter->tally = tally_new(counter->catalog, &error);
	assert_non_null(counter->tally);
	scan_add_sink(&counter->scan, tally_sink(counter->tally));
	counter->errors = selection_new_errors(counter->catalog, &error);
	assert_non_null(counter->errors);
}

static void counter_release(struct counter *counter)
{
	selection_free(counter->errors);
	tally_free(counter->tally);
	scan_release(&counter->scan);
	matcher_free(counter->matcher);
	key_set_release(&counter->keys);
	catalog_free(counter->catalog);
}

/* The scan counts into `tally` from now on. */
static void count_into(struct counter *counter, struct tally *tally)
{
	counter->scan.sinks[0] = tally_sink(tally);
}

static uint64_t count(
    struct counter *counter, const char *text, size_t length, const char *file, uint64_t first_line)
{
	struct error error = ERROR_INIT;
	struct piece piece = {
		.data = text, .length = length, .file = file, .first_line = first_line
	};

	if (length == 0)
		return 0;
	assert_true(scan_piece(&counter->scan, &piece, &error));
	return piece.newlines;
}

static struct summary *summarize(const struct counter *counter, const struct tally *tally)
{
	static const char *const files[] = { "a.log" };
	static const char *const keys[] = { "code" };
	struct tally_context context = { .version = "1",
		.errors = counter->errors,
		.files = files,
		.file_count = 1,
		.keys = keys,
		.key_count = 1 };
	struct error error = ERROR_INIT;
	struct summary *summary = tally_summarize(tally, &context, &error);

	assert_non_null(summary);
	assert_true(summary_is_consistent(summary));
	return summary;
}

static const char log_text[] = "start\n"
                               "{\"code\":9011,\"content\":\"auth failed\"}\n"
                               "code=9011 again code=9011\n"
                               "code=9001\n"
                               "{\"code\":9000,\"content\":\"verify "
                               "consistent\",\"riskCheck\":{\"code\":0,\"content\":\"success\"}}\n"
                               "{\"code\":0,\"msg\":\"success\"} code=0\n"
                               "{\"id\":1,\"code\":9023,\"content\":\"sim card changed\"}\n"
                               "code=123456\n"
                               "\n"
                               "end";

static void classes_are_counted(void **state)
{
	struct counter counter;
	struct summary *summary;

	(void)state;
	counter_init(&counter);
	(void)count(&counter, log_text, sizeof(log_text) - 1, "a.log", 1);
	summary = summarize(&counter, counter.tally);
	assert_int_equal(summary->lines, 10);
	assert_int_equal(summary->bytes, sizeof(log_text) - 1);
	assert_int_equal(summary->lines_with_hits, 7);
	assert_int_equal(summary->hit_count, 10);
	assert_int_equal(summary->hits[HIT_RESPONSE], 4);
	assert_int_equal(summary->hits[HIT_REPEATED], 1);
	assert_int_equal(summary->hits[HIT_INNER], 1);
	assert_int_equal(summary->hits[HIT_HELD_BACK], 2);
	assert_int_equal(summary->hits[HIT_UNLISTED], 1);
	assert_int_equal(summary->hits[HIT_OTHER], 1);
	assert_int_equal(summary->hits[HIT_ELSEWHERE], 0);
	assert_int_equal(summary->errors, 2);
	assert_true(summary_error_rate(summary) == 0.5);
	assert_int_equal(summary->outcomes[OUTCOME_AUTH], 2);
	assert_int_equal(summary->outcomes[OUTCOME_NEGATIVE], 1);
	assert_int_equal(summary->outcomes[OUTCOME_SUCCESS], 1);
	assert_int_equal(summary->code_count, 3);
	assert_int_equal(summary->codes[0].entry->code, 9011);
	assert_int_equal(summary->codes[0].count, 2);
	assert_true(summary->codes[0].is_error);
	assert_string_equal(summary->codes[0].first_file, "a.log");
	assert_int_equal(summary->codes[0].first_line, 2);
	assert_int_equal(summary->codes[1].entry->code, 9000);
	assert_int_equal(summary->codes[1].first_line, 5);
	assert_int_equal(summary->codes[2].entry->code, 9001);
	assert_int_equal(summary->category_count, 1);
	assert_string_equal(summary->categories[0].name, "verification");
	assert_int_equal(summary->inner_count, 1);
	assert_int_equal(summary->held_count, 1);
	assert_int_equal(summary->held[0].count, 2);
	assert_true(*summary->held[0].reason != '\0');
	assert_int_equal(summary->unlisted_count, 1);
	assert_int_equal(summary->unlisted_codes[0].code, 9023);
	assert_string_equal(summary->unlisted_codes[0].text, "sim card changed");
	assert_int_equal(summary->unlisted_codes[0].first_line, 7);
	assert_int_equal(summary->number_count, 0);
	assert_int_equal(summary->other_numbers_distinct, 1);
	summary_free(summary);
	counter_release(&counter);
}

static void nothing_is_nothing(void **state)
{
	struct counter counter;
	struct summary *summary;

	(void)state;
	counter_init(&counter);
	summary = summarize(&counter, counter.tally);
	assert_int_equal(summary->lines, 0);
	assert_int_equal(summary->hit_count, 0);
	assert_int_equal(summary->code_count + summary->category_count, 0);
	summary_free(summary);
	summary_free(NULL);
	tally_free(NULL);
	counter_release(&counter);
}

static void lines_are_counted(void **state)
{
	struct piece cut = { .data = "aaaa", .length = 4, .is_cut = true, .first_line = 1 };
	struct piece rest = { .data = "bb\n", .length = 3, .is_rest = true, .first_line = 1 };
	struct error error = ERROR_INIT;
	struct counter counter;
	struct summary *summary;

	(void)state;
	counter_init(&counter);
	assert_true(scan_piece(&counter.scan, &cut, &error));
	assert_true(scan_piece(&counter.scan, &rest, &error));
	assert_int_equal(tally_lines(counter.tally), 1);
	(void)count(&counter, "one\ntwo", 7, NULL, 2); /* an input without final newline */
	(void)count(&counter, "three\n", 6, NULL, 1);
	(void)count(&counter, "open", 4, NULL, 1);
	summary = summarize(&counter, counter.tally);
	assert_int_equal(summary->lines, 5);
	assert_int_equal(summary->bytes, 4 + 3 + 7 + 6 + 4);
	assert_int_equal(summary->trouble.long_lines, 1);
	summary_free(summary);
	counter_release(&counter);
}

/* Codes by count, then by number; other numbers from ten on, at most 20 of them. */
static void rows_are_in_order(void **state)
{
	static char text[60000];
	struct counter counter;
	struct summary *summary;
	size_t length = 0;

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		for (unsigned times = 0; times < 5 + i; times++)
			length += (size_t)sprintf(text + length, "code=%u\n", 100000 + i);
	length += (size_t)sprintf(text + length, "code=9012\ncode=9011\ncode=9020\ncode=9020\n");
	counter_init(&counter);
	(void)count(&counter, text, length, NULL, 1);
	summary = summarize(&counter, counter.tally);
	assert_int_equal(summary->codes[0].entry->code, 9020);
	assert_int_equal(summary->codes[1].entry->code, 9011);
	assert_int_equal(summary->codes[2].entry->code, 9012);
	assert_int_equal(summary->other_numbers_distinct, 30);
	assert_false(summary->other_numbers_capped);
	assert_int_equal(summary->number_count, 20);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(summary->numbers[i].code, 100029 - i);
	summary_free(summary);
	counter_release(&counter);
}

static void memory_is_capped(void **state)
{
	const unsigned distinct = TALLY_NUMBERS_MAX + 100;
	char *text = malloc(distinct * 16);
	struct counter counter;
	struct summary *summary;
	size_t length = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < distinct; i++)
		length += (size_t)sprintf(text + length, "code=%u\n", 100000 + i);
	counter_init(&counter);
	(void)count(&counter, text, length, NULL, 1);
	(void)count(&counter, "code=9011\n", 10, NULL, 1); /* catalogued codes are never dropped */
	summary = summarize(&counter, counter.tally);
	assert_int_equal(summary->hits[HIT_OTHER], distinct);
	assert_int_equal(summary->other_numbers_distinct, TALLY_NUMBERS_MAX);
	assert_true(summary->other_numbers_capped);
	assert_int_equal(summary->hits[HIT_RESPONSE], 1);
	summary_free(summary);
	counter_release(&counter);
	free(text);
}

/* ---- merging ---- */

/* A summary in words: the JSON report says all that was counted. */
static void tell(const struct counter *counter, const struct tally *tally, struct strbuf *out)
{
	struct report_style style = { .width = 80, .top = 1000 };
	struct summary *summary = summarize(counter, tally);

	strbuf_reset(out);
	report_json(out, summary, &style);
	assert_false(out->failed);
	summary_free(summary);
}

static const char *const words[] = { "code=9011", " ", "\n",
	"{\"code\":9000,\"content\":\"verify consistent\"}", "{\"code\":0,\"content\":\"success\"}",
	"code=0 ", "code=77 ", "code=78\n", "x\n", "code=9001 code=9001\n",
	"{\"id\":1,\"code\":9023,\"content\":\"a\"}",
	"{\"id\":1,\"code\":9023,\"content\":\"b\"}\n", "code=8000 msg=x\n", "\n\n",
	"{\"code\":9000,\"riskCheck\":{\"code\":1804}}\n", "code=1802,ttl=1\n" };

/* Cut at line ends into parts, each with a tally of its own, merged in order: the same
 * as one tally over all. */
static void merged_parts_are_the_whole(void **state)
{
	struct error error = ERROR_INIT;
	struct randoms randoms = { 14 };
	struct strbuf whole = STRBUF_INIT;
	struct strbuf merged = STRBUF_INIT;
	struct counter counter;

	(void)state;
	counter_init(&counter);
	for (size_t round = 0; round < 200; round++) {
		struct tally *one = tally_new(counter.catalog, &error);
		struct tally *sum = tally_new(counter.catalog, &error);
		struct tally *part = tally_new_part(counter.catalog, &error);
		char text[1500];
		size_t length = randoms_text(
		    &randoms, words, sizeof(words) / sizeof(words[0]), 70, text, sizeof(text));
		uint64_t line = 0;

		count_into(&counter, one);
		(void)count(&counter, text, length, "a.log", 1);
		count_into(&counter, part);
		for (size_t at = 0; at < length;) {
			size_t size = randoms_below(&randoms, 1 + randoms_below(&randoms, 600));
			const char *newline = memchr(text + at + (size < length - at ? size : 0),
			    '\n', length - at - (size < length - at ? size : 0));
			size_t end = newline == NULL ? length : (size_t)(newline - text) + 1;
			uint64_t lines = count(&counter, text + at, end - at, "a.log", 1);

			assert_true(tally_merge(sum, part, line, &error));
			line += lines;
			at = end;
			/* emptied: merging it once more adds nothing */
			assert_true(tally_merge(sum, part, line, &error));
		}
		tell(&counter, one, &whole);
		tell(&counter, sum, &merged);
		if (strcmp(whole.data, merged.data) != 0)
			fail_msg("'%s':\n%s\ninstead of\n%s", text, merged.data, whole.data);
		tally_free(one);
		tally_free(sum);
		tally_free(part);
	}
	count_into(&counter, counter.tally);
	strbuf_release(&whole);
	strbuf_release(&merged);
	counter_release(&counter);
}

/* Also when there are more numbers than are kept: those of the first 4,096 that come
 * again behind many others count in full. */
static void merged_parts_are_capped_as_the_whole(void **state)
{
	const unsigned numbers = 2 * TALLY_NUMBERS_MAX;
	char *text = malloc(numbers * 10 * 12 + 1);
	struct error error = ERROR_INIT;
	struct strbuf whole = STRBUF_INIT;
	struct strbuf merged = STRBUF_INIT;
	struct counter counter;
	struct tally *sum;
	struct tally *part;
	size_t half = 0;
	size_t length = 0;

	(void)state;
	assert_non_null(text);
	counter_init(&counter);
	sum = tally_new(counter.catalog, &error);
	part = tally_new_part(counter.catalog, &error);
	/* each five times on the way up, and five times on the way down */
	for (unsigned i = 0; i < numbers * 10; i++) {
		unsigned number = (i < numbers * 5 ? i : numbers * 10 - 1 - i) / 5;

		if (i == numbers * 5)
			half = length;
		length += (size_t)sprintf(text + length, "code=%u\n", 100000 + number);
	}
	(void)count(&counter, text, length, NULL, 1);
	count_into(&counter, part);
	(void)count(&counter, text, half, NULL, 1);
	assert_true(tally_merge(sum, part, 0, &error));
	(void)count(&counter, text + half, length - half, NULL, 1);
	assert_true(tally_merge(sum, part, numbers * 5, &error));
	tell(&counter, counter.tally, &whole);
	tell(&counter, sum, &merged);
	assert_non_null(strstr(whole.data, "\"count\": 10"));
	assert_string_equal(whole.data, merged.data);
	tally_free(sum);
	tally_free(part);
	count_into(&counter, counter.tally);
	strbuf_release(&whole);
	strbuf_release(&merged);
	counter_release(&counter);
	free(text);
}

/* Lines that go on from one part to the next are counted once. */
static void open_lines_are_merged(void **state)
{
	struct piece pieces[] = { { .data = "a\nbb", .length = 4, .is_cut = true },
		{ .data = "cc", .length = 2, .is_rest = true },
		{ .data = "d\n", .length = 2, .is_rest = true }, { .data = "e", .length = 1 },
		{ .data = "f\n", .length = 2 } };
	struct error error = ERROR_INIT;
	struct counter counter;

	(void)state;
	counter_init(&counter);
	for (unsigned cuts = 0; cuts < 16; cuts++) {
		struct tally *sum = tally_new(counter.catalog, &error);
		struct tally *part = tally_new(counter.catalog, &error);
		struct summary *summary;

		count_into(&counter, part);
		for (size_t i = 0; i < 5; i++) {
			assert_true(scan_piece(&counter.scan, &pieces[i], &error));
			if (i == 4 || (cuts >> i & 1) != 0)
				assert_true(tally_merge(sum, part, 0, &error));
		}
		summary = summarize(&counter, sum);
		if (summary->lines != 4 || summary->trouble.long_lines != 1 || summary->bytes != 11)
			fail_msg("cuts %u: %zu lines", cuts, (size_t)summary->lines);
		summary_free(summary);
		tally_free(sum);
		tally_free(part);
	}
	count_into(&counter, counter.tally);
	counter_release(&counter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_are_counted),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(lines_are_counted),
		cmocka_unit_test(rows_are_in_order),
		cmocka_unit_test(memory_is_capped),
		cmocka_unit_test(merged_parts_are_the_whole),
		cmocka_unit_test(merged_parts_are_capped_as_the_whole),
		cmocka_unit_test(open_lines_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
