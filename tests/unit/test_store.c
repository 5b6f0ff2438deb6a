/*
 * The database: what goes in comes out, once, and nothing that was changed behind its back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "database.h"
#include "store/continuation.h"
#include "store/store.h"

static const struct store_option usual[] = { { "keys", "code" }, { "by", "" } };
static const struct store_option other[] = { { "keys", "code,errno" }, { "by", "" } };

#define QUARTER INT64_C(900000)

static struct store *open_store(unsigned flags)
{
	struct error error = ERROR_INIT;
	struct store *store = store_open(file, flags, &error);

	if (store == NULL)
		fail_msg("%s", error.text);
	return store;
}

static struct store *begin(unsigned flags)
{
	struct error error = ERROR_INIT;
	struct store *store = open_store(flags);

	if (store_choose_epoch(store, "1", usual, 2, false, &error) == STORE_EPOCH_REFUSED)
		fail_msg("%s", error.text);
	return store;
}

static bool write_all(struct store *store, struct error *error)
{
	struct store_run run = { .started = 5000, .lines = 10, .bytes = 100 };
	struct count counts[] = {
		{ QUARTER, 9018, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 7 },
		{ QUARTER, 9018, HIT_RESPONSE, 0, GROUP_VALUE, "a\0b", 3, 2 },
		{ COUNT_NO_TIME, 8000, HIT_HELD_BACK, 3, GROUP_OTHER, NULL, 0, 4 },
	};
	struct store_gap gap = { "api.log", 12, "deleted" };
	struct generation generation = { .prefix = { 99, { 1, 2 }, { 3, UINT64_MAX } },
		.file = { { 1, UINT64_MAX, -5 }, 100, 6, 7 },
		.is_live = true,
		.last_time = 77,
		.seen = 1 };

	return store_write_run(store, &run, counts, 3, error) &&
	    store_write_gap(store, run.id, &gap, error) &&
	    store_write_generation(store, "/var/log", "api.log", &generation, error);
}

static void fill(void)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);

	if (!write_all(store, &error) || !store_commit(store, &error))
		fail_msg("%s", error.text);
	store_close(store);
}

/* All that the database holds, as a text. */
struct shown {
	char text[4096];
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void show(
    struct shown *shown, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	shown->length += (size_t)vsnprintf(shown->text + shown->length,
	    sizeof(shown->text) - shown->length, format, list);
	va_end(list);
	assert_in_range(shown->length, 0, sizeof(shown->text) - 1);
}

static void show_count(struct shown *shown, const struct count *count)
{
	show(shown, "%lld %u %d %u %d %zu:%.*s %llu\n", (long long)count->time, count->code,
	    (int)count->counts_as, count->reason, (int)count->group_kind, count->group_length,
	    (int)count->group_length, count->group == NULL ? "" : count->group,
	    (unsigned long long)count->count);
}

static bool show_counts(
    struct store *store, const struct store_range *range, struct shown *shown, struct error *error)
{
	struct store_cursor *cursor = store_cursor_new(store, range, error);
	struct count count;

	while (store_next_count(cursor, &count, error))
		show_count(shown, &count);
	return store_cursor_end(cursor);
}

static bool show_runs(struct store *store, struct shown *shown, struct error *error)
{
	struct store_cursor *cursor = store_cursor_new(store, NULL, error);
	struct store_run run;

	while (store_next_run(cursor, &run, error))
		show(shown, "run %lld %lld %llu %d %d\n", (long long)run.id, (long long)run.started,
		    (unsigned long long)run.lines, run.exit_status, run.is_delivered);
	return store_cursor_end(cursor);
}

static bool show_gaps(struct store *store, struct shown *shown, struct error *error)
{
	struct store_cursor *cursor = store_cursor_new(store, NULL, error);
	struct store_gap gap;

	while (store_next_gap(cursor, &gap, error))
		show(
		    shown, "gap %s %llu %s\n", gap.file, (unsigned long long)gap.bytes, gap.reason);
	return store_cursor_end(cursor);
}

/* False (and `error`) where the database refuses. */
static bool show_all(unsigned flags, struct shown *shown, struct error *error)
{
	struct store *store = store_open(file, flags, error);
	struct store_range all = { .since = COUNT_NO_TIME, .until = COUNT_NO_TIME };
	struct generation *generations = NULL;
	size_t count = 0;
	bool read =
	    store != NULL &&
	    store_choose_epoch(store, "1", usual, 2, false, error) != STORE_EPOCH_REFUSED &&
	    show_runs(store, shown, error) && show_counts(store, &all, shown, error) &&
	    show_gaps(store, shown, error) &&
	    store_read_generations(store, "/var/log", "api.log", &generations, &count, error);

	for (size_t i = 0; read && i < count; i++)
		show(shown, "generation %lld %llu %llu %llu %lld %d %lld\n",
		    (long long)generations[i].id, (unsigned long long)generations[i].prefix.offset,
		    (unsigned long long)generations[i].prefix.tail.low,
		    (unsigned long long)generations[i].file.identity.inode,
		    (long long)generations[i].file.identity.birth, generations[i].is_live,
		    (long long)generations[i].last_time);
	free(generations);
	store_close(store);
	return read;
}

static const char *const expected =
    "run 1 5000 10 0 0\n"
    "900000 9018 0 0 0 3:a 2\n"
    "900000 9018 0 0 1 0: 7\n"
    "-9223372036854775808 8000 3 3 2 0: 4\n"
    "gap api.log 12 deleted\n"
    "generation 1 99 18446744073709551615 18446744073709551615 -5 1 77\n";

static void what_goes_in_comes_out(void **state)
{
	struct error error = ERROR_INIT;
	struct shown shown = { .length = 0 };
	struct stat status;

	(void)state;
	umask(022);
	fill();
	assert_int_equal(stat(file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	if (!show_all(0, &shown, &error))
		fail_msg("%s", error.text);
	assert_string_equal(shown.text, expected);
}

static int count_in(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

static void runs_add_up(void **state)
{
	struct error error = ERROR_INIT;
	struct shown shown = { .length = 0 };
	struct store_range range = {
		.undelivered = true, .since = COUNT_NO_TIME, .until = COUNT_NO_TIME
	};
	struct store *store;

	(void)state;
	fill();
	store = begin(STORE_WRITE);
	assert_true(write_all(store, &error));
	assert_true(store_commit(store, &error));
	assert_true(show_counts(store, &range, &shown, &error));
	shown.text[shown.length] = '\0';
	assert_int_equal(count_in(shown.text, "900000 9018 0 0 1 0: 7\n"), 2);
	/* what is delivered is not new any more */
	assert_true(store_deliver(store, 1, 0, &error));
	shown = (struct shown){ .length = 0 };
	assert_true(show_counts(store, &range, &shown, &error));
	assert_int_equal(count_in(shown.text, "900000 9018 0 0 1 0: 7\n"), 1);
	assert_true(store_deliver(store, 2, 3, &error));
	shown = (struct shown){ .length = 0 };
	assert_true(show_counts(store, &range, &shown, &error));
	assert_int_equal(shown.length, 0);
	range.undelivered = false;
	range.since = QUARTER + 1000;
	assert_true(show_counts(store, &range, &shown, &error));
	assert_null(strstr(shown.text, "9018"));
	store_close(store);
}

static void what_was_not_committed_never_was(void **state)
{
	struct error error = ERROR_INIT;
	struct shown shown = { .length = 0 };
	struct store *store;
	pid_t child;
	int status;

	(void)state;
	fill();
	store = begin(STORE_WRITE);
	assert_true(write_all(store, &error));
	store_close(store);
	child = fork();
	if (child == 0) {
		store = begin(STORE_WRITE);
		if (write_all(store, &error))
			(void)raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	store = begin(STORE_WRITE | STORE_DRY_RUN);
	assert_true(write_all(store, &error));
	assert_true(store_commit(store, &error));
	store_close(store);
	if (!show_all(0, &shown, &error))
		fail_msg("%s", error.text);
	assert_string_equal(shown.text, expected);
}

static void a_dry_run_makes_no_file(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE | STORE_DRY_RUN);

	(void)state;
	assert_true(write_all(store, &error));
	store_close(store);
	assert_int_equal(access(file, F_OK), -1);
}

static void other_options_are_refused(void **state)
{
	struct error error = ERROR_INIT;
	struct store_range all = { .since = COUNT_NO_TIME, .until = COUNT_NO_TIME };
	struct shown shown = { .length = 0 };
	struct store *store;

	(void)state;
	fill();
	store = open_store(STORE_WRITE);
	assert_int_equal(store_choose_epoch(store, "1", other, 2, false, &error), STORE_EPOCH_REFUSED);
	assert_int_equal(error.kind, ERROR_STORE);
	assert_non_null(strstr(error.text, "keys was 'code', is now 'code,errno'"));
	assert_int_equal(store_choose_epoch(store, "1", other, 2, true, &error), STORE_EPOCH_BEGUN);
	assert_string_equal(store_option_value(store, "keys"), "code,errno");
	assert_true(show_counts(store, &all, &shown, &error));
	assert_int_equal(shown.length, 0);
	store_close(store);
	store = open_store(STORE_WRITE);
	assert_int_equal(store_choose_epoch(store, "2", usual, 2, false, &error), STORE_EPOCH_RULES);
	store_close(store);
}

static void two_do_not_write_at_once(void **state)
{
	struct error error = ERROR_INIT;
	struct shown shown = { .length = 0 };
	struct store *store;

	(void)state;
	fill();
	store = begin(STORE_WRITE);
	assert_true(write_all(store, &error));
	assert_null(store_open(file, STORE_WRITE, &error));
	assert_int_equal(error.kind, ERROR_STORE);
	assert_non_null(strstr(error.text, "--wait"));
	/* readers see what was */
	assert_true(show_all(0, &shown, &error));
	assert_string_equal(shown.text, expected);
	store_close(store);
}

static void what_is_no_database_of_ours_is_refused(void **state)
{
	struct error error = ERROR_INIT;
	char link_name[128];

	(void)state;
	assert_null(store_open(file, 0, &error));
	assert_int_equal(error.kind, ERROR_STORE);
	fill();
	(void)snprintf(link_name, sizeof(link_name), "%s/link.db", folder);
	assert_int_equal(symlink(file, link_name), 0);
	assert_null(store_open(link_name, STORE_WRITE, &error));
	assert_non_null(strstr(error.text, "symbolic link"));
	assert_int_equal(unlink(link_name), 0);
	assert_int_equal(link(file, link_name), 0);
	assert_null(store_open(link_name, STORE_WRITE, &error));
	assert_non_null(strstr(error.text, "hard links"));
	assert_null(store_open(folder, STORE_WRITE, &error));
	assert_non_null(strstr(error.text, "directory"));
	assert_null(store_open("/nowhere/at/all.db", STORE_WRITE, &error));
	assert_int_equal(error.kind, ERROR_STORE);
}

/* ---- damage ---- */

static char *read_file(size_t *length)
{
	int fd = open(file, O_RDONLY);
	struct stat status;
	char *bytes;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	*length = (size_t)status.st_size;
	bytes = malloc(*length);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, *length), (ssize_t)*length);
	assert_int_equal(close(fd), 0);
	return bytes;
}

static void write_file(const char *bytes, size_t length)
{
	int fd = open(file, O_WRONLY | O_TRUNC | O_CREAT, 0640);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	assert_int_equal(close(fd), 0);
}

/* Every byte changed, two ways each, is noticed or makes no difference. */
static void a_changed_byte_is_noticed(void **state)
{
	size_t length;
	char *bytes;
	size_t noticed = 0;

	(void)state;
	fill();
	bytes = read_file(&length);
	for (size_t i = 0; i < length; i++) {
		struct error error = ERROR_INIT;
		struct shown shown = { .length = 0 };
		char before = bytes[i];

		if (before == 0 && i % 97 != 0)
			continue; /* most of a page is empty */
		bytes[i] = (char)(before ^ (i % 2 == 0 ? 1 : 0x80));
		write_file(bytes, length);
		if (!show_all(STORE_WRITE, &shown, &error))
			noticed++;
		else if (strcmp(shown.text, expected) != 0)
			fail_msg("byte %zu of %zu, was %d: %s", i, length, before, shown.text);
		bytes[i] = before;
	}
	assert_true(noticed > 300);
	free(bytes);
}

static void a_cut_file_is_noticed(void **state)
{
	size_t length;
	char *bytes;

	(void)state;
	fill();
	bytes = read_file(&length);
	for (size_t cut = 1; cut < length; cut += 509) {
		struct error error = ERROR_INIT;
		struct shown shown = { .length = 0 };

		write_file(bytes, length - cut);
		if (show_all(STORE_WRITE, &shown, &error) && strcmp(shown.text, expected) != 0)
			fail_msg("without the last %zu bytes: '%s'", cut, shown.text);
	}
	free(bytes);
}

/* A disk that is full: the state of before stands. */
static void a_full_disk_changes_nothing(void **state)
{
	struct error error = ERROR_INIT;
	struct shown shown = { .length = 0 };
	pid_t child;
	int status;

	(void)state;
	fill();
	child = fork();
	if (child == 0) {
		struct rlimit limit = { 4096, 4096 };
		struct store *store;
		bool written;

		(void)signal(SIGXFSZ, SIG_IGN);
		store = store_open(file, STORE_WRITE, &error);
		if (store == NULL || setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(9);
		written = write_all(store, &error) && store_commit(store, &error);
		_exit(written ? 0 : error.kind == ERROR_SYSTEM ? 1 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_true(show_all(STORE_WRITE, &shown, &error));
	assert_string_equal(shown.text, expected);
}

static void old_counts_go(void **state)
{
	struct error error = ERROR_INIT;
	struct shown shown = { .length = 0 };
	struct store *store;

	(void)state;
	fill();
	store = begin(STORE_WRITE);
	assert_true(store_drop_old(store, 2 * QUARTER, &error));
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_true(show_all(0, &shown, &error));
	assert_null(strstr(shown.text, "9018"));
	/* what was never delivered stays, where its time is not known */
	assert_non_null(strstr(shown.text, "8000"));
}

/* A run that announces a report, and delivers it where it has an end. */
static int64_t report(int64_t since, int64_t until, bool is_last, bool is_delivered)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);
	struct store_run run = { .started = 5000, .lines = 1 };
	struct store_report about = { 0, since, until, is_last, true };

	assert_true(store_write_run(store, &run, NULL, 0, &error));
	about.run = run.id;
	assert_true(store_announce(store, &about, &error));
	assert_true(store_commit(store, &error));
	if (is_delivered)
		assert_true(store_deliver(store, run.id, 0, &error));
	store_close(store);
	return run.id;
}

static struct store_reached reached(int64_t limit)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(0);
	struct store_reached found;

	if (!store_read_reached(store, limit, &found, &error))
		fail_msg("%s", error.text);
	store_close(store);
	return found;
}

static void reports_reach_as_far_as_they_were_delivered(void **state)
{
	struct store_reached found;
	int64_t first;
	int64_t second;

	(void)state;
	fill();
	found = reached(100 * QUARTER);
	assert_int_equal(found.until, COUNT_NO_TIME);
	assert_int_equal(found.last.run, 0);
	assert_int_equal(found.ahead, COUNT_NO_TIME);
	(void)report(COUNT_NO_TIME, 3 * QUARTER, true, false);
	assert_int_equal(reached(100 * QUARTER).last.run, 0);
	first = report(COUNT_NO_TIME, 4 * QUARTER, true, true);
	found = reached(100 * QUARTER);
	assert_int_equal(found.until, 4 * QUARTER);
	assert_int_equal(found.last.run, first);
	assert_int_equal(found.last.since, COUNT_NO_TIME);
	assert_int_equal(found.last.until, 4 * QUARTER);
	/* others do not move it, nor one that was made by a clock ahead */
	(void)report(4 * QUARTER, 9 * QUARTER, false, true);
	(void)report(4 * QUARTER, 7 * QUARTER, false, true);
	(void)report(4 * QUARTER, 200 * QUARTER, true, true);
	found = reached(100 * QUARTER);
	assert_int_equal(found.until, 9 * QUARTER);
	assert_int_equal(found.last.run, first);
	assert_int_equal(found.ahead, 200 * QUARTER);
	/* the latest counts, and none from before it is ahead of it */
	second = report(4 * QUARTER, 6 * QUARTER, true, true);
	found = reached(100 * QUARTER);
	assert_int_equal(found.last.run, second);
	assert_int_equal(found.last.since, 4 * QUARTER);
	assert_int_equal(found.ahead, COUNT_NO_TIME);
	assert_int_equal(reached(1000 * QUARTER).last.until, 6 * QUARTER);
}

static void old_reports_go_but_for_the_latest(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store;
	int64_t latest;

	(void)state;
	fill();
	(void)report(COUNT_NO_TIME, 4 * QUARTER, true, true);
	latest = report(4 * QUARTER, 5 * QUARTER, true, true);
	(void)report(4 * QUARTER, 6 * QUARTER, false, true);
	store = begin(STORE_WRITE);
	assert_true(store_drop_old(store, 1000 * QUARTER, &error));
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_int_equal(reached(100 * QUARTER).last.run, latest);
	assert_int_equal(reached(100 * QUARTER).until, 5 * QUARTER);
}

/* What was taken in before a report was announced is in it, and what comes later is in another
 * run. */
static void a_run_does_not_go_on_once_it_is_reported(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);
	struct store_run follower = { .started = 5000, .lines = 1 };
	int64_t first;

	(void)state;
	assert_true(store_write_run(store, &follower, NULL, 0, &error));
	first = follower.id;
	assert_true(store_write_run(store, &follower, NULL, 0, &error));
	assert_int_equal(follower.id, first);
	assert_true(store_commit(store, &error));
	store_close(store);
	(void)report(COUNT_NO_TIME, QUARTER, false, false);
	store = begin(STORE_WRITE);
	assert_true(store_write_run(store, &follower, NULL, 0, &error));
	assert_true(follower.id > first + 1);
	first = follower.id;
	assert_true(store_write_run(store, &follower, NULL, 0, &error));
	assert_int_equal(follower.id, first);
	store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_goes_in_comes_out),
		TEST(runs_add_up),
		TEST(what_was_not_committed_never_was),
		TEST(a_dry_run_makes_no_file),
		TEST(other_options_are_refused),
		TEST(two_do_not_write_at_once),
		TEST(what_is_no_database_of_ours_is_refused),
		TEST(a_changed_byte_is_noticed),
		TEST(a_cut_file_is_noticed),
		TEST(a_full_disk_changes_nothing),
		TEST(old_counts_go),
		TEST(reports_reach_as_far_as_they_were_delivered),
		TEST(old_reports_go_but_for_the_latest),
		TEST(a_run_does_not_go_on_once_it_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
