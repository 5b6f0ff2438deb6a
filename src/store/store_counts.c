/*
 * Owns the rows of counts: how a count becomes a row, which rows are written, read and dropped, and
 * the running totals, which keep what was dropped. Must not know where counts come from, or what is
 * made of them.
 *
 * The rows of a run are numbered without a hole and lie by time, those without time last. So a
 * row that got lost is noticed by its number, and a window is found by halving, whatever the
 * database holds beside it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/store_parts.h"

/* ---- names ---- */

#define CODE_MAX 999999999

static const char *const kind_names[] = {
	[GROUP_VALUE] = "value",
	[GROUP_NONE] = "none",
	[GROUP_OTHER] = "other",
};

#define KIND_COUNT (sizeof(kind_names) / sizeof(kind_names[0]))

/* The place of a text in a table of names; -1: it is none. */
static int find_name(const char *text, const char *const *names, size_t count)
{
	for (size_t i = 0; text != NULL && i < count; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return -1;
}

/* The class of that name; HIT_CLASS_COUNT: none has it. */
static enum hit_class find_class(const char *text)
{
	unsigned i = 0;

	while (i < HIT_CLASS_COUNT &&
	       (text == NULL || strcmp(hit_class_name((enum hit_class)i), text) != 0))
		i++;
	return (enum hit_class)i;
}

/* ---- a count as a row ---- */

static void put_count(struct row *row, int64_t run, int64_t number, const struct count *count)
{
	row_put_integer(row, run);
	row_put_integer(row, number);
	row_put_seconds(row, count->time);
	row_put_integer(row, count->code);
	row_put_text(row, hit_class_name(count->counts_as));
	row_put_integer(row, count->reason);
	row_put_text(row, kind_names[count->group_kind]);
	row_put_bytes(
	    row, count->group_kind == GROUP_VALUE ? count->group : NULL, count->group_length);
	row_put_count(row, count->count);
}

/* A row that must have that number; the group lives until the next one. */
static bool get_count(
    struct row *row, int64_t run, int64_t number, struct count *count, struct error *error)
{
	enum hit_class counts_as;
	int kind;

	(void)row_get_integer(row, run, run);
	(void)row_get_integer(row, number, number);
	count->time = row_get_seconds(row);
	count->code = (uint32_t)row_get_integer(row, 0, CODE_MAX);
	counts_as = find_class(row_get_text(row));
	count->reason = (unsigned)row_get_integer(row, 0, 255);
	kind = find_name(row_get_text(row), kind_names, KIND_COUNT);
	count->group = row_get_bytes(row, &count->group_length);
	count->count = row_get_count(row);
	if (counts_as == HIT_CLASS_COUNT || kind < 0 ||
	    (kind == GROUP_VALUE) != (count->group != NULL)) {
		row->is_wrong = true;
	} else {
		count->counts_as = counts_as;
		count->group_kind = (enum summary_group_kind)kind;
	}
	return row_check(row, error);
}

/* ---- order ---- */

static int compare_integers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_groups(const struct count *a, const struct count *b)
{
	size_t length = a->group_length < b->group_length ? a->group_length : b->group_length;
	int order = compare_integers(a->group_kind, b->group_kind);

	if (order == 0 && length > 0)
		order = memcmp(a->group, b->group, length);
	return order != 0 || a->group_kind != GROUP_VALUE
	           ? order
	           : compare_integers((int64_t)a->group_length, (int64_t)b->group_length);
}

/* The time as it orders counts: those without come last. */
static int64_t place_of(const struct count *count)
{
	return count->time == COUNT_NO_TIME ? INT64_MAX : count->time;
}

static int compare(const void *left, const void *right)
{
	const struct count *a = left;
	const struct count *b = right;
	int order = compare_integers(place_of(a), place_of(b));

	if (order == 0)
		order = compare_groups(a, b);
	if (order == 0)
		order = compare_integers(a->counts_as, b->counts_as);
	if (order == 0)
		order = compare_integers(a->code, b->code);
	return order != 0 ? order : compare_integers(a->reason, b->reason);
}

uint64_t store_add(uint64_t a, uint64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* Sorts by time and adds what is the same; returns how many are left. */
static size_t sort_counts(struct count *counts, size_t count)
{
	size_t last = 0;

	if (count == 0)
		return 0;
	qsort(counts, count, sizeof(*counts), compare);
	for (size_t i = 1; i < count; i++) {
		if (compare(&counts[last], &counts[i]) == 0)
			counts[last].count = store_add(counts[last].count, counts[i].count);
		else
			counts[++last] = counts[i];
	}
	return last + 1;
}

/* ---- the rows of a run ---- */

#define SELECT \
	"SELECT run, number, quarter, code, counts_as, reason, kind, \"group\", count, checksum" \
	" FROM tally WHERE run = ?1 AND number >= ?2 ORDER BY number"

static bool is_gone(const struct row *row, int64_t run, struct error *error)
{
	return store_damaged(row->store, row->table, run, error);
}

static void go_to(struct row *row, int64_t run, int64_t number)
{
	row_rewind(row);
	row_bind(row, 1, run);
	row_bind(row, 2, number);
}

/* The next row, which must have that number. */
static bool read_row(
    struct row *row, int64_t run, int64_t number, struct count *count, struct error *error)
{
	enum row_result result = row_read(row, error);

	if (result == ROW_ERROR)
		return false;
	return result == ROW_READ ? get_count(row, run, number, count, error)
	                          : is_gone(row, run, error);
}

static void begin_stretch(
    struct row *row, struct store_stretch *stretch, int64_t run, int64_t from, int64_t to)
{
	*stretch = (struct store_stretch){ run, from, to, INT64_MIN };
	go_to(row, run, from);
}

/* The next row of a stretch that is not at its end; rows lie by time. */
static bool read_on(
    struct row *row, struct store_stretch *stretch, struct count *count, struct error *error)
{
	if (!read_row(row, stretch->run, stretch->next, count, error))
		return false;
	if (place_of(count) < stretch->place)
		return is_gone(row, stretch->run, error);
	stretch->place = place_of(count);
	stretch->next++;
	return true;
}

/* All rows of a run; groups are copied to `texts`. */
static bool read_all(struct store *store, const struct store_run *run, struct count *counts,
    struct arena *texts, struct error *error)
{
	struct store_stretch stretch;
	struct row row;
	bool read = true;

	if (!row_init(&row, store, "tally", SELECT, error))
		return false;
	begin_stretch(&row, &stretch, run->id, run->first_count, run->last_count + 1);
	for (; read && stretch.next < stretch.end; counts++) {
		read = read_on(&row, &stretch, counts, error);
		if (!read || counts->group == NULL)
			continue;
		counts->group = arena_text(texts, counts->group, counts->group_length);
		read = counts->group != NULL || error_set_memory(error);
	}
	row_release(&row);
	return read;
}

static bool insert_all(
    struct store *store, int64_t run, const struct count *counts, size_t count, struct error *error)
{
	struct row row;
	bool written = true;

	if (!row_init(&row, store, "tally",
	        "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error))
		return false;
	for (size_t i = 0; i < count && written; i++) {
		put_count(&row, run, (int64_t)i + 1, &counts[i]);
		written = row_write(&row, error);
	}
	row_release(&row);
	return written;
}

static bool delete_rows(
    struct store *store, int64_t run, int64_t from, int64_t to, struct error *error)
{
	const int64_t values[] = { run, from, to };

	return from >= to ||
	       store_change(store,
	           "DELETE FROM tally WHERE run = ?1 AND number >= ?2 AND number < ?3", values, 3,
	           error);
}

bool store_add_counts(struct store *store, struct store_run *run, const struct count *counts,
    size_t count, struct error *error)
{
	size_t before = (size_t)(run->last_count - run->first_count + 1);
	struct count *all = calloc(before + count + 1, sizeof(*all));
	struct arena texts = ARENA_INIT;
	bool written;

	if (all == NULL)
		return error_set_memory(error);
	written = read_all(store, run, all, &texts, error) &&
	          delete_rows(store, run->id, run->first_count, run->last_count + 1, error);
	if (written) {
		if (count > 0)
			memcpy(&all[before], counts, count * sizeof(*counts));
		count = sort_counts(all, before + count);
		run->first_count = 1;
		run->last_count = (int64_t)count;
		written = store_update_run(store, run, error) &&
		          insert_all(store, run->id, all, count, error);
	}
	free(all);
	arena_release(&texts);
	return written;
}

/* ---- where a time begins ---- */

/* The place of a row in the order of time. */
static bool read_place(
    struct row *row, int64_t run, int64_t number, int64_t *place, struct error *error)
{
	struct count count = { .count = 0 };

	go_to(row, run, number);
	if (!read_row(row, run, number, &count, error))
		return false;
	*place = place_of(&count);
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

bool store_begin_counts(struct row *row, struct store *store, struct error *error)
{
	return row_init(row, store, "tally", SELECT, error);
}

bool store_has_counts(struct row *row, const struct store_run *run, const struct store_range *range,
    bool *has, struct error *error)
{
	int64_t from = 0;
	int64_t to = 0;
	int64_t timeless;
	bool found = run->first_count > run->last_count ||
	             find_range(row, run, range, &from, &to, &timeless, error);

	*has = from < to;
	return found;
}

/* ---- the counts of a range ---- */

static bool is_open(const struct store_range *range)
{
	return range->since == COUNT_NO_TIME && range->until == COUNT_NO_TIME;
}

/* Counts without time cannot be of a window that began after the run ended. */
static bool may_be_timeless(const struct store_range *range, const struct store_run *run)
{
	return (range->since == COUNT_NO_TIME || run->ended >= range->since) &&
	       run->id > range->timeless_after;
}

/* The cursor goes to the rows of the run that are in its range: those with a time first. */
static bool enter_run(struct store_cursor *cursor, const struct store_run *run, struct error *error)
{
	int64_t from = run->first_count;
	int64_t to = run->last_count + 1;

	cursor->timeless = cursor->timeless_end = to;
	if (from < to && !is_open(&cursor->range)) {
		if (!find_range(
		        &cursor->row, run, &cursor->range, &from, &to, &cursor->timeless, error))
			return false;
		if (!may_be_timeless(&cursor->range, run))
			cursor->timeless = cursor->timeless_end;
	}
	begin_stretch(&cursor->row, &cursor->stretch, run->id, from, to);
	return true;
}

/* Moves the cursor to where the next count is; `*is_end`: there is none. */
static bool find_next(struct store_cursor *cursor, bool *is_end, struct error *error)
{
	struct store_stretch *stretch = &cursor->stretch;
	struct store_run run;

	*is_end = false;
	while (stretch->next >= stretch->end) {
		if (cursor->timeless < cursor->timeless_end) {
			begin_stretch(&cursor->row, stretch, stretch->run, cursor->timeless,
			    cursor->timeless_end);
			cursor->timeless = cursor->timeless_end;
			continue;
		}
		*is_end = !store_next_run(cursor, &run, error);
		if (*is_end)
			return !cursor->has_failed;
		if (!enter_run(cursor, &run, error))
			return false;
	}
	return true;
}

bool store_next_count(struct store_cursor *cursor, struct count *count, struct error *error)
{
	bool is_end = false;

	if (!store_cursor_begin(cursor, "tally", SELECT, NULL, 0, error))
		return false;
	cursor->has_failed = !find_next(cursor, &is_end, error) ||
	                     (!is_end && !read_on(&cursor->row, &cursor->stretch, count, error));
	return !is_end && !cursor->has_failed;
}

/* ---- span ---- */

/* Widens the span by the times of the run. */
static bool add_span(struct row *row, const struct store_run *run, int64_t *first, int64_t *last,
    struct error *error)
{
	int64_t timeless;
	int64_t from;
	int64_t to;

	if (!find(row, run, INT64_MAX, &timeless, error))
		return false;
	if (timeless == run->first_count)
		return true;
	if (!read_place(row, run->id, run->first_count, &from, error) ||
	    !read_place(row, run->id, timeless - 1, &to, error))
		return false;
	if (*first == COUNT_NO_TIME || from < *first)
		*first = from;
	if (*last == COUNT_NO_TIME || to > *last)
		*last = to;
	return true;
}

bool store_read_span(struct store *store, int64_t *first, int64_t *last, struct error *error)
{
	struct store_cursor *runs = store_cursor_new(store, NULL, error);
	struct store_run run;
	struct row row;
	bool read = store_begin_counts(&row, store, error);

	*first = *last = COUNT_NO_TIME;
	while (read && store_next_run(runs, &run, error))
		read = add_span(&row, &run, first, last, error);
	row_release(&row);
	return store_cursor_end(runs) && read;
}

/* ---- dropping ---- */

bool store_drop_counts(
    struct row *row, struct store_run *run, int64_t oldest, bool with_timeless, struct error *error)
{
	int64_t end = run->last_count + 1;
	int64_t from = run->first_count;
	struct store_run before = *run;

	if (run->first_count <= run->last_count &&
	    (!find(row, run, oldest, &from, error) ||
	        (with_timeless && !find(row, run, INT64_MAX, &end, error))))
		return false;
	row_rewind(row);
	run->first_count = from;
	run->last_count = end - 1;
	return delete_rows(row->store, run->id, before.first_count, from, error) &&
	       delete_rows(row->store, run->id, end, before.last_count + 1, error);
}

/* ---- running totals ---- */

/* The totals that are not of hits; those of hits are named after their classes. */
#define NO_HITS "'run', 'gap', 'line', 'byte'"

static bool read_total(
    struct store *store, const char *what, int64_t code, uint64_t *count, struct error *error)
{
	struct row row;
	enum row_result result;
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
		(void)row_get_text(&row);
		(void)row_get_integer(&row, 0, INT64_MAX);
		*count = row_get_count(&row);
		read = row_check(&row, error);
	}
	row_release(&row);
	return read;
}

static bool add_total(
    struct store *store, const char *what, int64_t code, uint64_t count, struct error *error)
{
	struct row row;
	uint64_t before;

	if (!read_total(store, what, code, &before, error) ||
	    !row_init(
	        &row, store, "total", "INSERT OR REPLACE INTO total VALUES (?, ?, ?, ?)", error))
		return false;
	row_put_text(&row, what);
	row_put_integer(&row, code);
	row_put_count(&row, store_add(before, count));
	return row_finish(&row, error);
}

bool store_add_total(struct store *store, const char *what, uint64_t count, struct error *error)
{
	return add_total(store, what, 0, count, error);
}

bool store_add_totals(
    struct store *store, const struct count *counts, size_t count, struct error *error)
{
	struct count *sums = calloc(count + 1, sizeof(*sums));
	bool added = true;

	if (sums == NULL)
		return error_set_memory(error);
	/* without time, reason and group those of one class and code are the same */
	for (size_t i = 0; i < count; i++)
		sums[i] = (struct count){ .time = COUNT_NO_TIME,
			.code = counts[i].code,
			.counts_as = counts[i].counts_as,
			.group_kind = GROUP_NONE,
			.count = counts[i].count };
	count = sort_counts(sums, count);
	for (size_t i = 0; i < count && added; i++)
		added = add_total(
		    store, hit_class_name(sums[i].counts_as), sums[i].code, sums[i].count, error);
	free(sums);
	return added;
}

static uint64_t *find_sum(struct store_sums *sums, const char *what)
{
	return what == NULL                ? NULL
	       : strcmp(what, "run") == 0  ? &sums->runs
	       : strcmp(what, "gap") == 0  ? &sums->gaps
	       : strcmp(what, "line") == 0 ? &sums->lines
	                                   : &sums->bytes;
}

bool store_read_sums(struct store *store, struct store_sums *sums, struct error *error)
{
	struct store_cursor *cursor = store_cursor_new(store, NULL, error);

	*sums = (struct store_sums){ .runs = 0 };
	while (store_cursor_read(cursor, "total",
	    "SELECT what, code, count, checksum FROM total WHERE what IN (" NO_HITS ")", NULL, 0,
	    error)) {
		uint64_t *sum = find_sum(sums, row_get_text(&cursor->row));

		(void)row_get_integer(&cursor->row, 0, CODE_MAX);
		if (sum != NULL)
			*sum = row_get_count(&cursor->row);
		(void)store_cursor_check(cursor, error);
	}
	return store_cursor_end(cursor);
}

bool store_next_total(struct store_cursor *cursor, struct count *total, struct error *error)
{
	enum hit_class counts_as;

	if (!store_cursor_read(cursor, "total",
	        "SELECT what, code, count, checksum FROM total WHERE what NOT IN (" NO_HITS ")"
	        " ORDER BY what, code",
	        NULL, 0, error))
		return false;
	counts_as = find_class(row_get_text(&cursor->row));
	*total = (struct count){ .time = COUNT_NO_TIME, .group_kind = GROUP_NONE };
	total->code = (uint32_t)row_get_integer(&cursor->row, 0, CODE_MAX);
	total->count = row_get_count(&cursor->row);
	if (counts_as == HIT_CLASS_COUNT)
		cursor->row.is_wrong = true;
	else
		total->counts_as = counts_as;
	return store_cursor_check(cursor, error);
}
