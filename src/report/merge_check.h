#ifndef JGANNOTATE_REPORT_MERGE_CHECK_H
#define JGANNOTATE_REPORT_MERGE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "tally/summary.h"

/*
 * Whether reports may be added: merge.h says what is refused. `files[0]` of each is its name.
 */
bool merge_check(struct summary *const *reports, size_t count, bool by_label, struct error *error);

/* Whether each code means one thing in all of them. From then on it has one entry: that of the
 * first report that describes it. */
bool merge_check_meanings(struct summary *const *reports, size_t count, struct error *error);

#endif
