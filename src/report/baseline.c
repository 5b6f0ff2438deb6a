/*
 * Owns the comparison with the report of before, or with the median of several. Must not know
 * where they came from, or how a change is shown.
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

/* ---- which codes there are ---- */

/* One row per code of each summary; those of several get several, one after the other once they
 * are sorted. */
static size_t fill(struct summary_change *changes, const struct summary *side, bool is_now)
{
	for (size_t i = 0; i < side->code_count; i++) {
		const struct summary_code *row = &side->codes[i];

		changes[i] = (struct summary_change){ .code = row->entry->code,
			.description = row->entry->description,
			.outcome = row->entry->outcome,
			.is_error = row->is_error,
			.count = is_now ? row->count : 0 };
	}
	return side->code_count;
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

/* ---- medians ---- */

/* The summaries of before that have responses, and room for one figure of each. */
struct sides {
	const struct summary **items;
	double *figures;
	size_t count;
};

static int compare_figures(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static double median(struct sides *sides)
{
	size_t half = sides->count / 2;

	if (sides->count == 0)
		return 0;
	qsort(sides->figures, sides->count, sizeof(*sides->figures), compare_figures);
	return sides->count % 2 != 0 ? sides->figures[half]
	                             : (sides->figures[half - 1] + sides->figures[half]) / 2;
}

static uint64_t count_of(const struct summary *summary, uint32_t code)
{
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].entry->code == code)
			return summary->codes[i].count;
	return 0;
}

static uint64_t round_count(double value)
{
	return (uint64_t)(value + 0.5);
}

static void compare(struct summary_change *change, struct sides *sides, const struct summary *now)
{
	bool was = false;

	for (size_t i = 0; i < sides->count; i++) {
		uint64_t count = count_of(sides->items[i], change->code);

		was = was || count > 0;
		sides->figures[i] = (double)count;
	}
	change->count_before = round_count(median(sides));
	for (size_t i = 0; i < sides->count; i++)
		sides->figures[i] = share_of(
		    count_of(sides->items[i], change->code), sides->items[i]->hits[HIT_RESPONSE]);
	change->share_before = median(sides);
	change->share = share_of(change->count, now->hits[HIT_RESPONSE]);
	change->is_new = !was && change->count >= BASELINE_MIN;
	change->is_vanished = change->count == 0 && change->count_before >= BASELINE_MIN;
}

static void set_rate(struct summary_baseline *baseline, struct sides *sides)
{
	for (size_t i = 0; i < sides->count; i++)
		sides->figures[i] = (double)sides->items[i]->hits[HIT_RESPONSE];
	baseline->responses = round_count(median(sides));
	for (size_t i = 0; i < sides->count; i++)
		sides->figures[i] = (double)sides->items[i]->errors;
	baseline->errors = round_count(median(sides));
	for (size_t i = 0; i < sides->count; i++)
		sides->figures[i] = summary_error_rate(sides->items[i]);
	baseline->error_rate = median(sides);
}

/* ---- both kinds ---- */

static bool fill_changes(
    struct summary_baseline *baseline, struct sides *sides, struct summary *now)
{
	size_t count = now->code_count;

	for (size_t i = 0; i < sides->count; i++)
		count += sides->items[i]->code_count;
	baseline->changes = arena_alloc(&now->arena, count, sizeof(*baseline->changes));
	if (baseline->changes == NULL)
		return false;
	count = fill(baseline->changes, now, true);
	for (size_t i = 0; i < sides->count; i++)
		count += fill(baseline->changes + count, sides->items[i], false);
	qsort(baseline->changes, count, sizeof(*baseline->changes), compare_codes);
	count = fold(baseline->changes, count);
	for (size_t i = 0; i < count; i++)
		compare(&baseline->changes[i], sides, now);
	qsort(baseline->changes, count, sizeof(*baseline->changes), compare_changes);
	baseline->change_count = count;
	return true;
}

static struct summary_baseline *make(const char *name, struct summary *const *days, size_t count,
    struct summary *now, struct error *error)
{
	struct summary_baseline *baseline = arena_alloc(&now->arena, 1, sizeof(*baseline));
	struct sides sides = { calloc(count + 1, sizeof(struct summary *)),
		calloc(count + 1, sizeof(double)), 0 };
	bool made = baseline != NULL && sides.items != NULL && sides.figures != NULL;

	if (made) {
		for (size_t i = 0; i < count; i++)
			if (days[i]->hits[HIT_RESPONSE] > 0)
				sides.items[sides.count++] = days[i];
		*baseline = (struct summary_baseline){ .file = name,
			.label = "",
			.first = SUMMARY_NO_TIME,
			.last = SUMMARY_NO_TIME,
			.days = (unsigned)sides.count,
			.days_asked = (unsigned)count };
		set_rate(baseline, &sides);
		made = fill_changes(baseline, &sides, now);
	}
	free(sides.items);
	free(sides.figures);
	if (made)
		return baseline;
	(void)error_set_memory(error);
	return NULL;
}

struct summary_baseline *baseline_new_median(const char *name, struct summary *const *days,
    size_t count, struct summary *now, struct error *error)
{
	struct summary_baseline *baseline = make(name, days, count, now, error);

	/* where nothing is known of before, nothing is new */
	if (baseline != NULL && baseline->days == 0)
		baseline->change_count = 0;
	return baseline;
}

struct summary_baseline *baseline_new_left_out(
    const char *name, struct summary *now, struct error *error)
{
	struct summary_baseline *baseline = baseline_new_median(name, NULL, 0, now, error);

	if (baseline != NULL)
		baseline->is_of_other_rules = baseline->is_left_out = true;
	return baseline;
}

struct summary_baseline *baseline_new(
    const char *file, const struct summary *before, struct summary *now, struct error *error)
{
	struct summary one = *before;
	struct summary *days = &one;
	struct summary_baseline *baseline = make(file, &days, 1, now, error);

	if (baseline == NULL)
		return NULL;
	baseline->label = before->label != NULL ? before->label : "";
	baseline->first = before->first;
	baseline->last = before->last;
	baseline->days = baseline->days_asked = 0;
	baseline->is_of_other_rules =
	    before->rules == NULL || now->rules == NULL || strcmp(before->rules, now->rules) != 0;
	return baseline;
}

bool baseline_has_new(const struct summary_baseline *baseline)
{
	for (size_t i = 0; baseline != NULL && i < baseline->change_count; i++)
		if (baseline->changes[i].is_new)
			return true;
	return false;
}
