/*
 * Owns the rows of logs and generations. Must not know how a file is matched with them.
 */
#include <stdlib.h>
#include <string.h>

#include "store/continuation.h"
#include "store/store_parts.h"

#define COLUMNS \
	"id, log, offset, head_high, head_low, tail_high, tail_low, device, inode, birth," \
	" size, mtime, ctime, finished, live, copy, last_time, seen, checksum"

/* The log's id; 0: it is not there yet. */
static bool find_log(
    struct store *store, const char *directory, const char *name, int64_t *id, struct error *error)
{
	struct row row;
	enum row_result result;
	bool found;

	*id = 0;
	if (!row_init(&row, store, "log",
	        "SELECT id, directory, name, checksum FROM log WHERE directory = ?1 AND name = ?2",
	        error))
		return false;
	row_bind_text(&row, 1, directory);
	row_bind_text(&row, 2, name);
	result = row_read(&row, error);
	found = result != ROW_ERROR;
	if (result == ROW_READ) {
		*id = row_get_integer(&row, 1, INT64_MAX);
		(void)row_get_text(&row);
		(void)row_get_text(&row);
		found = row_check(&row, error);
	}
	row_release(&row);
	return found;
}

bool store_next_log(struct store_cursor *cursor, struct store_log *log, struct error *error)
{
	if (!store_cursor_read(cursor, "log",
	        "SELECT id, directory, name, checksum FROM log ORDER BY id", NULL, 0, error))
		return false;
	(void)row_get_integer(&cursor->row, 1, INT64_MAX);
	log->directory = row_get_text(&cursor->row);
	log->name = row_get_text(&cursor->row);
	return store_cursor_check(cursor, error);
}

/* One more than the largest id of the table. */
static bool next_id(struct store *store, const char *sql, int64_t *id, struct error *error)
{
	struct row row;
	bool read;

	if (!row_init(&row, store, "", sql, error))
		return false;
	read = row_read(&row, error) == ROW_READ;
	*id = read ? row_get_integer(&row, 0, INT64_MAX - 1) + 1 : 0;
	row_release(&row);
	return read;
}

static bool reach_log(
    struct store *store, const char *directory, const char *name, int64_t *id, struct error *error)
{
	struct row row;

	if (!find_log(store, directory, name, id, error))
		return false;
	if (*id != 0)
		return true;
	if (!next_id(store, "SELECT coalesce(max(id), 0) FROM log", id, error) ||
	    !row_init(&row, store, "log", "INSERT INTO log VALUES (?, ?, ?, ?)", error))
		return false;
	row_put_integer(&row, *id);
	row_put_text(&row, directory);
	row_put_text(&row, name);
	return row_finish(&row, error);
}

bool store_knows_log(
    struct store *store, const char *directory, const char *name, bool *knows, struct error *error)
{
	int64_t id;

	if (!find_log(store, directory, name, &id, error))
		return false;
	*knows = id != 0;
	return true;
}

bool store_write_log(
    struct store *store, const char *directory, const char *name, struct error *error)
{
	int64_t id;

	return reach_log(store, directory, name, &id, error);
}

/* ---- the rows ---- */

static int64_t to_signed(uint64_t value)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static uint64_t get_bits(struct row *row)
{
	return (uint64_t)row_get_integer(row, INT64_MIN, INT64_MAX);
}

static void get_generation(struct row *row, struct generation *generation)
{
	memset(generation, 0, sizeof(*generation));
	generation->id = row_get_integer(row, 1, INT64_MAX);
	(void)row_get_integer(row, 1, INT64_MAX);
	generation->prefix.offset = row_get_count(row);
	generation->prefix.head.high = get_bits(row);
	generation->prefix.head.low = get_bits(row);
	generation->prefix.tail.high = get_bits(row);
	generation->prefix.tail.low = get_bits(row);
	generation->file.identity.device = get_bits(row);
	generation->file.identity.inode = get_bits(row);
	generation->file.identity.birth = row_get_integer(row, INT64_MIN, INT64_MAX);
	generation->file.size = row_get_count(row);
	generation->file.mtime = row_get_integer(row, INT64_MIN, INT64_MAX);
	generation->file.ctime = row_get_integer(row, INT64_MIN, INT64_MAX);
	generation->is_finished = row_get_integer(row, 0, 1) == 1;
	generation->is_live = row_get_integer(row, 0, 1) == 1;
	generation->is_copy = row_get_integer(row, 0, 1) == 1;
	generation->last_time = row_get_time(row);
	generation->seen = row_get_integer(row, 0, INT64_MAX);
}

static void put_generation(struct row *row, int64_t log, const struct generation *generation)
{
	row_put_integer(row, generation->id);
	row_put_integer(row, log);
	row_put_count(row, generation->prefix.offset);
	row_put_integer(row, to_signed(generation->prefix.head.high));
	row_put_integer(row, to_signed(generation->prefix.head.low));
	row_put_integer(row, to_signed(generation->prefix.tail.high));
	row_put_integer(row, to_signed(generation->prefix.tail.low));
	row_put_integer(row, to_signed(generation->file.identity.device));
	row_put_integer(row, to_signed(generation->file.identity.inode));
	row_put_integer(row, generation->file.identity.birth);
	row_put_count(row, generation->file.size);
	row_put_integer(row, generation->file.mtime);
	row_put_integer(row, generation->file.ctime);
	row_put_integer(row, generation->is_finished);
	row_put_integer(row, generation->is_live);
	row_put_integer(row, generation->is_copy);
	row_put_time(row, generation->last_time);
	row_put_integer(row, generation->seen);
}

/* Makes room for one more after `count`. Room is made only when all rows before were found to be
 * right, so that a damaged database cannot make us ask for much memory. */
static bool grow(struct generation **generations, size_t count, struct error *error)
{
	struct generation *grown;

	if (count < GENERATIONS_KEPT || (count & (count - 1)) != 0)
		return true;
	grown = realloc(*generations, 2 * count * sizeof(*grown));
	if (grown == NULL)
		return error_set_memory(error);
	*generations = grown;
	return true;
}

static bool read_generations(struct store_cursor *rows, int64_t log,
    struct generation **generations, size_t *count, struct error *error)
{
	while (store_cursor_read(rows, "generation",
	    "SELECT " COLUMNS " FROM generation WHERE log = ?1 ORDER BY seen DESC, id DESC", &log,
	    1, error)) {
		if (*count == GENERATIONS_MAX)
			return store_damaged(rows->store, "generation", 0, error);
		if (!grow(generations, *count, error))
			return false;
		get_generation(&rows->row, &(*generations)[*count]);
		if (store_cursor_check(rows, error))
			(*count)++;
	}
	return true;
}

bool store_read_generations(struct store *store, const char *directory, const char *name,
    struct generation **generations, size_t *count, struct error *error)
{
	struct store_cursor *rows;
	int64_t log;
	bool read;

	*count = 0;
	*generations = calloc(GENERATIONS_KEPT, sizeof(**generations));
	if (*generations == NULL)
		return error_set_memory(error);
	rows = store_cursor_new(store, NULL, error);
	read = find_log(store, directory, name, &log, error) &&
	       read_generations(rows, log, generations, count, error);
	read = store_cursor_end(rows) && read;
	if (!read) {
		free(*generations);
		*generations = NULL;
	}
	return read;
}

bool store_write_generation(struct store *store, const char *directory, const char *name,
    struct generation *generation, struct error *error)
{
	struct row row;
	int64_t log;

	if (!reach_log(store, directory, name, &log, error))
		return false;
	if (generation->id == 0 &&
	    !next_id(store, "SELECT coalesce(max(id), 0) FROM generation", &generation->id, error))
		return false;
	if (!row_init(&row, store, "generation",
	        "INSERT OR REPLACE INTO generation (" COLUMNS ")"
	        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	        error))
		return false;
	put_generation(&row, log, generation);
	return row_finish(&row, error);
}

bool store_drop_generations(
    struct store *store, const char *directory, const char *name, int64_t run, struct error *error)
{
	int64_t values[] = { 0, GENERATIONS_KEPT, run };

	return find_log(store, directory, name, &values[0], error) &&
	       store_change(store,
	           "DELETE FROM generation WHERE log = ?1 AND seen < ?3 AND id NOT IN"
	           " (SELECT id FROM generation WHERE log = ?1 AND seen < ?3"
	           " ORDER BY seen DESC, id DESC LIMIT ?2)",
	           values, 3, error);
}

bool store_drop_generation(struct store *store, int64_t id, struct error *error)
{
	return store_change(store, "DELETE FROM generation WHERE id = ?1", &id, 1, error);
}
