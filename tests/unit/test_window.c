/* What a window holds, and its buckets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "time/window.h"

static void holds_what_lies_inside(void **state)
{
	const struct window both = { 1000, 2000, 0, false, true };
	const struct window since = { 1000, CLOCK_UNKNOWN, 0, false, true };
	const struct window until = { CLOCK_UNKNOWN, 2000, 0, false, true };
	const struct window open = { CLOCK_UNKNOWN, CLOCK_UNKNOWN, 60, false, true };

	(void)state;
	assert_false(window_holds(&both, 999));
	assert_true(window_holds(&both, 1000));
	assert_true(window_holds(&both, 1999));
	assert_false(window_holds(&both, 2000));
	assert_false(window_holds(&since, 999));
	assert_true(window_holds(&since, INT64_MAX));
	assert_true(window_holds(&until, -5));
	assert_false(window_holds(&until, 2000));
	assert_true(window_holds(&open, -5));

	assert_true(window_is_bounded(&both));
	assert_true(window_is_bounded(&since));
	assert_true(window_is_bounded(&until));
	assert_false(window_is_bounded(&open));
}

static void unknown_times_are_in_no_window(void **state)
{
	static const int64_t unknown[] = { CLOCK_UNKNOWN, CLOCK_PENDING };
	const struct window until = { CLOCK_UNKNOWN, 2000, 60, false, true };
	const struct window open = { CLOCK_UNKNOWN, CLOCK_UNKNOWN, 60, false, true };
	struct window_cache cache = { 0 };
	struct zone zone = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_false(window_holds(&until, unknown[i]));
		assert_true(window_holds(&open, unknown[i]));
		assert_int_equal(
		    window_bucket(&open, &cache, &zone, unknown[i]), CLOCK_UNKNOWN);
	}
}

static void finds_buckets(void **state)
{
	static const uint32_t lengths[] = { 60, 3600, 86400 };
	struct error error = ERROR_INIT;

	(void)state;
	assert_true(zone_choose("Europe/Berlin", &error));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const struct window window = { CLOCK_UNKNOWN, CLOCK_UNKNOWN, lengths[i], false, true };
		struct window_cache cache = { 0 };
		struct zone zone = { 0 };
		int64_t time = INT64_C(1792800000000); /* 2026-10-23, before a change */

		/* to and fro, so that the cached bucket is often another */
		for (int64_t step = 0; step < 2000; step++) {
			struct zone fresh = { 0 };
			int64_t end;
			int64_t start;

			time += step % 3 == 2 ? -INT64_C(130000) : INT64_C(177777);
			start = zone_bucket(&fresh, time, lengths[i], &end);
			assert_int_equal(window_bucket(&window, &cache, &zone, time), start);
			assert_true(start <= time && time < end);
		}
	}
}

static void no_buckets_were_asked_for(void **state)
{
	const struct window window = { CLOCK_UNKNOWN, CLOCK_UNKNOWN, 0, false, true };
	struct window_cache cache = { 0 };
	struct zone zone = { 0 };

	(void)state;
	assert_int_equal(window_bucket(&window, &cache, &zone, 1000), CLOCK_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_lies_inside),
		cmocka_unit_test(unknown_times_are_in_no_window),
		cmocka_unit_test(finds_buckets),
		cmocka_unit_test(no_buckets_were_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
