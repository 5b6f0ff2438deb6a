/*
 * Owns the copy of a database that is made before its tables change. Must not know why they do.
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

static bool fail(const char *name, const char *reason, struct error *error)
{
	return error_set(error, ERROR_STORE,
	    "cannot make '%s', the copy of the database that is made before it is brought up to "
	    "date: %s; the database is as it was",
	    name, reason);
}

/* What stands there may be replaced when it is a database of ours: a copy of before. */
static bool check_place(const char *name, int64_t application, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	struct stat status;
	sqlite3 *db = NULL;
	bool is_ours;

	if (lstat(name, &status) != 0)
		return errno == ENOENT || fail(name, strerror(errno), error);
	is_ours =
	    S_ISREG(status.st_mode) &&
	    sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "PRAGMA application_id", -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_int64(statement, 0) == application;
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return is_ours || fail(name, "another file has that name: move it away", error);
}

static int copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int result = backup == NULL ? sqlite3_errcode(to) : sqlite3_backup_step(backup, -1);
	int end = sqlite3_backup_finish(backup);

	return result != SQLITE_DONE ? result : end;
}

/* A transaction cannot be copied from: a second connection sees what was before it. SQLite syncs
 * what it has copied. */
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
	return result == SQLITE_OK || fail(shown, sqlite3_errstr(result), error);
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

/* The copy has its name only when it is whole; it is not for more eyes than the database. */
static bool copy_to(
    const char *database, const char *name, const char *temporary, struct error *error)
{
	struct stat status;
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool made = fd >= 0 && stat(database, &status) == 0 &&
	            fchmod(fd, status.st_mode & 0777) == 0 && close(fd) == 0;

	if (!made)
		return fail(name, strerror(errno), error);
	if (!copy(database, temporary, name, error))
		return false;
	if (rename(temporary, name) == 0 && sync_folder(name))
		return true;
	return fail(name, strerror(errno), error);
}

bool store_back_up(struct store *store, int64_t application, struct error *error)
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
		made = check_place(name.data, application, error) &&
		       copy_to(database, name.data, temporary.data, error);
	if (!made)
		(void)unlink(temporary.data);
	store->is_updated = made;
	strbuf_release(&name);
	strbuf_release(&temporary);
	return made;
}
