#ifndef JGANNOTATE_REPORT_ROWS_H
#define JGANNOTATE_REPORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "tally/summary.h"

/*
 * The full table bucket x group x class x code of a summary, also of one that has
 * neither buckets nor groups: there its rows are made from the totals. Counts
 * add up to the summary's hits.
 */
struct rows {
	const struct summary_row *items;
	size_t count;
	struct summary_row *own; /* what `items` points at where it was made here */
};

/* Returns false when there is no memory. The summary must outlive the rows. */
bool rows_init(struct rows *rows, const struct summary *summary);
void rows_release(struct rows *rows);

#endif
