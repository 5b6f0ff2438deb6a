/*
 * Owns the rows of runs, and which runs were delivered. Must not know what the counts of a run
 * are.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/store_parts.h"

#define COLUMNS \
	"id, epoch, started, ended, exit, delivered, lines, bytes, lines_with_hits, long_lines," \
	" new_files, first_tally, last_tally, checksum"

/* A run goes on over several transactions as long as it is this small: its rows are written anew
 * each time. */
#define GROWING_ROWS_MAX 4096

static void put_run(struct row *row, const struct store_run *run)
{
	row_put_integer(row, run->id);
	row_put_integer(row, run->epoch);
	row_put_integer(row, run->started);
	row_put_integer(row, run->ended);
	row_put_integer(row, run->exit_status);
	row_put_integer(row, run->is_delivered);
	row_put_count(row, run->lines);
	row_put_count(row, run->bytes);
	row_put_count(row, run->lines_with_hits);
	row_put_count(row, run->long_lines);
	row_put_count(row, run->new_files);
	row_put_integer(row, run->first_count);
	row_put_integer(row, run->last_count);
}

static void get_run(struct row *row, struct store_run *run)
{
	memset(run, 0, sizeof(*run));
	run->id = row_get_integer(row, 1, INT64_MAX);
	run->epoch = row_get_integer(row, 1, INT64_MAX);
	run->started = row_get_integer(row, INT64_MIN, INT64_MAX);
	run->ended = row_get_integer(row, INT64_MIN, INT64_MAX);
	run->exit_status = (int)row_get_integer(row, 0, 255);
	run->is_delivered = row_get_integer(row, 0, 1) == 1;
	run->lines = row_get_count(row);
	run->bytes = row_get_count(row);
	run->lines_with_hits = row_get_count(row);
	run->long_lines = row_get_count(row);
	run->new_files = row_get_count(row);
	run->first_count = row_get_integer(row, 1, INT64_MAX);
	run->last_count = row_get_integer(row, run->first_count - 1, INT64_MAX - 1);
}

bool store_update_run(struct store *store, const struct store_run *run, struct error *error)
{
	struct row row;
	bool written;

	if (!row_init(&row, store, "run",
	        "INSERT OR REPLACE INTO run (" COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	        error))
		return false;
	put_run(&row, run);
	written = row_write(&row, error);
	row_release(&row);
	return written;
}

bool store_drop_run(struct store *store, int64_t id, struct error *error)
{
	static const char *const steps[] = { "DELETE FROM gap WHERE run = ?1",
		"DELETE FROM run WHERE id = ?1" };
	bool dropped = true;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && dropped; i++) {
		struct row row;

		if (!row_init(&row, store, "run", steps[i], error))
			return false;
		row_bind(&row, 1, id);
		dropped = row_read(&row, error) == ROW_END;
		row_release(&row);
	}
	return dropped;
}

/* ---- reading ---- */

/* All runs of all epochs: who reads some may change them, and a damaged one could seem to be of
 * another epoch. */
static bool load_runs(
    struct store *store, struct store_run **runs, size_t *count, struct error *error)
{
	struct row row;
	enum row_result result;
	size_t room = 0;

	*runs = NULL;
	*count = 0;
	if (!row_init(&row, store, "run", "SELECT " COLUMNS " FROM run ORDER BY id", error))
		return false;
	while ((result = row_read(&row, error)) == ROW_READ) {
		if (*count == room) {
			struct store_run *grown;

			room = room * 2 + 64;
			grown = realloc(*runs, room * sizeof(**runs));
			if (grown == NULL) {
				(void)error_set_memory(error);
				break;
			}
			*runs = grown;
		}
		get_run(&row, &(*runs)[*count]);
		if (!row_check(&row, error))
			break;
		(*count)++;
	}
	row_release(&row);
	return result == ROW_END;
}

bool store_visit_all_runs(struct store *store,
    bool (*take)(void *context, const struct store_run *run, struct error *error), void *context,
    struct error *error)
{
	struct store_run *runs;
	size_t count;
	bool visited = load_runs(store, &runs, &count, error);

	for (size_t i = 0; i < count && visited; i++)
		visited = take(context, &runs[i], error);
	free(runs);
	return visited;
}

struct choosing {
	const struct store *store;
	const struct store_range *range;
	bool (*take)(void *context, const struct store_run *run, struct error *error);
	void *context;
};

static bool choose_run(void *context, const struct store_run *run, struct error *error)
{
	const struct choosing *choosing = context;

	return !store_is_in_series(choosing->store, run->epoch) ||
	       (choosing->range->undelivered && run->is_delivered) ||
	       run->id <= choosing->range->after_run ||
	       (choosing->range->last_run > 0 && run->id > choosing->range->last_run) ||
	       choosing->take(choosing->context, run, error);
}

bool store_read_runs(struct store *store, const struct store_range *range,
    bool (*take)(void *context, const struct store_run *run, struct error *error), void *context,
    struct error *error)
{
	struct choosing choosing = { store, range, take, context };

	return store_visit_all_runs(store, choose_run, &choosing, error);
}

/* ---- writing ---- */

struct finding {
	int64_t id;
	struct store_run run;
	int64_t largest;
};

static bool find_run(void *context, const struct store_run *run, struct error *error)
{
	struct finding *finding = context;

	(void)error;
	finding->largest = run->id;
	if (run->id == finding->id)
		finding->run = *run;
	return true;
}

bool store_read_end(struct store *store, int64_t run, int64_t *ended, struct error *error)
{
	struct finding finding = { .id = run };

	if (!store_visit_all_runs(store, find_run, &finding, error))
		return false;
	*ended = finding.run.id == 0 ? INT64_MIN : finding.run.ended;
	return true;
}

/* The run that goes on, else a new one: none can that a report was announced for. */
static bool reach_run(
    struct store *store, const struct store_run *news, struct store_run *run, struct error *error)
{
	struct finding finding = { .id = news->id };
	int64_t announced;

	if (!store_visit_all_runs(store, find_run, &finding, error) ||
	    !store_read_announced(store, &announced, error))
		return false;
	*run = finding.run;
	if (run->id > announced && run->epoch == store->epoch && !run->is_delivered &&
	    run->last_count - run->first_count < GROWING_ROWS_MAX)
		return true;
	*run = (struct store_run){ .id = finding.largest + 1,
		.epoch = store->epoch,
		.started = news->started,
		.first_count = 1 };
	return store_add_total(store, "run", 0, 1, error);
}

struct gathering {
	struct arena texts;
	struct count *counts;
	size_t count;
};

static bool gather(void *context, const struct count *count, struct error *error)
{
	struct gathering *gathering = context;
	struct count *kept = &gathering->counts[gathering->count++];

	*kept = *count;
	if (count->group == NULL)
		return true;
	kept->group = arena_text(&gathering->texts, count->group, count->group_length);
	return kept->group != NULL || error_set_memory(error);
}

/* The run's rows and the new ones are one series. */
static bool write_counts(struct store *store, struct store_run *run, const struct count *counts,
    size_t count, struct error *error)
{
	size_t before = (size_t)(run->last_count - run->first_count + 1);
	struct gathering all = { ARENA_INIT, calloc(before + count + 1, sizeof(*counts)), 0 };
	bool written = all.counts != NULL || error_set_memory(error);

	written = written && store_read_run_counts(store, run, gather, &all, error) &&
	          store_delete_counts(store, run, error);
	if (written) {
		if (count > 0)
			memcpy(&all.counts[all.count], counts, count * sizeof(*counts));
		all.count = store_sort_counts(all.counts, all.count + count);
		run->first_count = 1;
		run->last_count = (int64_t)all.count;
		written = store_update_run(store, run, error) &&
		          store_insert_counts(store, run->id, all.counts, all.count, error);
	}
	free(all.counts);
	arena_release(&all.texts);
	return written;
}

bool store_write_run(struct store *store, struct store_run *news, const struct count *counts,
    size_t count, struct error *error)
{
	struct store_run run;

	if (!reach_run(store, news, &run, error))
		return false;
	run.ended = news->ended;
	run.exit_status = news->exit_status;
	run.lines = store_add(run.lines, news->lines);
	run.bytes = store_add(run.bytes, news->bytes);
	run.lines_with_hits = store_add(run.lines_with_hits, news->lines_with_hits);
	run.long_lines = store_add(run.long_lines, news->long_lines);
	run.new_files = store_add(run.new_files, news->new_files);
	news->id = run.id;
	return write_counts(store, &run, counts, count, error) &&
	       store_add_totals(store, counts, count, error) &&
	       store_add_total(store, "line", 0, news->lines, error) &&
	       store_add_total(store, "byte", 0, news->bytes, error);
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
	return store_update_run(delivery->store, &delivered, error);
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
	    store_deliver_report(store, run, error) && store_execute(store, "COMMIT;", error))
		return true;
	(void)store_execute(store, "ROLLBACK;", &ignored);
	return false;
}
