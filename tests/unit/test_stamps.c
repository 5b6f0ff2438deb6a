/* The rows of data/stamps.tsv, and what may stand around a stamp without changing its time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "time/clock.h"

struct row {
	char *zone, *context, *expected, *line;
};

static void choose(const char *name)
{
	struct error error = ERROR_INIT;

	if (!zone_choose(name, &error))
		fail_msg("%s: %s", name, error.text);
}

/* 2021-12-01 12:00 in the zone. */
static struct timestamp_rule rule_of(const char *context)
{
	struct civil civil = { 2021, 12, 1, 12, 0, 0, 0 };
	struct timestamp_rule rule;
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;
	bool has_format = strncmp(context, "format=", 7) == 0;
	bool is_late = strncmp(context, "file=", 5) == 0; /* after all days in names */
	static char *keys[2];

	civil.year += is_late ? 10 : 0;
	if (!timestamp_rule_init(
	        &rule, has_format ? context + 7 : NULL, zone_to_utc(&zone, &civil), &zone, &error))
		fail_msg("%s", error.text);
	if (strncmp(context, "key=", 4) == 0) {
		keys[0] = (char *)(uintptr_t)context + 4;
		if (!timestamp_rule_set_keys(&rule, keys, 1, &error))
			fail_msg("%s", error.text);
	}
	if (is_late)
		timestamp_rule_name(&rule, context + 5, &zone);
	return rule;
}

static void print_time(int64_t time, char text[ZONE_TEXT_MAX])
{
	struct zone utc = { INT64_MIN / 4, INT64_MAX / 4, INT64_MIN / 4, 0, 0 };
	size_t length;

	if (time == CLOCK_UNKNOWN) {
		(void)strcpy(text, "none");
		return;
	}
	length = zone_format(&utc, time, true, text);
	text[length - strlen("+00:00")] = '\0';
}

/* The time of the last of these lines. They end at the end of their memory. */
static void read_last(const struct row *row, struct timestamp_notes *notes, const char *lines,
    char text[ZONE_TEXT_MAX])
{
	struct timestamp_rule rule = rule_of(row->context);
	size_t length = strlen(lines);
	char *copy = malloc(length + 1);
	struct clock clock;
	const char *last;

	assert_non_null(copy);
	memcpy(copy, lines, length);
	copy = realloc(copy, length);
	assert_non_null(copy);
	rule.notes = notes;
	last = memrchr(copy, '\n', length);
	timestamp_rule_learn(&rule, copy, length);
	clock_init(&clock, &rule);
	clock_begin(&clock, copy, length, CLOCK_UNKNOWN);
	print_time(clock_at(&clock, last == NULL ? 0 : (size_t)(last + 1 - copy)), text);
	free(copy);
}

/* Undoes \t and \n in place. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		char c = *at;

		if (c == '\\' && (at[1] == 't' || at[1] == 'n'))
			c = *++at == 't' ? '\t' : '\n';
		*to++ = c;
	}
	*to = '\0';
}

static bool read_row(char *text, struct row *row)
{
	char **const parts[] = { &row->zone, &row->context, &row->expected };

	text[strcspn(text, "\n")] = '\0';
	if (*text == '#' || *text == '\0')
		return false;
	for (size_t i = 0; i < 3; i++) {
		*parts[i] = text;
		text = strchr(text, '\t');
		if (text == NULL)
			fail_msg("a row has too few columns: %s", row->zone);
		*text++ = '\0';
	}
	row->line = text;
	unescape(row->line);
	return true;
}

static unsigned with_each_row(void (*visit)(const struct row *row, struct timestamp_notes *notes))
{
	const char *folder = getenv("TESTS");
	struct error error = ERROR_INIT;
	struct timestamp_notes *notes = timestamp_notes_new(&error);
	char path[4096], text[1024];
	unsigned count = 0;
	FILE *file;

	assert_non_null(folder);
	assert_non_null(notes);
	(void)snprintf(path, sizeof(path), "%s/data/stamps.tsv", folder);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(text, sizeof(text), file) != NULL) {
		struct row row;

		if (!read_row(text, &row))
			continue;
		choose(row.zone);
		visit(&row, notes);
		count++;
	}
	(void)fclose(file);
	timestamp_notes_free(notes);
	return count;
}

static unsigned failures;

static void read_as_it_is(const struct row *row, struct timestamp_notes *notes)
{
	char text[ZONE_TEXT_MAX];

	read_last(row, notes, row->line, text);
	if (strcmp(text, row->expected) == 0)
		return;
	print_error("%s: %s instead of %s\n", row->line, text, row->expected);
	failures++;
}

static void reads_the_rows(void **state)
{
	(void)state;
	assert_true(with_each_row(read_as_it_is) > 200);
	assert_int_equal(failures, 0);
}

/* What may stand around: the time is the same, or, where a stamp counts only at the line's head,
 * none; never another one. */
static void read_in_disguise(const struct row *row, struct timestamp_notes *notes)
{
	static const struct {
		const char *before, *behind;
		bool must; /* be the same */
	} disguises[] = {
		{ "", " trailing words", true },
		{ "", "\r", true },
		{ "", "\x1b[0m", true },
		{ " ", "", true },
		{ "\t", "", true },
		{ "\x1b[32m", "\x1b[0m", true },
		{ "\x1b[1;31m", "", true },
		{ "host-1 | ", "", false },
		{ "app: ", "", false },
		{ "[web-7d4b9c6f5-x2x9z] ", "", false },
		{ "<14>", "", false },
		{ "\xe6\x97\xa5\xe5\xbf\x97 ", "", false },
		{ "0123456789 ", "", false },
		{ "{\"log\":\"", "\"}", false },
	};
	/* these say by the line's beginning what they are */
	bool is_head = strncmp(row->line, "type=", 5) == 0 || strstr(row->line, ": [") != NULL ||
	               strchr(row->line, '\n') != NULL;

	for (size_t i = 0; i < sizeof(disguises) / sizeof(disguises[0]); i++) {
		char line[1200], text[ZONE_TEXT_MAX];

		/* a record in a string would have its quotes escaped */
		if (row->line[0] == '{' && disguises[i].before[0] == '{')
			continue;
		(void)snprintf(line, sizeof(line), "%s%s%s", disguises[i].before, row->line,
		    disguises[i].behind);
		read_last(row, notes, line, text);
		if (strcmp(text, row->expected) == 0 ||
		    (strcmp(text, "none") == 0 && (!disguises[i].must || is_head)))
			continue;
		print_error("%s: %s instead of %s\n", line, text, row->expected);
		failures++;
	}
}

static void bears_what_stands_around(void **state)
{
	(void)state;
	failures = 0;
	(void)with_each_row(read_in_disguise);
	assert_int_equal(failures, 0);
}

/* Cut anywhere: nothing behind the line's end is read (the memory ends there), and what is left
 * is never another day. */
static void read_cut(const struct row *row, struct timestamp_notes *notes)
{
	for (size_t length = 1; length < strlen(row->line); length++) {
		char line[1024], text[ZONE_TEXT_MAX];

		memcpy(line, row->line, length);
		line[length] = '\0';
		read_last(row, notes, line, text);
	}
}

static void keeps_to_the_line(void **state)
{
	(void)state;
	(void)with_each_row(read_cut);
}

/* ---- what is noted ---- */

static void notes_what_has_no_time(void **state)
{
	static const struct {
		const char *line, *zones;
		bool order, day, cst;
	} rows[] = {
		{ "2021-11-19 09:15:05 IST x\n2021-11-19 09:15:05 BRT\n2021-11-19 09:15:05 IST",
		    "'BRT', 'IST'", false, false, false },
		{ "[19-Nov-2021 09:15:05 Asia/Nowhere] x", "'Asia/Nowhere'", false, false, false },
		{ "05/06/2026 12:02:03", "", true, false, false },
		{ "12:02:03 x", "", false, true, false },
		{ "77:02:03 x", "", false, false, false },
		{ "2021-11-19 09:15:05 CST", "", false, false, true },
		{ "2021-11-19 09:15:05 INFO", "", false, false, false },
		{ "2021-11-19 09:15:05 GMT+8", "", false, false, false },
	};
	static const struct row plain = { "UTC", "-", "", "" };

	(void)state;
	choose("UTC");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = ERROR_INIT;
		struct timestamp_notes *notes = timestamp_notes_new(&error);
		struct strbuf zones = STRBUF_INIT;
		char lines[256], text[ZONE_TEXT_MAX];

		assert_non_null(notes);
		(void)snprintf(lines, sizeof(lines), "%s", rows[i].line);
		for (char *line = strtok(lines, "\n"); line != NULL; line = strtok(NULL, "\n"))
			read_last(&plain, notes, line, text);
		timestamp_notes_zones(notes, &zones);
		assert_string_equal(zones.len == 0 ? "" : zones.data, rows[i].zones);
		assert_int_equal(timestamp_noted(notes, TIMESTAMP_NOTE_ORDER), rows[i].order);
		assert_int_equal(timestamp_noted(notes, TIMESTAMP_NOTE_NO_DAY), rows[i].day);
		assert_int_equal(timestamp_noted(notes, TIMESTAMP_NOTE_CST), rows[i].cst);
		strbuf_release(&zones);
		timestamp_notes_free(notes);
	}
}

/* ---- a clock that moves ---- */

static int64_t told_time(void *context)
{
	return *(int64_t *)context;
}

static int64_t utc(int year, int month, int day, int hour, int minute, int second)
{
	struct civil civil = { year, month, day, hour, minute, second, 0 };

	return civil_to_utc(&civil, 0);
}

/* Reads a line that came alone, at a time of the clock. */
static void read_live(struct timestamp_rule *rule, const char *line, char text[ZONE_TEXT_MAX])
{
	struct zone zone = { 0 };
	struct timestamp stamp;

	timestamp_rule_begin_piece(rule, &zone, line, strlen(line));
	print_time(
	    timestamp_read(rule, &zone, line, strlen(line), &stamp) ? stamp.time : CLOCK_UNKNOWN,
	    text);
}

static void now_moves_with_the_clock(void **state)
{
	/* the clock when a line is read, and its time */
	static const struct {
		int year, month, day, hour, minute, second;
		const char *line, *expected;
	} reads[] = {
		{ 2021, 11, 19, 9, 15, 6, "Nov 19 09:15:05 x\n", "2021-11-19T09:15:05.000" },
		{ 2021, 11, 22, 9, 15, 6, "Nov 22 09:15:05 x\n", "2021-11-22T09:15:05.000" },
		{ 2021, 12, 31, 23, 59, 59, "12-31 23:59:59.1 x\n", "2021-12-31T23:59:59.100" },
		{ 2022, 1, 1, 0, 0, 1, "Dec 31 23:59:59 x\n", "2021-12-31T23:59:59.000" },
		{ 2022, 1, 1, 0, 0, 2, "Jan  1 00:00:01 x\n", "2022-01-01T00:00:01.000" },
		{ 2024, 2, 29, 12, 0, 0, "Feb 29 11:59:59 x\n", "2024-02-29T11:59:59.000" },
		{ 2026, 5, 18, 12, 0, 0, "I0518 11:59:59.5 x\n", "2026-05-18T11:59:59.500" },
		/* set back: not more than a day behind the clock is still this year */
		{ 2026, 5, 17, 13, 0, 0, "May 18 11:59:59 x\n", "2026-05-18T11:59:59.000" },
		{ 2026, 5, 16, 13, 0, 0, "May 18 11:59:59 x\n", "2025-05-18T11:59:59.000" },
	};
	struct timestamp_rule rule;
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;
	int64_t now = utc(2021, 11, 19, 9, 15, 0);

	(void)state;
	choose("UTC");
	assert_true(timestamp_rule_init(&rule, NULL, now, &zone, &error));
	rule.now = told_time;
	rule.now_context = &now;
	timestamp_rule_refer_now(&rule, &zone);
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		char text[ZONE_TEXT_MAX];

		now = utc(reads[i].year, reads[i].month, reads[i].day, reads[i].hour,
		    reads[i].minute, reads[i].second);
		read_live(&rule, reads[i].line, text);
		assert_string_equal(text, reads[i].expected);
	}
	/* a file's reference stays where it is */
	timestamp_rule_refer(&rule, utc(2021, 11, 19, 9, 15, 0), &zone);
	for (size_t i = 0; i < 2; i++) {
		char text[ZONE_TEXT_MAX];

		now = utc(2026, 5, 18, 12, 0, 0);
		read_live(&rule, reads[i].line, text);
		assert_string_equal(
		    text, i == 0 ? "2021-11-19T09:15:05.000" : "2020-11-22T09:15:05.000");
	}
}

static void a_live_stream_has_a_day(void **state)
{
	static const struct {
		int day, hour, minute, second; /* of May 2026 */
		const char *line, *expected;
	} reads[] = {
		/* old lines: nothing shows yet that it is live */
		{ 18, 12, 2, 3, "09:15:05 x\n", "none" },
		{ 18, 12, 2, 3, "12:02:04 x\n", "none" }, /* not yet */
		/* written just now; from then on, all of it is */
		{ 18, 12, 2, 5, "12:02:04.123 x\n", "2026-05-18T12:02:04.123" },
		{ 18, 12, 2, 5, "12:02:05.999 x\n", "2026-05-18T12:02:05.999" },
		{ 18, 12, 2, 5, "09:15:05 x\n", "2026-05-18T09:15:05.000" },
		{ 18, 12, 2, 5, "12:02:06 x\n", "2026-05-17T12:02:06.000" },
		{ 19, 0, 0, 1, "23:59:59 x\n", "2026-05-18T23:59:59.000" },
		{ 21, 0, 0, 1, "00:00:01 x\n", "2026-05-21T00:00:01.000" },
		{ 21, 8, 0, 1, "[16:00:00 +0800] x\n", "2026-05-21T08:00:00.000" },
		{ 21, 20, 0, 1, "[03:00:00 +0800] x\n", "2026-05-21T19:00:00.000" },
		{ 21, 8, 0, 1, "08:00:00 IST x\n", "none" },
	};
	struct timestamp_rule rule;
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;
	int64_t now = utc(2026, 5, 18, 12, 2, 3);
	char text[ZONE_TEXT_MAX], many[8192];

	(void)state;
	choose("UTC");
	assert_true(timestamp_rule_init(&rule, NULL, now, &zone, &error));
	rule.now = told_time;
	rule.now_context = &now;
	timestamp_rule_refer_now(&rule, &zone);
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		now = utc(2026, 5, reads[i].day, reads[i].hour, reads[i].minute, reads[i].second);
		read_live(&rule, reads[i].line, text);
		if (strcmp(text, reads[i].expected) != 0)
			fail_msg("%s: %s instead of %s", reads[i].line, text, reads[i].expected);
	}
	/* a program that writes a whole block at once may have the lines from anywhere */
	timestamp_rule_refer_now(&rule, &zone);
	memset(many, 'x', sizeof(many));
	(void)snprintf(many, sizeof(many), "%*s\n", 5000, "x");
	(void)strcpy(many + 5001, "12:02:04 y\n");
	now = utc(2026, 5, 18, 12, 2, 5);
	timestamp_rule_begin_piece(&rule, &zone, many, strlen(many));
	assert_false(rule.is_live);
	/* and a file is none */
	timestamp_rule_refer(&rule, now, &zone);
	read_live(&rule, "12:02:04 y\n", text);
	assert_string_equal(text, "none");
}

/* The day in a name is not that of the lines where these were written before it. */
static void a_name_is_not_believed_blindly(void **state)
{
	struct timestamp_rule rule;
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;

	(void)state;
	choose("UTC");
	assert_true(timestamp_rule_init(&rule, NULL, utc(2026, 5, 17, 23, 59, 59), &zone, &error));
	timestamp_rule_name(&rule, "api-2026-05-18.log", &zone);
	assert_int_equal(rule.day.year, 0);
	timestamp_rule_refer(&rule, utc(2026, 5, 18, 0, 0, 1), &zone);
	timestamp_rule_name(&rule, "api-2026-05-18.log", &zone);
	assert_int_equal(rule.day.day, 18);
	timestamp_rule_refer(&rule, utc(2026, 5, 18, 0, 0, 1), &zone);
	assert_int_equal(rule.day.year, 0);
}

/* The first piece of a stream shows the order; where it does not, a later one may. */
static void a_stream_shows_the_order(void **state)
{
	struct timestamp_rule rule;
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;
	int64_t now = utc(2026, 12, 1, 0, 0, 0);
	char text[ZONE_TEXT_MAX];

	(void)state;
	choose("UTC");
	assert_true(timestamp_rule_init(&rule, NULL, now, &zone, &error));
	rule.now = told_time;
	rule.now_context = &now;
	timestamp_rule_refer_now(&rule, &zone);
	read_live(&rule, "05/06/2026 12:02:03 x\n", text);
	assert_string_equal(text, "none");
	read_live(&rule, "13/06/2026 12:02:03 x\n", text);
	assert_string_equal(text, "2026-06-13T12:02:03.000");
	read_live(&rule, "05/06/2026 12:02:03 x\n", text);
	assert_string_equal(text, "2026-06-05T12:02:03.000");
	/* another input, another order */
	timestamp_rule_refer_now(&rule, &zone);
	read_live(&rule, "05/06/2026 12:02:03 x\n", text);
	assert_string_equal(text, "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_rows),
		cmocka_unit_test(bears_what_stands_around),
		cmocka_unit_test(keeps_to_the_line),
		cmocka_unit_test(notes_what_has_no_time),
		cmocka_unit_test(now_moves_with_the_clock),
		cmocka_unit_test(a_live_stream_has_a_day),
		cmocka_unit_test(a_name_is_not_believed_blindly),
		cmocka_unit_test(a_stream_shows_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
