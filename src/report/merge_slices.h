#ifndef JGANNOTATE_REPORT_MERGE_SLICES_H
#define JGANNOTATE_REPORT_MERGE_SLICES_H

#include <stdbool.h>

#include "base/error.h"
#include "tally/summary.h"

/*
 * The slices of the reports that were merged so far: what they are of, so that nothing counts
 * twice. A slice is known again by label, file, range and digest; of standard input only where it
 * has a label. Memory: about 150 bytes for each.
 */
struct merge_slices;

/* NULL when there is no memory. */
struct merge_slices *merge_slices_new(void);
void merge_slices_free(struct merge_slices *slices); /* NULL is allowed */

/* Takes those of a report, whose name is `name`, which must outlive all. `*same_as`: the report
 * that had the very same ones, where there was one: then this one must not be added; else NULL.
 * False (ERROR_REPORT) where another report had some of them, but not all. */
bool merge_slices_add(struct merge_slices *slices, const struct summary *report, const char *name,
    const char **same_as, struct error *error);

/* Gives the whole its slices, in the order of label, file and range, and its files. Where a report
 * did not name its own nobody knows those of the whole. False (ERROR_REPORT) where the ranges of
 * two overlap. Then there is nothing to do but merge_slices_free, while the whole is there. */
bool merge_slices_end(struct merge_slices *slices, struct summary *whole, struct error *error);

#endif
