/*
 * Owns the tables: how they are made, and whether a file has them. Must not know what is
 * done with them.
 */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "store/store_parts.h"

#define APPLICATION_ID 0x4a47414e /* "JGAN" */
#define SCHEMA_VERSION 1

static const char schema[] =
    /* the logs that were given: the real path of the directory, the name in it */
    "CREATE TABLE log (id INTEGER PRIMARY KEY, directory TEXT NOT NULL, name TEXT NOT NULL,"
    " checksum INTEGER NOT NULL, UNIQUE (directory, name)) STRICT;"
    /* the lives of their files: how far each was counted, and how it is known again */
    "CREATE TABLE generation (id INTEGER PRIMARY KEY,"
    " log INTEGER NOT NULL REFERENCES log, offset INTEGER NOT NULL,"
    " head_high INTEGER NOT NULL, head_low INTEGER NOT NULL,"
    " tail_high INTEGER NOT NULL, tail_low INTEGER NOT NULL,"
    " device INTEGER NOT NULL, inode INTEGER NOT NULL, birth INTEGER NOT NULL,"
    " size INTEGER NOT NULL, mtime INTEGER NOT NULL, ctime INTEGER NOT NULL,"
    " finished INTEGER NOT NULL, live INTEGER NOT NULL, copy INTEGER NOT NULL,"
    " last_time INTEGER, seen INTEGER NOT NULL, checksum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX generation_log ON generation (log);"
    /* what the counts were made with */
    "CREATE TABLE epoch (id INTEGER PRIMARY KEY, rules TEXT NOT NULL,"
    " checksum INTEGER NOT NULL) STRICT;"
    "CREATE TABLE epoch_option (epoch INTEGER NOT NULL REFERENCES epoch, name TEXT NOT NULL,"
    " value TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
    /* what each run took in; delivered: its reports were written */
    "CREATE TABLE run (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL REFERENCES epoch,"
    " started INTEGER NOT NULL, exit INTEGER NOT NULL, delivered INTEGER NOT NULL,"
    " lines INTEGER NOT NULL, bytes INTEGER NOT NULL, lines_with_hits INTEGER NOT NULL,"
    " long_lines INTEGER NOT NULL, new_files INTEGER NOT NULL,"
    " checksum INTEGER NOT NULL) STRICT;"
    /* What rows are chosen by has an index: the check of the database compares both.
     * quarter: seconds since 1970 in UTC where a quarter of an hour begins; NULL: no time */
    "CREATE TABLE tally (run INTEGER NOT NULL REFERENCES run, quarter INTEGER,"
    " code INTEGER NOT NULL, counts_as TEXT NOT NULL, reason INTEGER NOT NULL,"
    " kind TEXT NOT NULL, \"group\" TEXT, count INTEGER NOT NULL,"
    " checksum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX tally_run ON tally (run);"
    "CREATE INDEX tally_quarter ON tally (quarter);"
    "CREATE TABLE gap (run INTEGER NOT NULL REFERENCES run, file TEXT NOT NULL,"
    " bytes INTEGER NOT NULL, reason TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX gap_run ON gap (run);";

static bool ask(struct store *store, const char *sql, int64_t *value, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	bool answered = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW;

	*value = answered ? sqlite3_column_int64(statement, 0) : 0;
	(void)sqlite3_finalize(statement);
	return answered || store_fail(store, "read", error);
}

static bool is_sound(struct store *store, bool *sound, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	bool answered = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &statement,
			    NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW;

	*sound = answered && sqlite3_column_text(statement, 0) != NULL &&
	    strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
	(void)sqlite3_finalize(statement);
	return answered || store_fail(store, "read", error);
}

static bool make(struct store *store, struct error *error)
{
	if ((store->flags & STORE_WRITE) == 0)
		return error_set(error, ERROR_STORE,
		    "database '%s' is empty: a run with logs fills it", store->path);
	return store_execute(store, schema, error) &&
	    store_execute(store, "PRAGMA application_id = 1246183758; PRAGMA user_version = 1;",
		error);
}

bool store_schema_prepare(struct store *store, struct error *error)
{
	int64_t application;
	int64_t version;
	int64_t tables;
	bool sound;

	_Static_assert(APPLICATION_ID == 1246183758, "as in the PRAGMA above");
	if (!ask(store, "PRAGMA application_id", &application, error) ||
	    !ask(store, "PRAGMA user_version", &version, error) ||
	    !ask(store, "SELECT count(*) FROM sqlite_schema", &tables, error))
		return false;
	if (application == 0 && version == 0 && tables == 0)
		return make(store, error);
	if (application != APPLICATION_ID)
		return error_set(error, ERROR_STORE,
		    "'%s' is a database of another program: name another file", store->path);
	if (version > SCHEMA_VERSION)
		return error_set(error, ERROR_STORE,
		    "database '%s' was made by a newer release (schema %lld, this one knows %d): "
		    "use that one",
		    store->path, (long long)version, SCHEMA_VERSION);
	if (!is_sound(store, &sound, error))
		return false;
	return (sound && version == SCHEMA_VERSION) || store_damaged(store, NULL, 0, error);
}
