/*
 * Reports read back: what was written comes back byte by byte; what is torn,
 * foreign, wrong or hostile is refused with the member's name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/zone.h"
#include "report_text.h"
#include "summary_sample.h"

typedef struct summary *sample_fn(void);

static struct summary *night_without_baseline(void)
{
	struct summary *summary = sample_night();

	summary->baseline = NULL;
	return summary;
}

static struct summary *parse(const char *text, struct error *error)
{
	*error = (struct error)ERROR_INIT;
	return report_parse("a.json", text, strlen(text), NULL, error);
}

static void refused(const char *text, const char *reason)
{
	struct error error;
	struct summary *file = parse(text, &error);

	if (file != NULL || strstr(error.text, reason) == NULL)
		fail_msg("not refused with '%s': %s", reason, file != NULL ? "read" : error.text);
	assert_int_equal(error.kind, ERROR_REPORT);
	assert_non_null(strstr(error.text, "report 'a.json'"));
}

static void test_comes_back(void **state)
{
	static sample_fn *const samples[] = { sample_summary, sample_empty, sample_one_catalog,
		night_without_baseline };

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct summary *summary = samples[i]();
		char *text = report_text_of(summary), *again;
		struct error error;
		struct summary *file = parse(text, &error);

		if (file == NULL)
			fail_msg("sample %zu: %s", i, error.text);
		assert_true(summary_is_consistent(file));
		again = report_text_of(file);
		assert_string_equal(again, text);
		free(again);
		free(text);
		summary_free(file);
		summary_free(summary);
	}
}

static void test_baseline_within_is_passed_over(void **state)
{
	struct summary *summary = sample_night();
	struct summary *file = report_of("a.json", summary);

	(void)state;
	assert_non_null(file);
	assert_null(file->baseline);
	summary_free(file);
	summary_free(summary);
}

static void test_values(void **state)
{
	struct summary *summary = night_without_baseline();
	struct summary *file = report_of("a.json", summary);
	const struct summary *read;

	(void)state;
	assert_non_null(file);
	read = file;
	assert_int_equal(read->first, summary->first);
	assert_int_equal(read->last, summary->last);
	assert_string_equal(read->label, "web-1");
	assert_string_equal(read->files[0], "a.json");
	assert_string_equal(read->codes[3].entry->description, "appKey no money");
	assert_string_equal(read->codes[3].entry->notes, "Insufficient account balance");
	assert_int_equal(read->codes[3].first, summary->codes[3].first);
	assert_string_equal(read->codes[3].first_file, "api.log");
	assert_int_equal(read->codes[3].first_line, 4);
	assert_null(read->codes[4].first_file);
	assert_int_equal(read->time.bucket_seconds, 3600);
	assert_int_equal(read->bucket_count, summary->bucket_count);
	assert_int_equal(read->buckets[read->bucket_count - 1].start, SUMMARY_NO_TIME);
	assert_int_equal(read->buckets[3].part.outcomes[OUTCOME_SUCCESS],
	    summary->buckets[3].part.outcomes[OUTCOME_SUCCESS]);
	assert_int_equal(read->groups[3].kind, GROUP_NONE);
	assert_int_equal(read->groups[5].kind, GROUP_OTHER);
	summary_free(file);
	summary_free(summary);
}

static const char *chinese(const char *reason)
{
	return strcmp(reason, "another system's text beside it") == 0 ? "旁边" : NULL;
}

static void test_lookup(void **state)
{
	struct error error = ERROR_INIT;
	struct catalog *catalog = catalog_new(&error);
	struct report_lookup lookup = { catalog, chinese };
	struct summary *summary = sample_summary();
	char *text = report_text_of(summary);
	struct summary *file;
	const struct summary *read;

	(void)state;
	assert_non_null(catalog);
	assert_true(catalog_add_builtin(catalog, &error) && catalog_freeze(catalog, &error));
	file = report_parse("a.json", text, strlen(text), &lookup, &error);
	assert_non_null(file);
	read = file;
	assert_string_equal(read->held[0].reason_zh, "旁边");
	assert_string_equal(read->codes[3].entry->notes_zh, catalog_find(catalog, 9018)->notes_zh);
	assert_string_equal(read->codes[8].entry->notes_zh, ""); /* not in this catalog */
	assert_int_equal(read->categories[0].source, 0);
	assert_int_equal(read->categories[3].source, 1);
	summary_free(file);
	free(text);
	summary_free(summary);
	catalog_free(catalog);
}

static void test_torn_anywhere(void **state)
{
	struct summary *summary = sample_summary();
	char *text = report_text_of(summary);
	size_t len = strlen(text);
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < len - 1; i++) /* without its last LF it is whole */
		if (report_parse("a.json", text, i, NULL, &error) != NULL)
			fail_msg("the first %zu bytes were taken", i);
	text[len / 2] = '\0';
	refused(text, "is torn: it ends in line");
	refused("", "is empty");
	free(text);
	summary_free(summary);
}

static const struct {
	const char *old, *new, *reason;
} faults[] = {
	{ "report/1\"", "report/2\"", "is of the schema 'jgannotate.report/2'" },
	{ "\"schema\"", "\"scheme\"", "is no report of jgannotate" },
	{ "\"lines\": 1204331,", "", "lacks the member 'lines'" },
	{ "\"lines\":", "\"extra\": 1, \"lines\":", "holds an unknown member 'extra'" },
	{ "\"lines\":", "\"lines\": 1, \"lines\":", "duplicate" },
	{ "\"lines\": 1204331", "\"lines\": -1", "member 'lines': is no whole number" },
	{ "\"lines\": 1204331", "\"lines\": 1.5", "member 'lines': is no whole number" },
	{ "\"lines\": 1204331", "\"lines\": \"1\"", "member 'lines': is no whole number" },
	{ "\"lines\": 1204331", "\"lines\": 9223372036854775808", "is no JSON" },
	{ "\"lines\": 1204331", "\"lines\": 1e400", "is no JSON" },
	{ "\"lines\": 1204331", "\"lines\": NaN", "is no JSON" },
	{ "\"lines\": 1204331", "\"lines\": 12", "is inconsistent" },
	{ "\"version\": \"0.1.0\"", "\"version\": \"\\u0000\"", "is no JSON" },
	{ "\"version\": \"0.1.0\"", "\"version\": \"\xff\xfe\"", "is no JSON" },
	{ "\"version\": \"0.1.0\"", "\"version\": \"\\ud800\"", "is no JSON" },
	{ "\"version\": \"0.1.0\"", "\"version\": 1", "member 'version': is no text" },
	{ "\"total\": 100365", "\"total\": 100366", "member 'hits': the sums do not hold" },
	{ "\"total\": 100365", "\"total\": {}", "member 'hits.total': is no whole number" },
	{ "\"errors\": 1117", "\"errors\": 1118", "'error_rate'" },
	{ "\"error_rate\": 0.023168", "\"error_rate\": 1.1", "is no fraction" },
	{ "\"error_rate\": 0.023168", "\"error_rate\": null", "'error_rate'" },
	{ "\"error_rate\": 0.023168", "\"error_rate\": 0.03", "'error_rate'" },
	{ "{\"outcome\": \"auth\"", "{\"outcome\": \"author\"", "is no outcome" },
	{ "{\"outcome\": \"auth\"", "{\"outcome\": \"limit\"",
	    "'outcomes[3]': is not in its place" },
	{ "\"count\": 45093", "\"count\": 48214", "'outcomes[0]': the counts are more" },
	{ "\"count\": 30913", "\"count\": 30912", "'codes[0]'" },
	{ "\"count\": 30913", "\"count\": 9223372036854775807", "the counts are more" },
	{ "{\"code\": 9000,", "{\"code\": 1000000000,", "'codes[0].code': is larger than" },
	{ "{\"code\": 9000,", "{\"code\": 8000,", "code 8000 has two meanings" },
	{ "\"error\": false", "\"error\": 0", "'codes[0].error': is neither true nor false" },
	{ "\"error\": false", "\"error\": true", "is inconsistent" },
	{ "verify consistent", "", "'codes[0].description': is empty" },
	{ "api.log.1:2\"", "api.log.1\"", "'codes[0].first_at': is not FILE:LINE" },
	{ "api.log.1:2\"", "api.log:x\"", "is not FILE:LINE" },
	{ "\"first\": null", "\"first\": \"yesterday\"", "'codes[0].first': is no time" },
	{ "\"inner\": 12006", "\"inner\": 12005", "'hits'" },
	{ "\"count\": 12000", "\"count\": 12001", "'inner[1]'" },
	{ "\"count\": 38190", "\"count\": 38189", "is inconsistent" },
	{ "\"count\": 412,", "\"count\": 413,", "'unlisted[1]'" },
	{ "\"count\": 1530", "\"count\": 1531", "'other_numbers'" },
	{ "\"responses\": 48190", "\"responses\": 48189", "is inconsistent" },
	{ "\"time\": null", "\"time\": 1", "member 'time': is no object" },
	{ "\"time\": null", "\"time\": {}", "member 'time': lacks the member 'since'" },
	{ "\"buckets\": null", "\"buckets\": []", "'buckets': does not go with" },
	{ "\"gaps\": null", "\"gaps\": 1", "'gaps': is no array" },
	{ "\"gaps\": null", "\"gaps\": [{\"file\": \"a\", \"bytes\": 1}]",
	    "'gaps[0]': lacks the member 'reason'" },
	{ "\"runs\": null", "\"runs\": 1", "'runs': is neither an array nor null" },
	{ "\"baseline\": null", "\"baseline\": []", "'baseline'" },
	{ "\"damaged_files\": 0", "\"damaged_files\": 0, \"x\": 0", "'trouble': holds an unknown" },
	{ "{\n  \"schema\"", "[{\n  \"schema\"", "report 'a.json'" },
};

static void test_faults(void **state)
{
	struct summary *summary = sample_summary();
	char *text = report_text_of(summary);

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		char *wrong = report_text_replace(text, faults[i].old, faults[i].new);

		refused(wrong, faults[i].reason);
		free(wrong);
	}
	free(text);
	summary_free(summary);
}

static const struct {
	const char *old, *new, *reason;
} night_faults[] = {
	{ "\"bucket_seconds\": 3600", "\"bucket_seconds\": null", "'buckets': does not go with" },
	{ "\"bucket_seconds\": 3600", "\"bucket_seconds\": 1e9", "is no whole number" },
	{ "\"start\": \"2026-11-22T01", "\"start\": \"2026-11-22T00", "'buckets[1]': is not in" },
	{ "\"start\": null", "\"start\": \"2026-11-22T00:00:00Z\"", "is not in its place" },
	{ "\"field\": \"path\"", "\"field\": \"\"", "'groups.field': is empty" },
	{ "\"other\": false", "\"other\": null", "'groups.values[0].other'" },
	{ "\"first\": \"2026-11-22T", "\"first\": \"2026-02-29T", "'span.first': is no time" },
};

static void test_night_faults(void **state)
{
	struct summary *summary = night_without_baseline();
	char *text = report_text_of(summary);

	(void)state;
	for (size_t i = 0; i < sizeof(night_faults) / sizeof(night_faults[0]); i++) {
		char *wrong = report_text_replace(text, night_faults[i].old, night_faults[i].new);

		refused(wrong, night_faults[i].reason);
		free(wrong);
	}
	free(text);
	/* a bucket and a group that do not add up */
	summary->buckets[2].part.held_back++;
	text = report_text_of(summary);
	refused(text, "'buckets");
	free(text);
	summary->buckets[2].part.held_back--;
	summary->groups[1].part.unlisted++;
	text = report_text_of(summary);
	refused(text, "'groups");
	free(text);
	summary->groups[1].part.unlisted--;
	summary->groups[0].part.codes[0].count++;
	text = report_text_of(summary);
	refused(text, "'groups.values[0]'");
	free(text);
	summary_free(summary);
}

static void test_hostile(void **state)
{
	static const char *const texts[] = { "null", "1", "[]", "{}", "\"", "{\"schema\":1}",
		"\xef\xbb\xbf{}", "{\"schema\":\"jgannotate.report/1\"}", "{\"\xff\":1}", "<html>",
		"9011 auth failed" };
	struct strbuf deep = STRBUF_INIT;
	char nul[] = "{\"schema\":\"jgannotate.report/1\"\0}";
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused(texts[i], "report 'a.json'");
	strbuf_add_repeat(&deep, "[", 1000000);
	refused(deep.data, "is no JSON");
	strbuf_reset(&deep);
	strbuf_add_repeat(&deep, "{\"a\":", 1000000);
	refused(deep.data, "is no JSON");
	strbuf_reset(&deep);
	strbuf_add_text(&deep, "{\"schema\": \"");
	strbuf_add_repeat(&deep, "x", 100000);
	strbuf_add_text(&deep, "\"}");
	refused(deep.data, "is of the schema 'xxx");
	strbuf_release(&deep);
	assert_null(report_parse("a.json", nul, sizeof(nul) - 1, NULL, &error));
}

static void test_files(void **state)
{
	struct summary *summary = sample_summary();
	char *text = report_text_of(summary);
	struct error error = ERROR_INIT;
	struct summary *file;
	char path[] = "/tmp/jgannotate-test-XXXXXX";
	int fd = mkstemp(path), ends[2];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
	file = report_read(path, NULL, &error);
	assert_non_null(file);
	assert_string_equal(file->files[0], path);
	summary_free(file);
	assert_int_equal(unlink(path), 0);

	assert_null(report_read(path, NULL, &error));
	assert_non_null(strstr(error.text, "cannot open report"));
	assert_null(report_read("/", NULL, &error));
	assert_non_null(strstr(error.text, "is a directory"));

	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(ends[1]), 0);
	file = report_read(path, NULL, &error);
	assert_non_null(file);
	summary_free(file);
	assert_int_equal(close(ends[0]), 0);
	free(text);
	summary_free(summary);
}

static const struct {
	const char *text;
	int64_t time; /* SUMMARY_NO_TIME: no time */
} times[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1970-01-01T08:00:00+08:00", 0 },
	{ "1969-12-31T18:30:00.5-05:30", 500 },
	{ "2026-11-22T03:14:15.123456789+08:00", 1795288455123 },
	{ "2000-02-29t00:00:00z", 951782400000 },
	{ "1900-02-29T00:00:00Z", SUMMARY_NO_TIME },
	{ "2026-11-22T24:00:00Z", SUMMARY_NO_TIME },
	{ "2026-11-22T03:14:15", SUMMARY_NO_TIME },
	{ "2026-11-22T03:14:15.Z", SUMMARY_NO_TIME },
	{ "2026-11-22T03:14:15.1234567890Z", SUMMARY_NO_TIME },
	{ "2026-11-22T03:14:15+0800", SUMMARY_NO_TIME },
	{ "2026-11-22T03:14:15+08:60", SUMMARY_NO_TIME },
	{ "2026-11-22T03:14:15Zx", SUMMARY_NO_TIME },
	{ "2026-13-22T03:14:15Z", SUMMARY_NO_TIME },
	{ "2026-00-22T03:14:15Z", SUMMARY_NO_TIME },
	{ "2026-11-22", SUMMARY_NO_TIME },
	{ "", SUMMARY_NO_TIME },
};

static void test_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		int64_t time = SUMMARY_NO_TIME;
		bool right = zone_parse(times[i].text, &time);

		if (right != (times[i].time != SUMMARY_NO_TIME) || (right && time != times[i].time))
			fail_msg("'%s' gave %lld", times[i].text, (long long)time);
	}
}

static int choose_zone(void **state)
{
	struct error error = ERROR_INIT;

	(void)state;
	return zone_choose("Asia/Shanghai", &error) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_baseline_within_is_passed_over),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_torn_anywhere),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_night_faults),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, choose_zone, NULL);
}
