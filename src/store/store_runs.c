/*
 * Owns the rows of runs and gaps, and which runs were delivered. Must not know what the
 * counts of a run are.
 */
#include <string.h>

#include "store/store_parts.h"

#define COLUMNS \
	"id, epoch, started, exit, delivered, lines, bytes, lines_with_hits, long_lines," \
	" new_files, checksum"

static void put_run(struct row *row, const struct store *store, const struct store_run *run)
{
	row_put_integer(row, run->id);
	row_put_integer(row, store->epoch);
	row_put_integer(row, run->started);
	row_put_integer(row, run->exit_status);
	row_put_integer(row, run->is_delivered);
	row_put_count(row, run->lines);
	row_put_count(row, run->bytes);
	row_put_count(row, run->lines_with_hits);
	row_put_count(row, run->long_lines);
	row_put_count(row, run->new_files);
}

static void get_run(struct row *row, struct store_run *run, int64_t *epoch)
{
	memset(run, 0, sizeof(*run));
	run->id = row_get_integer(row, 1, INT64_MAX);
	*epoch = row_get_integer(row, 1, INT64_MAX);
	run->started = row_get_integer(row, INT64_MIN, INT64_MAX);
	run->exit_status = (int)row_get_integer(row, 0, 255);
	run->is_delivered = row_get_integer(row, 0, 1) == 1;
	run->lines = row_get_count(row);
	run->bytes = row_get_count(row);
	run->lines_with_hits = row_get_count(row);
	run->long_lines = row_get_count(row);
	run->new_files = row_get_count(row);
}

static bool write_run(struct store *store, const struct store_run *run, struct error *error)
{
	struct row row;
	bool written;

	if (!row_init(&row, store, "run",
		"INSERT OR REPLACE INTO run (" COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?)", error))
		return false;
	put_run(&row, store, run);
	written = row_write(&row, error);
	row_release(&row);
	return written;
}

bool store_write_run(struct store *store, struct store_run *run, struct error *error)
{
	struct row row;
	bool read;

	if (run->id != 0)
		return write_run(store, run, error);
	if (!row_init(&row, store, "run", "SELECT coalesce(max(id), 0) FROM run", error))
		return false;
	read = row_read(&row, error) == ROW_READ;
	run->id = read ? row_get_integer(&row, 0, INT64_MAX - 1) + 1 : 0;
	row_release(&row);
	return read && write_run(store, run, error);
}

bool store_read_runs(struct store *store, const struct store_range *range,
    bool (*take)(void *context, const struct store_run *run, struct error *error), void *context,
    struct error *error)
{
	struct row row;
	enum row_result result;

	if (!row_init(&row, store, "run",
		"SELECT " COLUMNS " FROM run ORDER BY id", error))
		return false;
	/* all are checked: a damaged one could seem to be of another epoch */
	while ((result = row_read(&row, error)) == ROW_READ) {
		struct store_run run;
		int64_t epoch;

		get_run(&row, &run, &epoch);
		if (!row_check(&row, error) ||
		    (epoch == store->epoch && !(range->undelivered && run.is_delivered) &&
			!take(context, &run, error))) {
			result = ROW_ERROR;
			break;
		}
	}
	row_release(&row);
	return result == ROW_END;
}

/* ---- delivery ---- */

struct delivery {
	struct store *store;
	int64_t run;
	int exit_status;
};

static bool deliver_run(void *context, const struct store_run *run, struct error *error)
{
	struct delivery *delivery = context;
	struct store_run delivered = *run;

	if (run->id > delivery->run)
		return true;
	delivered.is_delivered = true;
	if (run->id == delivery->run)
		delivered.exit_status = delivery->exit_status;
	return write_run(delivery->store, &delivered, error);
}

bool store_deliver(struct store *store, int64_t run, int exit_status, struct error *error)
{
	struct delivery delivery = { store, run, exit_status };
	struct store_range range = { .undelivered = true };
	struct error ignored = ERROR_INIT;

	if ((store->flags & STORE_DRY_RUN) != 0)
		return true;
	if (!store_execute(store, "BEGIN IMMEDIATE;", error))
		return false;
	if (store_read_runs(store, &range, deliver_run, &delivery, error) &&
	    store_execute(store, "COMMIT;", error))
		return true;
	(void)store_execute(store, "ROLLBACK;", &ignored);
	return false;
}

/* ---- gaps ---- */

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
	return written;
}

bool store_read_gaps(struct store *store, const struct store_range *range,
    bool (*take)(void *context, const struct store_gap *gap, struct error *error), void *context,
    struct error *error)
{
	struct row row;
	enum row_result result;

	if (!row_init(&row, store, "gap",
		"SELECT gap.run, gap.file, gap.bytes, gap.reason, gap.checksum FROM gap"
		" JOIN run ON run.id = gap.run WHERE run.epoch = ?1 AND run.delivered <= ?2"
		" ORDER BY gap.rowid",
		error))
		return false;
	row_bind(&row, 1, store->epoch);
	row_bind(&row, 2, range->undelivered ? 0 : 1);
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
