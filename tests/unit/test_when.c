/* Times and durations as they are typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/zone.h"
#include "cli/when.h"

static void choose(const char *name)
{
	struct error error = ERROR_INIT;

	if (!zone_choose(name, &error))
		fail_msg("%s: %s", name, error.text);
}

static const struct {
	const char *zone, *now, *text, *expected;
} times[] = {
	{ "+08:00", "2026-11-22T12:00:00+08:00", "now", "2026-11-22T12:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "today", "2026-11-22T00:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "yesterday", "2026-11-21T00:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "45s", "2026-11-22T11:59:15.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "10m", "2026-11-22T11:50:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2h", "2026-11-22T10:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "-24h", "2026-11-21T12:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "3d", "2026-11-19T12:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "1w", "2026-11-15T12:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "1h30m", "2026-11-22T10:30:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "0s", "2026-11-22T12:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "08:30", "2026-11-22T08:30:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "8:30", "2026-11-22T08:30:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "12:00", "2026-11-22T12:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "12:00:01", "2026-11-21T12:00:01.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "03:14:15.5", "2026-11-22T03:14:15.500+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026-11-20", "2026-11-20T00:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026/11/20", "2026-11-20T00:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2027-01-01", "2027-01-01T00:00:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026-11-20 03:14",
	    "2026-11-20T03:14:00.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026-11-20T03:14:15",
	    "2026-11-20T03:14:15.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026-11-20T03:14:15.1239Z",
	    "2026-11-20T11:14:15.123+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026-11-20T03:14:15-03:30",
	    "2026-11-20T14:44:15.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "2026-11-20 03:14:15 +0900",
	    "2026-11-20T02:14:15.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "1795288455", "2026-11-22T03:14:15.000+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "1795288455.25", "2026-11-22T03:14:15.250+08:00" },
	{ "+08:00", "2026-11-22T12:00:00+08:00", "1795288455123", "2026-11-22T03:14:15.123+08:00" },
	/* days on which the clocks change */
	{ "Europe/Berlin", "2026-10-25T12:00:00+01:00", "today", "2026-10-25T00:00:00.000+02:00" },
	{ "Europe/Berlin", "2026-10-26T12:00:00+01:00", "yesterday",
	    "2026-10-25T00:00:00.000+02:00" },
	{ "Europe/Berlin", "2026-10-26T00:30:00+01:00", "yesterday",
	    "2026-10-25T00:00:00.000+02:00" },
	{ "Europe/Berlin", "2026-10-25T12:00:00+01:00", "1d", "2026-10-24T13:00:00.000+02:00" },
	{ "Europe/Berlin", "2026-03-30T00:30:00+02:00", "yesterday",
	    "2026-03-29T00:00:00.000+01:00" },
	{ "Europe/Berlin", "2026-03-29T12:00:00+02:00", "02:30", "2026-03-29T03:30:00.000+02:00" },
	{ "Europe/Berlin", "2026-10-25T12:00:00+01:00", "02:30", "2026-10-25T02:30:00.000+02:00" },
	{ "Europe/Berlin", "2026-10-25T12:00:00+01:00", "13:00", "2026-10-24T13:00:00.000+02:00" },
	{ "America/Sao_Paulo", "2018-11-05T12:00:00-02:00", "yesterday",
	    "2018-11-04T01:00:00.000-02:00" },
	{ "America/Sao_Paulo", "2018-11-05T12:00:00-02:00", "2018-11-04",
	    "2018-11-04T01:00:00.000-02:00" },
	{ "America/Sao_Paulo", "2018-11-05T00:10:00-02:00", "00:30",
	    "2018-11-04T01:30:00.000-02:00" },
	{ "Pacific/Apia", "2011-12-31T12:00:00+14:00", "yesterday",
	    "2011-12-29T00:00:00.000-10:00" },
};

static void reads_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct error error = ERROR_INIT;
		struct zone zone = { 0 };
		char text[ZONE_TEXT_MAX];
		int64_t now, time;

		choose(times[i].zone);
		assert_true(when_parse(times[i].now, 0, &now, &error));
		if (!when_parse(times[i].text, now, &time, &error))
			fail_msg("'%s': %s", times[i].text, error.text);
		(void)zone_format(&zone, time, true, text);
		if (strcmp(text, times[i].expected) != 0)
			fail_msg("'%s' at %s: %s instead of %s", times[i].text, times[i].now, text,
			    times[i].expected);
	}
}

static const struct {
	const char *text, *error;
} bad_times[] = {
	{ "", "'' is no time" },
	{ "tomorrow", "'tomorrow' is no time" },
	{ "2 hours", "'2 hours' is no time" },
	{ "5y", "'5y' is no time" },
	{ "-", "'-' is no time" },
	{ "--2h", "'--2h' is no time" },
	{ "10", "'10' is no time" },
	{ "20261122", "'20261122' is no time" },
	{ "11-22", "'11-22' is no time" },
	{ "22/11/2026", "'22/11/2026' is no time" },
	{ "2026-11-22x", "'2026-11-22x' is no time" },
	{ "2026-11-22 ", "'2026-11-22 ' is no time" },
	{ "2026-11-22T03", "'2026-11-22T03' is no time" },
	{ "2026-11-22T03:14:15+8", "'2026-11-22T03:14:15+8' is no time" },
	{ "2026-11-22T03:14:15+24:00", "'2026-11-22T03:14:15+24:00' is no time" },
	{ "2026-11-22T03:14:15Zx", "'2026-11-22T03:14:15Zx' is no time" },
	{ "17952884551", "'17952884551' is no time" },
	{ "1795288455123.5", "'1795288455123.5' is no time" },
	{ "2026-02-30", "there is no time '2026-02-30'" },
	{ "2026-11-22 24:00", "there is no time '2026-11-22 24:00'" },
	{ "25:00", "there is no time '25:00'" },
	{ "12:60", "there is no time '12:60'" },
	{ "99999999999999999999d", "there is no time '99999999999999999999d'" },
	{ "5000w5000w99999999999w99999999999w",
	    "there is no time '5000w5000w99999999999w99999999999w'" },
};

static void refuses_times(void **state)
{
	(void)state;
	choose("+08:00");
	for (size_t i = 0; i < sizeof(bad_times) / sizeof(bad_times[0]); i++) {
		struct error error = ERROR_INIT;
		int64_t time;

		if (when_parse(bad_times[i].text, INT64_C(1795288455000), &time, &error))
			fail_msg("'%s' is taken", bad_times[i].text);
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, bad_times[i].error);
	}
}

static void reads_durations(void **state)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} good[] = { { "1s", 1 }, { "30s", 30 }, { "1m", 60 }, { "15m", 900 }, { "1h", 3600 },
		{ "1h30m", 5400 }, { "90m", 5400 }, { "1d", 86400 }, { "1w", 604800 },
		{ "365d", 31536000 }, { "0060s", 60 } };
	static const struct {
		const char *text, *error, *hint;
	} bad[] = {
		{ "", "'' is no duration", "a duration is like 30s, 15m, 1h, 1d or 1w\n" },
		{ "60", "'60' is no duration", "did you mean '60s' or '60m'?\n" },
		{ "15min", "'15min' is no duration", "did you mean '15m'?\n" },
		{ "1 hour", "'1 hour' is no duration",
		    "a duration is like 30s, 15m, 1h, 1d or 1w\n" },
		{ "1H", "'1H' is no duration", "did you mean '1h'?\n" },
		{ "-1m", "'-1m' is no duration", "a duration is like 30s, 15m, 1h, 1d or 1w\n" },
		{ "1.5h", "'1.5h' is no duration", "a duration is like 30s, 15m, 1h, 1d or 1w\n" },
		{ "0s", "a duration of '0s' makes no sense: it must be 1s to 365d", "" },
		{ "53w", "a duration of '53w' makes no sense: it must be 1s to 365d", "" },
		{ "99999999999999999999s",
		    "a duration of '99999999999999999999s' makes no sense: it must be 1s to 365d",
		    "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct error error = ERROR_INIT;
		uint32_t seconds;

		assert_true(when_parse_duration(good[i].text, &seconds, &error));
		assert_int_equal(seconds, good[i].seconds);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error error = ERROR_INIT;
		uint32_t seconds;

		assert_false(when_parse_duration(bad[i].text, &seconds, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, bad[i].error);
		assert_string_equal(error.hint, bad[i].hint);
	}
}

static void reads_buckets(void **state)
{
	static const char *const good[] = { "1s", "30s", "1m", "15m", "1h", "90m", "6h", "1d",
		"24h", "2d", "7d", "1w" };
	static const struct {
		const char *text, *error, *hint;
	} bad[] = {
		{ "7m", "buckets of '7m' do not add up to a day", "did you mean '5m'?\n" },
		{ "50m", "buckets of '50m' do not add up to a day", "did you mean '1h'?\n" },
		{ "7h", "buckets of '7h' do not add up to a day", "did you mean '6h'?\n" },
		{ "23h", "buckets of '23h' do not add up to a day", "did you mean '1d'?\n" },
		{ "7s", "buckets of '7s' do not add up to a day", "did you mean '5s'?\n" },
		{ "36h", "buckets of '36h' are not of whole days", "did you mean '2d'?\n" },
		{ "25h", "buckets of '25h' are not of whole days", "did you mean '1d'?\n" },
		{ "8d", "a bucket of '8d' is too long: at most 7d", "" },
		{ "60", "'60' is no duration", "did you mean '60s' or '60m'?\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct error error = ERROR_INIT;
		uint32_t seconds;

		if (!when_parse_bucket(good[i], &seconds, &error))
			fail_msg("%s", error.text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct error error = ERROR_INIT;
		uint32_t seconds;

		assert_false(when_parse_bucket(bad[i].text, &seconds, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, bad[i].error);
		assert_string_equal(error.hint, bad[i].hint);
	}
}

static void reads_windows(void **state)
{
	static const char *const wrong[] = { "..", "yesterday..", "..today", "today..yesterday",
		"today..today", "2026-11-31..today", "1h...2h" };
	const int64_t now = 1795288455000; /* 2026-11-22T03:14:15+08:00 */
	int64_t since, until;
	bool valid;

	(void)state;
	choose("+08:00");
	{
		struct error error = ERROR_INIT;

		assert_false(when_parse_window("yesterday", now, &since, &until, &valid, &error));
		assert_int_equal(error.kind, ERROR_NONE);
		assert_true(when_parse_window(
		    "2026-11-21..2026-11-22 03:00", now, &since, &until, &valid, &error));
		assert_true(valid);
		assert_int_equal(since, 1795276800000 - 86400000);
		assert_int_equal(until, 1795276800000 + 3 * 3600000);
		/* 03:14:15 is of 03:00; what is typed is left as it is */
		assert_true(when_parse_window("2h..now", now, &since, &until, &valid, &error));
		assert_true(valid);
		assert_int_equal(since, 1795276800000 + 1 * 3600000);
		assert_int_equal(until, 1795276800000 + 3 * 3600000);
		assert_true(when_parse_window("02:01..20m", now, &since, &until, &valid, &error));
		assert_true(valid);
		assert_int_equal(since, 1795276800000 + 121 * 60000);
		assert_int_equal(until, 1795276800000 + 165 * 60000);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error error = ERROR_INIT;

		assert_true(when_parse_window(wrong[i], now, &since, &until, &valid, &error));
		assert_false(valid);
		assert_int_equal(error.kind, ERROR_USAGE);
	}
}

static void tells_relative_times(void **state)
{
	static const char *const relative[] = { "now", "2h", "-2h", "1h30m", "30d", "1w", "45s" };
	static const char *const others[] = { "today", "yesterday", "08:30", "2026-11-22",
		"1795288455", "2026-11-22T03:14:15+08:00", "last", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(relative) / sizeof(relative[0]); i++)
		assert_true(when_is_relative(relative[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(when_is_relative(others[i]));
}

static void finds_quarters(void **state)
{
	(void)state;
	assert_int_equal(when_quarter(0), 0);
	assert_int_equal(when_quarter(899999), 0);
	assert_int_equal(when_quarter(900000), 900000);
	assert_int_equal(when_quarter(-1), -900000);
	assert_int_equal(when_quarter(-900000), -900000);
	assert_int_equal(when_quarter(1795288455123), 1795287600000);
}

static const struct {
	const char *zone, *since, *until;
	unsigned days;
} stretches[] = {
	{ "+08:00", "2026-11-21", "2026-11-22", 1 },
	{ "+08:00", "2026-11-21 23:00", "2026-11-22 00:15", 1 },
	{ "+08:00", "2026-11-20 23:45", "2026-11-22", 2 },
	{ "+08:00", "2026-11-19", "2026-11-22", 3 },
	{ "+08:00", "2026-11-22", "2026-11-22", 1 },
	/* 25 and 23 hours */
	{ "Europe/Berlin", "2026-10-25", "2026-10-26", 1 },
	{ "Europe/Berlin", "2026-03-29", "2026-03-30", 1 },
	{ "Europe/Berlin", "2026-03-28 23:45", "2026-03-30", 2 },
};

/* So many days before, a window ends at or before its beginning; a day less, and it does not. */
static void counts_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++) {
		struct error error = ERROR_INIT;
		int64_t since, until;

		choose(stretches[i].zone);
		assert_true(when_parse(stretches[i].since, 0, &since, &error));
		assert_true(when_parse(stretches[i].until, 0, &until, &error));
		assert_int_equal(when_days_of(since, until), stretches[i].days);
		assert_true(when_days_before(until, stretches[i].days) <= since);
		assert_true(stretches[i].days == 1 ||
		            when_days_before(until, stretches[i].days - 1) > since);
	}
	assert_int_equal(when_days_of(INT64_C(-62135596800000), INT64_C(1795288455000)), 100000);
}

static void reads_days(void **state)
{
	(void)state;
	assert_int_equal(when_parse_days("7d"), 7);
	assert_int_equal(when_parse_days("1w"), 7);
	assert_int_equal(when_parse_days("366d"), 366);
	assert_int_equal(when_parse_days("367d"), 0);
	assert_int_equal(when_parse_days("0d"), 0);
	assert_int_equal(when_parse_days("7"), 0);
	assert_int_equal(when_parse_days("d"), 0);
	assert_int_equal(when_parse_days("7h"), 0);
	assert_int_equal(when_parse_days("7d "), 0);
	assert_int_equal(when_parse_days("old.json"), 0);
}

static const struct {
	const char *zone, *time;
	unsigned days;
	const char *expected;
} days_before[] = {
	{ "+08:00", "2026-11-22T03:15:00+08:00", 0, "2026-11-22T03:15:00.000+08:00" },
	{ "+08:00", "2026-11-22T03:15:00+08:00", 7, "2026-11-15T03:15:00.000+08:00" },
	{ "+08:00", "2026-03-01T00:00:00+08:00", 1, "2026-02-28T00:00:00.000+08:00" },
	{ "+08:00", "2024-03-01T00:00:00+08:00", 1, "2024-02-29T00:00:00.000+08:00" },
	{ "+08:00", "2026-01-05T00:00:00+08:00", 366, "2025-01-04T00:00:00.000+08:00" },
	/* over a change of the clocks it is the same time of the day */
	{ "Europe/Berlin", "2026-10-26T00:00:00+01:00", 1, "2026-10-25T00:00:00.000+02:00" },
	{ "Europe/Berlin", "2026-10-26T03:30:00+01:00", 7, "2026-10-19T03:30:00.000+02:00" },
	{ "Europe/Berlin", "2026-03-30T02:30:00+02:00", 1, "2026-03-29T03:30:00.000+02:00" },
};

static void counts_days_back_by_the_clock(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(days_before) / sizeof(days_before[0]); i++) {
		struct error error = ERROR_INIT;
		struct zone zone = { 0 };
		char text[ZONE_TEXT_MAX];
		int64_t time;

		choose(days_before[i].zone);
		assert_true(when_parse(days_before[i].time, 0, &time, &error));
		(void)zone_format(
		    &zone, when_days_before(time, days_before[i].days), true, text);
		assert_string_equal(text, days_before[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_times),
		cmocka_unit_test(refuses_times),
		cmocka_unit_test(reads_durations),
		cmocka_unit_test(reads_buckets),
		cmocka_unit_test(reads_windows),
		cmocka_unit_test(tells_relative_times),
		cmocka_unit_test(finds_quarters),
		cmocka_unit_test(counts_days),
		cmocka_unit_test(reads_days),
		cmocka_unit_test(counts_days_back_by_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
