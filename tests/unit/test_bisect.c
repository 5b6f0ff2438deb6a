/* Where a file is entered, and that in doubt it is its start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/bisect.h"

/* A file of lines "t=NUMBER ..." and others. */
struct log {
	FILE *file;
	int fd;
	off_t size;
	unsigned probes;  /* lines whose time was found */
	unsigned lines;   /* lines that were looked at */
};

static bool read_time(void *context, const char *line, size_t length, int64_t *time)
{
	struct log *log = context;
	char copy[32] = "";
	long number;

	log->lines++;
	memcpy(copy, line, length < 31 ? length : 31);
	if (sscanf(copy, "t=%ld ", &number) != 1)
		return false;
	log->probes++;
	*time = number;
	return true;
}

static void open_log(struct log *log)
{
	*log = (struct log){ .file = tmpfile() };
	assert_non_null(log->file);
	log->fd = fileno(log->file);
}

static void write_lines(struct log *log, long from, long to, unsigned width)
{
	for (long time = from; time < to; time++)
		assert_true(fprintf(log->file, "t=%ld %*s\n", time, (int)width, "x") > 0);
	assert_int_equal(fflush(log->file), 0);
	log->size = (off_t)ftell(log->file);
}

static off_t find(struct log *log, off_t start, int64_t since)
{
	log->probes = 0;
	return bisect_find(log->fd, start, log->size, since, read_time, log);
}

/* The time of the line at `offset`, which must begin one. */
static long time_at(struct log *log, off_t offset)
{
	char text[65] = "";
	long time = -1;
	off_t from = offset > 0 ? offset - 1 : 0;

	assert_true(pread(log->fd, text, 64, from) > 0);
	if (offset > 0)
		assert_int_equal(text[0], '\n');
	assert_int_equal(sscanf(offset > 0 ? text + 1 : text, "t=%ld ", &time), 1);
	return time;
}

/* Where the first line of this time or a later one begins. */
static off_t offset_of(struct log *log, long since)
{
	char line[4096];
	off_t offset = 0;

	rewind(log->file);
	while (fgets(line, sizeof(line), log->file) != NULL) {
		long time;

		if (sscanf(line, "t=%ld ", &time) == 1 && time >= since)
			return offset;
		offset += (off_t)strlen(line);
	}
	return offset;
}

static void enters_shortly_before(void **state)
{
	static const long sinces[] = { 1, 5000, 40000, 123456, 150000, 199999, 200000, 999999 };
	struct log log;

	(void)state;
	open_log(&log);
	write_lines(&log, 0, 200000, 90); /* 20 MB */
	for (size_t i = 0; i < sizeof(sinces) / sizeof(sinces[0]); i++) {
		off_t entry = find(&log, 0, sinces[i]);
		off_t wanted = offset_of(&log, sinces[i]);

		assert_true(time_at(&log, entry) < sinces[i]);
		if (entry > 0)
			assert_true(wanted - entry >= BISECT_BACK);
		assert_true(wanted - entry <= 3 * (off_t)BISECT_BACK);
		assert_in_range(log.probes, 1, 30);
	}
	assert_int_equal(find(&log, 0, 0), 0);
	assert_int_equal(find(&log, 0, -5), 0);
	(void)fclose(log.file);
}

static void begins_where_reading_stands(void **state)
{
	struct log log;
	off_t start;

	(void)state;
	open_log(&log);
	write_lines(&log, 0, 100000, 90);
	start = offset_of(&log, 50000);
	assert_int_equal(find(&log, start, 50000), start);
	assert_int_equal(find(&log, start, 20000), start);
	assert_int_equal(find(&log, start, 50100), start);
	assert_true(find(&log, start, 99000) > start);
	(void)fclose(log.file);
}

/* Stacks of lines without time, lines of several KiB, no newline at the end. */
static void passes_lines_without_time(void **state)
{
	struct log log;

	(void)state;
	open_log(&log);
	for (long time = 0; time < 20000; time++) {
		assert_true(fprintf(log.file, "t=%ld x\n", time) > 0);
		for (long line = 0; line < time % 37; line++)
			assert_true(fprintf(log.file, "\tat %*s\n", (int)(time % 61), "y") > 0);
	}
	assert_true(fprintf(log.file, "t=20000 x") > 0);
	assert_int_equal(fflush(log.file), 0);
	log.size = (off_t)ftell(log.file);
	for (long since = 10000; since <= 20001; since += 3333) {
		off_t entry = find(&log, 0, since);
		off_t wanted = offset_of(&log, since);

		assert_true(entry > 0);
		assert_true(time_at(&log, entry) < since);
		assert_true(wanted - entry >= BISECT_BACK);
		assert_true(wanted - entry <= 3 * (off_t)BISECT_BACK);
	}
	(void)fclose(log.file);
}

/* Threads write a little out of order: what lies within BISECT_BACK is not missed. */
static void bears_a_little_disorder(void **state)
{
	struct log log;
	off_t entry;

	(void)state;
	open_log(&log);
	for (long i = 0; i < 100000; i++)
		assert_true(fprintf(log.file, "t=%ld %90s\n", i + (i * 7919) % 50, "x") > 0);
	assert_int_equal(fflush(log.file), 0);
	log.size = (off_t)ftell(log.file);
	entry = find(&log, 0, 90000);
	assert_true(entry > 0);
	assert_true(offset_of(&log, 90000) - entry >= BISECT_BACK);
	(void)fclose(log.file);
}

static void the_start_in_doubt(void **state)
{
	struct log log;

	(void)state;
	/* two days one after the other, in the wrong order */
	open_log(&log);
	write_lines(&log, 100000, 160000, 90);
	write_lines(&log, 0, 60000, 90);
	assert_int_equal(find(&log, 0, 150000), 0);
	(void)fclose(log.file);

	/* backwards */
	open_log(&log);
	for (long time = 60000; time > 0; time--)
		write_lines(&log, time, time + 1, 90);
	assert_int_equal(find(&log, 0, 30000), 0);
	assert_int_equal(find(&log, 0, 100000), 0);
	(void)fclose(log.file);

	/* a stretch without time */
	open_log(&log);
	write_lines(&log, 0, 30000, 90);
	for (long i = 0; i < 60000; i++)
		assert_true(fprintf(log.file, "%99s\n", "no time") > 0);
	write_lines(&log, 30000, 60000, 90);
	assert_int_equal(find(&log, 0, 50000), 0);
	(void)fclose(log.file);

	/* lines longer than the reach */
	open_log(&log);
	write_lines(&log, 0, 60, 100000);
	assert_int_equal(find(&log, 0, 50), 0);
	(void)fclose(log.file);

	/* too short to be worth it, and empty */
	open_log(&log);
	assert_int_equal(find(&log, 0, 50), 0);
	write_lines(&log, 0, 10000, 90);
	assert_int_equal(find(&log, 0, 9000), 0);
	(void)fclose(log.file);
}

static void a_file_that_shrinks(void **state)
{
	struct log log;

	(void)state;
	open_log(&log);
	write_lines(&log, 0, 100000, 90);
	assert_int_equal(ftruncate(log.fd, 3000000), 0);
	assert_int_equal(find(&log, 0, 90000), 0);
	(void)close(log.fd);
	assert_int_equal(find(&log, 0, 90000), 0); /* and cannot be read */
	(void)fclose(log.file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enters_shortly_before),
		cmocka_unit_test(begins_where_reading_stands),
		cmocka_unit_test(passes_lines_without_time),
		cmocka_unit_test(bears_a_little_disorder),
		cmocka_unit_test(the_start_in_doubt),
		cmocka_unit_test(a_file_that_shrinks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
