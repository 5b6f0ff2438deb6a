/*
 * Owns how values become columns and come back from them, the checksum of a row, and what all
 * cursors have in common. Must not know what the rows mean.
 *
 * A row's checksum is made of its values as they are put or got, each with its type and length, and
 * of the table's name.
 */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "store/store_parts.h"

#define MILLISECONDS 1000
#define CHECKSUM_SEED 0x6a67616e6e6f7461u

bool row_init(
    struct row *row, struct store *store, const char *table, const char *sql, struct error *error)
{
	memset(row, 0, sizeof(*row));
	row->store = store;
	row->table = table;
	row->sum = CHECKSUM_SEED;
	if (sqlite3_prepare_v2(store->db, sql, -1, &row->statement, NULL) == SQLITE_OK)
		return true;
	return store_fail(store, "read", error);
}

void row_release(struct row *row)
{
	(void)sqlite3_finalize(row->statement);
	row->statement = NULL;
}

/* Type and length stand before a value, so that no two rows look the same. */
static void add(struct row *row, char type, const void *bytes, size_t length)
{
	uint64_t head[2] = { (uint64_t)type, length };

	row->sum = XXH64(head, sizeof(head), row->sum);
	if (length > 0)
		row->sum = XXH64(bytes, length, row->sum);
}

/* The checksum of what was added; the next row begins anew. */
static int64_t take_sum(struct row *row)
{
	int64_t value;

	add(row, 't', row->table, strlen(row->table));
	memcpy(&value, &row->sum, sizeof(value));
	row->sum = CHECKSUM_SEED;
	return value;
}

/* ---- in ---- */

void row_put_integer(struct row *row, int64_t value)
{
	add(row, 'i', &value, sizeof(value));
	(void)sqlite3_bind_int64(row->statement, ++row->column, value);
}

void row_put_count(struct row *row, uint64_t value)
{
	row_put_integer(row, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

void row_put_time(struct row *row, int64_t value)
{
	if (value != INT64_MIN) {
		row_put_integer(row, value);
		return;
	}
	add(row, 'n', NULL, 0);
	(void)sqlite3_bind_null(row->statement, ++row->column);
}

void row_put_seconds(struct row *row, int64_t milliseconds)
{
	row_put_time(row, milliseconds == INT64_MIN ? INT64_MIN : milliseconds / MILLISECONDS);
}

void row_put_bytes(struct row *row, const char *bytes, size_t length)
{
	if (bytes == NULL) {
		row_put_time(row, INT64_MIN);
		return;
	}
	add(row, 's', bytes, length);
	/* the bytes need not be valid UTF-8: SQLite keeps them as they are */
	if (sqlite3_bind_text64(row->statement, ++row->column, bytes, length, SQLITE_TRANSIENT,
	        SQLITE_UTF8) != SQLITE_OK)
		row->has_no_memory = true;
}

void row_put_text(struct row *row, const char *text)
{
	row_put_bytes(row, text, strlen(text));
}

bool row_write(struct row *row, struct error *error)
{
	int result;

	(void)sqlite3_bind_int64(row->statement, ++row->column, take_sum(row));
	if (row->has_no_memory)
		return error_set_memory(error);
	result = sqlite3_step(row->statement);
	row->column = 0;
	if (result == SQLITE_DONE && sqlite3_reset(row->statement) == SQLITE_OK)
		return true;
	return store_fail(row->store, "write", error);
}

bool row_finish(struct row *row, struct error *error)
{
	bool written = row_write(row, error);

	row_release(row);
	return written;
}

/* ---- out ---- */

void row_rewind(struct row *row)
{
	(void)sqlite3_reset(row->statement);
	row->sum = CHECKSUM_SEED;
}

enum row_result row_read(struct row *row, struct error *error)
{
	int result;

	if (row->has_no_memory) {
		(void)error_set_memory(error);
		return ROW_ERROR;
	}
	result = sqlite3_step(row->statement);
	row->column = 0;
	row->is_wrong = false;
	if (result == SQLITE_ROW)
		return ROW_READ;
	if (result == SQLITE_DONE)
		return ROW_END;
	(void)store_fail(row->store, "read", error);
	return ROW_ERROR;
}

int64_t row_get_integer(struct row *row, int64_t min, int64_t max)
{
	int column = row->column++;
	int64_t value = sqlite3_column_int64(row->statement, column);

	if (sqlite3_column_type(row->statement, column) != SQLITE_INTEGER || value < min ||
	    value > max) {
		row->is_wrong = true;
		return min;
	}
	add(row, 'i', &value, sizeof(value));
	return value;
}

uint64_t row_get_count(struct row *row)
{
	return (uint64_t)row_get_integer(row, 0, INT64_MAX);
}

static bool take_null(struct row *row)
{
	if (sqlite3_column_type(row->statement, row->column) != SQLITE_NULL)
		return false;
	row->column++;
	add(row, 'n', NULL, 0);
	return true;
}

int64_t row_get_time(struct row *row)
{
	return take_null(row) ? INT64_MIN : row_get_integer(row, INT64_MIN + 2, INT64_MAX);
}

int64_t row_get_seconds(struct row *row)
{
	int64_t seconds = row_get_time(row);

	if (seconds == INT64_MIN)
		return seconds;
	if (seconds > INT64_MAX / MILLISECONDS || seconds < INT64_MIN / MILLISECONDS) {
		row->is_wrong = true;
		return 0;
	}
	return seconds * MILLISECONDS;
}

const char *row_get_bytes(struct row *row, size_t *length)
{
	const char *text;

	*length = 0;
	if (take_null(row))
		return NULL;
	if (sqlite3_column_type(row->statement, row->column) != SQLITE_TEXT)
		row->is_wrong = true;
	text = (const char *)sqlite3_column_text(row->statement, row->column);
	*length = (size_t)sqlite3_column_bytes(row->statement, row->column);
	row->column++;
	if (text == NULL) {
		row->is_wrong = true;
		row->has_no_memory = sqlite3_errcode(row->store->db) == SQLITE_NOMEM;
		return "";
	}
	add(row, 's', text, *length);
	return text;
}

const char *row_get_text(struct row *row)
{
	size_t length;

	return row_get_bytes(row, &length);
}

/* What a column holds, as a condition of SQL. */
static void name_value(const struct row *row, int column, char *text, int size)
{
	sqlite3_stmt *statement = row->statement;
	const char *name = sqlite3_column_name(statement, column);

	if (sqlite3_column_type(statement, column) == SQLITE_INTEGER)
		(void)sqlite3_snprintf(
		    size, text, "%s = %lld", name, sqlite3_column_int64(statement, column));
	else
		(void)sqlite3_snprintf(
		    size, text, "%s = %.60Q", name, sqlite3_column_text(statement, column));
}

bool row_check(struct row *row, struct error *error)
{
	int64_t id = sqlite3_column_int64(row->statement, 0);
	int64_t kept = sqlite3_column_int64(row->statement, row->column);
	int64_t sum = take_sum(row);
	char first[128];
	char second[128];

	if (row->has_no_memory)
		return error_set_memory(error);
	if (row->is_wrong)
		return store_damaged(row->store, row->table, id, error);
	if (kept == sum)
		return true;
	/* in every table the first two columns tell which row it is */
	name_value(row, 0, first, sizeof(first));
	name_value(row, 1, second, sizeof(second));
	return store_changed(row->store, row->table, first, second, error);
}

/* The table's name, then the values. */
static void checksum_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct row row = { .table = (const char *)sqlite3_value_text(values[0]),
		.sum = CHECKSUM_SEED };

	for (int i = 1; i < count; i++) {
		int type = sqlite3_value_type(values[i]);
		int64_t integer = sqlite3_value_int64(values[i]);

		if (type == SQLITE_INTEGER)
			add(&row, 'i', &integer, sizeof(integer));
		else if (type == SQLITE_NULL)
			add(&row, 'n', NULL, 0);
		else
			add(&row, 's', sqlite3_value_text(values[i]),
			    (size_t)sqlite3_value_bytes(values[i]));
	}
	sqlite3_result_int64(context, take_sum(&row));
}

bool row_define_checksum(struct store *store, struct error *error)
{
	return sqlite3_create_function(store->db, "checksum_of", -1,
	           SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, checksum_of, NULL,
	           NULL) == SQLITE_OK ||
	       store_fail(store, "read", error);
}

void row_bind(struct row *row, int parameter, int64_t value)
{
	(void)sqlite3_bind_int64(row->statement, parameter, value);
}

void row_bind_text(struct row *row, int parameter, const char *text)
{
	if (sqlite3_bind_text(row->statement, parameter, text, -1, SQLITE_TRANSIENT) != SQLITE_OK)
		row->has_no_memory = true;
}

bool store_change(
    struct store *store, const char *sql, const int64_t *values, int count, struct error *error)
{
	struct row row;
	bool changed;

	if (!row_init(&row, store, "", sql, error))
		return false;
	for (int i = 0; i < count; i++)
		row_bind(&row, i + 1, values[i]);
	changed = row_read(&row, error) == ROW_END;
	row_release(&row);
	return changed;
}

/* ---- cursors ---- */

struct store_cursor *store_cursor_new(
    struct store *store, const struct store_range *range, struct error *error)
{
	struct store_cursor *cursor = calloc(1, sizeof(*cursor));

	if (cursor == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	cursor->store = store;
	cursor->range =
	    range != NULL ? *range : (struct store_range){ .since = INT64_MIN, .until = INT64_MIN };
	return cursor;
}

bool store_cursor_end(struct store_cursor *cursor)
{
	bool is_whole = cursor != NULL && !cursor->has_failed;

	if (cursor != NULL) {
		row_release(&cursor->row);
		free(cursor->runs);
	}
	free(cursor);
	return is_whole;
}

bool store_cursor_begin(struct store_cursor *cursor, const char *table, const char *sql,
    const int64_t *values, int count, struct error *error)
{
	if (cursor == NULL || cursor->has_failed)
		return false;
	if (cursor->row.store != NULL)
		return true;
	cursor->has_failed = !row_init(&cursor->row, cursor->store, table, sql, error);
	for (int i = 0; i < count && !cursor->has_failed; i++)
		row_bind(&cursor->row, i + 1, values[i]);
	return !cursor->has_failed;
}

bool store_cursor_read(struct store_cursor *cursor, const char *table, const char *sql,
    const int64_t *values, int count, struct error *error)
{
	enum row_result result;

	if (!store_cursor_begin(cursor, table, sql, values, count, error))
		return false;
	result = row_read(&cursor->row, error);
	cursor->has_failed = result == ROW_ERROR;
	return result == ROW_READ;
}

bool store_cursor_check(struct store_cursor *cursor, struct error *error)
{
	cursor->has_failed = !row_check(&cursor->row, error);
	return !cursor->has_failed;
}
