/*
 * Owns what the database tells to those who read it themselves: what codes mean, and what the
 * zone's clocks show. Nothing here is ever read for a report. Must not know where it comes from.
 *
 * A table is written anew only where it differs, so that a run that changes nothing writes
 * nothing.
 */
#include <string.h>

#include "store/store_parts.h"

/* A table, and what is to be in it; rows in the order of their keys. */
struct listing {
	const char *table, *select, *clear, *insert;
	size_t count;
	bool (*is_same)(const void *context, size_t i, struct row *row); /* reads the values */
	void (*put)(const void *context, size_t i, struct row *row);
	const void *context;
};

static bool compare(
    struct store *store, const struct listing *listing, bool *is_same, struct error *error)
{
	struct row row;
	enum row_result result;
	size_t i = 0;

	*is_same = true;
	if (!row_init(&row, store, listing->table, listing->select, error))
		return false;
	while (*is_same && (result = row_read(&row, error)) == ROW_READ) {
		struct error ignored = ERROR_INIT;

		/* a damaged row is one that differs */
		*is_same = i < listing->count && listing->is_same(listing->context, i, &row) &&
		           row_check(&row, &ignored);
		i++;
	}
	row_release(&row);
	if (*is_same && result == ROW_ERROR)
		return false;
	*is_same = *is_same && i == listing->count;
	return true;
}

static bool write_all(struct store *store, const struct listing *listing, struct error *error)
{
	struct row row;
	bool written = true;

	if (!store_execute(store, listing->clear, error) ||
	    !row_init(&row, store, listing->table, listing->insert, error))
		return false;
	for (size_t i = 0; i < listing->count && written; i++) {
		listing->put(listing->context, i, &row);
		written = row_write(&row, error);
	}
	row_release(&row);
	return written;
}

static bool list(struct store *store, const struct listing *listing, struct error *error)
{
	bool is_same;

	return compare(store, listing, &is_same, error) &&
	       (is_same || write_all(store, listing, error));
}

/* ---- meanings ---- */

struct meanings {
	struct store_meaning (*get)(const void *context, size_t i);
	const void *context;
};

static void put_text(struct row *row, const char *text)
{
	row_put_text(row, text, strlen(text));
}

static bool is_text(struct row *row, const char *text)
{
	size_t length;
	const char *kept = row_get_text(row, &length);

	return kept != NULL && strcmp(kept, text) == 0;
}

static void put_meaning(const void *context, size_t i, struct row *row)
{
	const struct meanings *meanings = context;
	struct store_meaning meaning = meanings->get(meanings->context, i);

	row_put_integer(row, meaning.code);
	put_text(row, meaning.description);
	put_text(row, meaning.category);
	put_text(row, meaning.outcome);
	row_put_integer(row, meaning.is_error);
}

static bool is_same_meaning(const void *context, size_t i, struct row *row)
{
	const struct meanings *meanings = context;
	struct store_meaning meaning = meanings->get(meanings->context, i);

	return row_get_integer(row, INT64_MIN, INT64_MAX) == meaning.code &&
	       is_text(row, meaning.description) && is_text(row, meaning.category) &&
	       is_text(row, meaning.outcome) &&
	       row_get_integer(row, INT64_MIN, INT64_MAX) == meaning.is_error;
}

bool store_write_meanings(struct store *store, size_t count,
    struct store_meaning (*get)(const void *context, size_t i), const void *context,
    struct error *error)
{
	struct meanings meanings = { get, context };
	struct listing listing = { "meaning",
		"SELECT code, description, category, outcome, is_error, checksum FROM meaning"
		" ORDER BY code",
		"DELETE FROM meaning;", "INSERT INTO meaning VALUES (?, ?, ?, ?, ?, ?)", count,
		is_same_meaning, put_meaning, &meanings };

	return list(store, &listing, error);
}

/* ---- zone ---- */

static void put_offset(const void *context, size_t i, struct row *row)
{
	const struct store_offset *offsets = context;

	row_put_integer(row, offsets[i].since);
	row_put_integer(row, offsets[i].offset);
}

static bool is_same_offset(const void *context, size_t i, struct row *row)
{
	const struct store_offset *offsets = context;

	return row_get_integer(row, INT64_MIN, INT64_MAX) == offsets[i].since &&
	       row_get_integer(row, INT64_MIN, INT64_MAX) == offsets[i].offset;
}

bool store_write_offsets(
    struct store *store, const struct store_offset *offsets, size_t count, struct error *error)
{
	struct listing listing = { "zone",
		"SELECT since, offset, checksum FROM zone ORDER BY since", "DELETE FROM zone;",
		"INSERT INTO zone VALUES (?, ?, ?)", count, is_same_offset, put_offset, offsets };

	return list(store, &listing, error);
}
