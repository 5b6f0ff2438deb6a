/*
 * Merged reports: the parts of a split log give the log's report, byte by byte;
 * what may not be added is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/zone.h"
#include "catalog/selection.h"
#include "event_log.h"
#include "randoms.h"
#include "report/baseline.h"
#include "report/merge.h"
#include "report_text.h"

#define EVENTS_MAX 400
#define NIGHT INT64_C(1763856000000) /* 2025-11-23T00:00:00Z */

static const struct merge_options plain = { .version = "0.1.0" };
static const struct merge_options by_label = { .version = "0.1.0", .by_label = true };

/* Merges reports that were read; they are freed. */
static struct summary *merge_reports(struct summary **reports, size_t count,
    const struct merge_options *options, struct error *error)
{
	struct merge *merge = merge_new(options, error);
	struct summary *whole = NULL;
	bool right = merge != NULL;

	for (size_t i = 0; i < count; i++)
		if (right)
			right = merge_add(merge, reports[i], error);
		else
			summary_free(reports[i]);
	if (right)
		whole = merge_finish(merge, error);
	merge_free(merge);
	return whole;
}

/* A log with a gap of some hours here and there. */
static size_t make_log(struct randoms *randoms, struct event *events)
{
	static const char *const paths[] = { "/a", "/b", "/a b", NULL };
	static const enum hit_class classes[] = { HIT_RESPONSE, HIT_RESPONSE, HIT_RESPONSE,
		HIT_RESPONSE, HIT_INNER, HIT_HELD_BACK, HIT_UNLISTED, HIT_REPEATED };
	size_t count = randoms_below(randoms, EVENTS_MAX);
	int64_t time = NIGHT + (int64_t)randoms_below(randoms, 86400000);

	for (size_t i = 0; i < count; i++) {
		if (randoms_below(randoms, 4) != 0)
			time += (int64_t)randoms_below(randoms, 60000);
		if (randoms_below(randoms, 50) == 0)
			time += (int64_t)randoms_below(randoms, 10) * EVENT_HOUR;
		events[i] = (struct event){ time, classes[randoms_below(randoms, 8)],
			randoms_below(randoms, EVENT_ENTRIES), paths[randoms_below(randoms, 4)],
			i + 1 };
	}
	return count;
}

/* The report of a stretch of a log. */
static struct summary *part(size_t number, const struct event *events, size_t count, bool has_parts)
{
	struct summary *summary = event_summary(events, count, has_parts);
	struct summary *file;
	char name[32];

	(void)snprintf(name, sizeof(name), "part%zu.json", number);
	file = report_of(name, summary);
	assert_non_null(file);
	summary_free(summary);
	return file;
}

static char *merged_text(struct summary **files, size_t count, const struct merge_options *options)
{
	struct error error = ERROR_INIT;
	struct summary *merge = merge_reports(files, count, options, &error);
	char *text;

	if (merge == NULL)
		fail_msg("not merged: %s", error.text);
	assert_true(summary_is_consistent(merge));
	text = report_text_of(merge);
	summary_free(merge);
	return text;
}

static void test_any_split_gives_the_whole(void **state)
{
	static struct event events[EVENTS_MAX];
	struct summary *files[EVENTS_MAX + 1];

	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed++) {
		struct randoms randoms = { seed };
		size_t count = make_log(&randoms, events), parts = 0;
		size_t longest = 1 + randoms_below(&randoms, 200);
		bool has_parts = seed % 2 == 0;
		struct summary *whole = event_summary(events, count, has_parts);
		char *expected = report_text_of(whole), *found;

		assert_true(summary_is_consistent(whole));
		for (size_t from = 0, length; from < count; from += length) {
			length = 1 + randoms_below(&randoms, longest);
			if (length > count - from)
				length = count - from;
			files[parts] = part(parts, events + from, length, has_parts);
			parts++;
		}
		if (parts == 0 || randoms_below(&randoms, 4) == 0) {
			files[parts] = part(parts, events, 0, has_parts);
			parts++;
		}
		found = merged_text(files, parts, &plain);
		if (strcmp(found, expected) != 0)
			fail_msg("seed %llu, %zu parts:\n%s\nis not\n%s", (unsigned long long)seed,
			    parts, found, expected);
		free(found);
		free(expected);
		summary_free(whole);
	}
}

/* The table holds every hit once. */
static void test_table_adds_up(void **state)
{
	static struct event events[EVENTS_MAX];

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct randoms randoms = { seed };
		size_t count = make_log(&randoms, events);
		struct summary *files[] = { part(0, events, count / 2, seed % 2 == 0),
			part(1, events + count / 2, count - count / 2, seed % 2 == 0) };
		struct error error = ERROR_INIT;
		struct summary *merge =
		    merge_reports(files, 2, seed % 3 == 0 ? &by_label : &plain, &error);
		uint64_t sum = 0;

		assert_non_null(merge);
		for (size_t i = 0; i < merge->row_count; i++) {
			const struct summary_row *row = &merge->rows[i];

			sum += row->count;
			assert_true(row->bucket == SIZE_MAX || row->bucket < merge->bucket_count);
			assert_true(row->group == SIZE_MAX || row->group < merge->group_count);
		}
		if (seed % 2 == 0 || seed % 3 == 0)
			assert_int_equal(sum, count);
		else
			assert_int_equal(merge->row_count, 0);
		summary_free(merge);
	}
}

/* One event, as a report of a host. */
static struct summary *host(const char *label, int64_t first, int64_t last)
{
	const struct event events[] = { { first, HIT_RESPONSE, 3, "/a", 1 },
		{ last, HIT_RESPONSE, 0, "/a", 2 } };
	struct summary *summary = event_summary(events, 2, false);

	summary->label = label;
	return summary;
}

/* Merges the reports of two summaries, which are freed. */
static struct summary *merge_two(
    struct summary *a, struct summary *b, const struct merge_options *options, struct error *error)
{
	struct summary *files[] = { report_of("a.json", a), report_of("b.json", b) };

	*error = (struct error)ERROR_INIT;
	assert_true(files[0] != NULL && files[1] != NULL);
	summary_free(a);
	summary_free(b);
	return merge_reports(files, 2, options, error);
}

static void refused_as(
    enum error_kind kind, struct summary *a, struct summary *b, const char *reason)
{
	struct error error;
	struct summary *merge = merge_two(a, b, &plain, &error);

	if (merge != NULL || strstr(error.text, reason) == NULL)
		fail_msg("not refused with '%s': %s", reason, error.text);
	assert_int_equal(error.kind, kind);
	assert_non_null(strstr(error.text, "'a.json'"));
	assert_non_null(strstr(error.text, "'b.json'"));
}

/* By what was asked for, not by what is in them. */
static void refused(struct summary *a, struct summary *b, const char *reason)
{
	refused_as(ERROR_USAGE, a, b, reason);
}

static void accepted(struct summary *a, struct summary *b, const char *label)
{
	struct error error;
	struct summary *merge = merge_two(a, b, &plain, &error);

	if (merge == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(merge->hits[HIT_RESPONSE], 4);
	if (label == NULL)
		assert_null(merge->label);
	else
		assert_string_equal(merge->label, label);
	summary_free(merge);
}

static void test_overlap(void **state)
{
	(void)state;
	accepted(host("h", 0, 100), host("h", 100, 200), "h");
	accepted(host("h", 100, 200), host("h", 0, 100), "h"); /* whatever the order */
	accepted(host("h", 0, 100000), host("h", 99001, 200000), "h");
	accepted(host("h", 5, 5), host("h", 5, 5), "h"); /* cut within a millisecond */
	accepted(host("h", 0, 100), host("g", 0, 100), NULL);
	refused(host("h", 0, 100), host("h", 0, 100), "overlap, and both have the label 'h'");
	refused(host("h", 0, 100), host("h", 20, 30), "overlap");
	refused(host("h", 20, 30), host("h", 0, 100), "overlap");
	refused(host("h", 0, 100000), host("h", 98999, 200000), "overlap");
	refused(host("h", 100000, 0), host("h", 98999, 200000), "overlap"); /* out of order */
	refused(host(NULL, 0, 100), host(NULL, 50, 60), "neither has a label");
	/* times are not known: nothing speaks against it */
	accepted(host("h", SUMMARY_NO_TIME, SUMMARY_NO_TIME), host("h", 0, 100), "h");
}

/* Three of one label: the first ends after the second. */
static void test_overlap_with_an_earlier_one(void **state)
{
	struct summary *summaries[] = { host("h", 0, 1000000), host("g", 5, 6),
		host("h", 500000, 600000) };
	struct summary *files[3];
	struct error error = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char name[] = "0.json";

		name[0] = (char)('0' + i);
		files[i] = report_of(name, summaries[i]);
		summary_free(summaries[i]);
	}
	assert_null(merge_reports(files, 3, &plain, &error));
	assert_non_null(strstr(error.text, "'0.json' and '2.json'"));
}

static struct summary *with_errors(const char *list)
{
	struct summary *summary = host("x", 0, 1);

	summary->errors_list = list;
	return summary;
}

static void test_unlike(void **state)
{
	const struct event event = { NIGHT, HIT_RESPONSE, 0, "/a", 1 };
	struct summary *changed = host("x", 0, 1);
	struct catalog_entry entry = sample_entries[3];
	struct error error = ERROR_INIT;
	struct summary *twice[2];

	(void)state;
	refused(host("a", 0, 1), with_errors("error,-9003"), "different --errors");
	refused(with_errors("error"), with_errors("error,-9003"), "'error' and 'error,-9003'");
	refused(host("a", 0, 1), event_summary(&event, 1, true), "different --bucket: 0 and 3600");

	entry.description = "no money";
	changed->codes[1].entry =
	    changed->codes[1].entry == &sample_entries[3] ? &entry : changed->codes[1].entry;
	changed->codes[0].entry =
	    changed->codes[0].entry == &sample_entries[3] ? &entry : changed->codes[0].entry;
	refused_as(ERROR_REPORT, host("a", 0, 1), changed,
	    "code 9018 means different things: 'appKey no money' (verification, account) in "
	    "'a.json', 'no money' (verification, account) in 'b.json'");

	twice[0] = part(1, &event, 1, false);
	twice[1] = part(1, &event, 1, false);
	assert_null(merge_reports(twice, 2, &plain, &error));
	assert_non_null(strstr(error.text, "'part1.json' is given twice"));
	assert_null(merge_reports(NULL, 0, &plain, &error));
}

static struct summary *night_without_buckets(void)
{
	struct summary *summary = sample_night();

	summary->time.bucket_seconds = 0;
	summary->bucket_count = 0;
	return summary;
}

static void test_group_fields(void **state)
{
	struct summary *plain_one = host("a", NIGHT, NIGHT + 1), *grouped = night_without_buckets();
	struct error error;
	struct summary *merge;

	(void)state;
	refused(host("a", 0, 1), grouped, "different --by: 'none' and 'path'; --by label makes");
	grouped = night_without_buckets();
	merge = merge_two(plain_one, grouped, &by_label, &error);
	if (merge == NULL)
		fail_msg("%s", error.text);
	assert_string_equal(merge->group_field, "label");
	assert_int_equal(merge->group_count, 2);
	assert_string_equal(merge->groups[0].name, "web-1");
	assert_string_equal(merge->groups[1].name, "a");
	assert_int_equal(merge->groups[1].part.responses, 2);
	assert_int_equal(merge->groups[1].part.errors, 1);
	assert_int_equal(merge->groups[1].part.codes[0].entry->code, 9000);
	summary_free(merge);
}

/* Labels stay apart when merged reports are merged once more. */
static void test_labels_twice(void **state)
{
	struct error error;
	struct summary *first = merge_two(host("a", 0, 1), host(NULL, 0, 1), &by_label, &error);
	struct summary *files[2];
	struct summary *third = host("a", 5, 6);
	struct summary *second;

	(void)state;
	assert_non_null(first);
	assert_int_equal(first->groups[0].kind, GROUP_VALUE);
	assert_int_equal(first->groups[1].kind, GROUP_NONE);
	files[0] = report_of("first.json", first);
	files[1] = report_of("third.json", third);
	summary_free(first);
	summary_free(third);
	second = merge_reports(files, 2, &by_label, &error);
	if (second == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(second->group_count, 2);
	assert_string_equal(second->groups[0].name, "a");
	assert_int_equal(second->groups[0].part.responses, 4);
	assert_int_equal(second->groups[1].part.responses, 2);
	summary_free(second);
}

static void test_buckets_of_other_zones(void **state)
{
	const struct event event = { NIGHT, HIT_RESPONSE, 0, "/a", 1 };
	struct summary *a = event_summary(&event, 1, true), *b = event_summary(&event, 1, true);
	struct error error;
	struct summary *merge;

	(void)state;
	a->label = "a";
	b->buckets[0].start += EVENT_HOUR / 2 + 1; /* a quarter of an hour would do */
	b->buckets[0].start -= 2;
	merge = merge_two(a, b, &plain, &error);
	assert_null(merge);
	assert_non_null(strstr(error.text, "begin at different times"));
	/* 50 years of hours */
	a = event_summary(&event, 1, true);
	b = event_summary(&event, 1, true);
	a->label = "a";
	a->buckets[0].start = 0;
	merge = merge_two(a, b, &plain, &error);
	if (merge == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(merge->bucket_count, NIGHT / EVENT_HOUR + 1);
	summary_free(merge);
	/* 500 */
	a = event_summary(&event, 1, true);
	b = event_summary(&event, 1, true);
	a->label = "a";
	a->buckets[0].start = -INT64_C(3600000) * 24 * 365 * 500;
	merge = merge_two(a, b, &plain, &error);
	assert_null(merge);
	assert_non_null(strstr(error.text, "span more than"));
}

static void test_unknown_time_is_last(void **state)
{
	struct summary *a = sample_night(), *b = sample_night();
	struct error error;
	struct summary *merge;
	size_t last;

	(void)state;
	b->label = "web-2";
	merge = merge_two(a, b, &plain, &error);
	if (merge == NULL)
		fail_msg("%s", error.text);
	last = merge->bucket_count - 1;
	assert_int_equal(merge->bucket_count, SAMPLE_BUCKETS);
	assert_int_equal(merge->buckets[last].start, SUMMARY_NO_TIME);
	assert_true(summary_is_consistent(merge));
	/* numbers of several reports: not how many they are */
	assert_true(merge->other_numbers_capped);
	assert_int_equal(merge->other_numbers_distinct, 9);
	assert_int_equal(merge->numbers[0].count, 2 * 1503);
	assert_int_equal(merge->file_count, 2);
	assert_string_equal(merge->files[1], "b.json");
	summary_free(merge);
}

/* Two of the largest that a report can hold are still told as they are; three are refused. */
static void merge_largest(size_t count)
{
	struct summary *files[3];
	struct error error = ERROR_INIT;
	struct summary *merge;

	for (size_t i = 0; i < count; i++) {
		struct summary *summary = sample_empty();
		char name[] = "0.json";

		name[0] = (char)('0' + i);
		summary->bytes = INT64_MAX;
		files[i] = report_of(name, summary);
		assert_non_null(files[i]);
		summary_free(summary);
	}
	merge = merge_reports(files, count, &plain, &error);
	if (count < 3) {
		assert_non_null(merge);
		assert_true(merge->bytes == 2 * (uint64_t)INT64_MAX);
	} else {
		assert_null(merge);
		assert_int_equal(error.kind, ERROR_REPORT);
		assert_string_equal(error.text, "the numbers in the reports add up to more "
		                                "than 18446744073709551615");
	}
	summary_free(merge);
}

static void test_counters_do_not_overflow(void **state)
{
	(void)state;
	merge_largest(2);
	merge_largest(3);
}

static void test_many_groups(void **state)
{
	enum { GROUPS = MERGE_GROUPS_MAX - 1 };
	struct summary *files[2];
	struct error error = ERROR_INIT;
	struct summary *merge;
	const struct summary *whole;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct summary *summary = sample_empty();

		summary->label = i == 0 ? "a" : "b";
		summary->group_field = "path";
		summary->group_count = GROUPS;
		summary->groups = sample_zeros(summary, GROUPS, sizeof(*summary->groups));
		summary->lines = summary->lines_with_hits = summary->hit_count =
		    summary->hits[HIT_REPEATED] = 1;
		for (int j = 0; j < GROUPS; j++) {
			char *name = sample_zeros(summary, 32, 1);

			(void)snprintf(name, 32, "%d", i == 0 ? j : j + 2);
			summary->groups[j].name = name;
		}
		files[i] = report_of(i == 0 ? "a.json" : "b.json", summary);
		assert_non_null(files[i]);
		summary_free(summary);
	}
	merge = merge_reports(files, 2, &plain, &error);
	assert_non_null(merge);
	whole = merge;
	assert_int_equal(whole->group_count, MERGE_GROUPS_MAX + 1);
	assert_int_equal(whole->groups[MERGE_GROUPS_MAX].kind, GROUP_OTHER);
	summary_free(merge);
}

static void test_files(void **state)
{
	char first[] = "/tmp/jgannotate-test-XXXXXX", second[] = "/tmp/jgannotate-test-XXXXXX";
	const char *const paths[] = { first, second };
	struct summary *summary = host("a", 0, 1);
	char *text = report_text_of(summary);
	struct error error = ERROR_INIT;
	int fd = mkstemp(first), torn = mkstemp(second);
	struct summary *merge;

	(void)state;
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(write(torn, text, strlen(text) / 2), (ssize_t)(strlen(text) / 2));
	assert_null(merge_read(paths, 2, &plain, &error));
	assert_non_null(strstr(error.text, second));
	assert_non_null(strstr(error.text, "is torn"));
	merge = merge_read(paths, 1, &plain, &error);
	assert_non_null(merge);
	merge->baseline = baseline_new("x", merge, merge, &error);
	assert_int_equal(merge->baseline->change_count, 2);
	summary_free(merge);
	summary_free(NULL);
	assert_int_equal(close(fd) + close(torn) + unlink(first) + unlink(second), 0);
	free(text);
	summary_free(summary);
}

static void test_catalog(void **state)
{
	struct error error = ERROR_INIT;
	struct catalog *catalog = catalog_new(&error);
	struct summary *summary = sample_summary();
	struct summary *file = report_of("a.json", summary);
	struct summary *merge = merge_reports(&file, 1, &plain, &error);
	const struct catalog_entry *entry;

	(void)state;
	assert_true(merge != NULL && catalog != NULL);
	assert_true(catalog_add_builtin(catalog, &error));
	if (!merge_fill_catalog(merge, catalog, &error) || !catalog_freeze(catalog, &error))
		fail_msg("%s", error.text);
	entry = catalog_find(catalog, 77001);
	assert_non_null(entry);
	assert_string_equal(entry->description, "短信余额不足，请充值后重试");
	assert_string_equal(entry->category, "我方短信");
	assert_int_equal(catalog_find(catalog, 9018)->outcome, OUTCOME_ACCOUNT);
	summary_free(merge);
	catalog_free(catalog);
	summary_free(summary);
}

static int choose_zone(void **state)
{
	struct error error = ERROR_INIT;

	(void)state;
	return zone_choose("UTC", &error) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_split_gives_the_whole),
		cmocka_unit_test(test_table_adds_up),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_overlap_with_an_earlier_one),
		cmocka_unit_test(test_unlike),
		cmocka_unit_test(test_group_fields),
		cmocka_unit_test(test_labels_twice),
		cmocka_unit_test(test_buckets_of_other_zones),
		cmocka_unit_test(test_unknown_time_is_last),
		cmocka_unit_test(test_counters_do_not_overflow),
		cmocka_unit_test(test_many_groups),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_catalog),
	};

	return cmocka_run_group_tests(tests, choose_zone, NULL);
}
