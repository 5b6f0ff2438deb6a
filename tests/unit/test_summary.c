/* The rate of a summary, and that broken sums are noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "summary_sample.h"

static void rate_is_errors_of_responses(void **state)
{
	struct summary *summary = sample_summary();

	(void)state;
	assert_true(summary_error_rate(summary) == 1117.0 / 48213.0);
	summary_free(summary);
}

static void rate_without_responses_is_zero(void **state)
{
	struct summary *summary = sample_empty();

	(void)state;
	assert_true(summary_error_rate(summary) == 0.0);
	summary_free(summary);
}

static void sums_hold(void **state)
{
	struct summary *(*const samples[])(
	    void) = { sample_empty, sample_summary, sample_one_catalog };

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct summary *summary = samples[i]();

		assert_true(summary_is_consistent(summary));
		summary_free(summary);
	}
}

/* Each of these, changed by one, breaks exactly one sum. */
static void every_broken_sum_is_noticed(void **state)
{
	struct summary *summary = sample_summary();
	uint64_t *const counts[] = { &summary->hit_count, &summary->hits[HIT_RESPONSE],
		&summary->hits[HIT_INNER], &summary->hits[HIT_REPEATED],
		&summary->hits[HIT_HELD_BACK], &summary->hits[HIT_UNLISTED],
		&summary->hits[HIT_ELSEWHERE], &summary->hits[HIT_OTHER], &summary->errors,
		&summary->outcomes[OUTCOME_SUCCESS], &summary->outcomes[OUTCOME_AUTH],
		&summary->codes[3].count, &summary->categories[0].count,
		&summary->categories[0].success, &summary->categories[1].negative,
		&summary->categories[2].errors, &summary->inner_codes[1].count,
		&summary->held[0].count, &summary->catalogs[0].responses,
		&summary->catalogs[1].errors };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		++*counts[i];
		if (summary_is_consistent(summary))
			fail_msg("broken sum %zu passed", i);
		--*counts[i];
	}
	summary->codes[0].is_error = true;
	assert_false(summary_is_consistent(summary));
	summary->codes[0].is_error = false;
	assert_true(summary_is_consistent(summary));
	summary_free(summary);
}

static void doubt_begins_above_a_tenth(void **state)
{
	struct summary *summary = sample_one_catalog();

	(void)state;
	summary->hits[HIT_RESPONSE] = 109;
	summary->held[0].count = 10;
	assert_int_equal(summary_doubt(summary), 0);
	summary->held[0].in_doubt = true;
	assert_int_equal(summary_doubt(summary), 0);
	summary->held[0].count = 11;
	assert_int_equal(summary_doubt(summary), 11);
	summary->hits[HIT_RESPONSE] = 110;
	assert_int_equal(summary_doubt(summary), 0);
	summary->hits[HIT_RESPONSE] = 0;
	summary->held[0].count = 1;
	assert_int_equal(summary_doubt(summary), 1);
	summary_free(summary);
}

static void nothing_can_be_freed(void **state)
{
	(void)state;
	summary_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rate_is_errors_of_responses),
		cmocka_unit_test(rate_without_responses_is_zero),
		cmocka_unit_test(sums_hold),
		cmocka_unit_test(every_broken_sum_is_noticed),
		cmocka_unit_test(doubt_begins_above_a_tenth),
		cmocka_unit_test(nothing_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
