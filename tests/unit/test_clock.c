/* The time of every line of a piece, and that no line is looked at twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "time/clock.h"

#define CARRY INT64_C(500)

static struct timestamp_rule rule;

static int set_up(void **state)
{
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;

	(void)state;
	return zone_choose("UTC", &error) && timestamp_rule_init(&rule, NULL, 0, &zone, &error)
	    ? 0 : -1;
}

/* 1970-01-01 00:00:0s is `s` seconds. */
static const char piece[] = "no stamp\n"                /* 0 */
			    "nor here\n"                /* 9 */
			    "1970-01-01 00:00:01 one\n" /* 18 */
			    "  at x\n"                  /* 42 */
			    "\n"                        /* 49 */
			    "1970-01-01 00:00:02 two\n" /* 50 */
			    "  at y\n"                  /* 74 */
			    "the last";                 /* 81 */

static const struct {
	size_t line;
	int64_t time;
} times[] = { { 0, CARRY }, { 9, CARRY }, { 18, 1000 }, { 42, 1000 }, { 49, 1000 },
	{ 50, 2000 }, { 74, 2000 }, { 81, 2000 } };

#define PLAIN "12345678901234567890123\n"
#define STAMPED "1970-01-01 00:00:03 xxx\n"
#define COUNT (sizeof(times) / sizeof(times[0]))

static void tells_the_time_of_lines(void **state)
{
	(void)state;
	/* every set of lines, asked in growing order */
	for (unsigned set = 0; set < 1u << COUNT; set++) {
		for (unsigned with = 0; with < 4; with++) {
			struct clock clock;

			clock_init(&clock, &rule);
			clock_begin(&clock, piece, strlen(piece), CARRY);
			if (with & 1)
				assert_int_equal(clock_first(&clock), 1000);
			for (size_t i = 0; i < COUNT; i++) {
				int64_t time = times[i].time;

				if (!(set >> i & 1))
					continue;
				if (with & 2)
					(void)clock_own(&clock, times[i].line);
				assert_int_equal(clock_at(&clock, times[i].line), time);
				assert_int_equal(clock_at(&clock, times[i].line), time);
			}
			assert_int_equal(clock_last(&clock), 2000);
			assert_int_equal(clock_first(&clock), 1000);
		}
	}
}

static void goes_back_when_asked(void **state)
{
	struct clock clock;

	(void)state;
	clock_init(&clock, &rule);
	clock_begin(&clock, piece, strlen(piece), CLOCK_PENDING);
	assert_int_equal(clock_last(&clock), 2000);
	for (size_t i = COUNT; i-- > 0;)
		assert_int_equal(
		    clock_at(&clock, times[i].line), i < 2 ? CLOCK_PENDING : times[i].time);
	assert_int_equal(clock_at(&clock, 81), 2000);
}

static void own_stamps_are_not_inherited(void **state)
{
	struct clock clock;

	(void)state;
	clock_init(&clock, &rule);
	clock_begin(&clock, piece, strlen(piece), CARRY);
	assert_int_equal(clock_own(&clock, 0), CLOCK_UNKNOWN);
	assert_int_equal(clock_own(&clock, 18), 1000);
	assert_int_equal(clock_own(&clock, 42), CLOCK_UNKNOWN);
	assert_int_equal(clock_own(&clock, 50), 2000);
	assert_int_equal(clock_own(&clock, 81), CLOCK_UNKNOWN);
}

static void pieces_without_any(void **state)
{
	static const char *const texts[] = { "", "\n", "a", "a\n", "a\n\nb\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct clock clock;

		clock_init(&clock, &rule);
		clock_begin(&clock, texts[i], strlen(texts[i]), CARRY);
		assert_int_equal(clock_first(&clock), CLOCK_UNKNOWN);
		assert_int_equal(clock_last(&clock), CLOCK_UNKNOWN);
		assert_int_equal(clock_at(&clock, 0), CARRY);
		clock_begin(&clock, texts[i], strlen(texts[i]), CLOCK_UNKNOWN);
		assert_int_equal(clock_at(&clock, 0), CLOCK_UNKNOWN);
	}
}

static void a_new_piece_forgets_the_old(void **state)
{
	static const char other[] = "plain\n1970-01-01 00:00:07\n";
	struct clock clock;

	(void)state;
	clock_init(&clock, &rule);
	clock_begin(&clock, piece, strlen(piece), CARRY);
	assert_int_equal(clock_at(&clock, 18), 1000);
	clock_begin(&clock, other, strlen(other), clock_last(&clock));
	assert_int_equal(clock_at(&clock, 0), 2000);
	assert_int_equal(clock_at(&clock, 6), 7000);
}

/* A line is looked at once: what was asked before is changed behind the clock's back, and
 * must not be noticed. */
static void looks_at_each_line_once(void **state)
{
	enum { LINES = 200, WIDTH = 24 };
	static char text[LINES * WIDTH + 1];
	struct clock clock;

	(void)state;
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + i * WIDTH, i == 3 ? STAMPED : PLAIN, WIDTH);
	clock_init(&clock, &rule);
	clock_begin(&clock, text, LINES * WIDTH, CARRY);
	assert_int_equal(clock_at(&clock, (size_t)2 * WIDTH), CARRY);
	assert_int_equal(clock_at(&clock, (size_t)100 * WIDTH), 3000);
	for (size_t i = 0; i <= 100; i++)
		memcpy(text + i * WIDTH, "1970-01-01 00:00:09 yyy\n", WIDTH);
	assert_int_equal(clock_at(&clock, (size_t)100 * WIDTH), 3000);
	assert_int_equal(clock_at(&clock, (size_t)150 * WIDTH), 3000);
	assert_int_equal(clock_last(&clock), 3000);

	/* nor when there is none up to there */
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + i * WIDTH, PLAIN, WIDTH);
	clock_begin(&clock, text, LINES * WIDTH, CARRY);
	assert_int_equal(clock_at(&clock, (size_t)50 * WIDTH), CARRY);
	for (size_t i = 0; i <= 50; i++)
		memcpy(text + i * WIDTH, "1970-01-01 00:00:09 yyy\n", WIDTH);
	assert_int_equal(clock_at(&clock, (size_t)60 * WIDTH), CARRY);
	assert_int_equal(clock_last(&clock), CLOCK_UNKNOWN);

	/* nor what the search for the first one passed */
	for (size_t i = 0; i < LINES; i++)
		memcpy(text + i * WIDTH, i == 70 ? STAMPED : PLAIN, WIDTH);
	clock_begin(&clock, text, LINES * WIDTH, CARRY);
	assert_int_equal(clock_first(&clock), 3000);
	for (size_t i = 0; i <= 70; i++)
		memcpy(text + i * WIDTH, "1970-01-01 00:00:09 yyy\n", WIDTH);
	assert_int_equal(clock_at(&clock, (size_t)50 * WIDTH), CARRY);
	assert_int_equal(clock_at(&clock, (size_t)69 * WIDTH), CARRY);
}

static void reads_any_line(void **state)
{
	struct clock clock;
	int64_t time;

	(void)state;
	clock_init(&clock, &rule);
	assert_true(clock_read(&clock, "1970-01-01 00:00:03", 19, &time));
	assert_int_equal(time, 3000);
	assert_false(clock_read(&clock, "1970-01-01 00:00:03", 12, &time));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_time_of_lines),
		cmocka_unit_test(goes_back_when_asked),
		cmocka_unit_test(own_stamps_are_not_inherited),
		cmocka_unit_test(pieces_without_any),
		cmocka_unit_test(a_new_piece_forgets_the_old),
		cmocka_unit_test(looks_at_each_line_once),
		cmocka_unit_test(reads_any_line),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
