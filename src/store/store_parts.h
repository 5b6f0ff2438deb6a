#ifndef JGANNOTATE_STORE_STORE_PARTS_H
#define JGANNOTATE_STORE_STORE_PARTS_H

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

/*
 * The database, shared by its parts: store.c opens and closes it, store_schema.c makes its
 * tables, store_backup.c copies it, store_row.c reads and writes rows: these know SQLite.
 * store_epoch.c, store_generations.c, store_runs.c, store_counts.c (with store_count.c),
 * store_gaps.c and store_totals.c, store_reports.c and store_meaning.c know one kind of rows each.
 * Nobody else includes this.
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
	bool is_busy;      /* the last statement that store_execute could not do: others use it */
	bool is_updated;   /* from an older schema, after a copy */
	int64_t epoch;     /* 0: none yet */
	const char *rules; /* of this release; NULL: no epoch was chosen */
	struct store_options options; /* of the epoch */
	struct store_epoch *series; /* the epoch and those before it that differ in rules alone; */
	size_t series_count;        /* latest first */
};

/* store.c: why the last call of SQLite failed, in words; `what` is "read" or "write".
 * Returns false. */
bool store_fail(const struct store *store, const char *what, struct error *error);

/* store.c: "database 'x' is damaged: ..." Returns false. */
bool store_damaged(const struct store *store, const char *table, int64_t id, struct error *error);

/* store.c: statements without values or rows. */
bool store_execute(struct store *store, const char *sql, struct error *error);

/* store_epoch.c: whether reports go back to this epoch; the rules of one that they do; and all that
 * is known of epochs, to be forgotten. */
bool store_is_in_series(const struct store *store, int64_t epoch);
const char *store_rules_of(const struct store *store, int64_t epoch);
void store_forget_epochs(struct store *store);

/* store_exposure.c: see store_exposure; of an absolute path. */
const char *store_find_exposure(const char *real);

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

/* store_backup.c: copies the database, as it was before the transaction, to FILE.bak, and syncs
 * it. A file of that name is replaced when its application_id is `application`, else refused. */
bool store_back_up(struct store *store, int64_t application, struct error *error);

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
	bool is_wrong;      /* a value that cannot be */
	bool has_no_memory; /* for a value: nothing is to be made of the row */
};

/* Prepares a statement that takes or gives rows of `table`. False (and `error`) on failure. */
bool row_init(
    struct row *row, struct store *store, const char *table, const char *sql, struct error *error);
void row_release(struct row *row);

/* The statement from its front, for other parameters. */
void row_rewind(struct row *row);

/* In: the values in the order of the columns, then row_write. */
void row_put_integer(struct row *row, int64_t value);
void row_put_count(struct row *row, uint64_t value);                 /* stops at 2^63-1 */
void row_put_time(struct row *row, int64_t value);                   /* INT64_MIN is NULL */
void row_put_text(struct row *row, const char *text, size_t length); /* NULL is NULL */
bool row_write(struct row *row, struct error *error);

/* Out: row_read moves to the next row; then its values in the same order, then row_check.
 * Texts live until the next row_read. Integers outside of [min, max] make the row wrong. */
enum row_result { ROW_READ, ROW_END, ROW_ERROR };
enum row_result row_read(struct row *row, struct error *error);
int64_t row_get_integer(struct row *row, int64_t min, int64_t max);
uint64_t row_get_count(struct row *row);
int64_t row_get_time(struct row *row);
const char *row_get_text(struct row *row, size_t *length); /* NULL is NULL; else NUL-ended */
bool row_check(struct row *row, struct error *error);

/* Parameters of a query, from 1. */
void row_bind(struct row *row, int parameter, int64_t value);
void row_bind_text(struct row *row, int parameter, const char *text);

/* ---- runs and their counts ---- */

/* store_runs.c: calls `take` for each run of all epochs; it may change them. */
bool store_visit_all_runs(struct store *store,
    bool (*take)(void *context, const struct store_run *run, struct error *error), void *context,
    struct error *error);
bool store_update_run(struct store *store, const struct store_run *run, struct error *error);
/* With its gaps; its counts must be gone. */
bool store_drop_run(struct store *store, int64_t id, struct error *error);

/* store_counts.c: the rows of a run, as sorted, numbered from 1; all of them. */
bool store_insert_counts(struct store *store, int64_t run, const struct count *counts, size_t count,
    struct error *error);
bool store_read_run_counts(struct store *store, const struct store_run *run,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error);
bool store_delete_counts(struct store *store, const struct store_run *run, struct error *error);

/* store_count.c: the time as it orders counts: INT64_MAX where it is not known. */
int64_t store_count_place(const struct count *count);
/* Sorts by time and adds what is the same; returns how many are left. */
size_t store_sort_counts(struct count *counts, size_t count);
void store_put_count(struct row *row, int64_t run, int64_t number, const struct count *count);
/* A row that must have that number; the group lives until the next one. */
bool store_get_count(
    struct row *row, int64_t run, int64_t number, struct count *count, struct error *error);
const char *store_class_name(enum hit_class hit_class);
int store_find_class(const char *name);     /* -1: it is none */
uint64_t store_add(uint64_t a, uint64_t b); /* stops at 2^63-1 */

/* store_reports.c: the latest run that announced a report, 0: none did; that it is delivered; and
 * what store_drop_old says of reports. */
bool store_read_announced(struct store *store, int64_t *run, struct error *error);
bool store_deliver_report(struct store *store, int64_t run, struct error *error);
bool store_drop_reports(struct store *store, int64_t oldest, struct error *error);

/* store_totals.c */
bool store_add_total(
    struct store *store, const char *what, int64_t code, uint64_t count, struct error *error);
bool store_add_totals(
    struct store *store, const struct count *counts, size_t count, struct error *error);

#endif
