/*
 * From an older schema to a newer one: with steps of its own, which go on from today's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "database.h"
#include "store/continuation.h"
#include "store/store_parts.h"

#define NOW 3 /* the version of today's schema */

static const struct schema_step steps[] = {
	{ NOW, "CREATE TABLE never (x);" }, /* a database of today's version has it already */
	{ NOW + 1, "ALTER TABLE log ADD COLUMN host TEXT; UPDATE log SET host = 'h';" },
	{ NOW + 2, "CREATE TABLE extra (id INTEGER PRIMARY KEY);" },
};

static const struct schema_step wrong_steps[] = {
	{ NOW, "CREATE TABLE never (x);" },
	{ NOW + 1, "CREATE TABLE extra (id INTEGER PRIMARY KEY);" },
	{ NOW + 2, "INSERT INTO nowhere VALUES (1);" },
};

static char bak[112];

static int enter_old(void **state)
{
	struct error error = ERROR_INIT;
	struct store_option option = { "--key", "" };
	struct generation generation = { .prefix = { .offset = 9 } };
	struct store *store;

	if (enter(state) != 0)
		return 1;
	(void)snprintf(bak, sizeof(bak), "%s/a.db.bak", folder);
	store = store_open(file, STORE_WRITE, &error);
	if (store == NULL ||
	    store_choose_epoch(store, "1", &option, 1, false, &error) == STORE_EPOCH_REFUSED ||
	    !store_write_generation(store, "/var/log", "api.log", &generation, &error) ||
	    !store_commit(store, &error))
		return 1;
	store_close(store);
	return chmod(file, 0600);
}

/* The first column of the first row; -1 where it cannot be asked. */
static int ask(const char *name, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int value = -1;

	if (sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return value;
}

static struct store *open_store(unsigned flags)
{
	struct error error = ERROR_INIT;
	struct store *store = store_open(file, flags, &error);

	if (store == NULL)
		fail_msg("%s", error.text);
	return store;
}

static void an_older_one_is_copied_and_brought_up_to_date(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = open_store(STORE_WRITE);
	struct stat status;

	(void)state;
	if (!store_schema_bring(store, steps, 3, &error))
		fail_msg("%s", error.text);
	assert_true(store_is_updated(store));
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_int_equal(ask(file, "PRAGMA user_version"), NOW + 2);
	assert_int_equal(ask(file, "SELECT count(*) FROM extra"), 0);
	assert_int_equal(ask(file, "SELECT count(*) FROM log WHERE host = 'h'"), 1);
	assert_int_equal(ask(file, "SELECT count(*) FROM never"), -1);
	/* as it was, for the same eyes, with nothing beside it */
	assert_int_equal(ask(bak, "PRAGMA user_version"), NOW);
	assert_int_equal(ask(bak, "SELECT count(*) FROM log"), 1);
	assert_int_equal(ask(bak, "SELECT count(*) FROM log WHERE host = 'h'"), -1);
	assert_int_equal(stat(bak, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	(void)strcat(bak, "-new");
	assert_int_equal(access(bak, F_OK), -1);
	/* and this release does not know that one */
	assert_null(store_open(file, STORE_WRITE, &error));
	assert_int_equal(error.kind, ERROR_STORE);
	assert_non_null(strstr(error.text, "newer release (schema 5, this one knows 3)"));
}

static void the_same_version_is_left_alone(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = open_store(STORE_WRITE);

	(void)state;
	assert_true(store_schema_bring(store, steps, 1, &error));
	assert_false(store_is_updated(store));
	store_close(store);
	assert_int_equal(access(bak, F_OK), -1);
}

static void a_step_that_fails_changes_nothing(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = open_store(STORE_WRITE);

	(void)state;
	assert_false(store_schema_bring(store, wrong_steps, 3, &error));
	store_close(store);
	assert_int_equal(ask(file, "PRAGMA user_version"), NOW);
	assert_int_equal(ask(file, "SELECT count(*) FROM extra"), -1);
	/* once more, now with the right steps: the copy of before is no obstacle */
	store = open_store(STORE_WRITE);
	assert_true(store_schema_bring(store, steps, 3, &error));
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_int_equal(ask(file, "PRAGMA user_version"), NOW + 2);
}

static void a_file_in_the_way_of_the_copy_stays(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = open_store(STORE_WRITE);
	FILE *stream = fopen(bak, "w");

	(void)state;
	assert_non_null(stream);
	assert_true(fputs("mine", stream) >= 0);
	assert_int_equal(fclose(stream), 0);
	assert_false(store_schema_bring(store, steps, 3, &error));
	assert_int_equal(error.kind, ERROR_STORE);
	assert_non_null(strstr(error.text, "another file has that name"));
	store_close(store);
	assert_int_equal(ask(file, "PRAGMA user_version"), NOW);
	stream = fopen(bak, "r");
	assert_non_null(stream);
	assert_int_equal(fgetc(stream), 'm');
	assert_int_equal(fclose(stream), 0);
}

static void reading_and_dry_runs_make_no_copy(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store = open_store(0);

	(void)state;
	assert_false(store_schema_bring(store, steps, 3, &error));
	assert_non_null(strstr(error.text, "older release"));
	store_close(store);
	store = open_store(STORE_WRITE | STORE_DRY_RUN);
	assert_true(store_schema_bring(store, steps, 3, &error));
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_int_equal(access(bak, F_OK), -1);
	assert_int_equal(ask(file, "PRAGMA user_version"), NOW);
}

/* What the versions after it have brought is taken out again: a database of the first. */
static void make_first(void)
{
	static const char sql[] = "DROP VIEW responses; DROP VIEW series; DROP TABLE report; DROP "
	                          "TABLE meaning; DROP TABLE zone;"
	                          "PRAGMA user_version = 1;";
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void one_of_the_first_release_gets_what_came_since(void **state)
{
	struct error error = ERROR_INIT;
	struct store *store;

	(void)state;
	make_first();
	/* who only reads is told to let a run with logs do it; nothing is changed */
	assert_null(store_open(file, 0, &error));
	assert_non_null(strstr(error.text, "older release"));
	store = open_store(STORE_WRITE | STORE_DRY_RUN);
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_int_equal(ask(file, "PRAGMA user_version"), 1);
	assert_int_equal(access(bak, F_OK), -1);

	store = open_store(STORE_WRITE);
	assert_true(store_is_updated(store));
	assert_true(store_commit(store, &error));
	store_close(store);
	assert_int_equal(ask(file, "PRAGMA user_version"), NOW);
	assert_int_equal(ask(file, "SELECT count(*) FROM log"), 1);
	assert_int_equal(
	    ask(file, "SELECT (SELECT count(*) FROM report) + (SELECT count(*) FROM meaning)"
	              " + (SELECT count(*) FROM zone) + (SELECT count(*) FROM responses)"),
	    0);
	assert_int_equal(ask(bak, "PRAGMA user_version"), 1);
	/* once */
	store = open_store(STORE_WRITE);
	assert_false(store_is_updated(store));
	store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_old, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_older_one_is_copied_and_brought_up_to_date),
		TEST(one_of_the_first_release_gets_what_came_since),
		TEST(the_same_version_is_left_alone),
		TEST(a_step_that_fails_changes_nothing),
		TEST(a_file_in_the_way_of_the_copy_stays),
		TEST(reading_and_dry_runs_make_no_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
