/*
 * Owns the rows of gaps. Must not know how they came to be.
 */
#include <string.h>

#include "store/store_parts.h"

bool store_write_gap(
    struct store *store, int64_t run, const struct store_gap *gap, struct error *error)
{
	struct row row;
	bool written;

	if (!row_init(&row, store, "gap", "INSERT INTO gap VALUES (?, ?, ?, ?, ?)", error))
		return false;
	row_put_integer(&row, run);
	row_put_text(&row, gap->file, strlen(gap->file));
	row_put_count(&row, gap->bytes);
	row_put_text(&row, gap->reason, strlen(gap->reason));
	written = row_write(&row, error);
	row_release(&row);
	return written && store_add_total(store, "gap", 0, 1, error);
}

bool store_read_gaps(struct store *store, const struct store_range *range,
    bool (*take)(void *context, const struct store_gap *gap, struct error *error), void *context,
    struct error *error)
{
	struct row row;
	enum row_result result;

	if (!row_init(&row, store, "gap",
	        "SELECT gap.run, gap.file, gap.bytes, gap.reason, gap.checksum FROM gap"
	        " JOIN run ON run.id = gap.run WHERE run.epoch BETWEEN ?7 AND ?1 AND run.delivered "
	        "<= ?2"
	        " AND (run.id <= ?6 OR ?6 = 0) AND run.ended >= ?3 AND coalesce((SELECT ended FROM "
	        "run AS before"
	        " WHERE before.id < run.id ORDER BY before.id DESC LIMIT 1), ?5) < ?4"
	        " ORDER BY gap.rowid",
	        error))
		return false;
	row_bind(&row, 1, store->epoch);
	row_bind(&row, 2, range->undelivered ? 0 : 1);
	row_bind(&row, 3, range->since == COUNT_NO_TIME ? INT64_MIN : range->since);
	row_bind(&row, 4, range->until == COUNT_NO_TIME ? INT64_MAX : range->until);
	row_bind(&row, 5, INT64_MIN);
	row_bind(&row, 6, range->last_run);
	row_bind(&row, 7, store->series_count == 0 ? 0 : store->series[store->series_count - 1].id);
	while ((result = row_read(&row, error)) == ROW_READ) {
		struct store_gap gap;
		size_t length;

		(void)row_get_integer(&row, 1, INT64_MAX);
		gap.file = row_get_text(&row, &length);
		gap.bytes = row_get_count(&row);
		gap.reason = row_get_text(&row, &length);
		if (!row_check(&row, error) || !take(context, &gap, error)) {
			result = ROW_ERROR;
			break;
		}
	}
	row_release(&row);
	return result == ROW_END;
}
