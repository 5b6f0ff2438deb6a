/*
 * Owns the running totals: all that was ever counted into the database, also what was dropped
 * since, so that they only grow. Must not know who reads them.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

/* ---- one total ---- */

static bool read_total(
    struct store *store, const char *what, int64_t code, uint64_t *count, struct error *error)
{
	struct row row;
	enum row_result result;
	size_t length;
	bool read;

	*count = 0;
	if (!row_init(&row, store, "total",
	        "SELECT what, code, count, checksum FROM total WHERE what = ?1 AND code = ?2",
	        error))
		return false;
	row_bind_text(&row, 1, what);
	row_bind(&row, 2, code);
	result = row_read(&row, error);
	read = result != ROW_ERROR;
	if (result == ROW_READ) {
		(void)row_get_text(&row, &length);
		(void)row_get_integer(&row, 0, INT64_MAX);
		*count = row_get_count(&row);
		read = row_check(&row, error);
	}
	row_release(&row);
	return read;
}

bool store_add_total(
    struct store *store, const char *what, int64_t code, uint64_t count, struct error *error)
{
	struct row row;
	uint64_t before;
	bool written;

	if (!read_total(store, what, code, &before, error) ||
	    !row_init(
	        &row, store, "total", "INSERT OR REPLACE INTO total VALUES (?, ?, ?, ?)", error))
		return false;
	row_put_text(&row, what, strlen(what));
	row_put_integer(&row, code);
	row_put_count(&row, store_add(before, count));
	written = row_write(&row, error);
	row_release(&row);
	return written;
}

/* ---- the totals of many counts ---- */

struct total {
	enum hit_class counts_as;
	uint32_t code;
	uint64_t count;
};

struct totals {
	struct total *items; /* by class, then code */
	size_t count, room;
};

/* Where the total stands, or would. */
static size_t find(const struct totals *totals, const struct count *count)
{
	size_t low = 0;
	size_t high = totals->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct total *total = &totals->items[middle];

		if (total->counts_as < count->counts_as ||
		    (total->counts_as == count->counts_as && total->code < count->code))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool sum(struct totals *totals, const struct count *count)
{
	size_t place = find(totals, count);
	struct total *total = place < totals->count ? &totals->items[place] : NULL;

	if (total != NULL && total->counts_as == count->counts_as && total->code == count->code) {
		total->count = store_add(total->count, count->count);
		return true;
	}
	if (totals->items == NULL || totals->count == totals->room) {
		struct total *grown;

		totals->room = totals->room * 2 + 64;
		grown = realloc(totals->items, totals->room * sizeof(*grown));
		if (grown == NULL)
			return false;
		totals->items = grown;
	}
	total = &totals->items[place];
	if (place < totals->count)
		memmove(total + 1, total, (totals->count - place) * sizeof(*total));
	*total = (struct total){ count->counts_as, count->code, count->count };
	totals->count++;
	return true;
}

bool store_add_totals(
    struct store *store, const struct count *counts, size_t count, struct error *error)
{
	struct totals totals = { .count = 0 };
	bool added = true;

	for (size_t i = 0; i < count && added; i++)
		added = sum(&totals, &counts[i]) || error_set_memory(error);
	for (size_t i = 0; i < totals.count && added; i++)
		added = store_add_total(store, store_class_name(totals.items[i].counts_as),
		    totals.items[i].code, totals.items[i].count, error);
	free(totals.items);
	return added;
}

/* ---- reading ---- */

static uint64_t *find_sum(struct store_sums *sums, const char *what)
{
	return strcmp(what, "run") == 0    ? &sums->runs
	       : strcmp(what, "gap") == 0  ? &sums->gaps
	       : strcmp(what, "line") == 0 ? &sums->lines
	       : strcmp(what, "byte") == 0 ? &sums->bytes
	                                   : NULL;
}

bool store_read_totals(struct store *store, struct store_sums *sums,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	struct row row;
	enum row_result result;

	memset(sums, 0, sizeof(*sums));
	if (!row_init(&row, store, "total",
	        "SELECT what, code, count, checksum FROM total ORDER BY what, code", error))
		return false;
	while ((result = row_read(&row, error)) == ROW_READ) {
		struct count count = { .time = COUNT_NO_TIME, .group_kind = GROUP_NONE };
		size_t length;
		const char *what = row_get_text(&row, &length);
		uint64_t *place = what == NULL ? NULL : find_sum(sums, what);
		int counts_as = store_find_class(what);

		count.code = (uint32_t)row_get_integer(&row, 0, 999999999);
		count.count = row_get_count(&row);
		if (place == NULL && counts_as < 0)
			row.is_wrong = true;
		else if (place != NULL)
			*place = count.count;
		else
			count.counts_as = (enum hit_class)counts_as;
		if (!row_check(&row, error) || (place == NULL && !take(context, &count, error))) {
			result = ROW_ERROR;
			break;
		}
	}
	row_release(&row);
	return result == ROW_END;
}
