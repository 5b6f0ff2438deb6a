/*
 * Owns the joining of rows by key. Must not know what a row is.
 */
#include "report/fold.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* By key, then in the order in which they came: all rows lie in one array. */
static int compare_pointers(const void *left, const void *right, void *key)
{
	const char *a, *b;
	int order;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	order = (*(fold_compare_fn **)key)(a, b);
	return order != 0 ? order : (a > b) - (a < b);
}

/* Joins each run of equal rows; `kept` receives the joined ones. */
static bool join_runs(void **pointers, size_t count, fold_compare_fn *key, fold_join_fn *join,
    void *context, char *kept, size_t size, size_t *kept_count)
{
	*kept_count = 0;
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && key(pointers[from], pointers[to]) == 0; to++)
			continue;
		if (!join(context, &pointers[from], to - from))
			return false;
		memcpy(kept + (*kept_count)++ * size, pointers[from], size);
	}
	return true;
}

bool fold_rows(void *rows, size_t *count, size_t size, fold_compare_fn *key, fold_join_fn *join,
    void *context, fold_compare_fn *order)
{
	void **pointers = calloc(*count + 1, sizeof(*pointers));
	char *kept = calloc(*count + 1, size);
	bool right = false;
	size_t kept_count;

	if (pointers != NULL && kept != NULL) {
		for (size_t i = 0; i < *count; i++)
			pointers[i] = (char *)rows + i * size;
		qsort_r(pointers, *count, sizeof(*pointers), compare_pointers, &key);
		right = join_runs(pointers, *count, key, join, context, kept, size, &kept_count);
	}
	if (right) {
		memcpy(rows, kept, kept_count * size);
		*count = kept_count;
		qsort(rows, kept_count, size, order);
	}
	free(pointers);
	free(kept);
	return right;
}
