/* A line that fits a shape has a stamp of its zone, whatever else is in the line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "time/stamp_shape.h"

#define ROUNDS 20000

static struct timestamp_rule rule;
static struct zone zone;

static int set_up(void **state)
{
	struct error error = ERROR_INIT;

	(void)state;
	return zone_choose("UTC", &error) && timestamp_rule_init(&rule, NULL, 0, &zone, &error)
	    ? 0 : -1;
}

/* Lines of logs whose stamps name an offset, and where that ends; 0: no shape is made of it. */
static const struct {
	const char *line;
	size_t length;
} lines[] = {
	{ "2026-11-22T03:14:15.123+08:00 a", 29 },
	{ "2026-11-22 03:14:15,123 +0800 a", 29 },
	{ "{\"time\":\"2026-11-22T03:14:15+08:00\",\"code\":9018}", 34 },
	/* a text that begins with a stamp would go before the member */
	{ "{\"time\":\"2026-11-22T03:14:15+08:00\",\"msg\":\"a026-11-22 03:14:15+01:00 x\"}", 34 },
	{ "{\"time\":\"2026-11-22T03:14:15+08:00\",\"log\": \"2026-11-22 03:14:15Z x\"}", 0 },
	{ "10.0.0.1 - - [22/Nov/2026:03:14:15 +0800] \"GET", 40 },
	{ "2026-11-22T03:14:15-03:30|", 25 },
	{ "2026-11-22T03:14:15Z a", 0 },
	{ "2026-11-22 03:14:15 a", 0 },
	{ "2026-11-22T03:14:15+08:00", 0 }, /* nothing behind it to compare */
	{ "no stamp at all in this line, but 12", 0 },
};

static bool learn(struct stamp_shape *shape, const char *line, struct timestamp *stamp)
{
	size_t length = strlen(line);

	*shape = (struct stamp_shape){ 0 };
	if (!timestamp_read(&rule, &zone, line, length, stamp))
		return false;
	stamp_shape_learn(shape, &rule, &zone, line, length, stamp);
	return true;
}

static void ends_behind_the_offset(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct stamp_shape shape;
		struct timestamp stamp;

		(void)learn(&shape, lines[i].line, &stamp);
		if (shape.length != lines[i].length)
			fail_msg("%s: %zu", lines[i].line, shape.length);
		assert_int_equal(stamp_shape_fits(&shape, lines[i].line, strlen(lines[i].line)),
		    lines[i].length > 0);
	}
}

/* Some bytes become others that stand in stamps. */
static void mutate(char *line, size_t length)
{
	static const char bytes[] = "0123456789-+:.TZ ,/";

	for (int i = rand() % 4; i >= 0; i--) /* NOLINT(cert-msc*): the same each time */
		line[(size_t)rand() % length] = bytes[(size_t)rand() % (sizeof(bytes) - 1)];
}

static void a_line_that_fits_is_of_the_zone(void **state)
{
	size_t fitting = 0;

	(void)state;
	srand(11); /* NOLINT(cert-msc*) */
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t length = strlen(lines[i].line);
		struct stamp_shape shape;
		struct timestamp stamp, read;

		if (!learn(&shape, lines[i].line, &stamp) || shape.length == 0)
			continue;
		for (unsigned round = 0; round < ROUNDS; round++) {
			char *line = strdup(lines[i].line); /* its end is watched */

			assert_non_null(line);
			mutate(line, length);
			if (stamp_shape_fits(&shape, line, length) &&
			    timestamp_read(&rule, &zone, line, length, &read)) {
				fitting++;
				if (read.zone != stamp.zone || read.offset != stamp.offset)
					fail_msg("%s is not like %s", line, lines[i].line);
			}
			free(line);
		}
	}
	assert_true(fitting > 1000);
}

static void lines_that_never_fit_are_seldom_taken_apart(void **state)
{
	struct stamp_shape shape = { 0 };
	struct timestamp stamp;
	const char *line = lines[0].line;

	(void)state;
	assert_true(timestamp_read(&rule, &zone, line, strlen(line), &stamp));
	for (unsigned i = 0; i < 1000; i++) {
		bool is_time = i == 0 || i == 1 || i == 3 || i == 7 || i == 15 || i == 31 || i == 63 ||
		               i == 127 || i == 255 || i == 511;

		shape.length = 0;
		stamp_shape_learn(&shape, &rule, &zone, line, strlen(line), &stamp);
		assert_int_equal(shape.length > 0, is_time);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_behind_the_offset),
		cmocka_unit_test(a_line_that_fits_is_of_the_zone),
		cmocka_unit_test(lines_that_never_fit_are_seldom_taken_apart),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
