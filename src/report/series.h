#ifndef JGANNOTATE_REPORT_SERIES_H
#define JGANNOTATE_REPORT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tally/summary.h"

/*
 * The buckets of a summary as points of a chart: where there are more of them than
 * the chart has room for, neighbours are taken together, into lengths and from beginnings
 * that people count in: quarters of an hour, hours, days from midnight.
 */
struct series_point {
	int64_t start; /* SUMMARY_NO_TIME: what has no time, the last point */
	uint64_t responses, errors;
	uint64_t error_outcomes[OUTCOME_COUNT]; /* errors by who must act */
	bool is_few;     /* it has responses, but too few for a rate to say much */
	bool is_partial; /* the log, or the window, begins or ends well within it */
};

struct series {
	struct series_point *points;
	size_t count;     /* in the order of time, without the one that has no time */
	size_t *point_of; /* of each bucket that has a time */
	uint32_t seconds; /* that a point is long */
	bool has_unknown; /* points[count] is what has no time */
	uint64_t most_errors;
	double most_rate; /* of a point that is neither few nor partial, where there is one */
	bool has_unsure;  /* some are */
};

/* At most `most` points (not 0); fewer than `least` responses are few. Without buckets it is
 * empty. Returns false when there is no memory. */
bool series_init(struct series *series, const struct summary *summary, size_t most, uint64_t least);
void series_release(struct series *series);

/* Responses of `entry` per point: series->count numbers into `counts`. */
void series_of_code(const struct series *series, const struct summary *summary,
    const struct catalog_entry *entry, uint64_t *counts);

/* The length of stretches of which at most `most` (not 0) begin within the series: where to put
 * its ticks. */
uint32_t series_tick_seconds(const struct series *series, size_t most);

/* Whether a stretch of that length begins with the point. */
bool series_is_tick(const struct series *series, size_t point, uint32_t tick_seconds);

/* errors / responses of a point; 0 without responses. */
double series_rate(const struct series_point *point);

#endif
