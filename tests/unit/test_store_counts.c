/*
 * The counts of a database: which are read for a window, how runs grow, what is dropped, what
 * the totals say, and that no row can get lost unseen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "database.h"
#include "store/store.h"

#define QUARTER INT64_C(900000)
#define DAY INT64_C(86400000)

static const struct store_option options[] = { { "--key", "" } };
static const struct store_option other[] = { { "--key", "errno" } };
/* the same, to a release that knows one option more */
static const struct store_option more[] = { { "--key", "" }, { "--new", "" } };

static struct store *begin(unsigned flags)
{
	struct error error = ERROR_INIT;
	struct store *store = store_open(file, flags, &error);

	if (store == NULL ||
	    store_choose_epoch(store, "1", options, 1, false, &error) == STORE_EPOCH_REFUSED)
		fail_msg("%s", error.text);
	return store;
}

static void end(struct store *store)
{
	struct error error = ERROR_INIT;

	if (!store_commit(store, &error))
		fail_msg("%s", error.text);
	store_close(store);
}

/* Adds to the run `id` (0: a new one) a response of `code` in each of the quarters. */
static int64_t write_run(
    struct store *store, int64_t id, int64_t started, int64_t first, int64_t last, uint32_t code)
{
	struct error error = ERROR_INIT;
	struct store_run run = { .id = id, .started = started, .ended = started, .lines = 10, .bytes = 100 };
	struct count counts[1024];
	size_t count = 0;

	/* backwards, so that they need be sorted */
	for (int64_t time = last; time >= first && count < 1023; time -= QUARTER)
		counts[count++] =
		    (struct count){ time, code, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0, 1 };
	counts[count++] =
	    (struct count){ COUNT_NO_TIME, code, HIT_RESPONSE, 0, GROUP_VALUE, "g\0", 2, 5 };
	if (!store_write_run(store, &run, counts, count, &error))
		fail_msg("%s", error.text);
	return run.id;
}

struct summed {
	uint64_t timed, timeless;
	int64_t first, last;
	size_t rows;
};

static void sum(struct summed *summed, const struct count *count)
{
	summed->rows++;
	if (count->time == COUNT_NO_TIME) {
		assert_int_equal(count->group_length, 2);
		assert_memory_equal(count->group, "g\0", 2);
		summed->timeless += count->count;
		return;
	}
	if (summed->timed == 0 || count->time < summed->first)
		summed->first = count->time;
	if (summed->timed == 0 || count->time > summed->last)
		summed->last = count->time;
	summed->timed += count->count;
}

static bool sum_range(struct store *store, const struct store_range *range, struct summed *summed,
    struct error *error)
{
	struct store_cursor *cursor = store_cursor_new(store, range, error);
	struct count count;

	while (store_next_count(cursor, &count, error))
		sum(summed, &count);
	return store_cursor_end(cursor);
}

static struct summed read_range(struct store *store, bool undelivered, int64_t since, int64_t until)
{
	struct error error = ERROR_INIT;
	struct store_range range = { .undelivered = undelivered, .since = since, .until = until };
	struct summed summed = { 0 };

	if (!sum_range(store, &range, &summed, &error))
		fail_msg("%s", error.text);
	return summed;
}

/* Every window there is over a few runs, against a count by hand. */
static void a_window_is_read_to_the_row(void **state)
{
	static const struct {
		int64_t first, last; /* in quarters */
	} runs[] = { { 0, 9 }, { 5, 5 }, { 20, 30 }, { 9, 21 } };
	struct store *store = begin(STORE_WRITE);

	(void)state;
	for (size_t i = 0; i < 4; i++)
		(void)write_run(
		    store, 0, 1000 * DAY, runs[i].first * QUARTER, runs[i].last * QUARTER, 9018);
	for (int64_t since = -1; since < 33; since++) {
		for (int64_t until = since; until < 33; until++) {
			struct summed summed =
			    read_range(store, false, since * QUARTER, until * QUARTER);
			uint64_t expected = 0;

			for (size_t i = 0; i < 4; i++)
				for (int64_t q = runs[i].first; q <= runs[i].last; q++)
					expected += q >= since && q < until;
			assert_int_equal(summed.timed, expected);
			assert_int_equal(summed.timeless, 20);
		}
	}
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, COUNT_NO_TIME).timed, 35);
	assert_int_equal(read_range(store, false, 20 * QUARTER, COUNT_NO_TIME).timed, 13);
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, 5 * QUARTER).timed, 5);
	end(store);
}

/* A run that began before the window has no lines of it, whatever their time. */
static void counts_without_time_are_of_later_runs(void **state)
{
	struct store *store = begin(STORE_WRITE);

	(void)state;
	(void)write_run(store, 0, 1 * DAY, QUARTER, QUARTER, 9018);
	(void)write_run(store, 0, 3 * DAY, 2 * DAY, 2 * DAY, 9018);
	assert_int_equal(read_range(store, false, 2 * DAY, 3 * DAY).timeless, 5);
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, 3 * DAY).timeless, 10);
	end(store);
}

static void a_run_grows_until_it_is_delivered(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);
	int64_t id = write_run(store, 0, DAY, QUARTER, 3 * QUARTER, 9018);

	(void)state;
	assert_true(store_commit(store, &error));
	for (int i = 0; i < 3; i++) {
		assert_true(store_begin(store, &error));
		assert_int_equal(write_run(store, id, DAY, 2 * QUARTER, 4 * QUARTER, 9018), id);
		assert_true(store_commit(store, &error));
	}
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).timed, 12);
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).rows, 5);
	assert_true(store_deliver(store, id, 0, &error));
	assert_true(store_begin(store, &error));
	assert_int_equal(write_run(store, id, DAY, QUARTER, QUARTER, 9018), id + 1);
	assert_true(store_commit(store, &error));
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).timed, 1);
	store_close(store);
}

static void a_large_run_grows_no_more(void **state)
{
	struct store *store = begin(STORE_WRITE);
	int64_t id = write_run(store, 0, DAY, 0, 1022 * QUARTER, 1);

	(void)state;
	for (uint32_t code = 2; code <= 5; code++)
		assert_int_equal(write_run(store, id, DAY, 0, 1022 * QUARTER, code), id);
	assert_int_equal(write_run(store, id, DAY, 0, 0, 9), id + 1);
	end(store);
}

static int gaps(struct store *store, int64_t since, int64_t until)
{
	struct error error = ERROR_INIT;
	struct store_range range = { .undelivered = false, .since = since, .until = until };
	struct store_cursor *cursor = store_cursor_new(store, &range, &error);
	struct store_gap gap;
	int count = 0;

	for (; store_next_gap(cursor, &gap, &error); count++)
		assert_int_equal(gap.bytes, 12);
	assert_true(store_cursor_end(cursor));
	return count;
}

/* What was lost was written between two runs. */
static void a_gap_is_of_the_time_between_two_runs(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);
	struct store_gap gap = { "api.log", 12, "deleted" };
	int64_t id;

	(void)state;
	(void)write_run(store, 0, 10 * DAY, DAY, DAY, 9018);
	id = write_run(store, 0, 11 * DAY, DAY, DAY, 9018);
	(void)write_run(store, 0, 12 * DAY, DAY, DAY, 9018);
	assert_true(store_write_gap(store, id, &gap, &error));
	assert_int_equal(gaps(store, COUNT_NO_TIME, COUNT_NO_TIME), 1);
	assert_int_equal(gaps(store, 10 * DAY, 11 * DAY), 1);
	assert_int_equal(gaps(store, 11 * DAY, COUNT_NO_TIME), 1);
	assert_int_equal(gaps(store, 11 * DAY + 1, 12 * DAY), 0);
	assert_int_equal(gaps(store, 9 * DAY, 10 * DAY), 0);
	assert_int_equal(gaps(store, COUNT_NO_TIME, 10 * DAY + 1), 1);
	end(store);
}

/* What the totals hold, of one code alone. */
static uint64_t sum_totals(struct store *store)
{
	struct error error = ERROR_INIT;
	struct store_cursor *cursor = store_cursor_new(store, NULL, &error);
	struct count count;
	uint64_t total = 0;

	for (; store_next_total(cursor, &count, &error); total += count.count)
		assert_int_equal(count.code, 9018);
	assert_true(store_cursor_end(cursor));
	return total;
}

static void what_is_dropped_stays_in_the_totals(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);
	struct store_sums sums;
	struct store_gap gap = { "api.log", 12, "deleted" };
	int64_t id = write_run(store, 0, DAY, 0, 9 * QUARTER, 9018);
	int64_t last;
	int64_t first;

	(void)state;
	assert_true(store_write_gap(store, id, &gap, &error));
	(void)write_run(store, 0, 2 * DAY, DAY, DAY, 9018);
	assert_true(store_commit(store, &error));
	assert_true(store_deliver(store, id, 0, &error));
	assert_true(store_begin(store, &error));
	/* a part of a run */
	assert_true(store_drop_old(store, 4 * QUARTER, &error));
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, COUNT_NO_TIME).timed, 7);
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, COUNT_NO_TIME).first, 4 * QUARTER);
	assert_true(store_read_span(store, &first, &last, &error));
	assert_int_equal(first, 4 * QUARTER);
	assert_int_equal(last, DAY);
	/* then all of it */
	assert_true(store_drop_old(store, DAY + QUARTER, &error));
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, COUNT_NO_TIME).timed, 0);
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, COUNT_NO_TIME).timeless, 5);
	assert_int_equal(sum_totals(store), 10 + 1 + 2 * 5);
	assert_true(store_read_sums(store, &sums, &error));
	assert_int_equal(sums.runs, 2);
	assert_int_equal(sums.gaps, 1);
	assert_int_equal(sums.lines, 20);
	assert_int_equal(sums.bytes, 200);
	end(store);
}

static void totals_are_of_all_epochs(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin(STORE_WRITE);

	(void)state;
	(void)write_run(store, 0, DAY, 0, 9 * QUARTER, 9018);
	assert_int_equal(store_choose_epoch(store, "1", other, 1, true, &error), STORE_EPOCH_BEGUN);
	(void)write_run(store, 0, DAY, 0, 9 * QUARTER, 9018);
	assert_int_equal(read_range(store, false, COUNT_NO_TIME, COUNT_NO_TIME).timed, 10);
	assert_int_equal(sum_totals(store), 30);
	end(store);
}

/* ---- rules ---- */

static void choose(struct store *store, const char *rules, const struct store_option *chosen,
    size_t count, enum store_epoch_result expected)
{
	struct error error = ERROR_INIT;

	assert_int_equal(store_choose_epoch(store, rules, chosen, count, true, &error), expected);
}

static void counts_of_other_rules_go_on(void **state)
{
	struct store *store = begin(STORE_WRITE);

	(void)state;
	(void)write_run(store, 0, DAY, 0, 9 * QUARTER, 9018);
	choose(store, "2", more, 2, STORE_EPOCH_RULES);
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).timed, 10);
	(void)write_run(store, 0, 2 * DAY, 0, 9 * QUARTER, 9018);
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).timed, 20);
	choose(store, "3", more, 2, STORE_EPOCH_RULES);
	assert_int_equal(read_range(store, true, QUARTER, 3 * QUARTER).timed, 4);
	/* other options end it, also for the same ones later */
	choose(store, "3", other, 1, STORE_EPOCH_BEGUN);
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).timed, 0);
	choose(store, "3", more, 2, STORE_EPOCH_BEGUN);
	assert_int_equal(read_range(store, true, COUNT_NO_TIME, COUNT_NO_TIME).timed, 0);
	end(store);
}

static struct store_rules rules_of(struct store *store, int64_t since, int64_t until)
{
	struct error error = ERROR_INIT;
	struct store_range range = { .since = since, .until = until };
	struct store_rules rules;

	assert_true(store_read_rules(store, &range, &rules, &error));
	return rules;
}

/* Of one rules, of several, of those of a row that lies far off, of none. */
static void the_rules_of_a_window_are_known(void **state)
{
	struct store *store = begin(STORE_WRITE);
	struct store_rules rules;

	(void)state;
	(void)write_run(store, 0, 2 * DAY, DAY, DAY + QUARTER, 9018);
	(void)write_run(store, 0, 3 * DAY, 2 * DAY, 2 * DAY + QUARTER, 9018);
	rules = rules_of(store, COUNT_NO_TIME, COUNT_NO_TIME);
	assert_string_equal(rules.name, "1");
	assert_true(rules.until == COUNT_NO_TIME);
	choose(store, "2", options, 1, STORE_EPOCH_RULES);
	(void)write_run(store, 0, 5 * DAY, DAY + 2 * QUARTER, 4 * DAY, 9018);
	(void)write_run(store, 0, 6 * DAY, 5 * DAY, 5 * DAY, 9018);

	rules = rules_of(store, COUNT_NO_TIME, COUNT_NO_TIME);
	assert_true(rules.is_mixed);
	assert_null(rules.name);
	assert_int_equal(rules.until, 3 * DAY);
	/* before the first row of the second: the first alone */
	rules = rules_of(store, DAY, DAY + 2 * QUARTER);
	assert_false(rules.is_mixed);
	assert_string_equal(rules.name, "1");
	assert_int_equal(rules.until, 2 * DAY);
	/* a row of the second, though it came days later */
	rules = rules_of(store, DAY, DAY + 3 * QUARTER);
	assert_true(rules.is_mixed);
	/* what the first read of this day */
	rules = rules_of(store, 3 * DAY, 4 * DAY);
	assert_true(rules.is_mixed);
	rules = rules_of(store, 3 * DAY + 1, 4 * DAY);
	assert_false(rules.is_mixed);
	assert_string_equal(rules.name, "2");
	assert_true(rules.until == COUNT_NO_TIME);
	/* of what is still to come */
	rules = rules_of(store, 7 * DAY, 8 * DAY);
	assert_null(rules.name);
	assert_false(rules.is_mixed);
	/* a reader of a later release, whose rules made nothing of it */
	choose(store, "3", options, 1, STORE_EPOCH_RULES);
	rules = rules_of(store, 5 * DAY + 1, 6 * DAY);
	assert_string_equal(rules.name, "2");
	assert_int_equal(rules.until, 6 * DAY);
	end(store);
}

/* Rows that are taken away, doubled or put elsewhere behind the back of their run. */
static void no_row_gets_lost(void **state)
{
	static const char *const changes[] = {
		"DELETE FROM tally WHERE number = 1",
		"DELETE FROM tally WHERE number = 5",
		"DELETE FROM tally WHERE quarter IS NULL",
		"DELETE FROM tally",
		"UPDATE tally SET number = number + 1000 WHERE number > 10",
		"UPDATE tally SET count = count + 1 WHERE number = 3",
		"UPDATE tally SET quarter = 900 WHERE number = 3",
		"UPDATE tally SET run = 2 WHERE number = 3",
		"UPDATE run SET last_tally = last_tally - 1",
		"UPDATE run SET first_tally = 2",
		"UPDATE run SET delivered = 1",
		"UPDATE run SET epoch = 2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct error error = ERROR_INIT;
		struct store_range range = {
			.undelivered = false, .since = COUNT_NO_TIME, .until = COUNT_NO_TIME
		};
		struct summed summed = { 0 };
		struct store *store = begin(STORE_WRITE);
		sqlite3 *db;

		(void)write_run(store, 0, DAY, 0, 20 * QUARTER, 9018);
		end(store);
		assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, changes[i], NULL, NULL, NULL), SQLITE_OK);
		assert_true(sqlite3_changes(db) > 0);
		assert_int_equal(sqlite3_close(db), SQLITE_OK);
		store = begin(0);
		if (sum_range(store, &range, &summed, &error))
			fail_msg("not noticed: %s", changes[i]);
		assert_int_equal(error.kind, ERROR_STORE);
		assert_non_null(strstr(error.text, "damaged"));
		store_close(store);
		assert_int_equal(unlink(file), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_window_is_read_to_the_row),
		TEST(counts_without_time_are_of_later_runs),
		TEST(a_run_grows_until_it_is_delivered),
		TEST(a_large_run_grows_no_more),
		TEST(a_gap_is_of_the_time_between_two_runs),
		TEST(what_is_dropped_stays_in_the_totals),
		TEST(totals_are_of_all_epochs),
		TEST(counts_of_other_rules_go_on),
		TEST(the_rules_of_a_window_are_known),
		TEST(no_row_gets_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
