/*
 * Owns the way from a report's buckets and groups to those of a summary. Must not
 * know JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "report/report_parts.h"

/* What is left of the report's totals: all parts together must use it up. */
struct left {
	uint64_t responses, errors, held_back, unlisted;
};

static struct left left_init(const struct summary *summary)
{
	return (struct left){ summary->hits[HIT_RESPONSE], summary->errors,
		summary->hits[HIT_HELD_BACK], summary->hits[HIT_UNLISTED] };
}

static bool left_take(struct left *left, const struct report_part_row *row)
{
	return report_take(&left->responses, row->responses) &&
	       report_take(&left->errors, row->errors) &&
	       report_take(&left->held_back, row->held_back) &&
	       report_take(&left->unlisted, row->unlisted);
}

static bool left_is_nothing(const struct left *left)
{
	return left->responses == 0 && left->errors == 0 && left->held_back == 0 &&
	       left->unlisted == 0;
}

static int compare_codes(const void *left, const void *right)
{
	const struct summary_code *const *a = left;
	const struct summary_code *const *b = right;

	return (*a)->entry->code < (*b)->entry->code ? -1 : (*a)->entry->code > (*b)->entry->code;
}

/* The report's rows of codes, sorted by code, for looking up. NULL: a fault. */
static const struct summary_code **sort_codes(struct converter *converter)
{
	const struct summary *summary = converter->summary;
	const struct summary_code **sorted =
	    report_allocate(converter, summary->code_count, sizeof(*sorted));

	if (sorted == NULL)
		return NULL;
	for (size_t i = 0; i < summary->code_count; i++)
		sorted[i] = &summary->codes[i];
	qsort(sorted, summary->code_count, sizeof(*sorted), compare_codes);
	for (size_t i = 1; i < summary->code_count; i++)
		if (compare_codes(&sorted[i - 1], &sorted[i]) == 0) {
			(void)report_fault(converter, "codes", SIZE_MAX, "holds a code twice");
			return NULL;
		}
	return sorted;
}

static const struct summary_code *find_code(
    const struct converter *converter, const struct summary_code **sorted, uint32_t code)
{
	const struct catalog_entry entry = { .code = code };
	const struct summary_code key = { .entry = &entry };
	const struct summary_code *wanted = &key;
	const struct summary_code **found = bsearch(
	    &wanted, sorted, converter->summary->code_count, sizeof(*sorted), compare_codes);

	return found != NULL ? *found : NULL;
}

/* One bucket or group: its codes must be the report's, and add up. */
static bool make_part(struct converter *converter, const struct summary_code **sorted,
    const char *name, size_t i, const struct report_part_row *row, struct summary_part *part)
{
	const struct report_number_row *codes = row->codes.rows;
	uint64_t left = row->responses, errors = 0;

	*part = (struct summary_part){ .responses = row->responses,
		.errors = row->errors,
		.held_back = row->held_back,
		.unlisted = row->unlisted };
	part->codes = report_allocate(converter, row->codes.count, sizeof(*part->codes));
	if (part->codes == NULL)
		return false;
	for (size_t j = 0; j < row->codes.count; j++) {
		const struct summary_code *code = find_code(converter, sorted, codes[j].code);

		if (code == NULL)
			return report_fault(
			    converter, name, i, "holds a code that is not in 'codes'");
		if (!report_take(&left, codes[j].count))
			return report_fault(converter, name, i, REPORT_MORE_THAN_TOTAL);
		part->codes[part->code_count++] =
		    (struct summary_share){ code->entry, codes[j].count };
		part->outcomes[code->entry->outcome] += codes[j].count;
		errors += code->is_error ? codes[j].count : 0;
	}
	if (left != 0 || errors != row->errors)
		return report_fault(converter, name, i, "the sums do not hold");
	if (!report_rate_holds(row->rate, row->errors, row->responses))
		return report_fault(converter, name, i, REPORT_WRONG_RATE);
	return true;
}

bool report_buckets_make(struct converter *converter)
{
	const struct json_list *list = &converter->document->buckets;
	const struct report_part_row *rows = list->rows;
	struct summary *summary = converter->summary;
	const struct summary_code **sorted = sort_codes(converter);
	struct left left = left_init(summary);

	if (list->is_null != (summary->time.bucket_seconds == 0))
		return report_fault(
		    converter, "buckets", SIZE_MAX, "does not go with 'time.bucket_seconds'");
	summary->buckets = report_allocate(converter, list->count, sizeof(*summary->buckets));
	if (sorted == NULL || summary->buckets == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		bool is_last = i + 1 == list->count;

		if ((rows[i].start == SUMMARY_NO_TIME && !is_last) ||
		    (i > 0 && rows[i].start != SUMMARY_NO_TIME &&
		        rows[i].start <= rows[i - 1].start))
			return report_fault(converter, "buckets", i, "is not in its place");
		if (!left_take(&left, &rows[i]))
			return report_fault(converter, "buckets", i, REPORT_MORE_THAN_TOTAL);
		summary->buckets[i].start = rows[i].start;
		if (!make_part(
		        converter, sorted, "buckets", i, &rows[i], &summary->buckets[i].part))
			return false;
	}
	summary->bucket_count = list->count;
	return list->is_null || left_is_nothing(&left) ||
	       report_fault(converter, "buckets", SIZE_MAX, "do not add up to the totals");
}

bool report_groups_make(struct converter *converter)
{
	const struct report_groups *groups = converter->document->groups;
	struct summary *summary = converter->summary;
	const struct summary_code **sorted = sort_codes(converter);
	struct left left = left_init(summary);
	const struct report_part_row *rows;

	if (sorted == NULL || groups == NULL)
		return sorted != NULL;
	rows = groups->values.rows;
	summary->group_field = groups->field;
	summary->groups =
	    report_allocate(converter, groups->values.count, sizeof(*summary->groups));
	if (summary->groups == NULL)
		return false;
	for (size_t i = 0; i < groups->values.count; i++) {
		struct summary_group *group = &summary->groups[i];

		if (!left_take(&left, &rows[i]))
			return report_fault(converter, "groups.values", i, REPORT_MORE_THAN_TOTAL);
		group->kind = rows[i].other           ? GROUP_OTHER
		              : rows[i].group != NULL ? GROUP_VALUE
		                                      : GROUP_NONE;
		group->name = group->kind == GROUP_VALUE ? rows[i].group : "";
		if (!make_part(converter, sorted, "groups.values", i, &rows[i], &group->part))
			return false;
	}
	summary->group_count = groups->values.count;
	return left_is_nothing(&left) ||
	       report_fault(converter, "groups", SIZE_MAX, "do not add up to the totals");
}
