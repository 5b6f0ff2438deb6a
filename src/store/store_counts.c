/*
 * Owns which rows of counts are written, read and dropped. Must not know where counts come from,
 * or what is made of them.
 *
 * The rows of a run are numbered without a hole and lie by time, those without time last. So a
 * row that got lost is noticed by its number, and a window is found by halving, whatever the
 * database holds beside it.
 */
#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"

#define SELECT \
	"SELECT run, number, quarter, code, counts_as, reason, kind, \"group\", count, checksum" \
	" FROM tally WHERE run = ?1 AND number >= ?2 ORDER BY number"

bool store_insert_counts(
    struct store *store, int64_t run, const struct count *counts, size_t count, struct error *error)
{
	struct row row;
	bool written;

	if (!row_init(&row, store, "tally",
	        "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error))
		return false;
	written = true;
	for (size_t i = 0; i < count && written; i++) {
		store_put_count(&row, run, (int64_t)i + 1, &counts[i]);
		written = row_write(&row, error);
	}
	row_release(&row);
	return written;
}

/* ---- reading ---- */

static bool is_gone(const struct row *row, int64_t run, struct error *error)
{
	return store_damaged(row->store, "tally", run, error);
}

/* The next row, which must have that number. */
static bool read_row(
    struct row *row, int64_t run, int64_t number, struct count *count, struct error *error)
{
	enum row_result result = row_read(row, error);

	if (result == ROW_ERROR)
		return false;
	return result == ROW_READ ? store_get_count(row, run, number, count, error)
	                          : is_gone(row, run, error);
}

/* The place of a row in the order of time. */
static bool read_place(
    struct row *row, int64_t run, int64_t number, int64_t *place, struct error *error)
{
	struct count count = { .count = 0 };

	row_rewind(row);
	row_bind(row, 1, run);
	row_bind(row, 2, number);
	if (!read_row(row, run, number, &count, error))
		return false;
	*place = store_count_place(&count);
	return true;
}

/* The number of the run's first row that does not lie before `time`; one behind its last where
 * all do. */
static bool find(struct row *row, const struct store_run *run, int64_t time, int64_t *number,
    struct error *error)
{
	int64_t low = run->first_count;
	int64_t high = run->last_count + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		int64_t place;

		if (!read_place(row, run->id, middle, &place, error))
			return false;
		if (place < time)
			low = middle + 1;
		else
			high = middle;
	}
	*number = low;
	return true;
}

struct reading {
	const struct store_range *range;
	bool (*take)(void *context, const struct count *count, struct error *error);
	void *context;
	struct row row;
};

/* Rows [from, to). */
static bool read_rows(
    struct reading *reading, int64_t run, int64_t from, int64_t to, struct error *error)
{
	struct row *row = &reading->row;
	int64_t before = INT64_MIN;

	row_rewind(row);
	row_bind(row, 1, run);
	row_bind(row, 2, from);
	for (int64_t number = from; number < to; number++) {
		struct count count = { .count = 0 };

		if (!read_row(row, run, number, &count, error))
			return false;
		if (store_count_place(&count) < before)
			return is_gone(row, run, error);
		before = store_count_place(&count);
		if (!reading->take(reading->context, &count, error))
			return false;
	}
	return true;
}

static bool is_open(const struct store_range *range)
{
	return range->since == COUNT_NO_TIME && range->until == COUNT_NO_TIME;
}

/* Which of the run's rows have a time that is in the range, [from, to), and the first without. */
static bool find_range(struct row *row, const struct store_run *run,
    const struct store_range *range, int64_t *from, int64_t *to, int64_t *timeless,
    struct error *error)
{
	*from = run->first_count;
	if (!find(row, run, INT64_MAX, timeless, error) ||
	    (range->since != COUNT_NO_TIME && !find(row, run, range->since, from, error)))
		return false;
	*to = *timeless;
	if (range->until != COUNT_NO_TIME && !find(row, run, range->until, to, error))
		return false;
	if (*to > *timeless)
		*to = *timeless;
	return true;
}

/* Counts without time cannot be of a window that began after the run ended. */
static bool read_run(void *context, const struct store_run *run, struct error *error)
{
	struct reading *reading = context;
	const struct store_range *range = reading->range;
	int64_t end = run->last_count + 1;
	int64_t from;
	int64_t to;
	int64_t timeless;

	if (run->first_count > run->last_count)
		return true;
	if (is_open(range))
		return read_rows(reading, run->id, run->first_count, end, error);
	if (!find_range(&reading->row, run, range, &from, &to, &timeless, error))
		return false;
	return read_rows(reading, run->id, from, to, error) &&
	       ((range->since != COUNT_NO_TIME && run->ended < range->since) ||
	           run->id <= range->timeless_after ||
	           read_rows(reading, run->id, timeless, end, error));
}

bool store_read_counts(struct store *store, const struct store_range *range,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	struct reading reading = { .range = range, .take = take, .context = context };
	bool read;

	if (!row_init(&reading.row, store, "tally", SELECT, error))
		return false;
	read = store_read_runs(store, range, read_run, &reading, error);
	row_release(&reading.row);
	return read;
}

bool store_read_run_counts(struct store *store, const struct store_run *run,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	struct reading reading = { .take = take, .context = context };
	bool read;

	if (!row_init(&reading.row, store, "tally", SELECT, error))
		return false;
	read = read_rows(&reading, run->id, run->first_count, run->last_count + 1, error);
	row_release(&reading.row);
	return read;
}

/* ---- span ---- */

struct spanning {
	struct row row;
	int64_t *first, *last;
};

static bool span_run(void *context, const struct store_run *run, struct error *error)
{
	struct spanning *spanning = context;
	int64_t timeless;
	int64_t first;
	int64_t last;

	if (!find(&spanning->row, run, INT64_MAX, &timeless, error))
		return false;
	if (timeless == run->first_count)
		return true;
	if (!read_place(&spanning->row, run->id, run->first_count, &first, error) ||
	    !read_place(&spanning->row, run->id, timeless - 1, &last, error))
		return false;
	if (*spanning->first == COUNT_NO_TIME || first < *spanning->first)
		*spanning->first = first;
	if (*spanning->last == COUNT_NO_TIME || last > *spanning->last)
		*spanning->last = last;
	return true;
}

bool store_read_span(struct store *store, int64_t *first, int64_t *last, struct error *error)
{
	struct spanning spanning = { .first = first, .last = last };
	struct store_range all = { .undelivered = false };
	bool read;

	*first = *last = COUNT_NO_TIME;
	if (!row_init(&spanning.row, store, "tally", SELECT, error))
		return false;
	read = store_read_runs(store, &all, span_run, &spanning, error);
	row_release(&spanning.row);
	return read;
}

/* ---- rules ---- */

struct ruling {
	struct store *store;
	const struct store_range *range;
	struct store_rules *rules;
	struct row row;
	int64_t before; /* when the run before ended */
};

static bool concerns(
    struct ruling *ruling, const struct store_run *run, bool *does, struct error *error)
{
	const struct store_range *range = ruling->range;
	int64_t from;
	int64_t to;
	int64_t timeless;

	*does = run->lines > 0 && (range->since == COUNT_NO_TIME || run->ended >= range->since) &&
	        (range->until == COUNT_NO_TIME || ruling->before < range->until);
	if (*does || run->first_count > run->last_count)
		return true;
	if (!find_range(&ruling->row, run, range, &from, &to, &timeless, error))
		return false;
	*does = from < to;
	return true;
}

static bool rule_run(void *context, const struct store_run *run, struct error *error)
{
	struct ruling *ruling = context;
	struct store_rules *rules = ruling->rules;
	const char *name = store_rules_of(ruling->store, run->epoch);
	bool does;

	if (!concerns(ruling, run, &does, error))
		return false;
	ruling->before = run->ended;
	if (!does)
		return true;
	if (rules->name == NULL && !rules->is_mixed)
		rules->name = name;
	rules->is_mixed = rules->is_mixed || strcmp(rules->name, name) != 0;
	if (rules->is_mixed)
		rules->name = NULL;
	if (strcmp(name, ruling->store->rules) != 0 && run->ended > rules->until)
		rules->until = run->ended;
	return true;
}

bool store_read_rules(struct store *store, const struct store_range *range,
    struct store_rules *rules, struct error *error)
{
	struct ruling ruling = {
		.store = store, .range = range, .rules = rules, .before = INT64_MIN
	};
	bool read;

	*rules = (struct store_rules){ .until = COUNT_NO_TIME };
	if (!row_init(&ruling.row, store, "tally", SELECT, error))
		return false;
	read = store_read_runs(store, range, rule_run, &ruling, error);
	row_release(&ruling.row);
	return read;
}

/* ---- dropping ---- */

static bool delete_rows(
    struct store *store, int64_t run, int64_t from, int64_t to, struct error *error)
{
	struct row row;
	bool deleted;

	if (from >= to)
		return true;
	if (!row_init(&row, store, "tally",
	        "DELETE FROM tally WHERE run = ?1 AND number >= ?2 AND number < ?3", error))
		return false;
	row_bind(&row, 1, run);
	row_bind(&row, 2, from);
	row_bind(&row, 3, to);
	deleted = row_read(&row, error) == ROW_END;
	row_release(&row);
	return deleted;
}

bool store_delete_counts(struct store *store, const struct store_run *run, struct error *error)
{
	return delete_rows(store, run->id, run->first_count, run->last_count + 1, error);
}

struct dropping {
	struct store *store;
	struct row row;
	int64_t oldest;
};

static bool drop_of_run(void *context, const struct store_run *run, struct error *error)
{
	struct dropping *dropping = context;
	struct store_run kept = *run;
	bool is_old = run->ended < dropping->oldest && run->is_delivered;
	int64_t end = run->last_count + 1;
	int64_t from = run->first_count;

	if (run->first_count <= run->last_count &&
	    (!find(&dropping->row, run, dropping->oldest, &from, error) ||
	        (is_old && !find(&dropping->row, run, INT64_MAX, &end, error))))
		return false;
	row_rewind(&dropping->row);
	if (!delete_rows(dropping->store, run->id, run->first_count, from, error) ||
	    !delete_rows(dropping->store, run->id, end, run->last_count + 1, error))
		return false;
	kept.first_count = from;
	kept.last_count = end - 1;
	if (is_old && from >= end)
		return store_drop_run(dropping->store, run->id, error);
	return (kept.first_count == run->first_count && kept.last_count == run->last_count) ||
	       store_update_run(dropping->store, &kept, error);
}

bool store_drop_old(struct store *store, int64_t oldest, struct error *error)
{
	struct dropping dropping = { .store = store, .oldest = oldest };
	bool dropped;

	if (!row_init(&dropping.row, store, "tally", SELECT, error))
		return false;
	dropped = store_visit_all_runs(store, drop_of_run, &dropping, error);
	row_release(&dropping.row);
	return dropped && store_drop_reports(store, oldest, error);
}
