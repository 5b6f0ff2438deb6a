/*
 * Owns the comparison with the report of before. Must not know where that came
 * from, or how a change is shown.
 */
#include "report/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool baseline_check(
    const char *file, const struct summary *before, const char *errors_list, struct error *error)
{
	const char *then = before->errors_list;

	if (then == NULL && errors_list == NULL)
		return true;
	if (then != NULL && errors_list != NULL && strcmp(then, errors_list) == 0)
		return true;
	return error_set(error, ERROR_USAGE,
	    "--baseline: report '%s' was made with %s%s, this run is with %s%s: "
	    "their errors cannot be compared",
	    file, then != NULL ? "--errors " : "the usual errors", then != NULL ? then : "",
	    errors_list != NULL ? "--errors " : "the usual errors",
	    errors_list != NULL ? errors_list : "");
}

static double share_of(uint64_t count, uint64_t responses)
{
	return responses > 0 ? (double)count / (double)responses : 0.0;
}

static int compare_codes(const void *left, const void *right)
{
	const struct summary_change *a = left;
	const struct summary_change *b = right;

	return a->code < b->code ? -1 : a->code > b->code;
}

/* Errors first, by the size of the change. */
static int compare_changes(const void *left, const void *right)
{
	const struct summary_change *a = left;
	const struct summary_change *b = right;
	double change_a = fabs(a->share - a->share_before);
	double change_b = fabs(b->share - b->share_before);

	if (a->is_error != b->is_error)
		return a->is_error ? -1 : 1;
	if (change_a < change_b || change_a > change_b)
		return change_a > change_b ? -1 : 1;
	return compare_codes(left, right);
}

/* One row per code of `now` and of `before`; those of both get two, one after the other
 * once they are sorted. */
static size_t fill(
    struct summary_change *changes, const struct summary *before, const struct summary *now)
{
	const struct summary *const sides[] = { now, before };
	size_t count = 0;

	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; i < sides[side]->code_count; i++) {
			const struct summary_code *row = &sides[side]->codes[i];
			struct summary_change *change = &changes[count++];

			*change = (struct summary_change){ .code = row->entry->code,
				.description = row->entry->description,
				.outcome = row->entry->outcome,
				.is_error = row->is_error };
			if (side == 0)
				change->count = row->count;
			else
				change->count_before = row->count;
		}
	}
	return count;
}

/* Makes one row of two: what a code means is what it means now. */
static void join(struct summary_change *into, const struct summary_change *from)
{
	if (into->count == 0) {
		into->description = from->description;
		into->outcome = from->outcome;
		into->is_error = from->is_error;
	}
	into->count += from->count;
	into->count_before += from->count_before;
}

static size_t fold(struct summary_change *changes, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && changes[kept - 1].code == changes[i].code)
			join(&changes[kept - 1], &changes[i]);
		else
			changes[kept++] = changes[i];
	}
	return kept;
}

struct summary_baseline *baseline_new(
    const char *file, const struct summary *before, const struct summary *now, struct error *error)
{
	struct summary_baseline *baseline = calloc(1, sizeof(*baseline));
	size_t count = before->code_count + now->code_count;

	if (baseline != NULL)
		baseline->changes = calloc(count + 1, sizeof(*baseline->changes));
	if (baseline == NULL || baseline->changes == NULL) {
		baseline_free(baseline);
		(void)error_set_memory(error);
		return NULL;
	}
	baseline->file = file;
	baseline->label = before->label != NULL ? before->label : "";
	baseline->first = before->first;
	baseline->last = before->last;
	baseline->responses = before->responses;
	baseline->errors = before->errors;
	count = fill(baseline->changes, before, now);
	qsort(baseline->changes, count, sizeof(*baseline->changes), compare_codes);
	count = fold(baseline->changes, count);
	for (size_t i = 0; i < count; i++) {
		struct summary_change *change = &baseline->changes[i];

		change->share = share_of(change->count, now->responses);
		change->share_before = share_of(change->count_before, before->responses);
		change->is_new = change->count_before == 0 && change->count >= BASELINE_MIN;
		change->is_vanished = change->count == 0 && change->count_before >= BASELINE_MIN;
	}
	qsort(baseline->changes, count, sizeof(*baseline->changes), compare_changes);
	baseline->change_count = count;
	return baseline;
}

void baseline_free(struct summary_baseline *baseline)
{
	if (baseline == NULL)
		return;
	free(baseline->changes);
	free(baseline);
}

bool baseline_has_new(const struct summary_baseline *baseline)
{
	for (size_t i = 0; baseline != NULL && i < baseline->change_count; i++)
		if (baseline->changes[i].is_new)
			return true;
	return false;
}
