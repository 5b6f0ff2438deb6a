#ifndef JGANNOTATE_TALLY_SUMMARY_LIST_H
#define JGANNOTATE_TALLY_SUMMARY_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "tally/summary.h"

/*
 * The lists of a summary, one row each: what makes two of their rows one, how that is done, and
 * in which order they stand. Whoever makes a summary sorts and joins by them.
 */
typedef int summary_compare_fn(const void *left, const void *right); /* as for qsort */

struct summary_list {
	size_t rows, count;        /* where they stand in struct summary */
	size_t size;               /* of a row */
	summary_compare_fn *key;   /* 0: the two are of one thing */
	size_t counted;            /* where a row has its count; 0: in its part */
	size_t part;               /* where it has its summary_part; 0: it has none */
	summary_compare_fn *order; /* NULL: by count, largest first, then by key */
	/* Adds what a row counts beside these to one of the same key, of which it comes later;
	 * NULL: nothing. */
	void (*add)(void *into, const void *from);
};

enum {
	SUMMARY_CODES,
	SUMMARY_INNER,
	SUMMARY_HELD,
	SUMMARY_UNLISTED,
	SUMMARY_NUMBERS,
	SUMMARY_CATEGORIES,
	SUMMARY_BUCKETS,
	SUMMARY_GROUPS,
	SUMMARY_ROWS,
	SUMMARY_LIST_COUNT
};
extern const struct summary_list summary_lists[SUMMARY_LIST_COUNT];

/* The codes of a part; `rows` and `count` are where they stand in struct summary_part. */
extern const struct summary_list summary_shares;

/* Sorts the rows. `owner` is the summary; for summary_shares the part. */
void summary_list_sort(const struct summary_list *list, void *owner);

/* Makes one of all rows that have the same key, and sorts what is left. New codes of parts lie in
 * the arena. False when there is no memory. */
bool summary_list_join(const struct summary_list *list, void *owner, struct arena *arena);

/* Appends the rows of `from` to those of `into`, which were all appended so. False when there is no
 * memory. */
bool summary_list_append(
    const struct summary_list *list, struct summary *into, const struct summary *from);

#endif
