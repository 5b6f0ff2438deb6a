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

/* ---- which codes are errors ---- */

static int compare_codes(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

bool summary_errors_init(struct summary_errors *errors, const struct summary *summary)
{
	errors->count = 0;
	errors->codes = malloc((summary->code_count + 1) * sizeof(*errors->codes));
	if (errors->codes == NULL)
		return false;
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].is_error)
			errors->codes[errors->count++] = summary->codes[i].entry->code;
	qsort(errors->codes, errors->count, sizeof(*errors->codes), compare_codes);
	return true;
}

bool summary_errors_have(const struct summary_errors *errors, uint32_t code)
{
	return errors->count > 0 && bsearch(&code, errors->codes, errors->count,
	                                sizeof(*errors->codes), compare_codes) != NULL;
}

void summary_errors_release(struct summary_errors *errors)
{
	free(errors->codes);
	*errors = (struct summary_errors){ NULL, 0 };
}

/* ---- history ---- */

struct summary_history *summary_history_new(struct summary *summary, bool is_merged)
{
	struct summary_history *history = arena_alloc(&summary->arena, 1, sizeof(*history));

	if (history == NULL)
		return NULL;
	history->arena = &summary->arena;
	history->is_merged = is_merged;
	history->new_since = history->totals.last_run = history->older_until = SUMMARY_NO_TIME;
	history->late_span = (struct summary_stretch){ SUMMARY_NO_TIME, SUMMARY_NO_TIME };
	summary->history = history;
	return history;
}

/* Copies a row of `size` bytes behind the `*count` of a list. */
static bool add_row(struct arena *arena, void *list, size_t *count, const void *row, size_t size)
{
	char *rows;

	memcpy(&rows, list, sizeof(rows));
	rows = arena_grow(arena, rows, *count, 1, size);
	if (rows == NULL)
		return false;
	memcpy(rows + (*count)++ * size, row, size);
	memcpy(list, &rows, sizeof(rows));
	return true;
}

bool summary_history_add_run(struct summary_history *history, const struct summary_run *run)
{
	return add_row(history->arena, &history->runs, &history->run_count, run, sizeof(*run));
}

bool summary_history_add_gap(
    struct summary_history *history, const char *file, uint64_t bytes, const char *reason)
{
	struct summary_gap gap = { arena_text(history->arena, file, strlen(file)), bytes,
		arena_text(history->arena, reason, strlen(reason)) };

	return gap.file != NULL && gap.reason != NULL &&
	       add_row(history->arena, &history->gaps, &history->gap_count, &gap, sizeof(gap));
}

bool summary_history_add_missed(
    struct summary_history *history, const struct summary_stretch *missed)
{
	return add_row(
	    history->arena, &history->missed, &history->missed_count, missed, sizeof(*missed));
}

bool summary_history_add_total(
    struct summary_history *history, const struct catalog_entry *entry, uint64_t count)
{
	const struct summary_total total = { entry, count };

	return add_row(history->arena, &history->totals.codes, &history->totals.code_count, &total,
	    sizeof(total));
}

/* ---- the whole ---- */

struct summary *summary_new(void)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	if (summary == NULL)
		return NULL;
	summary->first = summary->last = SUMMARY_NO_TIME;
	summary->time.since = summary->time.until = SUMMARY_NO_TIME;
	summary->time.outside_first = summary->time.outside_last = SUMMARY_NO_TIME;
	return summary;
}

void summary_free(struct summary *summary)
{
	if (summary == NULL)
		return;
	arena_release(&summary->arena);
	free(summary);
}
