/*
 * Rows that cannot be, with checksums that are right (30); and numbers at their ends (23).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "database.h"
#include "store/continuation.h"
#include "store/store_parts.h"

static const struct store_option usual[] = { { "keys", "code" } };

static struct store *begin(void)
{
	struct error error = ERROR_INIT;
	struct store *store = store_open(file, STORE_WRITE, &error);

	if (store == NULL ||
	    store_choose_epoch(store, "1", usual, 1, false, &error) == STORE_EPOCH_REFUSED)
		fail_msg("%s", error.text);
	return store;
}

/* The columns of a generation that are varied; all others are 0. */
struct absurd {
	const char *name;
	int64_t offset, size, finished, live, seen;
};

static const struct absurd absurd_generations[] = {
	{ "an offset below 0", -1, 10, 0, 1, 1 },
	{ "the least offset", INT64_MIN, 10, 0, 1, 1 },
	{ "a size below 0", 10, -7, 0, 1, 1 },
	{ "neither finished nor not", 10, 10, 2, 1, 1 },
	{ "neither live nor not", 10, 10, 0, -1, 1 },
	{ "a run below 0", 10, 10, 0, 1, -1 },
};

static void write_generation(struct store *store, int64_t id, const struct absurd *absurd)
{
	struct error error = ERROR_INIT;
	struct row row;

	assert_true(row_init(&row, store, "generation",
	    "INSERT INTO generation VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", &error));
	row_put_integer(&row, id);
	row_put_integer(&row, 1); /* the log */
	row_put_integer(&row, absurd->offset);
	for (int i = 0; i < 7; i++) /* fingerprints, device, inode, birth */
		row_put_integer(&row, 0);
	row_put_integer(&row, absurd->size);
	row_put_integer(&row, 0);
	row_put_integer(&row, 0);
	row_put_integer(&row, absurd->finished);
	row_put_integer(&row, absurd->live);
	row_put_integer(&row, 0);
	row_put_time(&row, COUNT_NO_TIME);
	row_put_integer(&row, absurd->seen);
	if (!row_write(&row, &error))
		fail_msg("%s", error.text);
	row_release(&row);
}

/* Reads them; whether that was refused, as damaged. */
static bool is_refused(size_t *count)
{
	struct error error = ERROR_INIT;
	struct store *store = begin();
	struct generation *generations = NULL;
	bool refused =
	    !store_read_generations(store, "/var/log", "api.log", &generations, count, &error);

	if (refused) {
		assert_int_equal(error.kind, ERROR_STORE);
		assert_non_null(strstr(error.text, "is damaged"));
		assert_non_null(strstr(error.text, file));
	}
	free(generations);
	store_close(store);
	return refused;
}

static void absurd_generations_are_refused(void **state)
{
	static const struct absurd sane = { "", INT64_MAX, INT64_MAX, 1, 0, 0 };

	(void)state;
	for (size_t i = 0; i <= sizeof(absurd_generations) / sizeof(absurd_generations[0]); i++) {
		const struct absurd *absurd = i == 0 ? &sane : &absurd_generations[i - 1];
		struct error error = ERROR_INIT;
		struct store *store = begin();
		size_t count;

		assert_true(store_write_log(store, "/var/log", "api.log", &error));
		write_generation(store, 1, absurd);
		assert_true(store_commit(store, &error));
		store_close(store);
		if (is_refused(&count) != (i > 0))
			fail_msg("%s: %s", i > 0 ? absurd->name : "a sane one",
			    i > 0 ? "taken" : "refused");
		assert_int_equal(unlink(file), 0);
	}
}

/* More than any log has files: no memory is asked for beyond what was found to be right. */
static void too_many_generations_are_refused(void **state)
{
	static const struct absurd sane = { "", 10, 10, 0, 0, 1 };
	struct error error = ERROR_INIT;
	struct store *store = begin();
	size_t count;

	(void)state;
	assert_true(store_write_log(store, "/var/log", "api.log", &error));
	for (int64_t id = 1; id <= GENERATIONS_KEPT + 300; id++)
		write_generation(store, id, &sane);
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_false(is_refused(&count));
	assert_int_equal(count, GENERATIONS_KEPT + 300);
	store = begin();
	for (int64_t id = GENERATIONS_KEPT + 301; id <= GENERATIONS_MAX + 1; id++)
		write_generation(store, id, &sane);
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_true(is_refused(&count));
}

/* Those whose files are there stay, however many; of the others the youngest. */
static void generations_that_are_there_are_not_dropped(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = begin();
	struct generation *generations;
	size_t count;

	(void)state;
	for (int64_t seen = 1; seen <= 2; seen++)
		for (uint64_t i = 0; i < GENERATIONS_KEPT + 44; i++) {
			struct generation generation = { .prefix.offset = i + 1, .seen = seen,
				.last_time = GENERATION_NO_TIME };

			assert_true(store_write_generation(
			    store, "/var/log", "api.log", &generation, &error));
		}
	assert_true(store_drop_generations(store, "/var/log", "api.log", 2, &error));
	assert_true(store_read_generations(
	    store, "/var/log", "api.log", &generations, &count, &error));
	assert_int_equal(count, 2 * GENERATIONS_KEPT + 44);
	assert_int_equal(generations[0].seen, 2);
	assert_int_equal(generations[count - 1].seen, 1);
	assert_int_equal(generations[count - 1].prefix.offset, 45);
	free(generations);
	store_close(store);
}

static uint64_t sum_of(uint64_t first, uint64_t second)
{
	struct error error = ERROR_INIT;
	struct store *store = begin();
	struct store_cursor *cursor;
	struct count found;
	uint64_t total = 0;

	for (int i = 0; i < 2; i++) {
		struct store_run run = { .started = 5, .lines = i == 0 ? first : second };
		struct count count = { 900000, 9018, HIT_RESPONSE, 0, GROUP_NONE, NULL, 0,
			i == 0 ? first : second };

		if (!store_write_run(store, &run, &count, 1, &error) ||
		    !store_commit(store, &error) || !store_begin(store, &error))
			fail_msg("%s", error.text);
	}
	cursor = store_cursor_new(store, NULL, &error);
	while (store_next_count(cursor, &found, &error))
		total = store_add(total, found.count);
	if (!store_cursor_end(cursor))
		fail_msg("%s", error.text);
	store_close(store);
	assert_int_equal(unlink(file), 0);
	return total;
}

static void counts_stop_at_their_end(void **state)
{
	(void)state;
	assert_true(sum_of(UINT64_C(4294967296), 10) == UINT64_C(4294967306));
	assert_true(sum_of(INT64_MAX - 1, 10) == INT64_MAX);
	assert_true(sum_of(UINT64_MAX, UINT64_MAX) == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(absurd_generations_are_refused, enter, leave),
		cmocka_unit_test_setup_teardown(too_many_generations_are_refused, enter, leave),
		cmocka_unit_test_setup_teardown(
		    generations_that_are_there_are_not_dropped, enter, leave),
		cmocka_unit_test_setup_teardown(counts_stop_at_their_end, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
