/*
 * Owns the way from buckets to the points of a chart: the shortest of the lengths that people count
 * in is chosen by which the points are few enough, then each bucket is added to its point. Must not
 * know how a chart is drawn.
 */
#include "report/series.h"

#include <stdlib.h>

#include "base/zone.h"

#define DAY 86400
#define QUARTER_MILLISECONDS INT64_C(900000)

/* Lengths that people count in. */
static const uint32_t lengths[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
	10800, 14400, 21600, 28800, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY };

/* The next length after `seconds` that holds whole stretches of `base`; 0 when there is
 * none. */
static uint32_t next_length(uint32_t seconds, uint32_t base)
{
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (base > 0 && lengths[i] > seconds && lengths[i] % base == 0)
			return lengths[i];
	return seconds <= UINT32_MAX / 2 ? seconds * 2 : 0;
}

static int64_t beginning(struct zone *zone, int64_t time, uint32_t seconds)
{
	int64_t end;

	return zone_bucket(zone, time, seconds, &end);
}

static void point_add(struct series_point *point, const struct summary_errors *errors,
    const struct summary_part *part)
{
	point->responses += part->responses;
	point->errors += part->errors;
	for (size_t i = 0; i < part->code_count; i++)
		if (summary_errors_have(errors, part->codes[i].entry->code))
			point->error_outcomes[part->codes[i].entry->outcome] +=
			    part->codes[i].count;
}

static size_t timed_count(const struct summary *summary)
{
	size_t count = summary->bucket_count;

	return count > 0 && summary->buckets[count - 1].start == SUMMARY_NO_TIME ? count - 1
	                                                                         : count;
}

/* Gives each bucket its point, of `seconds` length. Returns how many points they are, or, as
 * soon as it is known, that they are more than `most`; where no length is left (`is_last`: there
 * are centuries of them) the last point holds the rest. The calendar is asked once a point: the
 * buckets are in order, and where a point ends is known. */
static size_t points_give(
    struct series *series, const struct summary *summary, size_t timed, size_t most, bool is_last)
{
	bool is_bucket = series->seconds == summary->time.bucket_seconds;
	struct zone zone = { 0 };
	int64_t end = 0;
	size_t count = 0;

	if (is_bucket && timed > most && !is_last)
		return most + 1;
	for (size_t i = 0; i < timed; i++) {
		int64_t start = summary->buckets[i].start;

		if (is_bucket || count == 0 || start >= end) {
			if (++count > most && !is_last)
				return count;
			if (!is_bucket)
				(void)zone_bucket(&zone, start, series->seconds, &end);
		}
		series->point_of[i] = (count < most ? count : most) - 1;
	}
	return count;
}

static bool points_fill(struct series *series, const struct summary *summary, size_t timed)
{
	struct summary_errors errors;

	if (!summary_errors_init(&errors, summary))
		return false;
	for (size_t i = summary->bucket_count; i-- > 0;) {
		size_t at = i < timed ? series->point_of[i] : series->count;
		struct series_point *point = &series->points[at];

		point->start = summary->buckets[i].start;
		point_add(point, &errors, &summary->buckets[i].part);
	}
	summary_errors_release(&errors);
	return true;
}

/* From when to when the log, or the window of it, is known to reach. */
static void reach_of(const struct summary *summary, int64_t *from, int64_t *to)
{
	*from = summary->first;
	*to = summary->last;
	if (summary->history != NULL && !summary->history->is_merged && *to != SUMMARY_NO_TIME) {
		/* a database tells the end of the quarter, and when it was last added to */
		int64_t last_run = summary->history->totals.last_run;

		if (last_run < *to && last_run > *to - QUARTER_MILLISECONDS)
			*to = last_run;
	}
}

/* Whether so much of a point is missing that it is no accident of where lines happen to stand:
 * a tenth of it, and several times what lies between two responses as a rule. */
static bool is_gap(const struct series *series, const struct summary *summary, int64_t from,
    int64_t to, int64_t missing)
{
	uint64_t usual = (uint64_t)(to - from) / (summary->hits[HIT_RESPONSE] + 1);

	return missing > (int64_t)series->seconds * 100 && (uint64_t)missing > 4 * usual;
}

/* Tells the ends that the log, or the window, does not fill. */
static void find_partial(struct series *series, const struct summary *summary)
{
	struct zone zone = { 0 };
	struct series_point *last = &series->points[series->count - 1];
	int64_t from, to, start, end;

	reach_of(summary, &from, &to);
	if (from == SUMMARY_NO_TIME || to == SUMMARY_NO_TIME || from > to)
		return;
	start = zone_bucket(&zone, series->points[0].start, series->seconds, &end);
	if (is_gap(series, summary, from, to, from - start) && from < end)
		series->points[0].is_partial = true;
	start = zone_bucket(&zone, last->start, series->seconds, &end);
	if (is_gap(series, summary, from, to, end - 1 - to) && to >= start)
		last->is_partial = true;
}

static bool is_sure(const struct series_point *point)
{
	return !point->is_few && !point->is_partial;
}

/* The highest rate of those that say something; where none does, of all. */
static void points_measure(struct series *series)
{
	double most_unsure = 0;

	for (size_t i = 0; i < series->count; i++) {
		const struct series_point *point = &series->points[i];
		double rate = series_rate(point);

		if (series->most_errors < point->errors)
			series->most_errors = point->errors;
		if (most_unsure < rate)
			most_unsure = rate;
		if (is_sure(point) && series->most_rate < rate)
			series->most_rate = rate;
		series->has_unsure = series->has_unsure || !is_sure(point);
	}
	if (series->most_rate <= 0)
		series->most_rate = most_unsure;
}

bool series_init(struct series *series, const struct summary *summary, size_t most, uint64_t least)
{
	size_t timed = timed_count(summary);

	*series = (struct series){ .seconds = summary->time.bucket_seconds };
	series->has_unknown = timed < summary->bucket_count;
	series->point_of = calloc(timed + 1, sizeof(*series->point_of));
	if (series->point_of == NULL)
		return false;
	while ((series->count = points_give(series, summary, timed, most, false)) > most) {
		uint32_t longer = next_length(series->seconds, summary->time.bucket_seconds);

		if (longer == 0) {
			(void)points_give(series, summary, timed, most, true);
			series->count = most;
			break;
		}
		series->seconds = longer;
	}
	series->points = calloc(series->count + 1, sizeof(*series->points));
	if (series->points == NULL || !points_fill(series, summary, timed))
		return false;
	for (size_t i = 0; i < series->count; i++)
		series->points[i].is_few =
		    series->points[i].responses > 0 && series->points[i].responses < least;
	if (series->count > 0)
		find_partial(series, summary);
	points_measure(series);
	return true;
}

void series_release(struct series *series)
{
	free(series->points);
	free(series->point_of);
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
				counts[series->point_of[i]] += part->codes[k].count;
	}
}

double series_rate(const struct series_point *point)
{
	return point->responses > 0 ? (double)point->errors / (double)point->responses : 0.0;
}

bool series_is_tick(const struct series *series, size_t point, uint32_t tick_seconds)
{
	struct zone zone = { 0 };
	int64_t start = series->points[point].start;

	if (point == 0)
		return beginning(&zone, start, tick_seconds) == start;
	return beginning(&zone, start, tick_seconds) !=
	       beginning(&zone, series->points[point - 1].start, tick_seconds);
}

uint32_t series_tick_seconds(const struct series *series, size_t most)
{
	uint32_t seconds = series->seconds;

	for (;;) {
		uint32_t longer = next_length(seconds, series->seconds);
		size_t ticks = 0;

		for (size_t i = 0; i < series->count; i++)
			ticks += series_is_tick(series, i, seconds) ? 1 : 0;
		if (ticks <= most || longer == 0)
			return seconds;
		seconds = longer;
	}
}
