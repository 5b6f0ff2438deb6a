/*
 * Owns the opening, closing and committing of the database, who else may change it, and why SQLite
 * failed. Must not know its tables.
 *
 * Who writes holds SQLite's write lock from the first moment on (BEGIN IMMEDIATE), so that two runs
 * never count the same lines; readers go on meanwhile. A rollback journal makes the commit one
 * step.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/strbuf.h"
#include "store/store_parts.h"

/* How long a commit waits for those who read. */
#define READERS_MILLISECONDS 60000
/* How long a run waits for one that only saves what it follows, before it is refused. */
#define WRITERS_MILLISECONDS 1000

#define RESTORE \
	"put back a copy of it (an older one is right, too, while its logs are there), " \
	"or move it away and begin anew"

bool store_damaged(const struct store *store, const char *table, int64_t id, struct error *error)
{
	if (table == NULL)
		return error_set(
		    error, ERROR_STORE, "database '%s' is damaged: " RESTORE, store->path);
	return error_set(error, ERROR_STORE,
	    "database '%s' is damaged in table %s, row %lld: " RESTORE, store->path, table,
	    (long long)id);
}

bool store_changed(const struct store *store, const char *table, const char *first,
    const char *second, struct error *error)
{
	return error_set(error, ERROR_STORE,
	    "database '%s' is damaged, or somebody changed it by hand: in table %s the row where "
	    "%s and %s is not as it was written; if you changed it, run once with --accept; "
	    "else " RESTORE,
	    store->path, table, first, second);
}

bool store_fail(const struct store *store, const char *what, struct error *error)
{
	int code = store->db == NULL ? SQLITE_NOMEM : sqlite3_extended_errcode(store->db);
	int errnum = store->db == NULL ? 0 : sqlite3_system_errno(store->db);

	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return error_set_memory(error);
	case SQLITE_BUSY:
		return error_set(error, ERROR_STORE,
		    "database '%s' is in use by another run: try again later, or wait for it with "
		    "--wait",
		    store->path);
	case SQLITE_ERROR: /* it has not the tables and columns that it was made with */
	case SQLITE_CORRUPT:
	case SQLITE_FORMAT:
		return store_damaged(store, NULL, 0, error);
	case SQLITE_NOTADB:
		return error_set(error, ERROR_STORE,
		    "'%s' is no database, or a damaged one: name another file, or " RESTORE,
		    store->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY)
			return error_set(error, ERROR_STORE,
			    "a run was ended while it wrote to database '%s': who may write to it "
			    "must run once to put it right",
			    store->path);
		return error_set(error, ERROR_STORE, "cannot %s database '%s': %s%s", what,
		    store->path, errnum != 0 ? strerror(errnum) : sqlite3_errmsg(store->db),
		    (store->flags & STORE_WRITE) != 0 ? "; its folder must be writable, too" : "");
	case SQLITE_FULL:
		return error_set(error, ERROR_SYSTEM,
		    "cannot write database '%s': %s; it is as it was before this run", store->path,
		    strerror(ENOSPC));
	default:
		return error_set(error, ERROR_SYSTEM, "cannot %s database '%s': %s", what,
		    store->path, errnum != 0 ? strerror(errnum) : sqlite3_errmsg(store->db));
	}
}

bool store_execute(struct store *store, const char *sql, struct error *error)
{
	int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	store->is_busy = (code & 0xff) == SQLITE_BUSY;
	return code == SQLITE_OK || store_fail(store, "write", error);
}

/* ---- opening ---- */

/* A link could lead to any file, and a device or FIFO is no place for a database. */
static bool check_file(const char *path, const char *shown, bool *exists, struct error *error)
{
	struct stat status;

	*exists = lstat(path, &status) == 0;
	if (!*exists)
		return errno == ENOENT ||
		       (error_set_errno(error, errno, "cannot open database '%s'", shown),
		           error->kind = ERROR_STORE, false);
	if (S_ISREG(status.st_mode) && status.st_nlink == 1)
		return true;
	return error_set(error, ERROR_STORE, "database '%s' is %s: name a file of its own", shown,
	    S_ISLNK(status.st_mode)   ? "a symbolic link"
	    : S_ISREG(status.st_mode) ? "a file with several names (hard links)"
	    : S_ISDIR(status.st_mode) ? "a directory"
	                              : "no regular file");
}

/* The path without symbolic links in its folders, and with no meaning to SQLite but that of a
 * path. */
static char *resolve(const char *path, struct error *error)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL   ? strdup(".")
	               : slash == path ? strdup("/")
	                               : strndup(path, (size_t)(slash - path));
	char *real = folder == NULL ? NULL : realpath(folder, NULL);
	struct strbuf text = STRBUF_INIT;
	int errnum = errno;
	char *resolved = NULL;

	if (real != NULL)
		strbuf_add_format(&text, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
		    slash == NULL ? path : slash + 1);
	if (real != NULL && !text.failed)
		resolved = strdup(text.data);
	if (folder != NULL && real == NULL) {
		error_set_errno(error, errnum, "cannot open database '%s'", path);
		error->kind = ERROR_STORE;
	} else if (resolved == NULL) {
		error_set_memory(error);
	}
	strbuf_release(&text);
	free(folder);
	free(real);
	return resolved;
}

static bool make_file(const char *real, const char *shown, struct error *error)
{
	int fd = open(real, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);

	if (fd >= 0 && close(fd) == 0)
		return true;
	error_set_errno(error, errno, "cannot make database '%s'", shown);
	error->kind = ERROR_STORE;
	return false;
}

/* The folder of an absolute path, to be freed; NULL: there is no memory. */
static char *folder_of(const char *real)
{
	const char *slash = strrchr(real, '/');

	return strndup(real, slash == real ? 1 : (size_t)(slash - real));
}

/* SQLite opens what it may not write for reading, and says so when all work is done. Beside the
 * database it makes its journal. */
static bool check_writable(const struct store *store, const char *real, struct error *error)
{
	char *folder = folder_of(real);
	bool writable = folder != NULL && access(real, W_OK) == 0;

	if (folder == NULL)
		return error_set_memory(error);
	if (!writable)
		(void)error_set(error, ERROR_STORE,
		    "cannot write database '%s': %s; without logs it is only read", store->path,
		    strerror(errno));
	else if (access(folder, W_OK | X_OK) != 0)
		writable = error_set(error, ERROR_STORE,
		    "cannot write database '%s': its folder: %s; without logs it is only read",
		    store->path, strerror(errno));
	free(folder);
	return writable;
}

static bool check_files(struct store *store, const char *real, bool *exists, struct error *error)
{
	struct strbuf journal = STRBUF_INIT;
	bool has_journal;
	bool fine;

	if (!check_file(real, store->path, exists, error))
		return false;
	strbuf_add_format(&journal, "%s-journal", real);
	fine = !journal.failed && check_file(journal.data, journal.data, &has_journal, error);
	if (journal.failed)
		(void)error_set_memory(error);
	strbuf_release(&journal);
	return fine;
}

static const char pragmas[] =
    "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA cache_spill = OFF;"
    "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";

static bool connect(struct store *store, const char *real, struct error *error)
{
	bool writes = (store->flags & STORE_WRITE) != 0;
	int mode = writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

	if (real == NULL)
		mode |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(real == NULL ? ":memory:" : real, &store->db,
	        mode | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE, NULL) != SQLITE_OK)
		return store_fail(store, "open", error);
	(void)sqlite3_extended_result_codes(store->db, 1);
	/* the first statement that reads the file says whether it is one */
	(void)sqlite3_busy_timeout(store->db,
	    !writes || (store->flags & STORE_WAIT) != 0 ? INT_MAX : WRITERS_MILLISECONDS);
	if (!writes)
		return store_execute(store, "PRAGMA trusted_schema = OFF; BEGIN;", error);
	return store_execute(store, pragmas, error) && store_begin(store, error);
}

/* Who else may change the database, by an absolute path. */
static const char *find_exposure(const char *real)
{
	char *folder = folder_of(real);
	const char *exposure = NULL;
	struct stat file;
	struct stat around;

	if (folder != NULL && lstat(real, &file) == 0 && stat(folder, &around) == 0) {
		if ((file.st_mode & S_IWOTH) != 0)
			exposure = "anybody may write to it: chmod o-w";
		else if (geteuid() == 0 && file.st_uid != 0)
			exposure = "it belongs to another user, who may change the counts";
		else if ((around.st_mode & S_IWOTH) != 0)
			exposure = "anybody may write to its folder, where a forged journal would "
			           "change it: choose another";
	}
	free(folder);
	return exposure;
}

static bool open_file(struct store *store, struct error *error)
{
	char *real = resolve(store->path, error);
	bool writes = (store->flags & STORE_WRITE) != 0;
	bool dry = (store->flags & STORE_DRY_RUN) != 0;
	bool exists = false;
	bool opened;

	if (real == NULL)
		return false;
	opened = check_files(store, real, &exists, error);
	if (opened && !exists && !writes)
		opened = error_set(error, ERROR_STORE,
		    "there is no database '%s': a run with logs makes it", store->path);
	if (opened && !exists && !dry)
		opened = make_file(real, store->path, error);
	if (opened && writes && (exists || !dry))
		opened = check_writable(store, real, error);
	opened = opened && connect(store, !exists && dry ? NULL : real, error) &&
	         store_schema_prepare(store, error);
	if (opened && writes && !dry)
		store->exposure = find_exposure(real);
	free(real);
	return opened;
}

struct store *store_open(const char *path, unsigned flags, struct error *error)
{
	struct store *store = calloc(1, sizeof(*store));

	if (store != NULL)
		store->path = strdup(path);
	if (store == NULL || store->path == NULL) {
		store_close(store);
		error_set_memory(error);
		return NULL;
	}
	store->flags = flags;
	if (*path == '\0') {
		store_close(store);
		error_set(error, ERROR_USAGE, "--db needs a file's name");
		return NULL;
	}
	if (!open_file(store, error)) {
		store_close(store);
		return NULL;
	}
	return store;
}

bool store_is_updated(const struct store *store)
{
	return store->is_updated;
}

const char *store_exposure(const struct store *store)
{
	return store->exposure;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	/* what was not committed is rolled back */
	(void)sqlite3_close(store->db);
	store_forget_epochs(store);
	free(store->path);
	free(store);
}

/* ---- transactions ---- */

bool store_begin(struct store *store, struct error *error)
{
	bool is_often = (store->flags & STORE_OFTEN) != 0;

	if (store->in_transaction)
		return true;
	(void)sqlite3_busy_timeout(store->db, is_often && store->was_begun ? 0
	                                      : (store->flags & STORE_WAIT) != 0
	                                          ? INT_MAX
	                                          : WRITERS_MILLISECONDS);
	store->in_transaction = store_execute(store, "BEGIN IMMEDIATE;", error);
	(void)sqlite3_busy_timeout(
	    store->db, is_often ? WRITERS_MILLISECONDS : READERS_MILLISECONDS);
	store->was_begun |= store->in_transaction;
	return store->in_transaction;
}

bool store_is_busy(const struct store *store)
{
	return store->is_busy;
}

bool store_commit(struct store *store, struct error *error)
{
	if ((store->flags & STORE_DRY_RUN) != 0)
		return true;
	if (!store_execute(store, "COMMIT;", error))
		return false;
	store->in_transaction = false;
	return true;
}

void store_rollback(struct store *store)
{
	struct error ignored = ERROR_INIT;

	if (store->in_transaction)
		(void)store_execute(store, "ROLLBACK;", &ignored);
	store->in_transaction = false;
}

bool store_hold(struct store *store, struct error *error)
{
	if (store->in_transaction || (store->flags & STORE_WRITE) == 0)
		return true;
	return store_execute(store, "BEGIN;", error);
}

void store_release(struct store *store)
{
	struct error ignored = ERROR_INIT;

	if (store->in_transaction || (store->flags & STORE_WRITE) == 0)
		return;
	/* Nothing was written, so both end it alike. When one fails, since there is no memory,
	 * the other is tried: the next transaction could not begin inside this one. */
	if (!store_execute(store, "COMMIT;", &ignored))
		(void)store_execute(store, "ROLLBACK;", &ignored);
}
