/*
 * Owns what the database tells to those who read it themselves: what codes mean, and what the
 * zone's clocks show. Nothing here is ever read for a report. Must not know where it comes from.
 *
 * A table is written anew only where it differs, so that a run that changes nothing writes
 * nothing. Both tables are written alike: a row is a number as its key, texts and a number.
 */
#include <string.h>

#include "store/store_parts.h"

#define TEXTS_MOST 3

struct listed {
	int64_t key;
	const char *texts[TEXTS_MOST];
	int64_t value;
};

/* A table, and what is to be in it, in the order of keys. */
struct listing {
	const char *table, *select, *clear, *insert;
	size_t texts;                         /* that a row of it has */
	const struct store_meaning *meanings; /* NULL: it is of offsets */
	const struct store_offset *offsets;
	size_t count;
};

static struct listed row_of(const struct listing *listing, size_t i)
{
	const struct store_meaning *meaning;

	if (listing->meanings == NULL)
		return (struct listed){ .key = listing->offsets[i].since,
			.value = listing->offsets[i].offset };
	meaning = &listing->meanings[i];
	return (struct listed){ meaning->code,
		{ meaning->description, meaning->category, meaning->outcome }, meaning->is_error };
}

static bool is_same(const struct listing *listing, size_t i, struct row *row)
{
	struct listed listed = row_of(listing, i);
	struct error ignored = ERROR_INIT;
	bool same = row_get_integer(row, INT64_MIN, INT64_MAX) == listed.key;

	for (size_t t = 0; t < listing->texts; t++) {
		const char *text = row_get_text(row);

		same = same && text != NULL && strcmp(text, listed.texts[t]) == 0;
	}
	same = same && row_get_integer(row, INT64_MIN, INT64_MAX) == listed.value;
	return same && row_check(row, &ignored); /* a damaged row differs, and is written anew */
}

static bool compare(
    struct store *store, const struct listing *listing, bool *same, struct error *error)
{
	enum row_result result = ROW_END;
	struct row row;
	size_t i = 0;

	*same = true;
	if (!row_init(&row, store, listing->table, listing->select, error))
		return false;
	while (*same && (result = row_read(&row, error)) == ROW_READ) {
		*same = i < listing->count && is_same(listing, i, &row);
		i++;
	}
	row_release(&row);
	if (*same && result == ROW_ERROR)
		return false;
	*same = *same && i == listing->count;
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
		struct listed listed = row_of(listing, i);

		row_put_integer(&row, listed.key);
		for (size_t t = 0; t < listing->texts; t++)
			row_put_text(&row, listed.texts[t]);
		row_put_integer(&row, listed.value);
		written = row_write(&row, error);
	}
	row_release(&row);
	return written;
}

static bool list(struct store *store, const struct listing *listing, struct error *error)
{
	bool same;

	return compare(store, listing, &same, error) && (same || write_all(store, listing, error));
}

bool store_write_meanings(
    struct store *store, const struct store_meaning *meanings, size_t count, struct error *error)
{
	struct listing listing = { "meaning",
		"SELECT code, description, category, outcome, is_error, checksum FROM meaning"
		" ORDER BY code",
		"DELETE FROM meaning;", "INSERT INTO meaning VALUES (?, ?, ?, ?, ?, ?)", TEXTS_MOST,
		meanings, NULL, count };

	return list(store, &listing, error);
}

bool store_write_offsets(
    struct store *store, const struct store_offset *offsets, size_t count, struct error *error)
{
	struct listing listing = { "zone",
		"SELECT since, offset, checksum FROM zone ORDER BY since", "DELETE FROM zone;",
		"INSERT INTO zone VALUES (?, ?, ?)", 0, NULL, offsets, count };

	return list(store, &listing, error);
}
