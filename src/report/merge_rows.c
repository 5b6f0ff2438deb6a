/*
 * Owns the adding up of a summary's lists: codes, categories, what is not in the
 * rate. Must not know buckets and groups.
 */
#include <stdlib.h>
#include <string.h>

#include "report/fold.h"
#include "report/merge_parts.h"

#define NUMBERS_SHOWN 20

/* By count, largest first; then by number. */
static int order(uint64_t left_count, uint64_t right_count, uint32_t left, uint32_t right)
{
	if (left_count != right_count)
		return left_count > right_count ? -1 : 1;
	return (left > right) - (left < right);
}

/* ---- lists: each has a key, a way to join, and an order ---- */

static int key_code(const void *left, const void *right)
{
	const struct summary_code *a = left;
	const struct summary_code *b = right;

	return order(0, 0, a->entry->code, b->entry->code);
}

static int order_code(const void *left, const void *right)
{
	const struct summary_code *a = left;
	const struct summary_code *b = right;

	return order(a->count, b->count, a->entry->code, b->entry->code);
}

static bool join_code(void *context, void *const *rows, size_t count)
{
	const struct merge *merge = context;
	struct summary_code *into = rows[0];

	into->entry = merge_entry(merge, into->entry->code);
	for (size_t i = 1; i < count; i++) {
		const struct summary_code *from = rows[i];

		merge_add(&into->count, from->count);
		if (from->last != SUMMARY_NO_TIME)
			into->last = from->last;
	}
	return true;
}

static int key_inner(const void *left, const void *right)
{
	const struct summary_inner *a = left;
	const struct summary_inner *b = right;

	return order(0, 0, a->entry->code, b->entry->code);
}

static int order_inner(const void *left, const void *right)
{
	const struct summary_inner *a = left;
	const struct summary_inner *b = right;

	return order(a->count, b->count, a->entry->code, b->entry->code);
}

static bool join_inner(void *context, void *const *rows, size_t count)
{
	const struct merge *merge = context;
	struct summary_inner *into = rows[0];

	into->entry = merge_entry(merge, into->entry->code);
	for (size_t i = 1; i < count; i++)
		merge_add(&into->count, ((const struct summary_inner *)rows[i])->count);
	return true;
}

static int key_held(const void *left, const void *right)
{
	const struct summary_held *a = left;
	const struct summary_held *b = right;
	int by_code = order(0, 0, a->entry->code, b->entry->code);

	return by_code != 0 ? by_code : strcmp(a->reason, b->reason);
}

static int order_held(const void *left, const void *right)
{
	const struct summary_held *a = left;
	const struct summary_held *b = right;
	int by_count = order(a->count, b->count, 0, 0);

	return by_count != 0 ? by_count : key_held(left, right);
}

static bool join_held(void *context, void *const *rows, size_t count)
{
	const struct merge *merge = context;
	struct summary_held *into = rows[0];

	into->entry = merge_entry(merge, into->entry->code);
	for (size_t i = 1; i < count; i++)
		merge_add(&into->count, ((const struct summary_held *)rows[i])->count);
	return true;
}

static int key_unlisted(const void *left, const void *right)
{
	const struct summary_unlisted *a = left;
	const struct summary_unlisted *b = right;

	return order(0, 0, a->code, b->code);
}

static int order_unlisted(const void *left, const void *right)
{
	const struct summary_unlisted *a = left;
	const struct summary_unlisted *b = right;

	return order(a->count, b->count, a->code, b->code);
}

static bool join_unlisted(void *context, void *const *rows, size_t count)
{
	struct summary_unlisted *into = rows[0];

	(void)context;
	for (size_t i = 1; i < count; i++)
		merge_add(&into->count, ((const struct summary_unlisted *)rows[i])->count);
	return true;
}

static int key_number(const void *left, const void *right)
{
	const struct summary_number *a = left;
	const struct summary_number *b = right;

	return order(0, 0, a->code, b->code);
}

static int order_number(const void *left, const void *right)
{
	const struct summary_number *a = left;
	const struct summary_number *b = right;

	return order(a->count, b->count, a->code, b->code);
}

static bool join_number(void *context, void *const *rows, size_t count)
{
	struct summary_number *into = rows[0];

	(void)context;
	for (size_t i = 1; i < count; i++)
		merge_add(&into->count, ((const struct summary_number *)rows[i])->count);
	return true;
}

static int key_category(const void *left, const void *right)
{
	const struct summary_category *a = left;
	const struct summary_category *b = right;

	return strcmp(a->name, b->name);
}

static int order_category(const void *left, const void *right)
{
	const struct summary_category *a = left;
	const struct summary_category *b = right;
	int by_count = order(a->count, b->count, 0, 0);

	return by_count != 0 ? by_count : key_category(left, right);
}

static bool join_category(void *context, void *const *rows, size_t count)
{
	struct summary_category *into = rows[0];

	(void)context;
	for (size_t i = 1; i < count; i++) {
		const struct summary_category *from = rows[i];

		merge_add(&into->count, from->count);
		merge_add(&into->success, from->success);
		merge_add(&into->negative, from->negative);
		merge_add(&into->errors, from->errors);
	}
	return true;
}

#define LIST(rows, count, type, name) \
	{ \
		offsetof(struct summary, rows), offsetof(struct summary, count), \
		    sizeof(struct type), key_##name, join_##name, order_##name \
	}

static const struct {
	size_t rows, count; /* where they stand in a summary */
	size_t size;
	fold_compare_fn *key;
	fold_join_fn *join;
	fold_compare_fn *order;
} lists[] = {
	LIST(codes, code_count, summary_code, code),
	LIST(inner_codes, inner_count, summary_inner, inner),
	LIST(held, held_count, summary_held, held),
	LIST(unlisted_codes, unlisted_count, summary_unlisted, unlisted),
	LIST(numbers, number_count, summary_number, number),
	LIST(categories, category_count, summary_category, category),
};

static size_t count_at(const struct summary *summary, size_t offset)
{
	return *(const size_t *)((const char *)summary + offset);
}

/* Puts the lists of all reports behind each other, then folds them. */
static bool merge_list(struct merge *merge, size_t list, struct error *error)
{
	size_t size = lists[list].size, count = 0;
	char *rows, *at;

	for (size_t i = 0; i < merge->count; i++)
		count += count_at(merge->summaries[i], lists[list].count);
	rows = at = merge_allocate(merge, count, size, error);
	if (rows == NULL)
		return false;
	for (size_t i = 0; i < merge->count; i++) {
		size_t length = count_at(merge->summaries[i], lists[list].count) * size;
		const void *from;

		memcpy(&from, (const char *)merge->summaries[i] + lists[list].rows, sizeof(from));
		if (length > 0)
			memcpy(at, from, length);
		at += length;
	}
	if (!fold_rows(
	        rows, &count, size, lists[list].key, lists[list].join, merge, lists[list].order))
		return error_set_memory(error);
	memcpy((char *)&merge->whole + lists[list].rows, &rows, sizeof(rows));
	memcpy((char *)&merge->whole + lists[list].count, &count, sizeof(count));
	return true;
}

/* ---- catalogs: in the order in which they are first named ---- */

static size_t find_catalog(const struct summary *whole, const char *name)
{
	size_t i = 0;

	while (i < whole->catalog_count && strcmp(whole->catalogs[i].name, name) != 0)
		i++;
	return i;
}

static bool merge_catalogs(struct merge *merge, struct error *error)
{
	struct summary *whole = &merge->whole;
	size_t count = 0;

	for (size_t i = 0; i < merge->count; i++)
		count += merge->summaries[i]->catalog_count;
	whole->catalogs = merge_allocate(merge, count, sizeof(*whole->catalogs), error);
	if (whole->catalogs == NULL)
		return false;
	for (size_t i = 0; i < merge->count; i++) {
		const struct summary *summary = merge->summaries[i];

		for (size_t j = 0; j < summary->catalog_count; j++) {
			const struct summary_catalog *from = &summary->catalogs[j];
			size_t at = find_catalog(whole, from->name);

			whole->catalogs[at].name = from->name;
			whole->catalog_count += at == whole->catalog_count;
			merge_add(&whole->catalogs[at].responses, from->responses);
			merge_add(&whole->catalogs[at].errors, from->errors);
		}
	}
	return true;
}

/* The catalog of a category is that of the first report that has it. */
static void place_categories(struct merge *merge)
{
	struct summary *whole = &merge->whole;

	for (size_t i = 0; i < whole->category_count; i++) {
		struct summary_category *category = &whole->categories[i];
		bool is_placed = false;

		for (size_t j = 0; j < merge->count && !is_placed; j++) {
			const struct summary *from = merge->summaries[j];

			for (size_t k = 0; k < from->category_count && !is_placed; k++) {
				const struct summary_category *row = &from->categories[k];

				is_placed = strcmp(row->name, category->name) == 0 &&
				            row->source < from->catalog_count;
				if (is_placed)
					category->source = (unsigned)find_catalog(
					    whole, from->catalogs[row->source].name);
			}
		}
	}
}

bool merge_lists(struct merge *merge, struct error *error)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!merge_list(merge, i, error))
			return false;
	if (merge->whole.number_count > NUMBERS_SHOWN)
		merge->whole.number_count = NUMBERS_SHOWN;
	if (!merge_catalogs(merge, error))
		return false;
	place_categories(merge);
	return true;
}
