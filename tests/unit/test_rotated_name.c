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
	uint64_t date;
	uint32_t number;
};

/* of api.log */
static const struct name names[] = {
	{ "api.log.0", 0, 1 },
	{ "api.log.1", 0, 2 },
	{ "api.log.12", 0, 13 },
	{ "api.log.007", 0, 8 },
	{ "api.log.123456789", 0, 123456790 },
	{ "api.log.99999999", 0, 100000000 }, /* no date */
	{ "api.log.2026", 0, 2027 },
	{ "api.log.20261324", 0, 20261325 },
	{ "api.log.1.gz", 0, 2 },
	{ "api.log.1.zst", 0, 2 },
	{ "api.log.1.xz", 0, 2 },
	{ "api.log-20261124", 2026112400, 0 },
	{ "api.log.20261124", 2026112400, 0 },
	{ "api.log-2026-11-24", 2026112400, 0 },
	{ "api.log.2026-11-24", 2026112400, 0 },
	{ "api.log-20261124.gz", 2026112400, 0 },
	{ "api.log.2026-11-24.1", 2026112400, 2 },
	{ "api.log-20261124.12.xz", 2026112400, 13 },
	{ "api.log-2026112403", 2026112404, 0 },
	{ "api.log-20261124-03", 2026112404, 0 },
	{ "api.log-20261124_03", 2026112404, 0 },
	{ "api.log-20261124T03", 2026112404, 0 },
	{ "api.log.2026-11-24T23.4.zst", 2026112424, 5 },
	{ "api.log.2026-11-24-00", 2026112401, 0 },
	{ "api-2026-11-24.log", 2026112400, 0 },
	{ "api.2026-11-24.log", 2026112400, 0 },
	{ "api_2026-11-24.log", 2026112400, 0 },
	{ "api-20261124.log", 2026112400, 0 },
	{ "api-20261124.log.gz", 2026112400, 0 },
	{ "api-2026-11-24-1.log", 2026112400, 2 },
	{ "api-2026-11-24.1.log.gz", 2026112400, 2 },
	{ "api-2026-11-24_123456789.log", 2026112400, 123456790 },
	{ "api-2026-11-24-03.log", 2026112404, 0 },
	{ "api-2026-11-24-24.log", 2026112400, 25 }, /* no hour */
	{ "api-2026-11-24-03-7.log", 2026112404, 8 },
	{ "api.2026-11-24T03.7.log.xz", 2026112404, 8 },
	{ "api-2026112403.log", 2026112404, 0 },
	{ "api-00010101.log", 1010100, 0 },
};

static const char *const others[] = {
	"api.log", /* the log itself */
	"api.log.gz",
	"api.log.bak",
	"api.log.old",
	"api.log.1.tmp",
	"api.log.1.gz.tmp",
	"api.log.1.bz2",
	"api.log.1.gz.xz",
	"api.log.1~",
	"api.log.",
	"api.log..1",
	"api.log.1.",
	"api.log.1.2",
	"api.log.-1",
	"api.log.+1",
	"api.log. 1",
	"api.log.1a",
	"api.log.0x1",
	"api.log.1234567890",
	"api.log-1",
	"api.log_1",
	"api.log1",
	"api.log1.gz",
	"api.1",
	"api.1.log",
	"api-1.log",
	"api",
	"ap",
	"",
	".log",
	".gz",
	"1",
	"api-error.log",
	"api-error.log.1",
	"api-error-2026-11-24.log",
	"api2.log.1",
	"xapi.log.1",
	"Api.log.1",
	"api.LOG.1",
	"api-log.1",
	"apixlog.1",
	"api.logs.1",
	"api.log.error.1",
	"api.log-202611",
	"api.log-2026-11",
	"api.log-2026-1-2",
	"api.log-2026-1124",
	"api.log-202611-24",
	"api.log-20261324",
	"api.log-20260024",
	"api.log-20261100",
	"api.log-20261132",
	"api.log-2026112424",
	"api.log-20261124-24",
	"api.log-20261124-3",
	"api.log-20261124-033",
	"api.log-20261124x03",
	"api.log-20261124t03",
	"api.log-20261124--03",
	"api.log-20261124-",
	"api.log-20261124.",
	"api.log-20261124_1",
	"api.log-20261124-1764000000",
	"api.log-20261124.1234567890",
	"api.log_20261124",
	"api.log20261124",
	"api.log--20261124",
	"api-2026-11-24",
	"api-2026-11-24.log.1",
	"api-2026-11-24-error.log",
	"api-2026-11-24-.log",
	"api-2026-11-24log",
	"api-2026-11-24.txt",
	"api-2026-11-24.log.bak",
	"api-2026-11-32.log",
	"api2026-11-24.log",
	"api--2026-11-24.log",
	"api-11-24-2026.log",
	"api-2026-11-24-1-2.log",
	"api-2026-11-24-03-04-05.log",
};

static void a_table_of_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct rotated_name parsed = { 7, 7 };

		if (!rotated_name_parse(&parsed, "api.log", names[i].name))
			fail_msg("'%s' is a rotated name", names[i].name);
		if (parsed.date != names[i].date || parsed.number != names[i].number)
			fail_msg("'%s' was read as %llu, %u", names[i].name,
			    (unsigned long long)parsed.date, parsed.number);
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
		"api-2026-11-24.0.log", "api-2026-11-24.1.log", "api-2026-11-24T00.log",
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
		enum rotated_folder kind;
	} folders[] = {
		{ "archive", ROTATED_FOLDER_ARCHIVE },
		{ "archived", ROTATED_FOLDER_ARCHIVE },
		{ "archive-2025", ROTATED_FOLDER_ARCHIVE },
		{ "archiv", ROTATED_FOLDER_OTHER },
		{ "old", ROTATED_FOLDER_OTHER },
		{ "2026-11-24", ROTATED_FOLDER_DATED },
		{ "20261124", ROTATED_FOLDER_DATED },
		{ "2026-11", ROTATED_FOLDER_DATED },
		{ "202611", ROTATED_FOLDER_DATED },
		{ "2026", ROTATED_FOLDER_YEAR },
		{ "11", ROTATED_FOLDER_MONTH },
		{ "01", ROTATED_FOLDER_MONTH },
		{ "13", ROTATED_FOLDER_OTHER },
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
		cmocka_unit_test(older_comes_first),
		cmocka_unit_test(packings_are_endings),
		cmocka_unit_test(folders_are_known_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
