/* Files that grow, followed through rotation: by inotify, and by looking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/follow.h"
#include "input/follow_start.h"

/* A folder, and what was read of its log so far. */
struct fixture {
	char folder[64];
	bool polls;
	struct follow *follow;
	char text[65536];
	size_t length;
	unsigned events[FOLLOW_EVENTS];
	uint64_t begin;
	size_t read_size;
	const char *name; /* NULL: log */
	const char *names[2];
};

static void tell(void *context, size_t file, enum follow_event event, int errnum)
{
	struct fixture *fixture = context;

	(void)file;
	(void)errnum;
	fixture->events[event]++;
}

static uint64_t begin(void *context, size_t file, int fd, uint64_t size, struct follow_place *place)
{
	const struct fixture *fixture = context;

	(void)file;
	(void)fd;
	(void)place;
	return fixture->begin < size ? fixture->begin : size;
}

static void fixture_init(struct fixture *fixture, bool polls)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->polls = polls;
	(void)strcpy(fixture->folder, "/tmp/jgannotate-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	assert_int_equal(chdir(fixture->folder), 0);
}

static void fixture_release(struct fixture *fixture)
{
	char command[128];

	follow_free(fixture->follow);
	assert_int_equal(chdir("/"), 0);
	(void)snprintf(command, sizeof(command), "rm -r %s", fixture->folder);
	assert_int_equal(system(command), 0);
}

static void add(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
}

static void start(struct fixture *fixture, size_t count)
{
	struct follow_options options = { .names = fixture->names,
		.count = count,
		.polls = fixture->polls,
		.poll_milliseconds = 20,
		.read_size = fixture->read_size,
		.context = fixture,
		.tell = tell,
		.begin = begin };
	struct error error = ERROR_INIT;

	fixture->names[0] = fixture->name == NULL ? "log" : fixture->name;
	fixture->names[1] = "other";
	fixture->follow = follow_new(&options, &error);
	assert_non_null(fixture->follow);
}

/* Takes what is there. */
static void take(struct fixture *fixture)
{
	struct follow_block block;
	struct error error = ERROR_INIT;
	enum follow_result result;

	while ((result = follow_next(fixture->follow, &block, &error)) == FOLLOW_READ) {
		assert_true(fixture->length + block.block.length < sizeof(fixture->text));
		memcpy(fixture->text + fixture->length, block.block.data, block.block.length);
		fixture->length += block.block.length;
		for (size_t i = 0; i < block.block.length; i++)
			block.place->line += block.block.data[i] == '\n';
	}
	assert_int_equal(result, FOLLOW_NOTHING);
	fixture->text[fixture->length] = '\0';
}

/* Waits until this was read since the last time, and no more. */
static void expect(struct fixture *fixture, const char *text)
{
	for (int i = 0; fixture->length < strlen(text) && i < 50; i++) {
		take(fixture);
		if (fixture->length < strlen(text))
			follow_wait(fixture->follow, NULL, 0, 1100);
	}
	take(fixture);
	assert_string_equal(fixture->text, text);
	fixture->length = 0;
	fixture->text[0] = '\0';
}

static void lines_come_whole(bool polls)
{
	for (size_t read_size = 0; read_size < 4; read_size++) {
		struct fixture fixture;

		fixture_init(&fixture, polls);
		fixture.read_size = read_size;
		add("log", "one\ntwo\nthr");
		start(&fixture, 1);
		expect(&fixture, "one\ntwo\n");
		add("log", "ee\n");
		expect(&fixture, "three\n");
		add("log", "rest");
		take(&fixture);
		follow_finish(fixture.follow);
		expect(&fixture, "");
		fixture_release(&fixture);
	}
}

static void renamed(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "a\n");
	start(&fixture, 1);
	expect(&fixture, "a\n");
	assert_int_equal(rename("log", "log.1"), 0);
	add("log.1", "b\n");
	add("log", "c\n");
	expect(&fixture, "b\nc\n");
	add("log.1", "late\n");
	expect(&fixture, "late\n");
	add("log", "d\n");
	expect(&fixture, "d\n");
	assert_int_equal(fixture.events[FOLLOW_REPLACED], 1);
	assert_int_equal(fixture.events[FOLLOW_GONE], 0);
	fixture_release(&fixture);
}

/* An old last line without its end comes when the file is given up, not before. */
static void unfinished_last_line(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "a\nhalf");
	start(&fixture, 1);
	expect(&fixture, "a\n");
	assert_int_equal(rename("log", "log.1"), 0);
	add("log", "b\n");
	expect(&fixture, "b\n");
	assert_int_equal(unlink("log.1"), 0);
	expect(&fixture, "half");
	fixture_release(&fixture);
}

static void several_rotations_at_once(bool polls)
{
	struct fixture fixture;
	char text[256] = "";

	fixture_init(&fixture, polls);
	add("log", "start\n");
	start(&fixture, 1);
	expect(&fixture, "start\n");
	for (int i = 0; i < 12; i++) {
		char line[16];

		for (int n = 12; n > 0; n--) {
			char from[16];
			char to[16];

			(void)snprintf(from, sizeof(from), "log.%d", n);
			(void)snprintf(to, sizeof(to), "log.%d", n + 1);
			(void)rename(from, to);
		}
		assert_int_equal(rename("log", "log.1"), 0);
		(void)snprintf(line, sizeof(line), "%d\n", i);
		add("log", line);
		(void)strcat(text, line);
	}
	expect(&fixture, text);
	assert_int_equal(fixture.events[FOLLOW_REPLACED], 1);
	fixture_release(&fixture);
}

static void truncated(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "aaaa\nbbbb\n");
	start(&fixture, 1);
	expect(&fixture, "aaaa\nbbbb\n");
	assert_int_equal(truncate("log", 0), 0);
	add("log", "c\n");
	expect(&fixture, "c\n");
	/* grown to where it was read */
	assert_int_equal(truncate("log", 0), 0);
	add("log", "x\n");
	expect(&fixture, "x\n");
	/* grown beyond it */
	assert_int_equal(truncate("log", 0), 0);
	add("log", "d\neeeeee\n");
	expect(&fixture, "d\neeeeee\n");
	assert_int_equal(fixture.events[FOLLOW_TRUNCATED], 3);
	fixture_release(&fixture);
}

static void rest_is_in_the_copy(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "a\nunfin");
	start(&fixture, 1);
	expect(&fixture, "a\n");
	add("log.1", "a\nunfinished\nb\n");
	assert_int_equal(truncate("log", 0), 0);
	add("log", "c\n");
	expect(&fixture, "unfinished\nb\nc\n");
	fixture_release(&fixture);
}

static void absent_then_there(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("other", "x\n");
	start(&fixture, 2);
	expect(&fixture, "x\n");
	assert_int_equal(fixture.events[FOLLOW_ABSENT], 1);
	add("log", "a\n");
	expect(&fixture, "a\n");
	assert_int_equal(fixture.events[FOLLOW_APPEARED], 1);
	add("other", "y\n");
	expect(&fixture, "y\n");
	fixture_release(&fixture);
}

/* The file that is still open keeps its folder from telling that it is deleted. */
static void folder_deleted(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	fixture.name = "sub/log";
	assert_int_equal(mkdir("sub", 0755), 0);
	add("sub/log", "a\n");
	start(&fixture, 1);
	expect(&fixture, "a\n");
	assert_int_equal(unlink("sub/log"), 0);
	expect(&fixture, "");
	assert_int_equal(rmdir("sub"), 0);
	assert_int_equal(mkdir("sub", 0755), 0);
	add("sub/log", "b\n");
	expect(&fixture, "b\n");
	fixture_release(&fixture);
}

/* The name goes back to the file it had: it is not read again. */
static void name_given_back(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "a\n");
	start(&fixture, 1);
	expect(&fixture, "a\n");
	assert_int_equal(rename("log", "aside"), 0);
	add("log", "b\n");
	expect(&fixture, "b\n");
	assert_int_equal(rename("log", "log.2"), 0);
	assert_int_equal(rename("aside", "log"), 0);
	add("log", "c\n");
	expect(&fixture, "c\n");
	fixture_release(&fixture);
}

static void stops_at_what_is_there(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "a\n");
	start(&fixture, 1);
	add("log", "b\n");
	assert_int_equal(rename("log", "log.1"), 0);
	add("log", "c\nhalf");
	follow_finish(fixture.follow);
	expect(&fixture, "a\nb\nc\n");
	add("log", "d\n");
	expect(&fixture, "");
	fixture_release(&fixture);
}

static void begins_where_it_is_told(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	fixture.begin = 2;
	add("log", "a\nb\n");
	start(&fixture, 1);
	expect(&fixture, "b\n");
	/* what was before it is part of the proof that it is the same file */
	assert_int_equal(truncate("log", 0), 0);
	add("log", "x\ny\nz\n");
	expect(&fixture, "x\ny\nz\n");
	fixture_release(&fixture);
}

static void compressed(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "\x1f\x8b\x08");
	start(&fixture, 1);
	assert_int_equal(fixture.events[FOLLOW_COMPRESSED], 1);
	expect(&fixture, "");
	assert_int_equal(rename("log", "gone"), 0);
	add("log", "a\n");
	expect(&fixture, "a\n");
	fixture_release(&fixture);
}

static void wait_ends_by_its_time(bool polls)
{
	struct fixture fixture;

	fixture_init(&fixture, polls);
	add("log", "a\n");
	start(&fixture, 1);
	expect(&fixture, "a\n");
	follow_wait(fixture.follow, NULL, 0, 1);
	expect(&fixture, "");
	fixture_release(&fixture);
}

#define BOTH_WAYS(test) \
	static void test##_by_inotify(void **state) \
	{ \
		(void)state; \
		test(false); \
	} \
	static void test##_by_looking(void **state) \
	{ \
		(void)state; \
		test(true); \
	}

BOTH_WAYS(lines_come_whole)
BOTH_WAYS(renamed)
BOTH_WAYS(unfinished_last_line)
BOTH_WAYS(several_rotations_at_once)
BOTH_WAYS(truncated)
BOTH_WAYS(rest_is_in_the_copy)
BOTH_WAYS(absent_then_there)
BOTH_WAYS(folder_deleted)
BOTH_WAYS(name_given_back)
BOTH_WAYS(stops_at_what_is_there)
BOTH_WAYS(begins_where_it_is_told)
BOTH_WAYS(compressed)
BOTH_WAYS(wait_ends_by_its_time)

/* ---- where to begin ---- */

static void starts_are_found(void **state)
{
	static const char text[] = "1\n22\n\n4444\nhalf";
	char path[] = "/tmp/jgannotate-test-XXXXXX";
	int fd = mkstemp(path);
	const uint64_t size = sizeof(text) - 1;
	const uint64_t last[] = { 11, 6, 5, 2, 0, 0, 0 };
	const uint64_t line[] = { 0, 0, 2, 5, 6, 11, 11, 11 };

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), (ssize_t)size);
	for (uint64_t n = 0; n < 7; n++)
		assert_int_equal(follow_start_of_last(fd, size, n), last[n]);
	for (uint64_t n = 0; n < 8; n++)
		assert_int_equal(follow_start_of_line(fd, size, n), line[n]);
	assert_int_equal(follow_count_lines(fd, size), 4);
	assert_int_equal(follow_count_lines(fd, 5), 2);
	assert_int_equal(follow_start_of_last(fd, 0, 3), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
}

/* Over many buffers, against the plain count. */
static void starts_in_large_files(void **state)
{
	char path[] = "/tmp/jgannotate-test-XXXXXX";
	static char text[300000];
	int fd = mkstemp(path);
	uint64_t lines = 0;

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 977 == 0 || i % 65536 == 0 ? '\n' : 'x';
	assert_int_equal(write(fd, text, sizeof(text)), (ssize_t)sizeof(text));
	for (size_t at = sizeof(text); at-- > 0;)
		if (text[at] == '\n')
			assert_int_equal(follow_start_of_last(fd, sizeof(text), lines++), at + 1);
	assert_int_equal(follow_start_of_last(fd, sizeof(text), lines), 0);
	assert_int_equal(follow_count_lines(fd, sizeof(text)), lines);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
}

#define ROW(test) cmocka_unit_test(test##_by_inotify), cmocka_unit_test(test##_by_looking)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(lines_come_whole),
		ROW(renamed),
		ROW(unfinished_last_line),
		ROW(several_rotations_at_once),
		ROW(truncated),
		ROW(rest_is_in_the_copy),
		ROW(absent_then_there),
		ROW(folder_deleted),
		ROW(name_given_back),
		ROW(stops_at_what_is_there),
		ROW(begins_where_it_is_told),
		ROW(compressed),
		ROW(wait_ends_by_its_time),
		cmocka_unit_test(starts_are_found),
		cmocka_unit_test(starts_in_large_files),
	};

	(void)alarm(120); /* rather than wait for ever */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
