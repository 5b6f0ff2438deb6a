/*
 * Changes against a report: shares, new and vanished codes, their order, and
 * what cannot be compared.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/baseline.h"
#include "summary_sample.h"

static const struct summary_change *find(const struct summary_baseline *baseline, uint32_t code)
{
	for (size_t i = 0; i < baseline->change_count; i++)
		if (baseline->changes[i].code == code)
			return &baseline->changes[i];
	fail_msg("code %u is not in the baseline", code);
	return NULL;
}

static bool is_near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

static void test_changes(void **state)
{
	struct summary *before = sample_summary(), *now = sample_summary();
	struct error error = ERROR_INIT;
	struct summary_baseline *baseline;
	const struct summary_change *change;

	(void)state;
	before->label = "web-1";
	before->first = 1;
	before->last = 2;
	/* before: no 9018, which had 641; now: no 8001, which had 90; 9099 occurs once */
	before->codes[3] = before->codes[9];
	before->code_count = 9;
	before->hits[HIT_RESPONSE] -= 641 + 0;
	now->codes[7] = now->codes[9];
	now->code_count = 9;
	now->hits[HIT_RESPONSE] -= 90;
	baseline = baseline_new("old.json", before, now, &error);
	assert_non_null(baseline);
	assert_string_equal(baseline->file, "old.json");
	assert_string_equal(baseline->label, "web-1");
	assert_int_equal(baseline->first, 1);
	assert_int_equal(baseline->last, 2);
	assert_int_equal(baseline->responses, 47572);
	assert_int_equal(baseline->errors, 1117);
	assert_int_equal(baseline->change_count, 10);

	change = find(baseline, 9018);
	assert_true(change->is_new && !change->is_vanished && change->is_error);
	assert_int_equal(change->count, 641);
	assert_int_equal(change->count_before, 0);
	assert_true(is_near(change->share, 641.0 / 48123) && is_near(change->share_before, 0.0));
	change = find(baseline, 8001);
	assert_true(change->is_vanished && !change->is_new && change->is_error);
	assert_int_equal(change->count_before, 90);
	assert_string_equal(change->description, "get phone fail");
	change = find(baseline, 9099);
	assert_false(change->is_new || change->is_vanished);
	assert_true(baseline_has_new(baseline));

	/* errors by the size of the change, then the others */
	assert_int_equal(baseline->changes[0].code, 9018);
	assert_int_equal(baseline->changes[1].code, 8001);
	for (size_t i = 1; i < baseline->change_count; i++)
		assert_true(baseline->changes[i - 1].is_error || !baseline->changes[i].is_error);
	assert_int_equal(baseline->changes[9].is_error, false);
	summary_free(before);
	summary_free(now);
}

static void test_few_hits_are_no_news(void **state)
{
	struct summary *before = sample_summary(), *now = sample_summary();
	struct error error = ERROR_INIT;

	(void)state;
	before->code_count = 9; /* without 9099 */
	for (uint64_t count = BASELINE_MIN - 1; count <= BASELINE_MIN; count++) {
		struct summary_baseline *forth, *back;

		now->codes[9].count = count;
		forth = baseline_new("a", before, now, &error);
		back = baseline_new("a", now, before, &error);
		assert_true(forth != NULL && back != NULL);
		assert_int_equal(find(forth, 9099)->is_new, count == BASELINE_MIN);
		assert_int_equal(baseline_has_new(forth), count == BASELINE_MIN);
		assert_int_equal(find(back, 9099)->is_vanished, count == BASELINE_MIN);
		assert_false(baseline_has_new(back));
	}
	assert_false(baseline_has_new(NULL));
	summary_free(before);
	summary_free(now);
}

static void test_nothing_to_compare(void **state)
{
	struct summary *before = sample_empty(), *now = sample_empty();
	struct error error = ERROR_INIT;
	struct summary_baseline *baseline = baseline_new("a", before, now, &error);

	(void)state;
	assert_non_null(baseline);
	assert_int_equal(baseline->change_count, 0);
	assert_string_equal(baseline->label, "");
	now->baseline = baseline; /* goes with the summary */
	summary_free(before);
	summary_free(now);
}

static void test_check(void **state)
{
	struct summary *before = sample_summary();
	struct error error = ERROR_INIT;

	(void)state;
	assert_true(baseline_check("a.json", before, NULL, &error));
	assert_false(baseline_check("a.json", before, "9018", &error));
	assert_int_equal(error.kind, ERROR_USAGE);
	assert_non_null(strstr(error.text, "'a.json' was made with the usual errors, this run is "
	                                   "with --errors 9018"));
	before->errors_list = "9018";
	assert_true(baseline_check("a.json", before, "9018", &error));
	assert_false(baseline_check("a.json", before, "9019", &error));
	assert_false(baseline_check("a.json", before, NULL, &error));
	summary_free(before);
}

/* A summary of 9018 and 9000 alone. */
static struct summary *day(uint64_t responses, uint64_t no_money)
{
	struct summary *summary = sample_summary();

	for (size_t i = 0; i < summary->code_count; i++) {
		if (summary->codes[i].entry->code == 9018) {
			summary->codes[0] = summary->codes[i];
			summary->codes[0].count = no_money;
		}
	}
	summary->code_count = no_money > 0 ? 1 : 0;
	summary->hits[HIT_RESPONSE] = responses;
	summary->errors = no_money;
	return summary;
}

static void test_median(void **state)
{
	/* rates 10 %, 2 %, 0 %, and a day of which nothing is known */
	struct summary *days[] = { day(100, 10), day(1000, 20), day(300, 0), day(0, 0),
		day(50, 3) };
	struct summary *now = day(200, 50);
	struct error error = ERROR_INIT;
	struct summary_baseline *baseline = baseline_new_median("7d", days, 4, now, &error);
	const struct summary_change *change;

	(void)state;
	assert_non_null(baseline);
	assert_string_equal(baseline->file, "7d");
	assert_int_equal(baseline->days_asked, 4);
	assert_int_equal(baseline->days, 3);
	assert_int_equal(baseline->responses, 300);
	assert_int_equal(baseline->errors, 10);
	assert_true(is_near(baseline->error_rate, 0.02));
	change = find(baseline, 9018);
	assert_int_equal(change->count, 50);
	assert_int_equal(change->count_before, 10);
	assert_true(is_near(change->share_before, 0.02));
	assert_true(is_near(change->share, 0.25));
	assert_false(change->is_new || change->is_vanished);
	/* of an even number it lies between the two in the middle */
	baseline = baseline_new_median("7d", days, 5, now, &error);
	assert_non_null(baseline);
	assert_int_equal(baseline->days, 4);
	assert_int_equal(baseline->errors, 7);            /* 3 and 10 */
	assert_true(is_near(baseline->error_rate, 0.04)); /* 2 and 6 % */
	/* none of the days had it, or one */
	baseline = baseline_new_median("2d", &days[2], 2, now, &error);
	assert_non_null(baseline);
	assert_true(find(baseline, 9018)->is_new);
	baseline = baseline_new_median("2d", &days[1], 2, now, &error);
	assert_non_null(baseline);
	assert_false(find(baseline, 9018)->is_new);
	/* nothing is known of any */
	baseline = baseline_new_median("1d", &days[3], 1, now, &error);
	assert_non_null(baseline);
	assert_int_equal(baseline->days, 0);
	assert_int_equal(baseline->responses, 0);
	assert_false(baseline_has_new(baseline));
	for (size_t i = 0; i < 5; i++)
		summary_free(days[i]);
	summary_free(now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_few_hits_are_no_news),
		cmocka_unit_test(test_nothing_to_compare),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
