#ifndef JGANNOTATE_REPORT_MERGE_CHECK_H
#define JGANNOTATE_REPORT_MERGE_CHECK_H

#include <stdbool.h>

#include "base/error.h"
#include "tally/summary.h"

/*
 * Whether reports may be added: merge.h says what is refused. It remembers what those so far had
 * in common, not the reports.
 */
struct merge_check;

/* `by_label`: groups are labels, so that --by of the reports does not matter. NULL when there is no
 * memory. */
struct merge_check *merge_check_new(bool by_label);
void merge_check_free(struct merge_check *check); /* NULL is allowed */

/* Whether this one may be added to those before it, as far as that is known from each alone. From
 * then on its codes have the entries of the first report that described them; those, and the
 * names, last until merge_check_free. `name` must outlive all. */
bool merge_check_add(
    struct merge_check *check, struct summary *report, const char *name, struct error *error);

/* Gives the codes of what was merged so far those entries, where it was read anew. */
bool merge_check_entries(struct merge_check *check, struct summary *merged, struct error *error);

/* Whether no two of the reports that do not name their slices are of the same time. The entries
 * become the whole's. */
bool merge_check_end(struct merge_check *check, struct summary *whole, struct error *error);

#endif
