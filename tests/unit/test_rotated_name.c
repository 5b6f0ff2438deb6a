/* Which names are rotated names of which log, and which is older. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "input/rotated_name.h"

struct name {
	const char *name;
	uint32_t day;
	uint32_t numbers[ROTATED_NUMBERS];
};

/* of api.log */
static const struct name names[] = {
	{ "api.log.0", 0, { 1 } },
	{ "api.log.1", 0, { 2 } },
	{ "api.log.12", 0, { 13 } },
	{ "api.log.007", 0, { 8 } },
	{ "api.log.123456789", 0, { 123456790 } },
	{ "api.log.99999999", 0, { 100000000 } }, /* no date */
	{ "api.log.2026", 0, { 2027 } },
	{ "api.log.20261324", 0, { 20261325 } },
	{ "api.log.1.gz", 0, { 2 } },
	{ "api.log.1.zst", 0, { 2 } },
	{ "api.log.1.xz", 0, { 2 } },
	{ "api.log-20261124", 20261124, { 0 } },
	{ "api.log.20261124", 20261124, { 0 } },
	{ "api.log-2026-11-24", 20261124, { 0 } },
	{ "api.log.2026-11-24", 20261124, { 0 } },
	{ "api.log-20261124.gz", 20261124, { 0 } },
	{ "api.log.2026-11-24.1", 20261124, { 2 } },
	{ "api.log-20261124.12.xz", 20261124, { 13 } },
	{ "api.log-2026112403", 20261124, { 4 } },
	{ "api.log-20261124-03", 20261124, { 4 } },
	{ "api.log-20261124_03", 20261124, { 4 } },
	{ "api.log-20261124T03", 20261124, { 4 } },
	{ "api.log.2026-11-24T23.4.zst", 20261124, { 24, 5 } },
	{ "api.log.2026-11-24-00", 20261124, { 1 } },
	{ "api-2026-11-24.log", 20261124, { 0 } },
	{ "api.2026-11-24.log", 20261124, { 0 } },
	{ "api_2026-11-24.log", 20261124, { 0 } },
	{ "api-20261124.log", 20261124, { 0 } },
	{ "api-20261124.log.gz", 20261124, { 0 } },
	{ "api-2026-11-24-1.log", 20261124, { 2 } },
	{ "api-2026-11-24.1.log.gz", 20261124, { 2 } },
	{ "api-2026-11-24_123456789.log", 20261124, { 123456790 } },
	{ "api-2026-11-24-03.log", 20261124, { 4 } },
	{ "api-2026-11-24-24.log", 20261124, { 25 } }, /* no hour */
	{ "api-2026-11-24-03-7.log", 20261124, { 4, 8 } },
	{ "api.2026-11-24T03.7.log.xz", 20261124, { 4, 8 } },
	{ "api-2026112403.log", 20261124, { 4 } },
	{ "api-00010101.log", 10101, { 0 } },
};

/* of api.log, known since later */
static const struct name late_names[] = {
	/* kubelet */
	{ "api.log.20261124-120001", 20261124, { 13, 1, 2 } },
	{ "api.log.20261124-120001.gz", 20261124, { 13, 1, 2 } },
	/* lumberjack */
	{ "api-2026-11-24T12-05-00.000.log", 20261124, { 13, 6, 1, 1 } },
	{ "api-2026-11-24T12-05-00.123.log.gz", 20261124, { 13, 6, 1, 124 } },
	/* logrotate: dateformat, extension, copies by hand */
	{ "api.log-1779076800", 20260518, { 5, 1, 1 } },
	{ "api.log-20261124-1779076800", 20261124, { 1779076801 } },
	{ "api.log-20261124-1779076800.gz", 20261124, { 1779076801 } },
	{ "api.log-20261124_120001", 20261124, { 13, 1, 2 } },
	{ "api.log-20261124120001", 20261124, { 13, 1, 2 } },
	{ "api.log-202611241200", 20261124, { 13, 1 } },
	{ "api.log_2026-11-24", 20261124, { 0 } },
	{ "api.log_2026.11.24", 20261124, { 0 } },
	{ "api.log.2026.11.24.gz", 20261124, { 0 } },
	{ "api.log.2026_11_24", 20261124, { 0 } },
	{ "api.log20261124", 20261124, { 0 } },
	{ "api.log20261124.gz", 20261124, { 0 } },
	{ "api.log20261124.3", 20261124, { 4 } },
	{ "api.log_20261124", 20261124, { 0 } },
	{ "api-1779076800.log", 20260518, { 5, 1, 1 } },
	{ "api.1.log", 0, { 2 } },
	{ "api.0.log", 0, { 1 } },
	{ "api.007.log", 0, { 8 } },
	{ "api.999.log.zst", 0, { 1000 } },
	/* rotatelogs, uwsgi */
	{ "api.log.1779076800", 20260518, { 5, 1, 1 } },
	{ "api.log.1234567890", 20090213, { 24, 32, 31 } },
	/* log4j, log4j2, logback */
	{ "api-05-18-2026.log", 20260000, { 0 } },
	{ "api-05-18-2026-3.log.gz", 20260000, { 0 } },
	{ "api.log.18-05-2026", 20260000, { 0 } },
	{ "api-11-24-2026.log", 20260000, { 0 } },
	{ "api.05.18.2026.log", 20260000, { 0 } },
	{ "api.log.2026-11-24-03-04", 20261124, { 4, 5 } },
	{ "api.2026-11-24_12-05.2.log.gz", 20261124, { 13, 6, 3 } },
	{ "api-2026-11-24T12:05:00Z.1.log.gz", 20261124, { 13, 6, 1, 2 } },
	{ "api.log.2026-11", 20261100, { 0 } },
	{ "api-2026-11.log", 20261100, { 0 } },
	{ "api-202611.2.log", 20261100, { 3 } },
	{ "api.log-202611", 20261100, { 0 } },
	{ "api.log-2026-11", 20261100, { 0 } },
	{ "api-2026-11-24-03-04-05.log", 20261124, { 4, 5, 6 } },
	/* Python, loguru, pm2, Serilog, NLog */
	{ "api.log.2026-11-24_12-05-01", 20261124, { 13, 6, 2 } },
	{ "api.2026-11-24_12-05-01_123456.log", 20261124, { 13, 6, 2, 123457 } },
	{ "api__2026-11-24_00-00-00.log", 20261124, { 1, 1, 1 } },
	{ "api20261124.log", 20261124, { 0 } },
	{ "api20261124_001.log", 20261124, { 2 } },
	{ "api_2026.11.24.log", 20261124, { 0 } },
	{ "api.2026.11.24.log", 20261124, { 0 } },
};

static const char *const others[] = {
	"api.log", /* the log itself */
	"api.log.gz", "api.log.bak", "api.log.old", "api.log.1.tmp", "api.log.1.gz.tmp",
	"api.log.1.bz2", "api.log.1.gz.xz", "api.log.1~", "api.log.", "api.log..1", "api.log.1.",
	"api.log.1.2", "api.log.-1", "api.log.+1", "api.log. 1", "api.log.1a", "api.log.0x1",
	"api.log-1", "api.log_1", "api.log1", "api.log1.gz", "api.1", "api-1.log", "api", "ap", "",
	".log", ".gz", "1", "api-error.log", "api-error.log.1", "api-error-2026-11-24.log",
	"api2.log.1", "xapi.log.1", "Api.log.1", "api.LOG.1", "api-log.1", "apixlog.1",
	"api.logs.1", "api.log.error.1", "api.log-2026-1-2", "api.log-2026-1124",
	"api.log-202611-24", "api.log-20261324", "api.log-20260024", "api.log-20261100",
	"api.log-20261132", "api.log-2026112424", "api.log-20261124-24", "api.log-20261124-3",
	"api.log-20261124-033", "api.log-20261124x03", "api.log-20261124t03",
	"api.log-20261124--03", "api.log-20261124-", "api.log-20261124.", "api.log-20261124_1",
	"api.log-20261124.1234567890", "api.log--20261124", "api-2026-11-24",
	"api-2026-11-24.log.1", "api-2026-11-24-error.log", "api-2026-11-24-.log",
	"api-2026-11-24log", "api-2026-11-24.txt", "api-2026-11-24.log.bak", "api-2026-11-32.log",
	"api2026-11-24.log", "api--2026-11-24.log", "api-2026-11-24-1-2.log",
	"api.8080.log", /* of a port */
	"api.1000.log", "api.1.2.log", "api_1.log",
	"api1.log",              /* winston's second, but as well another log */
	"api2.log", "api-2.log", /* another instance */
	"api.log.2779076800",    /* no seconds of our time */
	"api.log-177907680", "api.log-17790768000", "api.log_1", "api.log20261324",
	"api.log2026-11-24", "api2026112.log", "api-24-13-2026.log", "api-13-24-2026.log",
	"api-00-18-2026.log", "api-05-18-26.log", "api-05.18-2026.log", "api-0518-2026.log",
	"api.log-2026.11-24", "api.log-20261124-120061", "api.log-20261124-126001",
	"api.log-20261124-12:0001",
	"api-2026-11-24T12-05-00.000-size.log", /* timberjack: named by --rotated */
	"api-2026-11-24T12-05-00.000.log.tmp", "api.log.20261124-120001.tmp", "api.2026.log",
	"api.log-2026", "api_error_2026.11.24.log",
	"api-2026-11-24.log.2",        /* of another log, api-2026-11-24.log */
	"@40000000680e1b5a2f0c1d2e.s", /* multilog, svlogd: named by --rotated */
};

static void expect_names(const struct name *table, size_t count, bool is_late)
{
	for (size_t i = 0; i < count; i++) {
		struct rotated_name parsed = { .day = 7 };

		if (!rotated_name_parse(&parsed, "api.log", table[i].name))
			fail_msg("'%s' is a rotated name", table[i].name);
		if (parsed.is_late != is_late)
			fail_msg("'%s' was known first, or not", table[i].name);
		if (parsed.day != table[i].day ||
		    memcmp(parsed.numbers, table[i].numbers, sizeof(parsed.numbers)) != 0)
			fail_msg("'%s' was read as %u, %u %u %u %u", table[i].name, parsed.day,
			    parsed.numbers[0], parsed.numbers[1], parsed.numbers[2], parsed.numbers[3]);
	}
}

static void a_table_of_names(void **state)
{
	(void)state;
	expect_names(names, sizeof(names) / sizeof(names[0]), false);
	expect_names(late_names, sizeof(late_names) / sizeof(late_names[0]), true);
}

/* Files of one rotation have one form. */
static void a_name_has_a_form(void **state)
{
	static const struct {
		const char *name;
		enum rotated_form form;
	} forms[] = {
		{ "api.log.1.gz", ROTATED_FORM_NUMBER_BEHIND },
		{ "api.1.log", ROTATED_FORM_NUMBER_INSIDE },
		{ "api.log-20261124", ROTATED_FORM_STAMP_BEHIND },
		{ "api.log.1779076800", ROTATED_FORM_STAMP_BEHIND },
		{ "api.log20261124", ROTATED_FORM_STAMP_BEHIND },
		{ "api-20261124.1.log", ROTATED_FORM_STAMP_INSIDE },
		{ "api__2026-11-24_00-00-00.log", ROTATED_FORM_STAMP_INSIDE },
	};
	struct rotated_name parsed;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_true(rotated_name_parse(&parsed, "api.log", forms[i].name));
		assert_int_equal(parsed.form, forms[i].form);
	}
}

static void a_table_of_others(void **state)
{
	struct rotated_name parsed;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (rotated_name_parse(&parsed, "api.log", others[i]))
			fail_msg("'%s' is no rotated name", others[i]);
}

struct pair {
	const char *log, *name;
	bool is_rotated;
};

/* Logs that are called otherwise. */
static const struct pair pairs[] = {
	{ "api", "api.1", true },
	{ "api", "api.1.gz", true },
	{ "api", "api-20261124", true },
	{ "api", "api.2026-11-24.3", true },
	{ "api", "api_2026-11-24-03", true },
	{ "api", "api.log", false },
	{ "api", "api.log.1", false },
	{ "api", "api-1", false },
	{ "api", "api-20261124.log", false },
	{ "api", "apis.1", false },
	{ ".api", ".api.1", true },
	{ ".api", ".api-20261124", true },
	{ ".api", ".20261124.api", false },
	{ "api.", "api..1", true },
	{ "api.", "api.1", false },
	{ "a.b.c", "a.b.c.1", true },
	{ "a.b.c", "a.b-20261124.c", true },
	{ "a.b.c", "a-20261124.b.c", false },
	{ "my log.txt", "my log-2026-11-24.txt.gz", true },
	{ "api-2026.log", "api-2026-20261124.log", true },
	{ "api-2026.log", "api-2026-11-24.log", false },
	{ "%n[*].log", "%n[*].log.1", true },
	{ "%n[*].log", "%nx.log.1", false },
	{ "0.log", "0.log.20260518-120001", true },
	{ "0.log", "0.log.20260518-120001.gz", true },
	{ "0.log", "1.log", false },
	{ "api-out.log", "api-out__2026-05-18_00-00-00.log", true },
	{ "api-out.log", "api-error__2026-05-18_00-00-00.log", false },
	{ "app.json", "app.1.json", true },
	{ "app.json", "app.1.log", false },
	{ "app", "app20260518", true },
	{ "app", "app.1.log", false },
	{ "20260518", "2026051820260519", true },
	{ "api-20260518.log", "api-20260519.log", false },
	{ "a.1", "a.1.2", true },
	{ "a.1", "a.2", false },
};

static void a_table_of_logs(void **state)
{
	struct rotated_name parsed;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (rotated_name_parse(&parsed, pairs[i].log, pairs[i].name) != pairs[i].is_rotated)
			fail_msg("'%s' of '%s'", pairs[i].name, pairs[i].log);
}

/* No name is longer than a file's can be, and none longer is looked at. */
static void names_of_any_length(void **state)
{
	struct rotated_name parsed;
	char log[600], name[610];

	(void)state;
	for (size_t length = 1; length < 500; length++) {
		memset(log, 'x', length);
		log[length] = '\0';
		(void)snprintf(name, sizeof(name), "%s.1.zst", log);
		assert_int_equal(rotated_name_parse(&parsed, log, name), length + 2 <= 255);
		(void)snprintf(name, sizeof(name), "%s.1", log);
		name[length / 2] = 'y';
		assert_false(rotated_name_parse(&parsed, log, name));
	}
}

static void older_comes_first(void **state)
{
	static const char *const sorted[] = { "api.log-20261123", "api-2026-11-24.log",
		"api-2026-11-24.0.log", "api-2026-11-24.1.log", "api-2026-11-24T02.log",
		"api-2026-11-24T10.log", "api.log.20261125.1" };
	static const char *const numbered[] = { "api.log.10", "api.log.9.gz", "api.log.1",
		"api.log.0" };
	struct rotated_name a, b;

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		for (size_t j = 0; j < 7; j++) {
			assert_true(rotated_name_parse(&a, "api.log", sorted[i]));
			assert_true(rotated_name_parse(&b, "api.log", sorted[j]));
			assert_int_equal(rotated_name_compare(&a, &b) < 0, i < j);
			assert_int_equal(rotated_name_compare(&a, &b) > 0, i > j);
		}
	}
	for (size_t i = 0; i + 1 < 4; i++) {
		assert_true(rotated_name_parse(&a, "api.log", numbered[i]));
		assert_true(rotated_name_parse(&b, "api.log", numbered[i + 1]));
		assert_true(rotated_name_compare(&a, &b) < 0);
		assert_true(rotated_name_compare(&b, &a) > 0);
	}
}

/* As each of them counts up; what tells no order is equal. */
static void older_comes_first_in_each_form(void **state)
{
	static const char *const rows[][6] = {
		{ "api.log.20260518-120001.gz", "api.log.20260518-120002",
		    "api.log.20260519-000000" },
		{ "api-2026-05-18T12-05-00.000.log", "api-2026-05-18T12-05-00.001.log",
		    "api-2026-05-18T12-06-00.000.log.gz", "api-2026-05-18T13-00-00.000.log" },
		{ "api.2026-05-18.2.log", "api.2026-05-18.9.log", "api.2026-05-18.10.log",
		    "api.2026-05-18.23.log", "api.2026-05-18.24.log", "api.2026-05-18.100.log" },
		{ "api-2026-05-18-2.log", "api-2026-05-18-9.log", "api-2026-05-18-10.log",
		    "api-2026-05-18-24.log", "api-2026-05-18-60.log", "api-2026-05-18-100.log" },
		{ "api.log-20260518-1779076800", "api.log-20260518-1779076801",
		    "api.log-20260519-1779153600" },
		{ "api.log-1779076800", "api.log-1779076801", "api.log-1779163200" },
		{ "api.10.log", "api.2.log", "api.1.log", "api.0.log" },
		{ "api.log.2025-12", "api.log.2026-01", "api.log.2026-11" },
		{ "api.12-31-2025.log", "api.01-01-2026.log" },
	};
	struct rotated_name a, b;

	(void)state;
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		for (size_t i = 0; i + 1 < 6 && rows[row][i + 1] != NULL; i++) {
			assert_true(rotated_name_parse(&a, "api.log", rows[row][i]));
			assert_true(rotated_name_parse(&b, "api.log", rows[row][i + 1]));
			if (rotated_name_compare(&a, &b) >= 0 || rotated_name_compare(&b, &a) <= 0)
				fail_msg("'%s' is older than '%s'", rows[row][i], rows[row][i + 1]);
		}
	assert_true(rotated_name_parse(&a, "api.log", "api-04-06-2026.log"));
	assert_true(rotated_name_parse(&b, "api.log", "api-06-04-2026.log"));
	assert_int_equal(rotated_name_compare(&a, &b), 0);
}

static void packings_are_endings(void **state)
{
	(void)state;
	assert_int_equal(rotated_name_packing("a.gz"), 3);
	assert_int_equal(rotated_name_packing("a.zst"), 4);
	assert_int_equal(rotated_name_packing("folder/a.1.xz"), 3);
	assert_int_equal(rotated_name_packing("a.gz.1"), 0);
	assert_int_equal(rotated_name_packing(".gz"), 0);
	assert_int_equal(rotated_name_packing("gz"), 0);
	assert_int_equal(rotated_name_packing(""), 0);
}

static void folders_are_known_by_name(void **state)
{
	static const struct {
		const char *name;
		unsigned kind;
	} folders[] = {
		{ "archive", ROTATED_FOLDER_ARCHIVE },
		{ "archived", ROTATED_FOLDER_ARCHIVE },
		{ "archive-2025", ROTATED_FOLDER_ARCHIVE },
		{ "archiv", ROTATED_FOLDER_OTHER },
		{ "old", ROTATED_FOLDER_OLD },
		{ "backup", ROTATED_FOLDER_OLD },
		{ "older", ROTATED_FOLDER_OTHER },
		{ "backups", ROTATED_FOLDER_OTHER },
		{ "2026-11-24", ROTATED_FOLDER_DATED },
		{ "20261124", ROTATED_FOLDER_DATED },
		{ "2026-11", ROTATED_FOLDER_DATED },
		{ "202611", ROTATED_FOLDER_DATED },
		{ "2026", ROTATED_FOLDER_YEAR },
		{ "11", ROTATED_FOLDER_MONTH | ROTATED_FOLDER_DAY },
		{ "01", ROTATED_FOLDER_MONTH | ROTATED_FOLDER_DAY },
		{ "13", ROTATED_FOLDER_DAY },
		{ "31", ROTATED_FOLDER_DAY },
		{ "32", ROTATED_FOLDER_OTHER },
		{ "00", ROTATED_FOLDER_OTHER },
		{ "1", ROTATED_FOLDER_OTHER },
		{ "2026-13", ROTATED_FOLDER_OTHER },
		{ "202600", ROTATED_FOLDER_OTHER },
		{ "2026-11-", ROTATED_FOLDER_OTHER },
		{ "2026-11-24-03", ROTATED_FOLDER_OTHER },
		{ "2026-", ROTATED_FOLDER_OTHER },
		{ "x2026", ROTATED_FOLDER_OTHER },
		{ "", ROTATED_FOLDER_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (rotated_folder_parse(folders[i].name) != folders[i].kind)
			fail_msg("'%s'", folders[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_names),
		cmocka_unit_test(a_table_of_others),
		cmocka_unit_test(a_table_of_logs),
		cmocka_unit_test(names_of_any_length),
		cmocka_unit_test(a_name_has_a_form),
		cmocka_unit_test(older_comes_first),
		cmocka_unit_test(older_comes_first_in_each_form),
		cmocka_unit_test(packings_are_endings),
		cmocka_unit_test(folders_are_known_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
