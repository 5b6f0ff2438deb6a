/*
 * Reports against the files in tests/data/report, byte by byte, and what must
 * hold at any width. With JGANNOTATE_UPDATE set the files are written anew.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "base/zone.h"
#include "report/report.h"
#include "report/rows.h"
#include "report/table.h"
#include "report/words.h"
#include "summary_sample.h"

typedef struct summary *sample_fn(void);

#define STYLE(width_, color_, utf8_, chinese_, top_) \
	{ \
		.width = (width_), .color = (color_), .utf8 = (utf8_), .chinese = (chinese_), \
		.top = (top_) \
	}

static struct summary *sample_hostile(void)
{
	struct summary *summary = sample_summary();
	static const char *const files[] = { "a\x1b[31m\n\xff\"\\.log", NULL };

	summary->unlisted_codes[0].text = "\xff\x1b[2J\"\\\xe4\xbd";
	summary->codes[3].first_file = files[0];
	summary->files = files;
	summary->label = "a\"b\\\nc\xff";
	return summary;
}

static struct summary *sample_errors_list(void)
{
	struct summary *summary = sample_one_catalog();

	/* --errors negative,9018: 9001 counts as an error, most others do not. */
	summary->errors_list = "negative,9018";
	summary->errors = 0;
	for (size_t i = 0; i < summary->code_count; i++) {
		summary->codes[i].is_error =
		    summary->codes[i].entry->code == 9018 || summary->codes[i].entry->code == 9001;
		summary->errors += summary->codes[i].is_error ? summary->codes[i].count : 0;
	}
	return summary;
}

static struct summary *sample_no_responses(void)
{
	struct summary *summary = sample_empty();
	static const struct summary_number numbers[] = { { 200, 12 } };

	summary->lines = 1;
	summary->lines_with_hits = 1;
	summary->hit_count = summary->hits[HIT_OTHER] = 12;
	summary->other_numbers_distinct = 1;
	summary->numbers = sample_copy(summary, numbers, sizeof(numbers));
	summary->number_count = 1;
	return summary;
}

static struct summary *sample_trouble(void)
{
	struct summary *summary = sample_one_catalog();

	summary->trouble.long_lines = 1;
	summary->trouble.regex_limits = 1234;
	summary->trouble.not_a_code = 2;
	summary->trouble.unreadable_files = 1;
	summary->trouble.damaged_files = 3;
	return summary;
}

struct golden {
	const char *file;
	report_write_fn *write;
	sample_fn *sample;
	struct report_style style; /* width, color, utf8, chinese, top */
};

static const struct golden goldens[] = {
	{ "text.txt", report_text, sample_one_catalog, STYLE(80, false, true, false, 20) },
	{ "text-ascii.txt", report_text, sample_one_catalog, STYLE(80, false, false, false, 20) },
	{ "text-zh.txt", report_text, sample_one_catalog, STYLE(80, false, true, true, 20) },
	{ "text-color.txt", report_text, sample_one_catalog, STYLE(80, true, true, false, 20) },
	{ "text-top.txt", report_text, sample_one_catalog, STYLE(80, false, true, false, 1) },
	{ "text-40.txt", report_text, sample_one_catalog, STYLE(40, false, true, false, 20) },
	{ "text-catalogs.txt", report_text, sample_summary, STYLE(80, false, true, false, 20) },
	{ "text-catalogs-zh.txt", report_text, sample_summary, STYLE(80, false, true, true, 20) },
	{ "text-hostile.txt", report_text, sample_hostile, STYLE(80, false, true, false, 20) },
	{ "text-errors.txt", report_text, sample_errors_list, STYLE(80, false, true, false, 20) },
	{ "text-trouble.txt", report_text, sample_trouble, STYLE(80, false, true, false, 20) },
	{ "text-doubt.txt", report_text, sample_doubt, STYLE(80, false, true, false, 20) },
	{ "text-doubt-40.txt", report_text, sample_doubt, STYLE(40, false, true, false, 20) },
	{ "text-empty.txt", report_text, sample_empty, STYLE(80, false, true, false, 20) },
	{ "text-none.txt", report_text, sample_no_responses, STYLE(80, false, true, false, 20) },
	{ "text-night.txt", report_text, sample_night, STYLE(80, false, true, false, 20) },
	{ "text-night-zh.txt", report_text, sample_night, STYLE(100, false, true, true, 20) },
	{ "text-night-40.txt", report_text, sample_night, STYLE(40, false, false, false, 3) },
	{ "json.json", report_json, sample_summary, STYLE(80, false, true, false, 20) },
	{ "json-empty.json", report_json, sample_empty, STYLE(80, false, true, false, 20) },
	{ "json-hostile.json", report_json, sample_hostile, STYLE(80, false, true, false, 20) },
	{ "json-night.json", report_json, sample_night, STYLE(80, false, true, false, 20) },
	{ "csv.csv", report_csv, sample_summary, STYLE(80, false, true, false, 20) },
	{ "csv-empty.csv", report_csv, sample_empty, STYLE(80, false, true, false, 20) },
	{ "markdown-night.md", report_markdown, sample_night, STYLE(80, false, true, false, 20) },
	{ "markdown-zh.md", report_markdown, sample_summary, STYLE(80, false, true, true, 3) },
	{ "markdown-hostile.md", report_markdown, sample_hostile,
	    STYLE(80, false, true, false, 20) },
	{ "markdown-empty.md", report_markdown, sample_empty, STYLE(80, false, true, false, 20) },
	{ "html-night.html", report_html, sample_night, STYLE(80, false, true, false, 20) },
	{ "markdown-doubt.md", report_markdown, sample_doubt, STYLE(80, false, true, false, 20) },
	{ "html-doubt.html", report_html, sample_doubt, STYLE(80, false, true, false, 20) },
	{ "html-zh.html", report_html, sample_summary, STYLE(80, false, true, true, 3) },
	{ "html-hostile.html", report_html, sample_hostile, STYLE(80, false, true, false, 20) },
	{ "html-empty.html", report_html, sample_empty, STYLE(80, false, true, false, 20) },
	{ "prometheus.prom", report_prometheus, sample_night, STYLE(80, false, true, false, 20) },
	{ "prometheus-empty.prom", report_prometheus, sample_empty,
	    STYLE(80, false, true, false, 20) },
	{ "prometheus-hostile.prom", report_prometheus, sample_hostile,
	    STYLE(80, false, true, false, 20) },
	{ "totals.txt", report_totals, sample_one_catalog, STYLE(80, false, true, false, 20) },
	{ "totals-zh.txt", report_totals, sample_one_catalog, STYLE(80, false, true, true, 20) },
	{ "totals-catalogs.txt", report_totals, sample_summary, STYLE(80, false, true, false, 20) },
	{ "totals-doubt.txt", report_totals, sample_doubt, STYLE(80, false, true, false, 20) },
	{ "totals-doubt-zh.txt", report_totals, sample_doubt, STYLE(80, false, true, true, 20) },
	{ "totals-empty.txt", report_totals, sample_empty, STYLE(80, false, true, false, 20) },
	{ "totals-none.txt", report_totals, sample_no_responses,
	    STYLE(80, false, true, false, 20) },
};

static FILE *golden_open(const char *file, const char *mode)
{
	const char *tests = getenv("TESTS");
	char path[4096];
	FILE *stream;

	if (tests == NULL)
		fail_msg("TESTS is not set: run it with ctest, or set it to the folder tests");
	(void)snprintf(path, sizeof(path), "%s/data/report/%s", tests, file);
	stream = fopen(path, mode);
	if (stream == NULL)
		fail_msg("cannot open %s", path);
	return stream;
}

static void golden_check(const struct golden *golden)
{
	struct summary *summary = golden->sample();
	struct strbuf out = STRBUF_INIT;
	char *expected = calloc(1, 1 << 20);
	FILE *stream;

	golden->write(&out, summary, &golden->style);
	assert_false(out.failed);
	if (getenv("JGANNOTATE_UPDATE") != NULL) {
		stream = golden_open(golden->file, "w");
		assert_int_equal(fwrite(out.data, 1, out.len, stream), out.len);
	} else {
		stream = golden_open(golden->file, "r");
		assert_non_null(expected);
		assert_true(fread(expected, 1, (1 << 20) - 1, stream) > 0);
		if (strcmp(expected, out.data) != 0)
			fail_msg("%s is not what was written:\n%s", golden->file, out.data);
	}
	assert_int_equal(fclose(stream), 0);
	free(expected);
	strbuf_release(&out);
	summary_free(summary);
}

static void reports_are_as_the_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++)
		golden_check(&goldens[i]);
}

/* No line of a text is wider than asked, and none ends in a blank. */
static void width_check(report_write_fn *write, sample_fn *sample, const struct report_style *style)
{
	struct summary *summary = sample();
	struct strbuf out = STRBUF_INIT;

	write(&out, summary, style);
	assert_false(out.failed);
	for (const char *line = out.data; *line != '\0';) {
		size_t length = strcspn(line, "\n");

		if (utf8_width(line, length) > style->width)
			fail_msg("wider than %u: %.*s", style->width, (int)length, line);
		if (length > 0 && line[length - 1] == ' ')
			fail_msg("ends in a blank: %.*s", (int)length, line);
		assert_int_equal(line[length], '\n');
		line += length + 1;
	}
	strbuf_release(&out);
	summary_free(summary);
}

static void every_width_is_kept(void **state)
{
	sample_fn *const samples[] = { sample_empty, sample_summary, sample_one_catalog,
		sample_hostile, sample_errors_list, sample_no_responses, sample_trouble,
		sample_night };

	(void)state;
	for (unsigned width = 40; width <= 200; width++)
		for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
			for (unsigned bits = 0; bits < 4; bits++) {
				const struct report_style style = STYLE(
				    width, false, (bits & 1) != 0, (bits & 2) != 0, width % 5 + 1);

				width_check(report_text, samples[i], &style);
				width_check(report_totals, samples[i], &style);
			}
}

static void totals_take_four_lines_at_most(void **state)
{
	sample_fn *const samples[] = { sample_empty, sample_summary, sample_one_catalog,
		sample_doubt };

	(void)state;
	for (unsigned width = 40; width <= 120; width++)
		for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
			const struct report_style style =
			    STYLE(width, false, true, width % 2 == 0, 20);
			struct summary *summary = samples[i]();
			struct strbuf out = STRBUF_INIT;
			unsigned lines = 0;

			report_totals(&out, summary, &style);
			for (size_t at = 0; at < out.len; at++)
				lines += out.data[at] == '\n' ? 1 : 0;
			assert_in_range(lines, 1, 4);
			strbuf_release(&out);
			summary_free(summary);
		}
}

static void formats_are_found(void **state)
{
	size_t count;

	(void)state;
	assert_non_null(report_formats(&count));
	assert_int_equal(count, 7);
	assert_ptr_equal(report_format_find("text")->write, report_text);
	assert_ptr_equal(report_format_find("json")->write, report_json);
	assert_ptr_equal(report_format_find("jsonl")->write, report_jsonl);
	assert_string_equal(report_format_of_file("a.jsonl")->name, "jsonl");
	assert_null(report_format_find("jso"));
	assert_null(report_format_find(""));
	assert_string_equal(report_format_of_file("a/b.c.json")->name, "json");
	assert_string_equal(report_format_of_file("night.txt")->name, "text");
	assert_null(report_format_of_file(".txt"));
	assert_null(report_format_of_file("txt"));
	assert_null(report_format_of_file("night.txt.gz"));
}

static size_t occurrences(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

/* The full table of a summary sums up to its hits, bucket by bucket and group by group. */
static void rows_add_up(void **state)
{
	sample_fn *const samples[] = { sample_empty, sample_summary, sample_one_catalog,
		sample_no_responses, sample_night };

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct summary *summary = samples[i]();
		uint64_t hits = 0, responses = 0;
		struct rows rows;

		assert_true(rows_init(&rows, summary));
		for (size_t r = 0; r < rows.count; r++) {
			assert_true(rows.items[r].count > 0);
			hits += rows.items[r].count;
			if (rows.items[r].counts_as == HIT_RESPONSE)
				responses += rows.items[r].count;
		}
		assert_int_equal(hits, summary->hit_count);
		assert_int_equal(responses, summary->hits[HIT_RESPONSE]);
		rows_release(&rows);
		summary_free(summary);
	}
}

/* No group of the CSV begins as a formula does, and none breaks its line. */
static void csv_groups_are_harmless(void **state)
{
	const struct report_style style = STYLE(80, false, true, false, 20);
	struct summary *summary = sample_night();
	struct strbuf out = STRBUF_INIT;

	(void)state;
	report_csv(&out, summary, &style);
	assert_int_equal(occurrences(out.data, "\n"), summary->row_count + 1);
	assert_null(strstr(out.data, ",=cmd"));
	assert_true(occurrences(out.data, ",'=cmd|'/c calc'!A1,response,9000,") > 20);
	assert_true(occurrences(out.data, "\n2026-11-22T15:00:00+08:00,") > 20);
	assert_non_null(strstr(out.data, "\n,/v1/web/verify,response,9000,")); /* no time */
	assert_non_null(strstr(
	    out.data, ",\"<script>alert(\"\"1\"\")</script>|`@all` \xef\xbf\xbd\x1b[31m号码\","));
	strbuf_release(&out);
	summary_free(summary);
}

/* Every code of the catalog stands there once, also the one that did not occur. */
static void prometheus_shows_what_did_not_occur(void **state)
{
	struct report_style style = STYLE(80, false, true, false, 20);
	struct summary *summary = sample_one_catalog();
	struct strbuf out = STRBUF_INIT;
	struct error error;
	struct catalog *catalog = catalog_new(&error);

	(void)state;
	assert_non_null(catalog);
	assert_true(catalog_add_builtin(catalog, &error) && catalog_freeze(catalog, &error));
	style.catalog = catalog;
	report_prometheus(&out, summary, &style);
	assert_int_equal(occurrences(out.data, "\njgannotate_run_hits{"), catalog_size(catalog));
	assert_int_equal(occurrences(out.data, ",code=\"9018\","), 1);
	assert_non_null(strstr(out.data,
	    "\njgannotate_run_hits{log=\"\",code=\"9011\",category=\"verification\","
	    "outcome=\"auth\",error=\"true\"} 0\n"));
	strbuf_release(&out);
	summary_free(summary);
	catalog_free(catalog);
}

static void numbers_are_spelled(void **state)
{
	(void)state;
	assert_string_equal(words_grouped(0).text, "0");
	assert_string_equal(words_grouped(999).text, "999");
	assert_string_equal(words_grouped(1000).text, "1,000");
	assert_string_equal(words_grouped(UINT64_MAX).text, "18,446,744,073,709,551,615");
	assert_string_equal(words_percent(0, 7, 2).text, "0.00%");
	assert_string_equal(words_percent(7, 7, 2).text, "100.00%");
	assert_string_equal(words_percent(1, 3, 1).text, "33.3%");
	assert_string_equal(words_percent(2, 3, 2).text, "66.67%");
	assert_string_equal(words_percent(1, 1000000, 2).text, "<0.01%");
	assert_string_equal(words_percent(999999, 1000000, 2).text, ">99.99%");
	assert_string_equal(words_percent(UINT64_MAX - 1, UINT64_MAX, 1).text, ">99.9%");
}

static void every_phrase_is_there_in_both_languages(void **state)
{
	(void)state;
	for (unsigned i = 0; i < WORD_END; i++) {
		struct strbuf english = STRBUF_INIT, chinese = STRBUF_INIT;

		assert_non_null(words_phrase(false, (enum word)i));
		assert_non_null(words_phrase(true, (enum word)i));
		words_add(&english, false, (enum word)i, "a", "b", "c", (char *)NULL);
		words_add(&chinese, true, (enum word)i, "a", "b", "c", (char *)NULL);
		assert_true(english.len > 0 && chinese.len > 0);
		assert_null(strpbrk(english.data, "{}|"));
		assert_null(strpbrk(chinese.data, "{}|"));
		strbuf_release(&english);
		strbuf_release(&chinese);
	}
}

static void one_is_singular(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	words_add(&out, false, WORD_CLOSING_FILES, "1", "2", "1", (char *)NULL);
	assert_string_equal(out.data, "1 code in 2 lines of 1 file; ");
	strbuf_release(&out);
}

static void text_is_wrapped(void **state)
{
	static const struct {
		const char *text, *expected;
		size_t column, indent, width;
	} rows[] = {
		{ "one two three", "one two three", 0, 2, 13 },
		{ "one two three", "one two\n  three", 0, 2, 12 },
		{ "one two three", "one\n  two\n  three", 4, 2, 8 },
		{ "onetwothree", "onetwo\n  thre\n  e", 0, 2, 6 },
		{ "中文字符很多", "中文字\n 符很\n 多", 0, 1, 6 },
		{ "中文字，符", "中文\n字，\n符", 0, 0, 5 },
		{ "", "", 0, 0, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct strbuf out = STRBUF_INIT;

		table_wrap(&out, rows[i].text, strlen(rows[i].text), rows[i].column, rows[i].indent,
		    rows[i].width);
		assert_string_equal(out.data, rows[i].expected);
		strbuf_release(&out);
	}
}

int main(void)
{
	struct error error;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_as_the_files),
		cmocka_unit_test(every_width_is_kept),
		cmocka_unit_test(totals_take_four_lines_at_most),
		cmocka_unit_test(formats_are_found),
		cmocka_unit_test(rows_add_up),
		cmocka_unit_test(csv_groups_are_harmless),
		cmocka_unit_test(prometheus_shows_what_did_not_occur),
		cmocka_unit_test(numbers_are_spelled),
		cmocka_unit_test(every_phrase_is_there_in_both_languages),
		cmocka_unit_test(one_is_singular),
		cmocka_unit_test(text_is_wrapped),
	};

	if (!zone_choose("Asia/Shanghai", &error))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
