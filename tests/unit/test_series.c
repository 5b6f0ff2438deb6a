/* Buckets as points of a chart: in lengths that people count in, with nothing lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/zone.h"
#include "report/series.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400
#define BUCKETS_MAX 4000

/* 2026-11-22 00:00 in Shanghai. */
#define MIDNIGHT INT64_C(1795276800000)

static struct summary_bucket buckets[BUCKETS_MAX + 1];

/* `count` buckets of a length from `start` on, each with as many responses as its place. */
static struct summary summary_of(int64_t start, uint32_t seconds, size_t count, bool with_unknown)
{
	struct summary summary = { .buckets = buckets, .bucket_count = count };
	struct zone zone = { 0 };

	assert_true(count <= BUCKETS_MAX);
	for (size_t i = 0; i < count; i++) {
		int64_t end;

		assert_int_equal(zone_bucket(&zone, start, seconds, &end), start);
		buckets[i] = (struct summary_bucket){ .start = start };
		buckets[i].part.responses = i + 1;
		start = end;
	}
	if (with_unknown) {
		buckets[count] = (struct summary_bucket){ .start = SUMMARY_NO_TIME };
		buckets[count].part.responses = 7;
		summary.bucket_count++;
	}
	summary.time.bucket_seconds = seconds;
	return summary;
}

static uint64_t responses_of(const struct series *series)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < series->count + (series->has_unknown ? 1 : 0); i++)
		sum += series->points[i].responses;
	return sum;
}

struct fold_case {
	uint32_t seconds;
	size_t buckets, most;
	uint32_t expected_seconds;
	size_t expected_count;
};

static void lengths_are_round(void **state)
{
	static const struct fold_case cases[] = {
		{ HOUR, 24, 31, HOUR, 24 },
		{ HOUR, 31, 31, HOUR, 31 },
		{ HOUR, 32, 31, 2 * HOUR, 16 },
		{ MINUTE, 1440, 31, HOUR, 24 },
		{ MINUTE, 1440, 100, 15 * MINUTE, 96 },
		{ MINUTE, 1440, 50, 30 * MINUTE, 48 },
		{ HOUR, 11 * 24, 31, 12 * HOUR, 22 },
		{ HOUR, 11 * 24, 100, 3 * HOUR, 88 },
		{ 90 * MINUTE, 64, 31, 6 * HOUR, 16 },
		{ 16 * MINUTE, 360, 31, 4 * HOUR, 24 },
		{ DAY, 365, 100, 7 * DAY, 53 },
		{ DAY, 3650, 31, 224 * DAY, 17 },
		{ 3 * DAY, 100, 31, 12 * DAY, 26 },
		{ HOUR, 4000, 1, 448 * DAY, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct fold_case *fold = &cases[i];
		struct zone zone = { 0 };
		int64_t end;
		struct summary summary =
		    summary_of(zone_bucket(&zone, MIDNIGHT, fold->seconds, &end), fold->seconds,
		        fold->buckets, false);
		struct series series;

		assert_true(series_init(&series, &summary, fold->most, 0));
		if (series.seconds != fold->expected_seconds || series.count > fold->most ||
		    series.count + 1 < fold->expected_count ||
		    series.count > fold->expected_count + 1)
			fail_msg("case %zu: %zu points of %u s", i, series.count, series.seconds);
		assert_int_equal(responses_of(&series), fold->buckets * (fold->buckets + 1) / 2);
		series_release(&series);
	}
}

/* A series that begins at ten past ten is not cut at ten past the hours. */
static void points_begin_with_the_clock(void **state)
{
	struct summary summary =
	    summary_of(MIDNIGHT + (10 * 60 + 10) * MINUTE * 1000, MINUTE, 120, true);
	struct series series;
	uint64_t expected = 0;

	(void)state;
	assert_true(series_init(&series, &summary, 10, 0));
	assert_int_equal(series.seconds, 15 * MINUTE);
	assert_int_equal(series.count, 9);
	assert_int_equal(series.points[0].start, MIDNIGHT + (10 * 60 + 10) * MINUTE * 1000);
	assert_int_equal(series.points[1].start, MIDNIGHT + (10 * 60 + 15) * MINUTE * 1000);
	for (uint64_t i = 1; i <= 5; i++)
		expected += i;
	assert_int_equal(series.points[0].responses, expected);
	assert_true(series.has_unknown);
	assert_int_equal(series.points[9].start, SUMMARY_NO_TIME);
	assert_int_equal(series.points[9].responses, 7);
	series_release(&series);
}

static void marks_are_few_and_round(void **state)
{
	struct summary summary = summary_of(MIDNIGHT, HOUR, 24, false);
	struct series series;
	uint32_t seconds;
	size_t marks = 0;

	(void)state;
	assert_true(series_init(&series, &summary, 31, 0));
	seconds = series_tick_seconds(&series, 6);
	assert_int_equal(seconds, 4 * HOUR);
	for (size_t i = 0; i < series.count; i++)
		if (series_is_tick(&series, i, seconds)) {
			assert_int_equal(i % 4, 0);
			marks++;
		}
	assert_int_equal(marks, 6);
	series_release(&series);
}

/* One that begins within a stretch has its first mark where the next begins. */
static void marks_skip_a_stretch_that_has_begun(void **state)
{
	struct summary summary = summary_of(MIDNIGHT + 3 * HOUR * 1000, HOUR, 24, false);
	struct series series;

	(void)state;
	assert_true(series_init(&series, &summary, 31, 0));
	assert_false(series_is_tick(&series, 0, 4 * HOUR));
	assert_true(series_is_tick(&series, 1, 4 * HOUR));
	assert_true(series_is_tick(&series, 21, DAY));
	series_release(&series);
}

static void without_buckets_it_is_empty(void **state)
{
	struct summary summary = { 0 };
	struct series series;

	(void)state;
	assert_true(series_init(&series, &summary, 31, 0));
	assert_int_equal(series.count, 0);
	assert_false(series.has_unknown);
	series_release(&series);
}

static int choose_zone(void **state)
{
	struct error error;

	(void)state;
	return zone_choose("Asia/Shanghai", &error) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths_are_round),
		cmocka_unit_test(points_begin_with_the_clock),
		cmocka_unit_test(marks_are_few_and_round),
		cmocka_unit_test(marks_skip_a_stretch_that_has_begun),
		cmocka_unit_test(without_buckets_it_is_empty),
	};

	return cmocka_run_group_tests(tests, choose_zone, NULL);
}
