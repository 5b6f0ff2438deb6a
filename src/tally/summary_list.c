/*
 * Owns what the rows of each list of a summary are told apart, added up and sorted by.
 *
 * Rows are joined in three steps: pointers to them are sorted by key, those of one key in the order
 * in which they came; each run of one key becomes its first row; what is left is sorted by its
 * order. So whatever is "the first" of something is that of the row that came first.
 */
#include "tally/summary_list.h"

#include <stdlib.h>
#include <string.h>

#define NUMBERS_SHOWN 20

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

static int group_order(const void *left, const void *right)
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

const struct summary_list summary_lists[SUMMARY_LIST_COUNT] = {
	[SUMMARY_CODES] = { PLACE(codes, code_count, summary_code), entry_key,
	    COUNTED(summary_code), .add = code_add },
	[SUMMARY_INNER] = { PLACE(inner_codes, inner_count, summary_inner), entry_key,
	    COUNTED(summary_inner) },
	[SUMMARY_HELD] = { PLACE(held, held_count, summary_held), held_key, COUNTED(summary_held) },
	[SUMMARY_UNLISTED] = { PLACE(unlisted_codes, unlisted_count, summary_unlisted), code_key,
	    COUNTED(summary_unlisted) },
	[SUMMARY_NUMBERS] = { PLACE(numbers, number_count, summary_number), code_key,
	    COUNTED(summary_number) },
	[SUMMARY_CATEGORIES] = { PLACE(categories, category_count, summary_category), category_key,
	    COUNTED(summary_category), .add = category_add },
	[SUMMARY_BUCKETS] = { PLACE(buckets, bucket_count, summary_bucket), bucket_key,
	    PART(summary_bucket), .order = bucket_key },
	[SUMMARY_GROUPS] = { PLACE(groups, group_count, summary_group), group_key,
	    PART(summary_group), .order = group_order },
	[SUMMARY_ROWS] = { PLACE(rows, row_count, summary_row), row_key, COUNTED(summary_row),
	    .order = row_key },
};

const struct summary_list summary_shares = { offsetof(struct summary_part, codes),
	offsetof(struct summary_part, code_count), sizeof(struct summary_share), entry_key,
	COUNTED(summary_share) };

/* ---- what is done by it ---- */

static size_t *count_of(const struct summary_list *list, const void *owner)
{
	return (size_t *)((char *)owner + list->count);
}

static char *rows_of(const struct summary_list *list, const void *owner)
{
	char *rows;

	memcpy(&rows, (const char *)owner + list->rows, sizeof(rows));
	return rows;
}

static uint64_t *counted(const struct summary_list *list, const void *row)
{
	return (uint64_t *)((char *)row + list->counted);
}

static int compare_rows(const void *left, const void *right, void *context)
{
	const struct summary_list *list = context;
	int by_count;

	if (list->order != NULL)
		return list->order(left, right);
	by_count = compare_counts(*counted(list, right), *counted(list, left));
	return by_count != 0 ? by_count : list->key(left, right);
}

void summary_list_sort(const struct summary_list *list, void *owner)
{
	if (*count_of(list, owner) > 1)
		qsort_r(rows_of(list, owner), *count_of(list, owner), list->size, compare_rows,
		    (void *)list);
}

bool summary_list_append(
    const struct summary_list *list, struct summary *into, const struct summary *from)
{
	size_t *count = count_of(list, into), more = *count_of(list, from);
	char *rows = arena_grow(&into->arena, rows_of(list, into), *count, more, list->size);

	if (rows == NULL)
		return false;
	if (more > 0)
		memcpy(rows + *count * list->size, rows_of(list, from), more * list->size);
	*count += more;
	memcpy((char *)into + list->rows, &rows, sizeof(rows));
	return true;
}

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
	return summary_list_join(&summary_shares, into, arena);
}

static bool join_run(
    const struct summary_list *list, char *const *rows, size_t count, struct arena *arena)
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
	const struct summary_list *list = context;
	const char *a, *b;
	int order;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	order = list->key(a, b);
	return order != 0 ? order : (a > b) - (a < b);
}

bool summary_list_join(const struct summary_list *list, void *owner, struct arena *arena)
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
			summary_list_sort(list, owner);
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

void summary_sort(struct summary *summary)
{
	for (size_t i = 0; i < SUMMARY_LIST_COUNT; i++)
		summary_list_sort(&summary_lists[i], summary);
	drop_numbers(summary);
}

bool summary_join(struct summary *summary)
{
	for (size_t i = 0; i < SUMMARY_LIST_COUNT; i++)
		if (!summary_list_join(&summary_lists[i], summary, &summary->arena))
			return false;
	drop_numbers(summary);
	return true;
}
