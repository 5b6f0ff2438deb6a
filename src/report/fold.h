#ifndef JGANNOTATE_REPORT_FOLD_H
#define JGANNOTATE_REPORT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Rows of several lists made one list: those with the same key become one row.
 */

/* As for qsort. */
typedef int fold_compare_fn(const void *left, const void *right);

/* Joins `count` rows of one key, in the order in which they came, into the first of
 * them. False when there is no memory. */
typedef bool fold_join_fn(void *context, void *const *rows, size_t count);

/* Joins the rows with equal `key` and sorts what is left by `order`, which must leave no
 * two of them equal. `*count` becomes their number. False when there is no memory. */
bool fold_rows(void *rows, size_t *count, size_t size, fold_compare_fn *key, fold_join_fn *join,
    void *context, fold_compare_fn *order);

#endif
