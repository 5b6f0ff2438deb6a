/*
 * Owns a summary: its lists, how one is added to another, and what can be said of the whole. Must
 * not know how it was counted or how it is shown.
 *
 * A table says of each list what makes two of its rows one, how that is done, and in which order
 * they stand. Rows are joined in three steps: pointers to them are sorted by key, those of one key
 * in the order in which they came; each run of one key becomes its first row; what is left is
 * sorted by its order. So whatever is "the first" of something is that of the row that came first.
 */
#include "tally/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NUMBERS_SHOWN 20

/* ---- beginning and end ---- */

struct summary *summary_new(void)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (summary == NULL)
		return NULL;
	summary->first = summary->last = SUMMARY_NO_TIME;
	summary->time.since = summary->time.until = SUMMARY_NO_TIME;
	summary->time.outside_first = summary->time.outside_last = SUMMARY_NO_TIME;
	return summary;
}

void summary_free(struct summary *summary)
{
	if (summary == NULL)
		return;
	arena_release(&summary->arena);
	free(summary);
}

/* ---- history ---- */

struct summary_history *summary_history_new(struct summary *summary, bool is_merged)
{
	struct summary_history *history = arena_alloc(&summary->arena, 1, sizeof(*history));

	if (history == NULL)
		return NULL;
	history->arena = &summary->arena;
	history->is_merged = is_merged;
	history->new_since = history->totals.last_run = history->older_until = SUMMARY_NO_TIME;
	history->late_span = (struct summary_stretch){ SUMMARY_NO_TIME, SUMMARY_NO_TIME };
	summary->history = history;
	return history;
}

/* Copies `more` rows of `size` bytes behind the `*count` to which the pointer at `list` leads. */
static bool add_rows(
    struct arena *arena, void *list, size_t *count, const void *rows, size_t more, size_t size)
{
	char *grown;

	memcpy(&grown, list, sizeof(grown));
	grown = arena_grow(arena, grown, *count, more, size);
	if (grown == NULL)
		return false;
	if (more > 0)
		memcpy(grown + *count * size, rows, more * size);
	*count += more;
	memcpy(list, &grown, sizeof(grown));
	return true;
}

bool summary_history_add_run(struct summary_history *history, const struct summary_run *run)
{
	return add_rows(history->arena, &history->runs, &history->run_count, run, 1, sizeof(*run));
}

bool summary_history_add_gap(
    struct summary_history *history, const char *file, uint64_t bytes, const char *reason)
{
	struct summary_gap gap = { arena_text(history->arena, file, strlen(file)), bytes,
		arena_text(history->arena, reason, strlen(reason)) };

	return gap.file != NULL && gap.reason != NULL &&
	       add_rows(history->arena, &history->gaps, &history->gap_count, &gap, 1, sizeof(gap));
}

bool summary_history_add_missed(
    struct summary_history *history, const struct summary_stretch *missed)
{
	return add_rows(
	    history->arena, &history->missed, &history->missed_count, missed, 1, sizeof(*missed));
}

bool summary_history_add_total(
    struct summary_history *history, const struct catalog_entry *entry, uint64_t count)
{
	const struct summary_total total = { entry, count };

	return add_rows(history->arena, &history->totals.codes, &history->totals.code_count, &total,
	    1, sizeof(total));
}

/* ---- the lists ---- */

typedef int compare_fn(const void *left, const void *right); /* as for qsort */

struct list {
	size_t rows, count; /* where they stand in their owner: the summary; of shares, the part */
	size_t size;        /* of a row */
	compare_fn *key;    /* 0: the two are of one thing */
	size_t counted;     /* where a row has its count; 0: in its part */
	size_t part;        /* where it has its summary_part; 0: it has none */
	compare_fn *order;  /* NULL: by count, largest first, then by key */
	/* Adds what a row counts beside these to one of the same key, of which it comes later;
	 * NULL: nothing. */
	void (*add)(void *into, const void *from);
};

enum { CODES, INNER, HELD, UNLISTED, NUMBERS, CATEGORIES, BUCKETS, GROUPS, ROWS, LIST_COUNT };

static int compare_counts(uint64_t left, uint64_t right)
{
	return (left > right) - (left < right);
}

/* ---- keys: what a row is of ---- */

/* Of rows that begin with their entry. */
static int entry_key(const void *left, const void *right)
{
	const struct summary_share *a = left, *b = right;

	return compare_counts(a->entry->code, b->entry->code);
}

/* Of rows that begin with their code. */
static int code_key(const void *left, const void *right)
{
	const struct summary_number *a = left, *b = right;

	return compare_counts(a->code, b->code);
}

_Static_assert(offsetof(struct summary_code, entry) == offsetof(struct summary_share, entry) &&
                   offsetof(struct summary_inner, entry) == offsetof(struct summary_share, entry),
    "entry_key");
_Static_assert(
    offsetof(struct summary_unlisted, code) == offsetof(struct summary_number, code), "code_key");

static int held_key(const void *left, const void *right)
{
	const struct summary_held *a = left, *b = right;
	int by_code = compare_counts(a->entry->code, b->entry->code);

	return by_code != 0 ? by_code : strcmp(a->reason, b->reason);
}

static int category_key(const void *left, const void *right)
{
	const struct summary_category *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* The unknown time, which is the least number, comes last. */
static int bucket_key(const void *left, const void *right)
{
	const struct summary_bucket *a = left, *b = right;
	bool is_a_unknown = a->start == SUMMARY_NO_TIME, is_b_unknown = b->start == SUMMARY_NO_TIME;

	if (is_a_unknown != is_b_unknown)
		return is_a_unknown ? 1 : -1;
	return (a->start > b->start) - (a->start < b->start);
}

static int group_key(const void *left, const void *right)
{
	const struct summary_group *a = left, *b = right;

	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static int row_key(const void *left, const void *right)
{
	const struct summary_row *a = left, *b = right;

	if (a->bucket != b->bucket)
		return compare_counts(a->bucket, b->bucket);
	if (a->group != b->group)
		return compare_counts(a->group, b->group);
	if (a->counts_as != b->counts_as)
		return a->counts_as < b->counts_as ? -1 : 1;
	return compare_counts(a->code, b->code);
}

int summary_group_compare(const void *left, const void *right)
{
	const struct summary_group *a = left, *b = right;

	if (a->part.errors != b->part.errors)
		return compare_counts(b->part.errors, a->part.errors);
	if (a->part.responses != b->part.responses)
		return compare_counts(b->part.responses, a->part.responses);
	return group_key(left, right);
}

/* ---- what is added beside the count ---- */

static void code_add(void *into, const void *from)
{
	struct summary_code *to = into;
	const struct summary_code *row = from;

	if (row->last != SUMMARY_NO_TIME)
		to->last = row->last;
}

static void category_add(void *into, const void *from)
{
	struct summary_category *to = into;
	const struct summary_category *row = from;

	to->success += row->success;
	to->negative += row->negative;
	to->errors += row->errors;
}

/* ---- the table ---- */

#define PLACE(rows, count, type) \
	offsetof(struct summary, rows), offsetof(struct summary, count), sizeof(struct type)
#define COUNTED(type) .counted = offsetof(struct type, count)
#define PART(type) .part = offsetof(struct type, part)

static const struct list lists[LIST_COUNT] = {
	[CODES] = { PLACE(codes, code_count, summary_code), entry_key, COUNTED(summary_code),
	    .add = code_add },
	[INNER] = { PLACE(inner_codes, inner_count, summary_inner), entry_key,
	    COUNTED(summary_inner) },
	[HELD] = { PLACE(held, held_count, summary_held), held_key, COUNTED(summary_held) },
	[UNLISTED] = { PLACE(unlisted_codes, unlisted_count, summary_unlisted), code_key,
	    COUNTED(summary_unlisted) },
	[NUMBERS] = { PLACE(numbers, number_count, summary_number), code_key,
	    COUNTED(summary_number) },
	[CATEGORIES] = { PLACE(categories, category_count, summary_category), category_key,
	    COUNTED(summary_category), .add = category_add },
	[BUCKETS] = { PLACE(buckets, bucket_count, summary_bucket), bucket_key,
	    PART(summary_bucket), .order = bucket_key },
	[GROUPS] = { PLACE(groups, group_count, summary_group), group_key, PART(summary_group),
	    .order = summary_group_compare },
	[ROWS] = { PLACE(rows, row_count, summary_row), row_key, COUNTED(summary_row),
	    .order = row_key },
};

static const struct list shares = { offsetof(struct summary_part, codes),
	offsetof(struct summary_part, code_count), sizeof(struct summary_share), entry_key,
	COUNTED(summary_share) };

/* ---- what is done by it ---- */

static size_t *count_of(const struct list *list, const void *owner)
{
	return (size_t *)((char *)owner + list->count);
}

static char *rows_of(const struct list *list, const void *owner)
{
	char *rows;

	memcpy(&rows, (const char *)owner + list->rows, sizeof(rows));
	return rows;
}

static uint64_t *counted(const struct list *list, const void *row)
{
	return (uint64_t *)((char *)row + list->counted);
}

static int compare_rows(const void *left, const void *right, void *context)
{
	const struct list *list = context;
	int by_count;

	if (list->order != NULL)
		return list->order(left, right);
	by_count = compare_counts(*counted(list, right), *counted(list, left));
	return by_count != 0 ? by_count : list->key(left, right);
}

/* Also the codes of parts. */
static void list_sort(const struct list *list, void *owner)
{
	size_t count = *count_of(list, owner);
	char *rows = rows_of(list, owner);

	if (count > 1)
		qsort_r(rows, count, list->size, compare_rows, (void *)list);
	for (size_t i = 0; i < count && list->part != 0; i++)
		list_sort(&shares, rows + i * list->size + list->part);
}

static bool list_join(const struct list *list, void *owner, struct arena *arena);

/* Makes the first part of `count` that of all; each lies `offset` bytes into its row. */
static bool join_parts(char *const *rows, size_t count, size_t offset, struct arena *arena)
{
	struct summary_part *into = (struct summary_part *)(rows[0] + offset);
	struct summary_share *codes;
	size_t code_count = 0;

	for (size_t i = 0; i < count; i++)
		code_count += ((const struct summary_part *)(rows[i] + offset))->code_count;
	codes = arena_alloc(arena, code_count, sizeof(*codes));
	if (codes == NULL)
		return false;
	code_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct summary_part *part = (const struct summary_part *)(rows[i] + offset);

		for (size_t j = 0; j < part->code_count; j++)
			codes[code_count++] = part->codes[j];
		if (part == into)
			continue;
		into->responses += part->responses;
		into->errors += part->errors;
		into->held_back += part->held_back;
		into->unlisted += part->unlisted;
		for (size_t j = 0; j < OUTCOME_COUNT; j++)
			into->outcomes[j] += part->outcomes[j];
	}
	into->codes = codes;
	into->code_count = code_count;
	return list_join(&shares, into, arena);
}

static bool join_run(const struct list *list, char *const *rows, size_t count, struct arena *arena)
{
	for (size_t i = 1; i < count; i++) {
		if (list->counted != 0)
			*counted(list, rows[0]) += *counted(list, rows[i]);
		if (list->add != NULL)
			list->add(rows[0], rows[i]);
	}
	return list->part == 0 || join_parts(rows, count, list->part, arena);
}

/* By key, then in the order in which they came: all rows lie in one array. */
static int compare_places(const void *left, const void *right, void *context)
{
	const struct list *list = context;
	const char *a, *b;
	int order;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	order = list->key(a, b);
	return order != 0 ? order : (a > b) - (a < b);
}

static bool list_join(const struct list *list, void *owner, struct arena *arena)
{
	size_t *count = count_of(list, owner), kept = 0, run;
	char *rows = rows_of(list, owner);
	char **places = calloc(*count + 1, sizeof(*places));
	char *joined = calloc(*count + 1, list->size);
	bool right = places != NULL && joined != NULL;

	for (size_t i = 0; right && i < *count; i++)
		places[i] = rows + i * list->size;
	if (right)
		qsort_r(places, *count, sizeof(*places), compare_places, (void *)list);
	for (size_t i = 0; right && i < *count; i += run) {
		for (run = 1; i + run < *count && list->key(places[i], places[i + run]) == 0; run++)
			continue;
		right = join_run(list, &places[i], run, arena);
		memcpy(joined + kept++ * list->size, places[i], list->size);
	}
	if (right && kept > 0) {
		memcpy(rows, joined, kept * list->size);
		*count = kept;
		if (list->order != list->key)
			list_sort(list, owner);
	}
	free(places);
	free(joined);
	return right;
}

/* ---- all lists ---- */

/* Other numbers may be passwords: those told are few. */
static void drop_numbers(struct summary *summary)
{
	if (summary->number_count > NUMBERS_SHOWN)
		summary->number_count = NUMBERS_SHOWN;
}

bool summary_sort(struct summary *summary)
{
	for (size_t i = 0; i < ROWS; i++)
		list_sort(&lists[i], summary);
	drop_numbers(summary);
	return list_join(&lists[ROWS], summary, &summary->arena);
}

bool summary_join(struct summary *summary)
{
	for (size_t i = 0; i < LIST_COUNT; i++)
		if (!list_join(&lists[i], summary, &summary->arena))
			return false;
	drop_numbers(summary);
	return true;
}

/* ---- one summary to another ---- */

/* Counts that are plainly added, by where they stand in a summary. */
static const size_t counts[] = {
	offsetof(struct summary, lines),
	offsetof(struct summary, bytes),
	offsetof(struct summary, lines_with_hits),
	offsetof(struct summary, hit_count),
	offsetof(struct summary, errors),
	offsetof(struct summary, time.unknown),
	offsetof(struct summary, time.outside),
	offsetof(struct summary, time.skipped_bytes),
	offsetof(struct summary, trouble.long_lines),
	offsetof(struct summary, trouble.regex_limits),
	offsetof(struct summary, trouble.not_a_code),
	offsetof(struct summary, trouble.unreadable_files),
	offsetof(struct summary, trouble.damaged_files),
};

/* No log fills 64 bits, but anybody can write a report. Rows are not checked: they are parts of
 * these. */
static bool add_count(uint64_t *to, uint64_t count, struct error *error)
{
	if (*to > UINT64_MAX - count)
		return error_set(error, ERROR_REPORT,
		    "the numbers in the reports add up to more than %" PRIu64, UINT64_MAX);
	*to += count;
	return true;
}

static bool add_counts(struct summary *into, const struct summary *from, struct error *error)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (!add_count((uint64_t *)((char *)into + counts[i]),
		        *(const uint64_t *)((const char *)from + counts[i]), error))
			return false;
	for (size_t i = 0; i < HIT_CLASS_COUNT; i++)
		into->hits[i] += from->hits[i];
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		into->outcomes[i] += from->outcomes[i];
	/* a sum of what is known alone would be taken for the whole */
	into->lines_unknown = into->lines_unknown || from->lines_unknown;
	if (into->lines_unknown)
		into->lines = into->bytes = into->lines_with_hits = 0;
	return true;
}

/* Which other numbers there were a report does not tell; the same may be in several. */
static void add_distinct(struct summary *into, const struct summary *from)
{
	if (from->hits[HIT_OTHER] == 0)
		return;
	into->other_numbers_capped = from->other_numbers_capped || into->other_numbers_distinct > 0;
	if (from->other_numbers_distinct > into->other_numbers_distinct)
		into->other_numbers_distinct = from->other_numbers_distinct;
}

/* What of two, or NULL: they differ. */
static const char *common(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0 ? a : NULL;
}

static void add_head(struct summary *into, const struct summary *from)
{
	bool is_first = into->version == NULL;

	into->rules = is_first ? from->rules : common(into->rules, from->rules);
	into->label = is_first ? from->label : common(into->label, from->label);
	if (is_first || from->finding == NULL) {
		into->finding = from->finding;
		into->finding_count = from->finding_count;
	}
	if (!is_first)
		return;
	into->version = from->version;
	into->errors_list = from->errors_list;
	into->group_field = from->group_field;
	into->time.since = from->time.since;
	into->time.until = from->time.until;
	into->time.bucket_seconds = from->time.bucket_seconds;
}

/* The window: all that any of them has. */
static void add_window(struct summary *into, const struct summary *from)
{
	bool is_open_before = from->time.since == SUMMARY_NO_TIME;
	bool is_open_after = from->time.until == SUMMARY_NO_TIME;

	into->time.is_asked = into->time.is_asked || from->time.is_asked;
	if (is_open_before || into->time.since == SUMMARY_NO_TIME)
		into->time.since = SUMMARY_NO_TIME;
	else if (from->time.since < into->time.since)
		into->time.since = from->time.since;
	if (is_open_after || into->time.until == SUMMARY_NO_TIME)
		into->time.until = SUMMARY_NO_TIME;
	else if (from->time.until > into->time.until)
		into->time.until = from->time.until;
	if (into->time.zone == NULL)
		into->time.zone = from->time.zone;
	stamp_zones_join(&into->zones, &from->zones);
	if (into->first == SUMMARY_NO_TIME)
		into->first = from->first;
	if (from->last != SUMMARY_NO_TIME)
		into->last = from->last;
}

/* A stretch that several hosts missed is told once. */
static bool add_missed(struct summary_history *history, const struct summary_stretch *missed)
{
	for (size_t i = 0; i < history->missed_count; i++)
		if (history->missed[i].since == missed->since &&
		    history->missed[i].until == missed->until)
			return true;
	return summary_history_add_missed(history, missed);
}

static bool add_history(
    struct summary *into, const struct summary_history *from, struct error *error)
{
	bool added = true;

	if (from == NULL)
		return true;
	if (into->history == NULL && summary_history_new(into, true) == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < from->gap_count && added; i++)
		added = summary_history_add_gap(
		    into->history, from->gaps[i].file, from->gaps[i].bytes, from->gaps[i].reason);
	for (size_t i = 0; i < from->missed_count && added; i++)
		added = add_missed(into->history, &from->missed[i]);
	if (from->older_until > into->history->older_until)
		into->history->older_until = from->older_until;
	return (added || error_set_memory(error)) &&
	       add_count(&into->history->late, from->late, error);
}

static size_t find_catalog(const struct summary *summary, const char *name)
{
	size_t i = 0;

	while (i < summary->catalog_count && strcmp(summary->catalogs[i].name, name) != 0)
		i++;
	return i;
}

/* Catalogs stand in the order in which they are first named: there are few. */
static bool add_catalogs(struct summary *into, const struct summary *from)
{
	struct summary_catalog *rows = arena_grow(
	    &into->arena, into->catalogs, into->catalog_count, from->catalog_count, sizeof(*rows));

	if (rows == NULL)
		return false;
	into->catalogs = rows;
	for (size_t i = 0; i < from->catalog_count; i++) {
		const struct summary_catalog *catalog = &from->catalogs[i];
		size_t at = find_catalog(into, catalog->name);

		if (at == into->catalog_count)
			rows[into->catalog_count++] =
			    (struct summary_catalog){ catalog->name, 0, 0 };
		rows[at].responses += catalog->responses;
		rows[at].errors += catalog->errors;
	}
	return true;
}

static bool add_lists(struct summary *into, const struct summary *from)
{
	size_t before = into->category_count;

	if (!add_catalogs(into, from))
		return false;
	for (const struct list *list = lists; list < lists + LIST_COUNT; list++)
		if (!add_rows(&into->arena, (char *)into + list->rows, count_of(list, into),
		        rows_of(list, from), *count_of(list, from), list->size))
			return false;
	for (size_t i = before; i < into->category_count; i++) {
		struct summary_category *category = &into->categories[i];

		if (category->source < from->catalog_count)
			category->source =
			    (unsigned)find_catalog(into, from->catalogs[category->source].name);
	}
	return true;
}

bool summary_add(struct summary *into, struct summary *from, struct error *error)
{
	bool added;

	add_head(into, from);
	add_distinct(into, from);
	add_window(into, from);
	added = add_counts(into, from, error) && add_history(into, from->history, error) &&
	        ((add_rows(&into->arena, &into->files, &into->file_count, from->files,
	              from->file_count, sizeof(*from->files)) &&
	             add_rows(&into->arena, &into->missing, &into->missing_count, from->missing,
	                 from->missing_count, sizeof(*from->missing)) &&
	             add_lists(into, from)) ||
	            error_set_memory(error));
	arena_join(&into->arena, &from->arena);
	summary_free(from);
	return added;
}

/* ---- what can be said of it ---- */

const char *summary_owner(const struct summary *summary)
{
	return summary->label != NULL && summary->label[0] != '\0' ? summary->label : summary->host;
}

double summary_error_rate(const struct summary *summary)
{
	if (summary->hits[HIT_RESPONSE] == 0)
		return 0.0;
	return (double)summary->errors / (double)summary->hits[HIT_RESPONSE];
}

uint64_t summary_doubt(const struct summary *summary)
{
	uint64_t doubt = 0;

	for (size_t i = 0; i < summary->held_count; i++)
		if (summary->held[i].in_doubt)
			doubt += summary->held[i].count;
	return doubt > summary->hits[HIT_RESPONSE] / 10 ? doubt : 0;
}

static uint64_t sum_of(const struct summary *summary, size_t list)
{
	const char *rows = rows_of(&lists[list], summary);
	uint64_t sum = 0;

	for (size_t i = 0; i < *count_of(&lists[list], summary); i++)
		sum += *counted(&lists[list], rows + i * lists[list].size);
	return sum;
}

static bool hits_hold(const struct summary *summary)
{
	uint64_t sum = 0;

	for (int i = 0; i < HIT_CLASS_COUNT; i++)
		sum += summary->hits[i];
	return sum_of(summary, INNER) == summary->hits[HIT_INNER] &&
	       sum_of(summary, HELD) == summary->hits[HIT_HELD_BACK] &&
	       sum_of(summary, UNLISTED) <= summary->hits[HIT_UNLISTED] &&
	       sum_of(summary, NUMBERS) <= summary->hits[HIT_OTHER] && sum == summary->hit_count;
}

static bool codes_hold(const struct summary *summary)
{
	uint64_t outcomes[OUTCOME_COUNT] = { 0 };
	uint64_t count = 0, errors = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		count += row->count;
		errors += row->is_error ? row->count : 0;
		outcomes[row->entry->outcome] += row->count;
	}
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		if (outcomes[i] != summary->outcomes[i])
			return false;
	return count == summary->hits[HIT_RESPONSE] && errors == summary->errors;
}

static bool categories_hold(const struct summary *summary)
{
	uint64_t count = 0, errors = 0, success = 0, negative = 0;

	for (size_t i = 0; i < summary->category_count; i++) {
		count += summary->categories[i].count;
		errors += summary->categories[i].errors;
		success += summary->categories[i].success;
		negative += summary->categories[i].negative;
	}
	return count == summary->hits[HIT_RESPONSE] && errors == summary->errors &&
	       success == summary->outcomes[OUTCOME_SUCCESS] &&
	       negative == summary->outcomes[OUTCOME_NEGATIVE];
}

static bool catalogs_hold(const struct summary *summary)
{
	uint64_t responses = 0, errors = 0;

	for (size_t i = 0; i < summary->catalog_count; i++) {
		responses += summary->catalogs[i].responses;
		errors += summary->catalogs[i].errors;
	}
	return responses == summary->hits[HIT_RESPONSE] && errors == summary->errors;
}

bool summary_is_consistent(const struct summary *summary)
{
	return hits_hold(summary) && codes_hold(summary) && categories_hold(summary) &&
	       catalogs_hold(summary) && summary->lines_with_hits <= summary->lines;
}

/* ---- which codes are errors ---- */

static int compare_codes(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

bool summary_errors_init(struct summary_errors *errors, const struct summary *summary)
{
	errors->count = 0;
	errors->codes = malloc((summary->code_count + 1) * sizeof(*errors->codes));
	if (errors->codes == NULL)
		return false;
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].is_error)
			errors->codes[errors->count++] = summary->codes[i].entry->code;
	qsort(errors->codes, errors->count, sizeof(*errors->codes), compare_codes);
	return true;
}

bool summary_errors_have(const struct summary_errors *errors, uint32_t code)
{
	return errors->count > 0 && bsearch(&code, errors->codes, errors->count,
	                                sizeof(*errors->codes), compare_codes) != NULL;
}

void summary_errors_release(struct summary_errors *errors)
{
	free(errors->codes);
	*errors = (struct summary_errors){ NULL, 0 };
}
