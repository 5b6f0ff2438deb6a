/*
 * Owns what can be said of a finished summary: its rate, whether its sums hold,
 * and its end. Must not know how it was counted or how it is shown.
 */
#include "tally/summary.h"

#include <stdlib.h>
#include <string.h>

double summary_error_rate(const struct summary *summary)
{
	if (summary->hits[HIT_RESPONSE] == 0)
		return 0.0;
	return (double)summary->errors / (double)summary->hits[HIT_RESPONSE];
}

uint64_t summary_doubt(const struct summary *summary)
{
	uint64_t doubt = 0;

	for (size_t i = 0; i < summary->held_count; i++)
		if (summary->held[i].in_doubt)
			doubt += summary->held[i].count;
	return doubt > summary->hits[HIT_RESPONSE] / 10 ? doubt : 0;
}

static bool parts_hold(const struct summary *summary)
{
	uint64_t inner = 0, held = 0, unlisted = 0, numbers = 0, sum = 0;

	for (int i = 0; i < HIT_CLASS_COUNT; i++)
		sum += summary->hits[i];
	for (size_t i = 0; i < summary->inner_count; i++)
		inner += summary->inner_codes[i].count;
	for (size_t i = 0; i < summary->held_count; i++)
		held += summary->held[i].count;
	for (size_t i = 0; i < summary->unlisted_count; i++)
		unlisted += summary->unlisted_codes[i].count;
	for (size_t i = 0; i < summary->number_count; i++)
		numbers += summary->numbers[i].count;
	return inner == summary->hits[HIT_INNER] && held == summary->hits[HIT_HELD_BACK] &&
	       unlisted <= summary->hits[HIT_UNLISTED] && numbers <= summary->hits[HIT_OTHER] &&
	       sum == summary->hit_count;
}

static bool codes_hold(const struct summary *summary)
{
	uint64_t outcomes[OUTCOME_COUNT] = { 0 };
	uint64_t count = 0, errors = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		count += row->count;
		errors += row->is_error ? row->count : 0;
		outcomes[row->entry->outcome] += row->count;
	}
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		if (outcomes[i] != summary->outcomes[i])
			return false;
	return count == summary->hits[HIT_RESPONSE] && errors == summary->errors;
}

static bool categories_hold(const struct summary *summary)
{
	uint64_t count = 0, errors = 0, success = 0, negative = 0;

	for (size_t i = 0; i < summary->category_count; i++) {
		count += summary->categories[i].count;
		errors += summary->categories[i].errors;
		success += summary->categories[i].success;
		negative += summary->categories[i].negative;
	}
	return count == summary->hits[HIT_RESPONSE] && errors == summary->errors &&
	       success == summary->outcomes[OUTCOME_SUCCESS] &&
	       negative == summary->outcomes[OUTCOME_NEGATIVE];
}

static bool catalogs_hold(const struct summary *summary)
{
	uint64_t responses = 0, errors = 0;

	for (size_t i = 0; i < summary->catalog_count; i++) {
		responses += summary->catalogs[i].responses;
		errors += summary->catalogs[i].errors;
	}
	return responses == summary->hits[HIT_RESPONSE] && errors == summary->errors;
}

bool summary_is_consistent(const struct summary *summary)
{
	return parts_hold(summary) && codes_hold(summary) && categories_hold(summary) &&
	       catalogs_hold(summary) && summary->lines_with_hits <= summary->lines;
}

static void *grow(void *rows, size_t count, size_t size)
{
	return realloc(rows, (count + 1) * size);
}

struct summary_history *summary_history_new(bool is_merged)
{
	struct summary_history *history = calloc(1, sizeof(*history));

	if (history == NULL)
		return NULL;
	history->is_merged = is_merged;
	history->new_since = history->totals.last_run = history->older_until = SUMMARY_NO_TIME;
	history->late_span = (struct summary_stretch){ SUMMARY_NO_TIME, SUMMARY_NO_TIME };
	return history;
}

bool summary_history_add_run(struct summary_history *history, const struct summary_run *run)
{
	struct summary_run *runs = grow(history->runs, history->run_count, sizeof(*runs));

	if (runs == NULL)
		return false;
	history->runs = runs;
	runs[history->run_count++] = *run;
	return true;
}

bool summary_history_add_gap(
    struct summary_history *history, const char *file, uint64_t bytes, const char *reason)
{
	struct summary_gap *gaps = grow(history->gaps, history->gap_count, sizeof(*gaps));
	struct summary_gap *gap;

	if (gaps == NULL)
		return false;
	history->gaps = gaps;
	gap = &gaps[history->gap_count++];
	*gap = (struct summary_gap){ strdup(file), bytes, strdup(reason) };
	return gap->file != NULL && gap->reason != NULL;
}

bool summary_history_add_missed(
    struct summary_history *history, const struct summary_stretch *missed)
{
	struct summary_stretch *grown =
	    grow(history->missed, history->missed_count, sizeof(*grown));

	if (grown == NULL)
		return false;
	history->missed = grown;
	grown[history->missed_count++] = *missed;
	return true;
}

bool summary_history_add_total(
    struct summary_history *history, const struct catalog_entry *entry, uint64_t count)
{
	struct summary_totals *totals = &history->totals;
	struct summary_total *codes = grow(totals->codes, totals->code_count, sizeof(*codes));

	if (codes == NULL)
		return false;
	totals->codes = codes;
	codes[totals->code_count++] = (struct summary_total){ entry, count };
	return true;
}

void summary_history_free(struct summary_history *history)
{
	if (history == NULL)
		return;
	for (size_t i = 0; i < history->gap_count; i++) {
		free(history->gaps[i].file);
		free(history->gaps[i].reason);
	}
	free(history->totals.codes);
	free(history->gaps);
	free(history->missed);
	free(history->runs);
	free(history);
}

static void baseline_free(struct summary_baseline *baseline)
{
	if (baseline == NULL)
		return;
	free(baseline->changes);
	free(baseline);
}

void summary_free(struct summary *summary)
{
	if (summary == NULL)
		return;
	for (size_t i = 0; i < summary->unlisted_count; i++)
		free((char *)summary->unlisted_codes[i].text);
	for (size_t i = 0; i < summary->bucket_count; i++)
		free(summary->buckets[i].part.codes);
	for (size_t i = 0; i < summary->group_count; i++) {
		free(summary->groups[i].part.codes);
		free((char *)summary->groups[i].name);
	}
	baseline_free(summary->baseline);
	summary_history_free(summary->history);
	free(summary->buckets);
	free(summary->groups);
	free(summary->rows);
	free(summary->codes);
	free(summary->categories);
	free(summary->inner_codes);
	free(summary->held);
	free(summary->unlisted_codes);
	free(summary->numbers);
	free(summary->catalogs);
	free(summary);
}
