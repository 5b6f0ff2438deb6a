#ifndef JGANNOTATE_REPORT_MERGE_H
#define JGANNOTATE_REPORT_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "report/report_reader.h"
#include "tally/summary.h"

/*
 * Several JSON reports made one summary. Counts, buckets and groups are added, rates follow
 * from them. The reports of a log that was split at line ends give the
 * log's report when they come in the log's order, since "first" and "last" are
 * taken in the order given; but for what a report does not hold:
 *
 * - Other numbers are told only when seen 10 times or more, as they may be passwords.
 *   With them in several reports `distinct` is the most of one report, and capped.
 * - A line without a time has that of the line before it; at the start of a part there is none.
 * - `rows` has responses by bucket (else by group), and the rest by the totals.
 *
 * Refused, each as ERROR_USAGE with the files' names: two reports of one label whose
 * times overlap, as lines would count twice (by a second at most they may: lines
 * of one log are not always in order); unlike --errors, bucket widths or group fields;
 * buckets that begin at different times; a code that means two things; numbers that
 * add up to more than 2^64-1.
 */
struct merge_options {
	const char *version; /* the program's; must outlive the merge */
	const char *label;   /* of the whole; NULL: the reports', where they agree, else none */
	bool by_label;       /* groups: one per label, in place of those of the reports */
	/* The reports' time zone becomes the process's, where they agree and the system
	 * knows it. Before other threads start; for when no zone was asked for. */
	bool choose_zone;
	bool keeps_zone; /* times are told in that zone, never in the logs' */
	struct report_lookup lookup;
};

#define MERGE_GROUPS_MAX 10000    /* as in a tally; the rest is summed as "(other)" */
#define MERGE_BUCKETS_MAX 1000000 /* with the empty ones between; more are refused */

/* Reads and merges `count` files. Free with summary_free; NULL on error. */
struct summary *merge_read(const char *const *paths, size_t count,
    const struct merge_options *options, struct error *error);

/* Merges reports that were read. They are freed, also where it fails. */
struct summary *merge_reports(struct summary **reports, size_t count,
    const struct merge_options *options, struct error *error);

/* Adds the codes of merged reports, as they describe them, to a catalog that is not frozen yet:
 * for thresholds to know them. */
bool merge_fill_catalog(const struct summary *merged, struct catalog *catalog, struct error *error);

#endif
