/*
 * Owns the tables: how they are made, whether a file has them, how those of an older release become
 * today's after a copy was made, and how rows that were changed by hand are accepted. Must not know
 * what is done with them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/strbuf.h"

#include "store/store_parts.h"

#define APPLICATION_ID 0x4a47414e /* "JGAN" */

/* Each step makes the schema of its version from the one before it. */
static const struct schema_step steps[] = {
	{ 1,
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
	    "CREATE TABLE epoch_option (epoch INTEGER NOT NULL REFERENCES epoch, name TEXT NOT "
	    "NULL,"
	    " value TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
	    /* What each run took in; delivered: its reports were written. first_tally, last_tally:
	     * the numbers of its counts; none is missing between them. */
	    "CREATE TABLE run (id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL REFERENCES epoch,"
	    " started INTEGER NOT NULL, ended INTEGER NOT NULL, exit INTEGER NOT NULL,"
	    " delivered INTEGER NOT NULL,"
	    " lines INTEGER NOT NULL, bytes INTEGER NOT NULL, lines_with_hits INTEGER NOT NULL,"
	    " long_lines INTEGER NOT NULL, new_files INTEGER NOT NULL,"
	    " first_tally INTEGER NOT NULL, last_tally INTEGER NOT NULL,"
	    " checksum INTEGER NOT NULL) STRICT;"
	    /* quarter: seconds since 1970 in UTC where a quarter of an hour begins; NULL: no time.
	     * The counts of a run lie by quarter, NULL last. */
	    "CREATE TABLE tally (run INTEGER NOT NULL REFERENCES run, number INTEGER NOT NULL,"
	    " quarter INTEGER, code INTEGER NOT NULL, counts_as TEXT NOT NULL,"
	    " reason INTEGER NOT NULL, kind TEXT NOT NULL, \"group\" TEXT, count INTEGER NOT NULL,"
	    " checksum INTEGER NOT NULL, PRIMARY KEY (run, number)) STRICT, WITHOUT ROWID;"
	    "CREATE TABLE gap (run INTEGER NOT NULL REFERENCES run, file TEXT NOT NULL,"
	    " bytes INTEGER NOT NULL, reason TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;"
	    "CREATE INDEX gap_run ON gap (run);"
	    /* All that ever was counted, also what --keep has dropped: by code, by what it counts
	     * as; or of lines, bytes, runs and gaps. */
	    "CREATE TABLE total (what TEXT NOT NULL, code INTEGER NOT NULL, count INTEGER NOT NULL,"
	    " checksum INTEGER NOT NULL, PRIMARY KEY (what, code)) STRICT, WITHOUT ROWID;" },
	{ 2,
	    /* The windows of the reports that runs over logs made, in seconds since 1970; since
	     * NULL: from the first count on. last: made for --since last. */
	    "CREATE TABLE report (run INTEGER PRIMARY KEY, since INTEGER, until INTEGER NOT NULL,"
	    " last INTEGER NOT NULL, delivered INTEGER NOT NULL, checksum INTEGER NOT NULL) STRICT;"
	    /* What codes mean to the last run over logs, and by how many seconds its clocks were
	     * ahead of UTC from when on: for those who read the database themselves. */
	    "CREATE TABLE meaning (code INTEGER PRIMARY KEY, description TEXT NOT NULL,"
	    " category TEXT NOT NULL, outcome TEXT NOT NULL, is_error INTEGER NOT NULL,"
	    " checksum INTEGER NOT NULL) STRICT;"
	    "CREATE TABLE zone (since INTEGER PRIMARY KEY, offset INTEGER NOT NULL,"
	    " checksum INTEGER NOT NULL) STRICT;"
	    /* What the reports count as responses, for people. */
	    "CREATE VIEW responses AS SELECT tally.quarter AS time, datetime(tally.quarter +"
	    " (SELECT zone.offset FROM zone WHERE zone.since <= tally.quarter"
	    " ORDER BY zone.since DESC LIMIT 1), 'unixepoch') AS local_time, tally.code AS code,"
	    " meaning.description AS description, meaning.category AS category,"
	    " meaning.outcome AS outcome, meaning.is_error AS is_error,"
	    " CASE tally.kind WHEN 'other' THEN '(other)' ELSE tally.\"group\" END AS \"group\","
	    " tally.count AS count FROM tally JOIN run ON run.id = tally.run"
	    " JOIN meaning ON meaning.code = tally.code WHERE tally.counts_as = 'response'"
	    " AND run.epoch = (SELECT max(id) FROM epoch);" },
	{ 3,
	    /* The epochs of the series: the last one, and those right before it whose options are
	     * the same; one that is not there is "". */
	    "CREATE VIEW series AS SELECT id AS epoch FROM epoch WHERE id > (SELECT "
	    "coalesce(max(a.id),"
	    " 0) FROM epoch AS a, (SELECT max(id) AS id FROM epoch) AS b, (SELECT DISTINCT name "
	    "FROM"
	    " epoch_option) AS option WHERE coalesce((SELECT value FROM epoch_option WHERE epoch = "
	    "a.id"
	    " AND name = option.name), '') <> coalesce((SELECT value FROM epoch_option"
	    " WHERE epoch = b.id AND name = option.name), ''));"
	    "DROP VIEW responses;"
	    "CREATE VIEW responses AS SELECT tally.quarter AS time, datetime(tally.quarter +"
	    " (SELECT zone.offset FROM zone WHERE zone.since <= tally.quarter"
	    " ORDER BY zone.since DESC LIMIT 1), 'unixepoch') AS local_time, tally.code AS code,"
	    " meaning.description AS description, meaning.category AS category,"
	    " meaning.outcome AS outcome, meaning.is_error AS is_error,"
	    " CASE tally.kind WHEN 'other' THEN '(other)' ELSE tally.\"group\" END AS \"group\","
	    " tally.count AS count FROM tally JOIN run ON run.id = tally.run"
	    " JOIN meaning ON meaning.code = tally.code WHERE tally.counts_as = 'response'"
	    " AND run.epoch IN (SELECT epoch FROM series);" }
};

#define STEP_COUNT (sizeof(steps) / sizeof(steps[0]))

static const char *const tables[] = { "log", "generation", "epoch", "epoch_option", "run", "tally",
	"gap", "total", "report", "meaning", "zone" };

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

/* The first column of the first row. */
static bool ask(struct store *store, const char *sql, int64_t *value, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	bool answered = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
	                sqlite3_step(statement) == SQLITE_ROW;

	*value = answered ? sqlite3_column_int64(statement, 0) : 0;
	(void)sqlite3_finalize(statement);
	return answered || store_fail(store, "read", error);
}

static bool is_sound(struct store *store, const char *table, bool *sound, struct error *error)
{
	char check[64];
	sqlite3_stmt *statement = NULL;
	bool answered;

	(void)sqlite3_snprintf(sizeof(check), check, "PRAGMA integrity_check(%s)", table);
	answered = sqlite3_prepare_v2(store->db, check, -1, &statement, NULL) == SQLITE_OK &&
	           sqlite3_step(statement) == SQLITE_ROW;

	*sound = answered && sqlite3_column_text(statement, 0) != NULL &&
	         strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
	(void)sqlite3_finalize(statement);
	return answered || store_fail(store, "read", error);
}

/* The counts are by far the most, and checked by their numbers and checksums when they are read;
 * here it is all others whose loss would not be seen. */
static bool check_tables(struct store *store, struct error *error)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		bool sound = true;

		if (strcmp(tables[i], "tally") != 0 && !is_sound(store, tables[i], &sound, error))
			return false;
		if (!sound)
			return store_damaged(store, NULL, 0, error);
	}
	return true;
}

/* ---- the copy that is made before it is changed ---- */

static bool fail_copy(const char *name, const char *reason, struct error *error)
{
	return error_set(error, ERROR_STORE,
	    "cannot make '%s', the copy of the database that is made before it is changed: %s; "
	    "the database is as it was",
	    name, reason);
}

/* What stands there may be replaced when it is a database of ours: a copy of before. */
static bool check_place(const char *name, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	struct stat status;
	sqlite3 *db = NULL;
	bool is_ours;

	if (lstat(name, &status) != 0)
		return errno == ENOENT || fail_copy(name, strerror(errno), error);
	is_ours =
	    S_ISREG(status.st_mode) &&
	    sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "PRAGMA application_id", -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_int64(statement, 0) == APPLICATION_ID;
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return is_ours || fail_copy(name, "another file has that name: move it away", error);
}

static int copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int result = backup == NULL ? sqlite3_errcode(to) : sqlite3_backup_step(backup, -1);
	int end = sqlite3_backup_finish(backup);

	return result != SQLITE_DONE ? result : end;
}

/* The connection that holds the transaction cannot be copied from; a second one sees the state
 * before it. SQLite syncs what it has copied. */
static bool copy(const char *database, const char *to, const char *shown, struct error *error)
{
	sqlite3 *source = NULL;
	sqlite3 *target = NULL;
	int result = sqlite3_open_v2(database, &source, SQLITE_OPEN_READONLY, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_open_v2(
		    to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_exec(target, "PRAGMA synchronous = EXTRA", NULL, NULL, NULL);
	if (result == SQLITE_OK)
		result = copy_pages(source, target);
	if (sqlite3_close(target) != SQLITE_OK && result == SQLITE_OK)
		result = SQLITE_ERROR;
	(void)sqlite3_close(source);
	return result == SQLITE_OK || fail_copy(shown, sqlite3_errstr(result), error);
}

static bool sync_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char *folder =
	    slash == NULL || slash == name ? strdup("/") : strndup(name, (size_t)(slash - name));
	int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (fd >= 0)
		(void)close(fd);
	free(folder);
	return synced;
}

/* The copy gets its name when it is whole, and the permissions of the database. */
static bool copy_to(
    const char *database, const char *name, const char *temporary, struct error *error)
{
	struct stat status;
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool made = fd >= 0 && stat(database, &status) == 0 &&
	            fchmod(fd, status.st_mode & 0777) == 0 && close(fd) == 0;

	if (!made)
		return fail_copy(name, strerror(errno), error);
	if (!copy(database, temporary, name, error))
		return false;
	if (rename(temporary, name) == 0 && sync_folder(name))
		return true;
	return fail_copy(name, strerror(errno), error);
}

/* Copies the database, as it was before the transaction, to FILE.bak, and syncs it. A file of that
 * name is replaced when it is a database of ours, else refused. */
static bool back_up(struct store *store, struct error *error)
{
	const char *database = sqlite3_db_filename(store->db, "main");
	struct strbuf name = STRBUF_INIT;
	struct strbuf temporary = STRBUF_INIT;
	bool made;

	strbuf_add_format(&name, "%s.bak", database);
	strbuf_add_format(&temporary, "%s.bak-new", database);
	if (name.failed || temporary.failed)
		made = error_set_memory(error);
	else
		made = check_place(name.data, error) &&
		       copy_to(database, name.data, temporary.data, error);
	if (!made)
		(void)unlink(temporary.data);
	strbuf_release(&name);
	strbuf_release(&temporary);
	return made;
}

/* ---- from version to version ---- */

static bool make(
    struct store *store, const struct schema_step *all, size_t count, struct error *error)
{
	char sql[64];

	for (size_t i = 0; i < count; i++)
		if (!store_execute(store, all[i].sql, error))
			return false;
	(void)sqlite3_snprintf(
	    sizeof(sql), sql, "PRAGMA user_version = %d", all[count - 1].version);
	return store_execute(store, sql, error);
}

static bool make_new(
    struct store *store, const struct schema_step *all, size_t count, struct error *error)
{
	char sql[64];

	if ((store->flags & STORE_WRITE) == 0)
		return error_set(error, ERROR_STORE,
		    "database '%s' is empty: a run with logs fills it", store->path);
	(void)sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d", APPLICATION_ID);
	return store_execute(store, sql, error) && make(store, all, count, error);
}

static bool make_newer(struct store *store, int64_t version, const struct schema_step *all,
    size_t count, struct error *error)
{
	if ((store->flags & STORE_WRITE) == 0)
		return error_set(error, ERROR_STORE,
		    "database '%s' was made by an older release: a run with logs brings it up to "
		    "date",
		    store->path);
	while (count > 0 && all[0].version <= version) {
		all++;
		count--;
	}
	if ((store->flags & STORE_DRY_RUN) == 0) {
		if (!back_up(store, error))
			return false;
		store->is_updated = true;
	}
	return make(store, all, count, error);
}

bool store_schema_bring(
    struct store *store, const struct schema_step *all, size_t count, struct error *error)
{
	int newest = all[count - 1].version;
	int64_t application;
	int64_t version;
	int64_t objects;

	if (!ask(store, "PRAGMA application_id", &application, error) ||
	    !ask(store, "PRAGMA user_version", &version, error) ||
	    !ask(store, "SELECT count(*) FROM sqlite_schema", &objects, error))
		return false;
	if (application == 0 && version == 0 && objects == 0)
		return make_new(store, all, count, error);
	if (application != APPLICATION_ID)
		return error_set(error, ERROR_STORE,
		    "'%s' is a database of another program: name another file", store->path);
	if (version > newest)
		return error_set(error, ERROR_STORE,
		    "database '%s' was made by a newer release (schema %lld, this one knows %d): "
		    "use that one",
		    store->path, (long long)version, newest);
	if (version < all[0].version)
		return store_damaged(store, NULL, 0, error);
	return version == newest || make_newer(store, version, all, count, error);
}

bool store_schema_prepare(struct store *store, struct error *error)
{
	return store_schema_bring(store, steps, STEP_COUNT, error) && check_tables(store, error);
}

/* ---- what was changed by hand ---- */

/* ", column, ..." of all columns but the checksum, in their order. */
static bool list_columns(
    struct store *store, const char *table, struct strbuf *columns, struct error *error)
{
	enum row_result result;
	struct row row;

	if (!row_init(&row, store, "",
	        "SELECT name FROM pragma_table_info(?1) WHERE name <> 'checksum' ORDER BY cid",
	        error))
		return false;
	row_bind_text(&row, 1, table);
	while ((result = row_read(&row, error)) == ROW_READ)
		strbuf_add_format(columns, ", \"%s\"", row_get_text(&row));
	row_release(&row);
	return result == ROW_END;
}

/* Gives the rows of a table whose checksums are wrong the right ones. */
static bool accept_rows(struct store *store, const char *table, int *count, struct error *error)
{
	struct strbuf columns = STRBUF_INIT;
	struct strbuf sql = STRBUF_INIT;
	bool accepted = list_columns(store, table, &columns, error);

	if (accepted)
		strbuf_add_format(&sql,
		    "UPDATE %s SET checksum = checksum_of('%s'%s) "
		    "WHERE checksum <> checksum_of('%s'%s);",
		    table, table, columns.data, table, columns.data);
	if (columns.failed || sql.failed)
		accepted = error_set_memory(error);
	accepted = accepted && store_execute(store, sql.data, error);
	*count = accepted ? sqlite3_changes(store->db) : 0;
	strbuf_release(&columns);
	strbuf_release(&sql);
	return accepted;
}

bool store_accept(struct store *store, struct strbuf *accepted, struct error *error)
{
	if (!row_define_checksum(store, error))
		return false;
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		int count;

		if (!accept_rows(store, tables[i], &count, error))
			return false;
		if (count > 0)
			strbuf_add_format(accepted, "%s%d in table %s",
			    accepted->len == 0 ? "" : ", ", count, tables[i]);
	}
	if (accepted->failed)
		return error_set_memory(error);
	return accepted->len == 0 || back_up(store, error);
}
