#ifndef JGANNOTATE_STORE_STORE_PARTS_H
#define JGANNOTATE_STORE_STORE_PARTS_H

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

/*
 * What the files of the database share; tests include it, too. store.c opens and closes it,
 * store_schema.c makes its tables, store_row.c reads and writes rows: these know SQLite. The others
 * know what the rows mean: store_epoch.c (what the counts were made with), store_generations.c
 * (logs and their files), store_runs.c (runs, their gaps and the windows they reported),
 * store_counts.c (counts and totals), store_meaning.c (what codes mean to those who read it
 * themselves).
 */
struct store_kept_option {
	char *name, *value;
};

struct store_options {
	struct store_kept_option *items;
	size_t count;
};

/* An epoch that reports go back to. */
struct store_epoch {
	int64_t id;
	char *rules;
};

struct store {
	struct sqlite3 *db;
	char *path; /* as given, for messages */
	unsigned flags;
	const char *exposure; /* of the file; NULL: none */
	bool in_transaction, was_begun;
	bool
	    is_busy; /* the last statement of store_execute failed, since others use the database */
	bool is_updated;              /* from an older schema, after a copy */
	int64_t epoch;                /* 0: none yet */
	const char *rules;            /* of this release; NULL: no epoch was chosen */
	struct store_options options; /* of the epoch */
	struct store_epoch *series; /* the epoch and those before it that differ in rules alone; */
	size_t series_count;        /* latest first */
};

/* store.c: why the last call of SQLite failed, in words; `what` is "read" or "write".
 * Returns false. */
bool store_fail(const struct store *store, const char *what, struct error *error);

/* store.c: "database 'x' is damaged: ..." Returns false. */
bool store_damaged(const struct store *store, const char *table, int64_t id, struct error *error);

/* store.c: the same of a row whose values could be right, but not with its checksum: somebody may
 * have changed it by hand, and is told how to have it accepted. Both conditions together say which
 * row: "run = 4", "number = 7". */
bool store_changed(const struct store *store, const char *table, const char *first,
    const char *second, struct error *error);

/* store.c: statements without values or rows. */
bool store_execute(struct store *store, const char *sql, struct error *error);

/* store_epoch.c: the rules of an epoch that reports go back to; NULL: they do not. And all that is
 * known of epochs, to be forgotten. */
const char *store_rules_of(const struct store *store, int64_t epoch);
void store_forget_epochs(struct store *store);

/* store_schema.c: makes the tables in an empty database, or checks that they are ours and sound,
 * and brings an older schema up to date. */
bool store_schema_prepare(struct store *store, struct error *error);

/* The same with other steps, without a look into the tables; versions ascend, the first is that
 * of the oldest schema. From one version to the next it goes in the store's transaction, after a
 * copy of the database was made. */
struct schema_step {
	int version;
	const char *sql;
};
bool store_schema_bring(
    struct store *store, const struct schema_step *all, size_t count, struct error *error);

/*
 * One row on its way in or out. Each table's last column is a checksum of all the others, in
 * their order: SQLite alone does not notice a flipped bit in a number.
 */
struct row {
	struct store *store;
	struct sqlite3_stmt *statement;
	const char *table;
	int column;
	uint64_t sum;       /* of the values so far */
	bool is_wrong;      /* a value has the wrong type, or is impossible */
	bool has_no_memory; /* for a text; what is known of the row is not to be used */
};

/* Prepares a statement that takes or gives rows of `table`. False (and `error`) on failure. */
bool row_init(
    struct row *row, struct store *store, const char *table, const char *sql, struct error *error);
void row_release(struct row *row);

/* Begins the statement anew, for other parameters. */
void row_rewind(struct row *row);

/* To write a row: the values in the order of the columns, then row_write. */
void row_put_integer(struct row *row, int64_t value);
void row_put_count(struct row *row, uint64_t value); /* stops at 2^63-1 */
void row_put_time(struct row *row, int64_t value);   /* INT64_MIN is NULL */
void row_put_seconds(
    struct row *row, int64_t milliseconds); /* kept in seconds; INT64_MIN is NULL */
void row_put_text(struct row *row, const char *text);
void row_put_bytes(struct row *row, const char *bytes, size_t length); /* NULL is NULL */
bool row_write(struct row *row, struct error *error);
bool row_finish(struct row *row, struct error *error); /* the only one: then released, too */

/* To read: row_read moves to the next row; then its values in the same order, then row_check.
 * Texts live until the next row_read. Integers outside of [min, max] make the row wrong. */
enum row_result { ROW_READ, ROW_END, ROW_ERROR };
enum row_result row_read(struct row *row, struct error *error);
int64_t row_get_integer(struct row *row, int64_t min, int64_t max);
uint64_t row_get_count(struct row *row);
int64_t row_get_time(struct row *row);
int64_t row_get_seconds(struct row *row);                   /* in milliseconds */
const char *row_get_text(struct row *row);                  /* NULL is NULL; else NUL-ended */
const char *row_get_bytes(struct row *row, size_t *length); /* the same of what may hold NULs */
bool row_check(struct row *row, struct error *error);

/* Makes the SQL function checksum_of(table, value, ...) known: what the last column of a row with
 * these values must be. */
bool row_define_checksum(struct store *store, struct error *error);

/* Parameters of a query, from 1. */
void row_bind(struct row *row, int parameter, int64_t value);
void row_bind_text(struct row *row, int parameter, const char *text);

/* A statement that changes rows, with `count` integers as its parameters. */
bool store_change(
    struct store *store, const char *sql, const int64_t *values, int count, struct error *error);

/* ---- cursors ---- */

/* The rows [next, end) of a run's counts. */
struct store_stretch {
	int64_t run, next, end;
	int64_t place; /* of the row before in the order of time */
};

struct store_cursor {
	struct store *store;
	struct store_range range;
	struct row row; /* store NULL: not begun */
	bool has_failed;
	struct store_run *runs; /* of runs and counts: all; NULL: not read yet */
	size_t run_count, next_run;
	struct store_stretch stretch;   /* of counts: where it is */
	int64_t timeless, timeless_end; /* of the same run, still to come: those without time */
};

/* store_next_... functions begin with one of these. Both prepare the statement, with `count`
 * integers as its parameters, when they are called first, and return false when the cursor has
 * failed. The second also moves to the next row, and returns false at the end; then the values
 * are got, and store_cursor_check is last. */
bool store_cursor_begin(struct store_cursor *cursor, const char *table, const char *sql,
    const int64_t *values, int count, struct error *error);
bool store_cursor_read(struct store_cursor *cursor, const char *table, const char *sql,
    const int64_t *values, int count, struct error *error);
bool store_cursor_check(struct store_cursor *cursor, struct error *error);

/* ---- runs and their counts ---- */

/* store_runs.c: writes the row of the run, in place of the one before. */
bool store_update_run(struct store *store, const struct store_run *run, struct error *error);

/* store_counts.c: a statement over counts, for the next two, which may be asked of many runs. */
bool store_begin_counts(struct row *row, struct store *store, struct error *error);

/* Whether the run has counts with a time in the range. */
bool store_has_counts(struct row *row, const struct store_run *run, const struct store_range *range,
    bool *has, struct error *error);

/* Drops the run's counts of before `oldest`, and `with_timeless` those without time. The numbers in
 * `run` are those that are left; its row is the caller's to write. */
bool store_drop_counts(struct row *row, struct store_run *run, int64_t oldest, bool with_timeless,
    struct error *error);

/* store_counts.c: adds to the rows of the run, which are written anew, and writes the run with
 * their numbers. */
bool store_add_counts(struct store *store, struct store_run *run, const struct count *counts,
    size_t count, struct error *error);

/* store_counts.c: adds to the running totals: one that is not of hits ("run", "gap", "line",
 * "byte"), or those of all these counts. And the sum of two numbers, which stops at 2^63-1. */
bool store_add_total(struct store *store, const char *what, uint64_t count, struct error *error);
bool store_add_totals(
    struct store *store, const struct count *counts, size_t count, struct error *error);
uint64_t store_add(uint64_t a, uint64_t b);

#endif
