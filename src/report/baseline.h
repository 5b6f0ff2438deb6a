#ifndef JGANNOTATE_REPORT_BASELINE_H
#define JGANNOTATE_REPORT_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "tally/summary.h"

/*
 * What changed since the report of before. Thread safe.
 */

/* From this many hits on a code is new, or has vanished. */
#define BASELINE_MIN 5

/* Whether the two can be compared: both must count the same codes as errors. Otherwise
 * ERROR_USAGE, naming `file`. Needs no counts of now: ask before the input is read.
 * `errors_list` is LIST of --errors; NULL: the default. */
bool baseline_check(
    const char *file, const struct summary *before, const char *errors_list, struct error *error);

/* The same from the median, figure by figure, of `days` summaries to `now`; those without
 * responses do not count. A code is new that none of them had. */
struct summary_baseline *baseline_new_median(const char *name, struct summary *const *days,
    size_t count, struct summary *now, struct error *error);

/* What cannot be compared, since other rules made its counts. */
struct summary_baseline *baseline_new_left_out(
    const char *name, struct summary *now, struct error *error);

/* The changes from `before` to `now`, also where other rules made the counts of one. To be put into
 * now's `baseline`; it lies in now's arena. Strings belong to `file`, `before` and `now`, which
 * must outlive it. NULL when there is no memory. */
struct summary_baseline *baseline_new(
    const char *file, const struct summary *before, struct summary *now, struct error *error);

/* Whether a code is new. */
bool baseline_has_new(const struct summary_baseline *baseline); /* NULL: no */

#endif
