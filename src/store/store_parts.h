#ifndef JGANNOTATE_STORE_STORE_PARTS_H
#define JGANNOTATE_STORE_STORE_PARTS_H

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

/*
 * The database, shared by its parts: store.c opens and closes it, store_schema.c makes its
 * tables, store_row.c reads and writes rows: these three know SQLite. store_epoch.c,
 * store_generations.c, store_runs.c and store_counts.c know one kind of rows each. Nobody else
 * includes this.
 */
struct store_kept_option {
	char *name, *value;
};

struct store {
	struct sqlite3 *db;
	char *path; /* as given, for messages */
	unsigned flags;
	bool in_transaction;
	int64_t epoch; /* 0: none yet */
	struct store_kept_option *options; /* of the epoch */
	size_t option_count;
};

/* store.c: why the last call of SQLite failed, in words; `what` is "read" or "write".
 * Returns false. */
bool store_fail(const struct store *store, const char *what, struct error *error);

/* store.c: "database 'x' is damaged: ..." Returns false. */
bool store_damaged(const struct store *store, const char *table, int64_t id, struct error *error);

/* store.c: statements without values or rows. */
bool store_execute(struct store *store, const char *sql, struct error *error);

/* store_schema.c: makes the tables in an empty database, or checks that they are ours and brings
 * an older schema up to date. */
bool store_schema_prepare(struct store *store, struct error *error);

/*
 * One row on its way in or out. Each table's last column is a checksum of all the others, in
 * their order: SQLite alone does not notice a flipped bit in a number.
 */
struct row {
	struct store *store;
	struct sqlite3_stmt *statement;
	const char *table;
	int column;
	uint64_t sum; /* of the values so far */
	bool is_wrong; /* a value that cannot be */
};

/* Prepares a statement that takes or gives rows of `table`. False (and `error`) on failure. */
bool row_init(struct row *row, struct store *store, const char *table, const char *sql,
    struct error *error);
void row_release(struct row *row);

/* In: the values in the order of the columns, then row_write. */
void row_put_integer(struct row *row, int64_t value);
void row_put_count(struct row *row, uint64_t value); /* stops at 2^63-1 */
void row_put_time(struct row *row, int64_t value);   /* INT64_MIN is NULL */
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

#endif
