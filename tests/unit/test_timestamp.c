/* Which stamps are recognised, as what time, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "time/timestamp.h"

static void choose(const char *name)
{
	struct error error = ERROR_INIT;

	if (!zone_choose(name, &error))
		fail_msg("%s: %s", name, error.text);
}

static int64_t time_of(int year, int month, int day, int hour)
{
	struct zone zone = { 0 };
	struct civil civil = { year, month, day, hour, 0, 0, 0 };

	return zone_to_utc(&zone, &civil);
}

static struct timestamp_rule rule_of(const char *format, int64_t reference)
{
	struct timestamp_rule rule;
	struct zone zone = { 0 };
	struct error error = ERROR_INIT;

	if (!timestamp_rule_init(&rule, format, reference, &zone, &error))
		fail_msg("%s", error.text);
	return rule;
}

/* The line's stamp as text in the zone, or "none". The line is at the end of its memory. */
static const char *read_text(
    const struct timestamp_rule *rule, const char *line, char text[ZONE_TEXT_MAX])
{
	struct zone zone = { 0 };
	size_t length = strlen(line);
	char *copy = malloc(length + (length == 0));
	struct timestamp stamp;

	assert_non_null(copy);
	memcpy(copy, line, length);
	if (timestamp_read(rule, &zone, copy, length, &stamp))
		(void)zone_format(&zone, stamp.time, true, text);
	else
		(void)strcpy(text, "none");
	free(copy);
	return text;
}

/* Read in +08:00, with 2026-11-25 12:00 as the reference. */
static const struct {
	const char *line, *expected;
} lines[] = {
	/* ISO 8601 and its like */
	{ "2026-11-22T03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22T03:14:15Z", "2026-11-22T11:14:15.000+08:00" },
	{ "2026-11-22t03:14:15z x", "2026-11-22T11:14:15.000+08:00" },
	{ "2026-11-22T03:14:15.1Z", "2026-11-22T11:14:15.100+08:00" },
	{ "2026-11-22T03:14:15.12Z", "2026-11-22T11:14:15.120+08:00" },
	{ "2026-11-22T03:14:15.123456789+02:00", "2026-11-22T09:14:15.123+08:00" },
	{ "2026-11-22T03:14:15.123-0330", "2026-11-22T14:44:15.123+08:00" },
	{ "2026-11-22 03:14:15+02 x", "2026-11-22T09:14:15.000+08:00" },
	{ "2026-11-22 03:14:15-02", "2026-11-22T13:14:15.000+08:00" },
	{ "2026-11-22 03:14:15,123 INFO", "2026-11-22T03:14:15.123+08:00" },
	{ "2026-11-22 03:14:15.123 INFO", "2026-11-22T03:14:15.123+08:00" },
	{ "2026-11-22 03:14:15, Info", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22 03:14:15. Then", "2026-11-22T03:14:15.000+08:00" },
	{ "[2026-11-22 03:14:15] x", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22T03:14Z", "2026-11-22T11:14:00.000+08:00" },
	{ "2026-11-22 03:14 x", "2026-11-22T03:14:00.000+08:00" },
	{ "2026-11-22 03:14", "2026-11-22T03:14:00.000+08:00" },
	{ "2026-11-22 03:14:15 UTC x", "2026-11-22T11:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 GMT", "2026-11-22T11:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 UTC+09:00", "2026-11-22T02:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 UTC-main", "2026-11-22T11:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 UTCX", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 +0900 x", "2026-11-22T02:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 -1234 x", "2026-11-22T03:14:15.000+08:00" }, /* a number */
	{ "2026-11-22 03:14:15 +09 x", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22 03:14:15 - INFO", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22 03:14:15-main", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-11-22 03:14:15+99:00", "2026-11-22T03:14:15.000+08:00" },
	{ "2026/11/22 03:14:15 [error]", "2026-11-22T03:14:15.000+08:00" },
	{ "[2026/11/22 03:14:15.083 +09:00] [WARN]", "2026-11-22T02:14:15.083+08:00" },
	{ "2026.11.22 03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "20261122 03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "20261122-03:14:15:213|Step", "2026-11-22T03:14:15.213+08:00" },
	{ "20261122-03:14:15:21|Step", "2026-11-22T03:14:15.000+08:00" },
	{ "20261122T03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "2016-12-31T23:59:60Z", "2017-01-01T07:59:59.000+08:00" }, /* a leap second */
	/* log4j */
	{ "26/11/22 03:14:15 INFO", "2026-11-22T03:14:15.000+08:00" },
	{ " 26/11/22 03:14:15 INFO", "2026-11-22T03:14:15.000+08:00" },
	{ "x26/11/22 03:14:15 INFO", "none" },
	{ "1/26/11/22 03:14:15", "none" },
	/* nginx, Apache, mail */
	{ "1.2.3.4 - - [22/Nov/2026:03:14:15 +0800] \"GET", "2026-11-22T03:14:15.000+08:00" },
	{ "1.2.3.4 - - [22/Nov/2026:03:14:15 -0330] \"GET", "2026-11-22T14:44:15.000+08:00" },
	{ "1.2.3.4 - - [02/Nov/2026:03:14:15] \"GET", "2026-11-02T03:14:15.000+08:00" },
	{ "::1 - - [2/Nov/2012:03:14:15 +0000] \"GET", "2012-11-02T11:14:15.000+08:00" },
	{ "22-Nov-2026 03:14:15.123 INFO", "2026-11-22T03:14:15.123+08:00" },
	{ "Date: Sun, 22 Nov 2026 03:14:15 +0000", "2026-11-22T11:14:15.000+08:00" },
	{ "22-Nov/2026 03:14:15", "none" },
	{ "[22/Nov/2026 03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "[22 Nov 2026:03:14:15", "2026-11-22T03:14:15.000+08:00" },
	/* syslog, and a year behind */
	{ "Nov 22 03:14:15 host sshd[1]:", "2026-11-22T03:14:15.000+08:00" },
	{ "<34>Nov 22 03:14:15 host", "2026-11-22T03:14:15.000+08:00" },
	{ "Jul  9 06:51:43 host", "2026-07-09T06:51:43.000+08:00" },
	{ "x dn676 Nov 9 07:07:42 y", "2026-11-09T07:07:42.000+08:00" },
	{ "Nov 22 2019 03:14:15: %ASA", "2019-11-22T03:14:15.000+08:00" },
	{ "[Sun Dec 04 09:57:10 2005] [error]", "2005-12-04T09:57:10.000+08:00" },
	{ "[Sun Dec 04 09:57:10.123456 2005] x", "2005-12-04T09:57:10.123+08:00" },
	{ "Sun Dec 04 09:57:10 CST 2005 x", "2005-12-04T09:57:10.000+08:00" },
	{ "Sun Dec 04 09:57:10 UTC 2005", "2005-12-04T17:57:10.000+08:00" },
	{ "Nov 22 03:14:15 2005x", "2026-11-22T03:14:15.000+08:00" },
	{ "Nov 22 03:14:15 9001 x", "2026-11-22T03:14:15.000+08:00" },
	{ "Nov 22 03:14 x", "none" },
	{ "xNov 22 03:14:15", "none" },
	{ "Nox 22 03:14:15", "none" },
	{ "Nov22 03:14:15", "none" },
	/* Android */
	{ "11-22 03:14:15.123  2000", "2026-11-22T03:14:15.123+08:00" },
	{ "[11-22 03:14:15.123]", "2026-11-22T03:14:15.123+08:00" },
	{ "job-11-22 03:14:15", "none" },
	{ "11-22T03:14:15", "none" },
	{ "[11.22 03:14:15]", "none" },
	/* the year of those without one: not more than a day behind the reference */
	{ "Nov 26 12:00:00 x", "2026-11-26T12:00:00.000+08:00" },
	{ "Nov 26 12:00:01 x", "2025-11-26T12:00:01.000+08:00" },
	{ "Dec 31 23:59:59 x", "2025-12-31T23:59:59.000+08:00" },
	{ "Feb 29 00:00:00 x", "none" },
	/* the first that is one */
	{ "7:08:11-22:33 at 2026-11-22 03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "2026-13-22 03:14:15 2026-11-22 03:14:16", "2026-11-22T03:14:16.000+08:00" },
	{ "a.log.2017-05-16_13:53:08 2017-05-16 02:27:41.008 6", "2017-05-16T02:27:41.008+08:00" },
	{ "2026-11-22 03:14:15 and 2026-11-22 03:14:16", "2026-11-22T03:14:15.000+08:00" },
	/* no such time */
	{ "2026-02-30 03:14:15", "none" },
	{ "2026-02-29 03:14:15", "none" },
	{ "2024-02-29 03:14:15", "2024-02-29T03:14:15.000+08:00" },
	{ "2026-11-22 24:14:15", "none" },
	{ "2026-11-22 25:14:15", "none" },
	{ "2026-11-22 03:60:15", "none" },
	{ "2026-11-22 03:14:61", "none" },
	{ "2026-00-22 03:14:15", "none" },
	{ "2026-11-00 03:14:15", "none" },
	{ "1969-11-22 03:14:15", "none" },
	{ "2200-11-22 03:14:15", "none" },
	{ "31/Nov/2026:03:14:15 +0800", "none" },
	/* other numbers */
	{ "", "none" },
	{ ":", "none" },
	{ "03:14:15", "none" },
	{ "at 03:14:15 it was", "none" },
	{ "connect 10.0.0.1:9001 failed", "none" },
	{ "from 127.0.0.1:8080:12:34", "none" },
	{ "mac 00:1a:2b:33:44:55 up", "none" },
	{ "fe80::12:34:56:78", "none" },
	{ "2026-11-22 003:14:15", "none" },
	{ "2026-11-22 03:14:150", "none" },
	{ "2026-11-22 03:141", "none" },
	{ "12026-11-22 03:14:15", "none" },
	{ "2026-11/22 03:14:15", "none" },
	{ "duration 2026-11-22 3:14:15", "none" },
	{ "Nov 22 2026 11:14:15 PM", "2026-11-22T23:14:15.000+08:00" },
	{ "code:9001,time:12:34", "none" },
	/* JSON */
	{ "{\"level\":\"info\",\"ts\":1795288455.1239,\"a\":1}", "2026-11-22T03:14:15.123+08:00" },
	{ "{\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"time\" : 1795288455123 }", "2026-11-22T03:14:15.123+08:00" },
	{ "{\"timestamp\":1795288455123456,\"a\":1}", "2026-11-22T03:14:15.123+08:00" },
	{ "{\"@timestamp\":1795288455123456789}", "2026-11-22T03:14:15.123+08:00" },
	{ "{\"ts\":\"1795288455\"}", "2026-11-22T03:14:15.000+08:00" },
	{ "INFO {\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "[a{1}\"] {\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"a\":[{\"ts\":1}],\"ts\":1795288455", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"a\":\"{\\\"\",\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"a\":\"\\\\\",\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"time\":\"03:14\",\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"a\":{\"ts\":1795288455}}", "none" }, /* of something else */
	{ "{\"a\":\"ts\",\"b\":1795288455}", "none" },
	{ "{\"tss\":1795288455}", "none" },
	/* the years 2000 to 2100, in each unit */
	{ "{\"ts\":946684799}", "none" },
	{ "{\"ts\":946684800}", "2000-01-01T08:00:00.000+08:00" },
	{ "{\"ts\":999999999}", "2001-09-09T09:46:39.000+08:00" },
	{ "{\"ts\":4133980799.9}", "2101-01-01T07:59:59.900+08:00" },
	{ "{\"ts\":4133980800}", "none" },
	{ "{\"ts\":946684799999}", "none" },
	{ "{\"ts\":946684800000}", "2000-01-01T08:00:00.000+08:00" },
	{ "{\"ts\":4133980799999}", "2101-01-01T07:59:59.999+08:00" },
	{ "{\"ts\":4133980800000}", "none" },
	{ "{\"ts\":946684799999999}", "none" },
	{ "{\"ts\":946684800000000}", "2000-01-01T08:00:00.000+08:00" },
	{ "{\"ts\":4133980799999999}", "2101-01-01T07:59:59.999+08:00" },
	{ "{\"ts\":4133980800000000}", "none" },
	{ "{\"ts\":946684799999999999}", "none" },
	{ "{\"ts\":946684800000000000}", "2000-01-01T08:00:00.000+08:00" },
	{ "{\"ts\":4133980799999999999}", "2101-01-01T07:59:59.999+08:00" },
	{ "{\"ts\":4133980800000000000}", "none" },
	{ "{\"ts\":9999999999999999999}", "none" },
	{ "{\"ts\":-1795288455}", "none" },
	{ "{\"ts\":0}", "none" },
	{ "{\"ts\":1795288455-1}", "none" },
	{ "4133980799.5 x", "2101-01-01T07:59:59.500+08:00" },
	{ "4133980800.5 x", "none" },
	{ "{\"ts\":17952884551}", "none" },
	{ "{\"ts\":17952884551234567890}", "none" },
	{ "{\"ts\":1795288455x}", "none" },
	{ "{\"ts\":1795288455", "2026-11-22T03:14:15.000+08:00" },
	{ "{\"ts\":", "none" },
	{ "{\"ts\"", "none" },
	{ "{\"ts", "none" },
	{ "{", "none" },
	{ "}}}{\"ts\":1795288455}", "2026-11-22T03:14:15.000+08:00" },
	{ "\"ts\":1795288455", "none" },
	{ "{\x1b[34;1m\"ts\"\x1b[0m\x1b[1;39m:\x1b[0;39m1795288455.123\x1b[0m}",
	    "2026-11-22T03:14:15.123+08:00" },
	{ "{\"time\":\"2026-11-22 03:14:15", "2026-11-22T03:14:15.000+08:00" }, /* cut off */
};

static void reads_stamps(void **state)
{
	struct timestamp_rule rule;

	(void)state;
	choose("+08:00");
	rule = rule_of(NULL, time_of(2026, 11, 25, 12));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[ZONE_TEXT_MAX];

		if (strcmp(read_text(&rule, lines[i].line, text), lines[i].expected) != 0)
			fail_msg("'%s': %s instead of %s", lines[i].line, text, lines[i].expected);
	}
}

/* The line cut anywhere: nothing behind its end is read (the memory ends there). */
static void keeps_to_the_line(void **state)
{
	struct timestamp_rule rule;

	(void)state;
	choose("+08:00");
	rule = rule_of(NULL, time_of(2026, 11, 25, 12));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		for (size_t length = 0; length < strlen(lines[i].line); length++) {
			char cut[128], text[ZONE_TEXT_MAX];

			memcpy(cut, lines[i].line, length);
			cut[length] = '\0';
			(void)read_text(&rule, cut, text);
		}
	}
}

/* Any bytes at all: the result is a time in range or none. */
static void bears_any_bytes(void **state)
{
	static const char alphabet[] = "0123456789:-/. TZ+,[]{}\"NovtsJan\\\xff\0\n";
	struct timestamp_rule rule, pattern;
	struct zone zone = { 0 };
	uint64_t random = 88172645463325252u;
	unsigned found = 0;

	(void)state;
	choose("+08:00");
	rule = rule_of(NULL, time_of(2026, 11, 25, 12));
	pattern = rule_of("%d.%m.%Y %H:%M", 0);
	for (unsigned round = 0; round < 300000; round++) {
		size_t i = round % (sizeof(lines) / sizeof(lines[0]));
		size_t length = strlen(lines[i].line);
		char *copy = malloc(length + (length == 0));
		struct timestamp stamp;

		assert_non_null(copy);
		memcpy(copy, lines[i].line, length);
		for (unsigned change = 0; change < 1 + round % 3 && length > 0; change++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			copy[random % length] = alphabet[(random >> 32) % sizeof(alphabet)];
		}
		if (timestamp_read(&rule, &zone, copy, length, &stamp)) {
			found++;
			assert_true(stamp.time > -86400000 && stamp.time < INT64_C(7258204800000));
		}
		(void)timestamp_read(&pattern, &zone, copy, length, &stamp);
		free(copy);
	}
	assert_in_range(found, 10000, 290000);
}

static void looks_at_the_lines_beginning(void **state)
{
	static const char stamp[] = "2026-11-22 03:14:15";
	struct timestamp_rule rule;
	char line[512], text[ZONE_TEXT_MAX];

	(void)state;
	choose("+08:00");
	rule = rule_of(NULL, time_of(2026, 11, 25, 12));
	for (size_t at = 0; at < 300; at++) {
		bool is_near = at + 11 < TIMESTAMP_REACH; /* where the hour begins */

		memset(line, ' ', at);
		(void)strcpy(line + at, stamp);
		(void)read_text(&rule, line, text);
		assert_string_equal(text, is_near ? "2026-11-22T03:14:15.000+08:00" : "none");
	}
	/* a member may be further right, if its object is not */
	(void)snprintf(line, sizeof(line),
	    "{\"log\":\"%300s\",\"time\":\"2026-11-22T03:14:15.123456789Z\"}", "x");
	assert_string_equal(read_text(&rule, line, text), "2026-11-22T11:14:15.123+08:00");
	(void)snprintf(line, sizeof(line),
	    "{\"time\":\"2026-11-22T04:14:15Z\",\"a\":\"%300s\",\"log\":\"2026-11-22 03:14:15 y\"}", "x");
	assert_string_equal(read_text(&rule, line, text), "2026-11-22T03:14:15.000+08:00");
	(void)snprintf(line, sizeof(line), "%200s{\"time\":1795288455}", "x");
	assert_string_equal(read_text(&rule, line, text), "none");
}

/* Also behind all that is matched at a time, with brackets and quotes in between. */
static void looks_through_long_records(void **state)
{
	static const char filler[] = "{\"a\":[\"\\\"{[\",{\"ts\":1}]},";
	struct timestamp_rule rule;
	struct strbuf line = STRBUF_INIT;
	char text[ZONE_TEXT_MAX];

	(void)state;
	choose("+08:00");
	rule = rule_of(NULL, time_of(2026, 11, 25, 12));
	strbuf_add_text(&line, "{\"all\":[");
	while (line.len < 100000)
		strbuf_add_text(&line, filler);
	strbuf_add_text(&line, "0],\"code\":9018,\"ts\":1795288455,\"b\":\"2030-01-01 00:00:00\"");
	assert_false(line.failed);
	assert_string_equal(read_text(&rule, line.data, text), "2026-11-22T03:14:15.000+08:00");
	strbuf_add_text(&line, ",\"message\":\"2026-11-22 03:14:16 x\"}");
	assert_string_equal(read_text(&rule, line.data, text), "2026-11-22T03:14:16.000+08:00");
	strbuf_release(&line);
}

/* What follows a time member is not read where it cannot tell another time: so the order of the
 * members makes no difference. */
static void members_may_stand_in_any_order(void **state)
{
	static const char *const members[] = {
		"\"msg\":\"2026-11-22 03:14:15 x\"",
		"\"msg\": \"2026-11-22 03:14:15 x\"",
		"\"msg\" : \"2026-11-22 03:14:15 x\"",
		"\"MESSAGE\":\"2026-11-22 03:14:15 x\"",
		"\"Message\":\t\"[2026-11-22 03:14:15] x\"",
		"\"log\":\"Nov 22 03:14:15 x\"",
		"\"log\":\"1795288455.123 x\"",
		"\"login\":\"2026-11-22 03:14:15\",\"blog\":\"a\"",
		"\"message\":\"x until 2026-11-22 03:14:15\"",
		"\"a\":\"\\\"msg\\\":\\\"2026-11-22 03:14:15\\\"\"",
		"\"a\":{\"msg\":\"2026-11-22 03:14:15\"},\"g\":[\"log\",\"2026-11-22 03:14:15\"]",
	};
	static const char alphabet[] = "gGoOlLmMsSaAeE0123 :";
	struct timestamp_rule rule;
	uint64_t random = 88172645463325252u;
	unsigned by_text = 0;

	(void)state;
	choose("+08:00");
	rule = rule_of(NULL, time_of(2026, 11, 25, 12));
	for (unsigned round = 0; round < 100000; round++) {
		char member[128], line[256], text[ZONE_TEXT_MAX], other[ZONE_TEXT_MAX];
		size_t length;

		(void)snprintf(member, sizeof(member), "%s",
		    members[round % (sizeof(members) / sizeof(members[0]))]);
		length = strlen(member);
		for (unsigned change = 0; change < round % 4; change++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			if (strchr("\"\\:{}[],", member[random % length]) == NULL)
				member[random % length] =
				    alphabet[(random >> 32) % (sizeof(alphabet) - 1)];
		}
		(void)snprintf(line, sizeof(line), "{\"ts\":1795000000,%s}", member);
		(void)read_text(&rule, line, text);
		(void)snprintf(line, sizeof(line), "{%s,\"ts\":1795000000}", member);
		if (strcmp(read_text(&rule, line, other), text) != 0)
			fail_msg("%s: %s, with the time in front %s", member, other, text);
		by_text += strcmp(text, "2026-11-18T19:06:40.000+08:00") != 0;
	}
	assert_in_range(by_text, 10000, 90000);
}

static void finds_the_year(void **state)
{
	static const struct {
		int year, month, day; /* the reference, at noon */
		const char *line, *expected;
	} years[] = {
		{ 2027, 1, 2, "Dec 31 03:00:00 x", "2026-12-31T03:00:00.000+08:00" },
		{ 2027, 1, 2, "Jan  1 03:00:00 x", "2027-01-01T03:00:00.000+08:00" },
		{ 2027, 1, 2, "Jan  3 03:00:00 x", "2027-01-03T03:00:00.000+08:00" },
		{ 2027, 1, 2, "Jan  4 03:00:00 x", "2026-01-04T03:00:00.000+08:00" },
		/* a clock ahead of ours over the turn of the year */
		{ 2026, 12, 31, "Jan  1 03:00:00 x", "2027-01-01T03:00:00.000+08:00" },
		{ 2026, 12, 31, "Dec 31 03:00:00 x", "2026-12-31T03:00:00.000+08:00" },
		{ 2024, 3, 1, "Feb 29 03:00:00 x", "2024-02-29T03:00:00.000+08:00" },
		{ 2025, 1, 5, "02-29 03:00:00.5 x", "2024-02-29T03:00:00.500+08:00" },
		{ 2026, 3, 1, "Feb 29 03:00:00 x", "none" },
	};

	(void)state;
	choose("+08:00");
	for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		struct timestamp_rule rule = rule_of(
		    NULL, time_of(years[i].year, years[i].month, years[i].day, 12));
		char text[ZONE_TEXT_MAX];

		assert_string_equal(read_text(&rule, years[i].line, text), years[i].expected);
	}
}

static const struct {
	const char *format, *line, *expected;
} patterns[] = {
	{ "%d.%m.%Y %H:%M:%S", "22.11.2026 03:14:15 x", "2026-11-22T03:14:15.000+08:00" },
	{ "%d.%m.%Y %H:%M:%S", " [22.11.2026 03:14:15,250] x", "2026-11-22T03:14:15.250+08:00" },
	{ "%d.%m.%Y %H:%M:%S", "22.11.2026 03:14:15.5+09:00", "2026-11-22T02:14:15.500+08:00" },
	{ "%d.%m.%Y %H:%M:%S", "x 22.11.2026 03:14:15", "2026-11-22T03:14:15.000+08:00" },
	{ "%d.%m.%Y %H:%M:%S", "x22.11.2026 03:14:15", "none" },
	{ "%d.%m.%Y %H:%M:%S", "1.22.11.2026 03:14:15", "none" },
	{ "%d.%m.%Y %H:%M:%S", "30.02.2026 03:14:15", "none" },
	{ "%d.%m.%Y %H:%M:%S", "2026-11-22 03:14:15", "none" },
	{ "%d.%m.%Y %H:%M:%S", "", "none" },
	{ "%d/%b %H.%M", "22/Nov 03.14 x", "2026-11-22T03:14:00.000+08:00" },
	{ "%d/%b %H.%M", "30/Dec 03.14 x", "2025-12-30T03:14:00.000+08:00" },
	{ "%Y%m%d %H%M%S", "20261122 031415", "2026-11-22T03:14:15.000+08:00" },
	{ "%y%m%d %H%M%S", "261122 031415 6003", "2026-11-22T03:14:15.000+08:00" },
	{ "%Y-%j %H:%M", "2026-326 03:14", "2026-11-22T03:14:00.000+08:00" },
	{ "%s", "1795288455 x", "2026-11-22T03:14:15.000+08:00" },
	{ "%F %T %z", "2026-11-22 03:14:15 +0000 x", "2026-11-22T11:14:15.000+08:00" },
	{ "%m/%d/%Y %I:%M:%S %p", "11/22/2026 03:14:15 PM", "2026-11-22T15:14:15.000+08:00" },
};

static void reads_patterns(void **state)
{
	(void)state;
	choose("+08:00");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct timestamp_rule rule =
		    rule_of(patterns[i].format, time_of(2026, 11, 25, 12));
		char text[ZONE_TEXT_MAX];

		if (strcmp(read_text(&rule, patterns[i].line, text), patterns[i].expected) != 0)
			fail_msg("'%s': %s instead of %s", patterns[i].line, text,
			    patterns[i].expected);
	}
}

static void tells_the_zone(void **state)
{
	static const struct {
		const char *format, *line;
		enum timestamp_zone zone;
		int32_t offset;
	} zones[] = {
		{ NULL, "2026-11-22 03:14:15 x", TIMESTAMP_ZONE_NONE, 0 },
		{ NULL, "2026-11-22T03:14:15Z", TIMESTAMP_ZONE_UTC, 0 },
		{ NULL, "2026-11-22T03:14:15+09:00", TIMESTAMP_ZONE_NUMERIC, 32400 },
		{ NULL, "2026-11-22T03:14:15+00:00", TIMESTAMP_ZONE_NUMERIC, 0 },
		{ NULL, "[22/Nov/2026:03:14:15 -0330]", TIMESTAMP_ZONE_NUMERIC, -12600 },
		{ NULL, "2026-11-22 03:14:15 UTC+09:00", TIMESTAMP_ZONE_NUMERIC, 32400 },
		{ NULL, "2026-11-22 03:14:15 UTC", TIMESTAMP_ZONE_NAMED, 0 },
		{ NULL, "{\"ts\":1795288455.123}", TIMESTAMP_ZONE_UTC, 0 },
		{ NULL, "{\"ts\":\"1795288455\"}", TIMESTAMP_ZONE_UTC, 0 },
		{ NULL, "{\"ts\":\"2026-11-22 03:14:15\"}", TIMESTAMP_ZONE_NONE, 0 },
		{ NULL, "{\"ts\":\"2026-11-22T03:14:15+01:00\"}", TIMESTAMP_ZONE_NUMERIC, 3600 },
		{ "%F %T %z", "2026-11-22 03:14:15 -0100 x", TIMESTAMP_ZONE_NUMERIC, -3600 },
		{ "%F %T", "2026-11-22 03:14:15Z", TIMESTAMP_ZONE_UTC, 0 },
		{ "%F %T", "2026-11-22 03:14:15 x", TIMESTAMP_ZONE_NONE, 0 },
	};

	(void)state;
	choose("+08:00");
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct timestamp_rule rule = rule_of(zones[i].format, time_of(2026, 11, 25, 12));
		struct zone zone = { 0 };
		struct timestamp stamp;

		assert_true(
		    timestamp_read(&rule, &zone, zones[i].line, strlen(zones[i].line), &stamp));
		if (stamp.zone != zones[i].zone || stamp.offset != zones[i].offset)
			fail_msg("'%s': zone %d at %d", zones[i].line, (int)stamp.zone,
			    (int)stamp.offset);
	}
}

static void refuses_patterns(void **state)
{
	static const struct {
		const char *format, *text;
	} bad[] = {
		{ "%H:%M:%S", "the time pattern '%H:%M:%S' names no day: put %m and %d in" },
		{ "%d %H:%M", "the time pattern '%d %H:%M' names no day: put %m and %d in" },
		{ "", "'' is no pattern of strptime, like '%Y-%m-%d %H:%M:%S'" },
		{ "%Q", "'%Q' is no pattern of strptime, like '%Y-%m-%d %H:%M:%S'" },
		{ "yyyy-MM-dd",
		    "the time pattern 'yyyy-MM-dd' names no day: put %m and %d in" },
	};
	struct zone zone = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct timestamp_rule rule;
		struct error error = ERROR_INIT;

		assert_false(timestamp_rule_init(&rule, bad[i].format, 0, &zone, &error));
		assert_int_equal(error.kind, ERROR_USAGE);
		assert_string_equal(error.text, bad[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_stamps),
		cmocka_unit_test(keeps_to_the_line),
		cmocka_unit_test(bears_any_bytes),
		cmocka_unit_test(looks_at_the_lines_beginning),
		cmocka_unit_test(looks_through_long_records),
		cmocka_unit_test(members_may_stand_in_any_order),
		cmocka_unit_test(finds_the_year),
		cmocka_unit_test(reads_patterns),
		cmocka_unit_test(tells_the_zone),
		cmocka_unit_test(refuses_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
