/*
 * Owns the way from buckets to the points of a chart. Must not know how a chart is
 * drawn.
 */
#include "report/series.h"

#include <stdlib.h>

static bool is_error(const struct summary *summary, const struct catalog_entry *entry)
{
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].entry->code == entry->code)
			return summary->codes[i].is_error;
	return false;
}

static void point_add(
    struct series_point *point, const struct summary *summary, const struct summary_part *part)
{
	point->responses += part->responses;
	point->errors += part->errors;
	for (size_t i = 0; i < part->code_count; i++)
		if (is_error(summary, part->codes[i].entry))
			point->error_outcomes[part->codes[i].entry->outcome] +=
			    part->codes[i].count;
}

static size_t timed_count(const struct summary *summary)
{
	size_t count = summary->bucket_count;

	return count > 0 && summary->buckets[count - 1].start == SUMMARY_NO_TIME ? count - 1
	                                                                         : count;
}

bool series_init(struct series *series, const struct summary *summary, size_t most)
{
	size_t timed = timed_count(summary);

	*series = (struct series){ .step = (timed + most - 1) / most };
	if (series->step == 0)
		series->step = 1;
	series->count = (timed + series->step - 1) / series->step;
	series->seconds = (uint32_t)(summary->time.bucket_seconds * series->step);
	series->has_unknown = timed < summary->bucket_count;
	series->points = calloc(series->count + 1, sizeof(*series->points));
	if (series->points == NULL)
		return false;
	for (size_t i = 0; i < summary->bucket_count; i++) {
		size_t at = i < timed ? i / series->step : series->count;
		struct series_point *point = &series->points[at];

		if (i >= timed || i % series->step == 0)
			point->start = summary->buckets[i].start;
		point_add(point, summary, &summary->buckets[i].part);
	}
	for (size_t i = 0; i < series->count; i++) {
		const struct series_point *point = &series->points[i];

		if (series->most_errors < point->errors)
			series->most_errors = point->errors;
		if (series->most_rate < series_rate(point))
			series->most_rate = series_rate(point);
	}
	return true;
}

void series_release(struct series *series)
{
	free(series->points);
	*series = (struct series){ 0 };
}

void series_of_code(const struct series *series, const struct summary *summary,
    const struct catalog_entry *entry, uint64_t *counts)
{
	size_t timed = timed_count(summary);

	for (size_t i = 0; i < series->count; i++)
		counts[i] = 0;
	for (size_t i = 0; i < timed; i++) {
		const struct summary_part *part = &summary->buckets[i].part;

		for (size_t k = 0; k < part->code_count; k++)
			if (part->codes[k].entry->code == entry->code)
				counts[i / series->step] += part->codes[k].count;
	}
}

double series_rate(const struct series_point *point)
{
	return point->responses > 0 ? (double)point->errors / (double)point->responses : 0.0;
}
