/* The calendar, offsets, gaps, folds and buckets, and the names of zones. That whole years
 * agree with another implementation is tests/property/test_zone.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"

static void choose(const char *name)
{
	struct error error = ERROR_INIT;

	if (!zone_choose(name, &error))
		fail_msg("%s: %s", name, error.text);
}

/* "2026-11-22 03:14:15" as a time of day in the zone. */
static struct civil civil_of(const char *text)
{
	struct civil civil = { 0 };

	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d:%d", &civil.year, &civil.month, &civil.day,
			     &civil.hour, &civil.minute, &civil.second),
	    6);
	return civil;
}

static void assert_shows(struct zone *zone, int64_t time, const char *expected)
{
	char text[ZONE_TEXT_MAX];

	assert_int_equal(zone_format(zone, time, false, text), strlen(expected));
	assert_string_equal(text, expected);
}

/* Years that are long past, here and below: what will be, or was lately, differs between releases
 * of the data of the zones. */
static const struct {
	const char *zone, *wall, *expected;
} readings[] = {
	{ "UTC", "1970-01-01 00:00:00", "1970-01-01T00:00:00+00:00" },
	{ "UTC", "2000-02-29 23:59:59", "2000-02-29T23:59:59+00:00" },
	{ "UTC", "2026-11-22 03:14:60", "2026-11-22T03:14:59+00:00" }, /* a leap second */
	{ "UTC", "1969-12-31 23:59:59", "1969-12-31T23:59:59+00:00" },
	{ "UTC", "1600-03-01 00:00:00", "1600-03-01T00:00:00+00:00" },
	{ "Asia/Shanghai", "2026-11-22 03:14:15", "2026-11-22T03:14:15+08:00" },
	{ "Asia/Kolkata", "2026-11-22 03:14:15", "2026-11-22T03:14:15+05:30" },
	{ "-0330", "2026-11-22 03:14:15", "2026-11-22T03:14:15-03:30" },
	{ "+08:00", "2026-11-22 03:14:15", "2026-11-22T03:14:15+08:00" },
	{ "+8", "2026-11-22 03:14:15", "2026-11-22T03:14:15+08:00" },
	/* a gap: what it would have been without the change */
	{ "Europe/Berlin", "2015-03-29 01:59:59", "2015-03-29T01:59:59+01:00" },
	{ "Europe/Berlin", "2015-03-29 02:00:00", "2015-03-29T03:00:00+02:00" },
	{ "Europe/Berlin", "2015-03-29 02:30:00", "2015-03-29T03:30:00+02:00" },
	{ "Europe/Berlin", "2015-03-29 03:00:00", "2015-03-29T03:00:00+02:00" },
	/* a fold: the first of the two */
	{ "Europe/Berlin", "2015-10-25 01:59:59", "2015-10-25T01:59:59+02:00" },
	{ "Europe/Berlin", "2015-10-25 02:00:00", "2015-10-25T02:00:00+02:00" },
	{ "Europe/Berlin", "2015-10-25 02:59:59", "2015-10-25T02:59:59+02:00" },
	{ "Europe/Berlin", "2015-10-25 03:00:00", "2015-10-25T03:00:00+01:00" },
	{ "America/New_York", "2015-03-08 02:30:00", "2015-03-08T03:30:00-04:00" },
	{ "America/New_York", "2015-11-01 01:30:00", "2015-11-01T01:30:00-04:00" },
	{ "Australia/Lord_Howe", "2015-04-05 01:45:00", "2015-04-05T01:45:00+11:00" },
	{ "Australia/Lord_Howe", "2015-10-04 02:10:00", "2015-10-04T02:40:00+11:00" },
	/* a whole day that was never shown */
	{ "Pacific/Apia", "2011-12-29 23:59:59", "2011-12-29T23:59:59-10:00" },
	{ "Pacific/Apia", "2011-12-30 12:00:00", "2011-12-31T12:00:00+14:00" },
	{ "Pacific/Apia", "2011-12-31 00:00:00", "2011-12-31T00:00:00+14:00" },
};

static void reads_clocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		struct civil civil = civil_of(readings[i].wall);
		struct zone fresh = { 0 };
		struct zone warm = { 0 };
		int64_t time;

		choose(readings[i].zone);
		time = zone_to_utc(&fresh, &civil);
		assert_shows(&fresh, time, readings[i].expected);
		/* from whatever neighbourhood the cache was filled */
		for (int64_t hours = -100; hours <= 100; hours++) {
			(void)zone_offset(&warm, time / 1000 + hours * 3600);
			assert_int_equal(zone_to_utc(&warm, &civil), time);
		}
	}
}

static void keeps_milliseconds(void **state)
{
	struct zone zone = { 0 };
	struct civil civil = { 2026, 11, 22, 3, 14, 15, 123 };
	char text[ZONE_TEXT_MAX];
	int64_t time = civil_to_utc(&civil, 8 * 3600);

	(void)state;
	choose("Asia/Shanghai");
	assert_int_equal(time, INT64_C(1795288455123));
	assert_int_equal(zone_to_utc(&zone, &civil), time);
	(void)zone_format(&zone, time, true, text);
	assert_string_equal(text, "2026-11-22T03:14:15.123+08:00");
	zone_to_civil(&zone, -1, &civil);
	assert_int_equal(civil.year, 1970);
	assert_int_equal(civil.hour, 7);
	assert_int_equal(civil.second, 59);
	assert_int_equal(civil.millisecond, 999);
}

static void survives_the_ends_of_time(void **state)
{
	static const int64_t times[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX,
		INT64_C(900000000000) * 1000, INT64_C(-900000000000) * 1000 };

	(void)state;
	choose("Europe/Berlin");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct zone zone = { 0 };
		struct civil civil;
		char text[ZONE_TEXT_MAX];

		(void)zone_offset(&zone, times[i]);
		zone_to_civil(&zone, times[i], &civil);
		if (times[i] > INT64_MIN / 2) /* those before have no second */
			assert_int_equal(zone_to_utc(&zone, &civil), times[i]);
		assert_in_range(zone_format(&zone, times[i], true, text), 20, ZONE_TEXT_MAX - 1);
	}
}

static void knows_the_days(void **state)
{
	static const struct {
		struct civil civil;
		bool is_valid;
	} days[] = {
		{ { 2026, 2, 28, 0, 0, 0, 0 }, true },
		{ { 2026, 2, 29, 0, 0, 0, 0 }, false },
		{ { 2024, 2, 29, 23, 59, 60, 0 }, true },
		{ { 2100, 2, 29, 0, 0, 0, 0 }, false },
		{ { 2000, 2, 29, 0, 0, 0, 0 }, true },
		{ { 2024, 2, 30, 0, 0, 0, 0 }, false },
		{ { 2026, 4, 31, 0, 0, 0, 0 }, false },
		{ { 2026, 12, 31, 0, 0, 0, 0 }, true },
		{ { 2026, 0, 1, 0, 0, 0, 0 }, false },
		{ { 2026, 13, 1, 0, 0, 0, 0 }, false },
		{ { 2026, 1, 0, 0, 0, 0, 0 }, false },
		{ { 2026, 1, 1, 24, 0, 0, 0 }, false },
		{ { 2026, 1, 1, 0, 60, 0, 0 }, false },
		{ { 2026, 1, 1, 0, 0, 61, 0 }, false },
		{ { 2026, 1, 1, -1, 0, 0, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		assert_int_equal(civil_is_valid(&days[i].civil), days[i].is_valid);
}

/* Buckets of a day around a change: where each starts. */
static const struct {
	const char *zone;
	uint32_t seconds;
	const char *from; /* a time within the first bucket */
	const char *starts[9];
} buckets[] = {
	{ "Asia/Shanghai", 900, "2026-11-22 03:14:15",
	    { "2026-11-22T03:00:00+08:00", "2026-11-22T03:15:00+08:00" } },
	{ "Asia/Kolkata", 3600, "2026-11-22 03:14:15",
	    { "2026-11-22T03:00:00+05:30", "2026-11-22T04:00:00+05:30" } },
	{ "UTC", 5400, "2026-11-22 23:00:00", /* the day's end ends a bucket */
	    { "2026-11-22T22:30:00+00:00", "2026-11-23T00:00:00+00:00" } },
	{ "UTC", 36000, "2026-11-22 23:00:00",
	    { "2026-11-22T20:00:00+00:00", "2026-11-23T00:00:00+00:00" } },
	{ "Europe/Berlin", 86400, "2015-03-28 12:00:00",
	    { "2015-03-28T00:00:00+01:00", "2015-03-29T00:00:00+01:00",
		"2015-03-30T00:00:00+02:00" } },
	{ "Europe/Berlin", 86400, "2015-10-24 12:00:00",
	    { "2015-10-24T00:00:00+02:00", "2015-10-25T00:00:00+02:00",
		"2015-10-26T00:00:00+01:00" } },
	{ "Europe/Berlin", 604800, "2015-10-22 12:00:00", /* from Monday to Monday */
	    { "2015-10-19T00:00:00+02:00", "2015-10-26T00:00:00+01:00" } },
	{ "Europe/Berlin", 21600, "2015-10-24 23:00:00",
	    { "2015-10-24T18:00:00+02:00", "2015-10-25T00:00:00+02:00",
		"2015-10-25T06:00:00+01:00", "2015-10-25T12:00:00+01:00" } },
	{ "Europe/Berlin", 21600, "2015-03-29 00:30:00",
	    { "2015-03-29T00:00:00+01:00", "2015-03-29T06:00:00+02:00" } },
	{ "Europe/Berlin", 3600, "2015-10-25 01:30:00", /* 02:00 comes twice */
	    { "2015-10-25T01:00:00+02:00", "2015-10-25T02:00:00+02:00",
		"2015-10-25T02:00:00+01:00", "2015-10-25T03:00:00+01:00" } },
	{ "Europe/Berlin", 3600, "2015-03-29 01:30:00", /* and not at all */
	    { "2015-03-29T01:00:00+01:00", "2015-03-29T03:00:00+02:00" } },
	{ "Europe/Berlin", 7200, "2015-10-25 01:30:00",
	    { "2015-10-25T00:00:00+02:00", "2015-10-25T02:00:00+02:00",
		"2015-10-25T04:00:00+01:00" } },
	{ "Europe/Berlin", 1800, "2015-10-25 02:10:00",
	    { "2015-10-25T02:00:00+02:00", "2015-10-25T02:30:00+02:00",
		"2015-10-25T02:00:00+01:00", "2015-10-25T02:30:00+01:00" } },
	{ "Europe/Berlin", 3000, "2015-10-25 02:10:00", /* lengths that do not fit */
	    { "2015-10-25T01:40:00+02:00", "2015-10-25T02:30:00+02:00",
		"2015-10-25T02:00:00+01:00", "2015-10-25T02:30:00+01:00",
		"2015-10-25T03:20:00+01:00" } },
	{ "Europe/Berlin", 4500, "2015-10-25 02:10:00",
	    { "2015-10-25T01:15:00+02:00", "2015-10-25T02:30:00+02:00",
		"2015-10-25T03:45:00+01:00" } },
	{ "Europe/Berlin", 3000, "2015-03-29 01:50:00",
	    { "2015-03-29T01:40:00+01:00", "2015-03-29T03:00:00+02:00",
		"2015-03-29T03:20:00+02:00" } },
	{ "Australia/Lord_Howe", 3600, "2015-04-05 01:10:00", /* an hour and a half */
	    { "2015-04-05T01:00:00+11:00", "2015-04-05T02:00:00+10:30" } },
	{ "Australia/Lord_Howe", 1800, "2015-04-05 01:10:00",
	    { "2015-04-05T01:00:00+11:00", "2015-04-05T01:30:00+11:00",
		"2015-04-05T01:30:00+10:30", "2015-04-05T02:00:00+10:30" } },
	{ "Australia/Lord_Howe", 3600, "2015-10-04 01:10:00",
	    { "2015-10-04T01:00:00+10:30", "2015-10-04T02:30:00+11:00",
		"2015-10-04T03:00:00+11:00" } },
	/* midnight twice, and none */
	{ "America/Havana", 86400, "2015-10-31 12:00:00",
	    { "2015-10-31T00:00:00-04:00", "2015-11-01T00:00:00-04:00",
		"2015-11-02T00:00:00-05:00" } },
	{ "America/Sao_Paulo", 86400, "2018-02-17 12:00:00",
	    { "2018-02-17T00:00:00-02:00", "2018-02-18T00:00:00-03:00" } },
	{ "America/Sao_Paulo", 86400, "2018-11-03 12:00:00",
	    { "2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00",
		"2018-11-05T00:00:00-02:00" } },
};

static void fills_buckets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(buckets) / sizeof(buckets[0]); i++) {
		struct civil civil = civil_of(buckets[i].from);
		struct zone zone = { 0 };
		int64_t at, end;

		choose(buckets[i].zone);
		at = zone_to_utc(&zone, &civil);
		for (size_t k = 0; k < 9 && buckets[i].starts[k] != NULL; k++) {
			int64_t start = zone_bucket(&zone, at, buckets[i].seconds, &end);
			int64_t other;

			assert_shows(&zone, start, buckets[i].starts[k]);
			/* the same from its first and its last moment */
			assert_int_equal(
			    zone_bucket(&zone, start, buckets[i].seconds, &other), start);
			assert_int_equal(other, end);
			assert_int_equal(
			    zone_bucket(&zone, end - 1, buckets[i].seconds, &other), start);
			assert_int_equal(other, end);
			at = end;
		}
	}
}

/* Whatever the length: buckets follow each other without gap or overlap. */
static void buckets_follow_each_other(void **state)
{
	static const char *const zones[] = { "Europe/Berlin", "Australia/Lord_Howe",
		"America/Havana", "Pacific/Apia", "America/Sao_Paulo", "+14:00" };
	static const uint32_t lengths[] = { 60, 420, 900, 1800, 2700, 3000, 3600, 4500, 5400, 7200,
		21600, 36000, 86400, 259200, 604800 };

	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
		choose(zones[z]);
		for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++) {
			struct zone zone = { 0 };
			int64_t at = INT64_C(1509000000000); /* 2017-10 to 2018-03 */
			int64_t until = at + INT64_C(13000000000);
			int64_t end;

			if (lengths[l] < 900) /* one change is enough */
				at = INT64_C(1509200000000), until = at + INT64_C(100000000);
			at = zone_bucket(&zone, at, lengths[l], &end);
			while (at < until) {
				int64_t next_end;

				assert_true(end > at);
				assert_true(end - at <= (lengths[l] + 7200) * INT64_C(1000) ||
					    lengths[l] >= 86400);
				assert_int_equal(
				    zone_bucket(&zone, end - 1, lengths[l], &next_end), at);
				assert_int_equal(next_end, end);
				assert_int_equal(
				    zone_bucket(&zone, end, lengths[l], &next_end), end);
				at = end;
				end = next_end;
			}
		}
	}
}

static const struct {
	const char *name, *hint;
} refused[] = {
	{ "Asia/Shangai", "did you mean 'Asia/Shanghai'?\n" },
	{ "asia/shanghai", "did you mean 'Asia/Shanghai'?\n" },
	{ "berlin", "did you mean 'Europe/Berlin'?\n" },
	{ "Asia/Beijing", "did you mean 'Asia/Shanghai'?\n" },
	{ "UTC+8", "did you mean '+08:00'?\n" },
	{ "GMT-03:30", "did you mean '-03:30'?\n" },
	{ "CST", "did you mean 'Asia/Shanghai' or 'America/Chicago'?\n" },
	{ "Mars/Olympus_Mons",
	    "a zone is a name like Asia/Shanghai, an offset like +08:00, UTC or local\n" },
	{ "", NULL },
	{ "Asia", NULL },
	{ "/etc/localtime", NULL },
	{ "../zoneinfo/UTC", NULL },
	{ "zone.tab", NULL },
	{ "+16:00", NULL },
	{ "+08:60", NULL },
	{ "+08:", NULL },
	{ "+", NULL },
	{ "+08:00x", NULL },
	{ "CST-8", NULL },
};

static void refuses_what_no_system_knows(void **state)
{
	(void)state;
	choose("Asia/Kolkata");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct error error = ERROR_INIT;
		char text[128];

		if (zone_choose(refused[i].name, &error))
			fail_msg("'%s' is taken", refused[i].name);
		assert_int_equal(error.kind, ERROR_USAGE);
		(void)snprintf(text, sizeof(text), "unknown time zone '%s'", refused[i].name);
		assert_string_equal(error.text, text);
		assert_true(error.hint[0] != '\0');
		if (refused[i].hint != NULL)
			assert_string_equal(error.hint, refused[i].hint);
	}
	assert_string_equal(zone_name(), "Asia/Kolkata");
}

static void does_without_any_zones(void **state)
{
	struct error error = ERROR_INIT;

	(void)state;
	assert_int_equal(setenv("TZDIR", "/dev/null/none", 1), 0);
	assert_false(zone_choose("Asia/Shanghai", &error));
	assert_string_equal(error.hint,
	    "this system has no zones (package tzdata); an offset works: +08:00\n");
	choose("+08:00");
	choose("UTC");
	assert_int_equal(unsetenv("TZDIR"), 0);
}

static void says_its_name(void **state)
{
	(void)state;
	choose("Asia/Shanghai");
	assert_string_equal(zone_name(), "Asia/Shanghai");
	choose("UTC");
	assert_string_equal(zone_name(), "UTC");
	choose("utc");
	assert_string_equal(zone_name(), "UTC");
	choose("+08:00");
	assert_string_equal(zone_name(), "+0800");
	choose(zone_name());
	assert_string_equal(zone_name(), "+0800");
	choose("-0330");
	assert_string_equal(zone_name(), "-0330");
}

static void local_is_what_the_system_says(void **state)
{
	struct zone zone = { 0 };

	(void)state;
	assert_int_equal(setenv("TZ", ":America/New_York", 1), 0);
	choose("local");
	assert_string_equal(zone_name(), "America/New_York");
	assert_int_equal(zone_offset(&zone, 1795288455), -5 * 3600);

	assert_int_equal(setenv("TZ", "CST-8", 1), 0);
	choose("local");
	zone = (struct zone){ 0 };
	assert_string_equal(zone_name(), "CST-8");
	assert_int_equal(zone_offset(&zone, 1795288455), 8 * 3600);

	assert_int_equal(setenv("TZ", "Mars/Olympus_Mons", 1), 0);
	choose("local");
	zone = (struct zone){ 0 };
	assert_string_equal(zone_name(), "UTC");
	assert_int_equal(zone_offset(&zone, 1795288455), 0);

	assert_int_equal(unsetenv("TZ"), 0);
	choose("local");
	assert_true(zone_name()[0] != '\0');
}

/* Answers, for tests/property/test_zone.py, one line per question on standard input:
 *     zone NAME | utc SECONDS | wall YYYY-MM-DD HH:MM:SS | bucket LENGTH SECONDS */
static int answer(void)
{
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;
	char line[128], text[ZONE_TEXT_MAX];
	long long seconds;
	int64_t end;
	unsigned length;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "zone ", 5) == 0) {
			zone = (struct zone){ 0 };
			if (!zone_choose(line + 5, &error))
				return 1;
		} else if (sscanf(line, "utc %lld", &seconds) == 1) {
			(void)zone_format(&zone, seconds * 1000, false, text);
			(void)puts(text);
		} else if (strncmp(line, "wall ", 5) == 0) {
			struct civil civil = civil_of(line + 5);

			(void)printf("%lld\n", (long long)zone_to_utc(&zone, &civil) / 1000);
		} else if (sscanf(line, "bucket %u %lld", &length, &seconds) == 2) {
			seconds = zone_bucket(&zone, seconds * 1000, length, &end) / 1000;
			(void)printf("%lld %lld\n", seconds, (long long)end / 1000);
		} else {
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_clocks),
		cmocka_unit_test(keeps_milliseconds),
		cmocka_unit_test(survives_the_ends_of_time),
		cmocka_unit_test(knows_the_days),
		cmocka_unit_test(fills_buckets),
		cmocka_unit_test(buckets_follow_each_other),
		cmocka_unit_test(refuses_what_no_system_knows),
		cmocka_unit_test(does_without_any_zones),
		cmocka_unit_test(says_its_name),
		cmocka_unit_test(local_is_what_the_system_says),
	};

	if (argc > 1)
		return strcmp(argv[1], "answer") == 0 ? answer() : 2;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
