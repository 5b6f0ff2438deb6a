#ifndef JGANNOTATE_REPORT_MERGE_H
#define JGANNOTATE_REPORT_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "report/report_reader.h"
#include "tally/summary.h"

/*
 * Any number of JSON reports made one summary. Counts, buckets and groups are added,
 * rates follow from them. The reports of a log that was split at line ends give the
 * log's report when they come in the log's order, since "first" and "last" are
 * taken in the order given; but for what a report does not hold:
 *
 * - Other numbers are told only when seen 10 times or more, as they may be passwords.
 *   With them in several reports `distinct` is the most of one report, and capped.
 * - A line without a time has that of the line before it; at the start of a part there is none.
 * - `rows` has responses by bucket (else by group), and the rest by the totals.
 *
 * A report that is of the same slices as one before counts once; that is said. Refused, with the
 * names of both, are (ERROR_REPORT) reports that share some of their slices, slices whose ranges
 * overlap, other --tz, a code that means two things, buckets that begin at different times, numbers
 * that add up to more than 2^64-1; and as
 * ERROR_USAGE other --errors, --bucket or --by. Where a report does not name its slices, times
 * decide: two of one label may overlap by a second at most (lines of one log are not always in
 * order), and a name may be given once.
 */
struct merge_options {
	const char *version; /* the program's; must outlive the merge */
	const char *label;   /* of the whole; NULL: the reports', where they agree, else none */
	bool by_label;       /* groups: one per label, in place of those of the reports */
	/* The reports' time zone becomes the process's, where the system knows it. Before other
	 * threads start; for when no zone was asked for. */
	bool choose_zone;
	bool keeps_zone; /* times are told in that zone, never in the logs' */
	struct report_lookup lookup;
	const char *expected;          /* of which slices the reports must be; see expect.h */
	void (*say)(const char *text); /* is told what users should know; may be NULL */
};

#define MERGE_GROUPS_MAX 10000    /* as in a tally; the rest is summed as "(other)" */
#define MERGE_BUCKETS_MAX 1000000 /* with the empty ones between; more are refused */

/* A sum of reports; its memory depends on what they hold, not on how many they are. */
struct merge;

/* `options` must outlive it. NULL when there is no memory. */
struct merge *merge_new(const struct merge_options *options, struct error *error);
void merge_free(struct merge *merge); /* NULL is allowed */

/* Adds a report that was read, or says that its slices count already. It is freed in any case.
 * After an error there is nothing to do but merge_free. */
bool merge_add(struct merge *merge, struct summary *report, struct error *error);

/* The sum of at least one report; free it with summary_free, after merge_free. NULL on error. */
struct summary *merge_finish(struct merge *merge, struct error *error);

/* Reads and merges `count` files, each of any number of reports. Free with summary_free; NULL on
 * error. */
struct summary *merge_read(const char *const *paths, size_t count,
    const struct merge_options *options, struct error *error);

/* Adds the codes of merged reports, as they describe them, to a catalog that is not frozen yet:
 * for thresholds to know them. */
bool merge_fill_catalog(const struct summary *merged, struct catalog *catalog, struct error *error);

#endif
