/*
 * Owns the adding up of buckets and groups, and the full table. Must not know the
 * other lists.
 */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "report/fold.h"
#include "report/merge_parts.h"
#include "report/rows.h"

/* What fold_join_fn is given. */
struct joiner {
	struct merge *merge;
	struct error *error;
};

/* ---- a part: what a bucket or a group counts ---- */

static int key_share(const void *left, const void *right)
{
	const struct summary_share *a = left;
	const struct summary_share *b = right;

	return (a->entry->code > b->entry->code) - (a->entry->code < b->entry->code);
}

static int order_share(const void *left, const void *right)
{
	const struct summary_share *a = left;
	const struct summary_share *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return key_share(left, right);
}

static bool join_share(void *context, void *const *rows, size_t count)
{
	const struct joiner *joiner = context;
	struct summary_share *into = rows[0];

	into->entry = merge_entry(joiner->merge, into->entry->code);
	for (size_t i = 1; i < count; i++)
		merge_add(&into->count, ((const struct summary_share *)rows[i])->count);
	return true;
}

/* Makes one of several parts. They lie `offset` bytes into the rows. */
static bool join_parts(struct joiner *joiner, void *const *rows, size_t count, size_t offset)
{
	struct summary_part joined = { 0 };
	size_t codes = 0;

	for (size_t i = 0; i < count; i++)
		codes += ((const struct summary_part *)((char *)rows[i] + offset))->code_count;
	joined.codes = merge_allocate(joiner->merge, codes, sizeof(*joined.codes), joiner->error);
	if (joined.codes == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct summary_part *part =
		    (const struct summary_part *)((char *)rows[i] + offset);

		merge_add(&joined.responses, part->responses);
		merge_add(&joined.errors, part->errors);
		merge_add(&joined.held_back, part->held_back);
		merge_add(&joined.unlisted, part->unlisted);
		for (size_t j = 0; j < OUTCOME_COUNT; j++)
			merge_add(&joined.outcomes[j], part->outcomes[j]);
		if (part->code_count > 0)
			memcpy(joined.codes + joined.code_count, part->codes,
			    part->code_count * sizeof(*joined.codes));
		joined.code_count += part->code_count;
	}
	if (!fold_rows(joined.codes, &joined.code_count, sizeof(*joined.codes), key_share,
	        join_share, joiner, order_share))
		return false;
	memcpy((char *)rows[0] + offset, &joined, sizeof(joined));
	return true;
}

/* ---- buckets ---- */

/* The unknown time, which is the least number, comes last. */
static int key_bucket(const void *left, const void *right)
{
	const struct summary_bucket *a = left;
	const struct summary_bucket *b = right;
	bool is_a_unknown = a->start == SUMMARY_NO_TIME, is_b_unknown = b->start == SUMMARY_NO_TIME;

	if (is_a_unknown != is_b_unknown)
		return is_a_unknown ? 1 : -1;
	return (a->start > b->start) - (a->start < b->start);
}

static bool join_bucket(void *context, void *const *rows, size_t count)
{
	return join_parts(context, rows, count, offsetof(struct summary_bucket, part));
}

/* Where the bucket after the one at `start` begins: by the zone's clocks, where the
 * reports were made with the same. */
static int64_t next_start(struct zone *zone, int64_t start, uint32_t seconds)
{
	int64_t end;

	if (zone_bucket(zone, start, seconds, &end) == start && end > start)
		return end;
	return start + (int64_t)seconds * 1000;
}

/* Whether the next bucket after `start` is missing before that at `following`; a rest shorter
 * than half a bucket is the clocks' doing. */
static bool is_gap(int64_t next, int64_t following, uint32_t seconds)
{
	return following - next >= (int64_t)seconds * 500;
}

/* Counts the empty buckets between those that there are, and makes them in `filled` where
 * that is not NULL. SIZE_MAX: too many. */
static size_t fill_gaps(const struct summary *whole, struct summary_bucket *filled)
{
	uint32_t seconds = whole->time.bucket_seconds;
	struct zone zone = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < whole->bucket_count; i++) {
		const struct summary_bucket *bucket = &whole->buckets[i];
		int64_t next = bucket->start;

		if (filled != NULL)
			filled[count] = *bucket;
		count++;
		if (i + 1 == whole->bucket_count || whole->buckets[i + 1].start == SUMMARY_NO_TIME)
			continue;
		while (is_gap(next = next_start(&zone, next, seconds), bucket[1].start, seconds)) {
			if (count == MERGE_BUCKETS_MAX)
				return SIZE_MAX;
			if (filled != NULL)
				filled[count].start = next;
			count++;
		}
	}
	return count;
}

/* Buckets of one zone begin together; those of several may not. */
static bool check_starts(const struct summary *whole, struct error *error)
{
	int64_t width = (int64_t)whole->time.bucket_seconds * 1000;

	for (size_t i = 1; i < whole->bucket_count; i++)
		if (whole->buckets[i].start != SUMMARY_NO_TIME &&
		    whole->buckets[i].start - whole->buckets[i - 1].start < width / 2)
			return error_set(error, ERROR_USAGE,
			    "--merge: the buckets of the reports begin at different times: "
			    "make them with the same --tz");
	return true;
}

bool merge_buckets(struct merge *merge, struct error *error)
{
	struct summary *whole = &merge->whole;
	struct joiner joiner = { merge, error };
	struct summary_bucket *rows, *filled;
	size_t count = 0;

	if (whole->time.bucket_seconds == 0)
		return true;
	for (size_t i = 0; i < merge->count; i++)
		count += merge->summaries[i]->bucket_count;
	rows = merge_allocate(merge, count, sizeof(*rows), error);
	if (rows == NULL)
		return false;
	for (size_t i = 0; i < merge->count; i++)
		for (size_t j = 0; j < merge->summaries[i]->bucket_count; j++)
			rows[whole->bucket_count++] = merge->summaries[i]->buckets[j];
	if (!fold_rows(rows, &whole->bucket_count, sizeof(*rows), key_bucket, join_bucket, &joiner,
	        key_bucket))
		return error_set_memory(error);
	whole->buckets = rows;
	if (!check_starts(whole, error))
		return false;
	count = fill_gaps(whole, NULL);
	if (count == SIZE_MAX)
		return error_set(error, ERROR_USAGE,
		    "--merge: the reports span more than %d buckets of %u seconds",
		    MERGE_BUCKETS_MAX, whole->time.bucket_seconds);
	filled = merge_allocate(merge, count, sizeof(*filled), error);
	if (filled == NULL)
		return false;
	(void)fill_gaps(whole, filled);
	whole->buckets = filled;
	whole->bucket_count = count;
	return true;
}

/* ---- groups ---- */

static int key_group(const void *left, const void *right)
{
	const struct summary_group *a = left;
	const struct summary_group *b = right;

	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static int order_group(const void *left, const void *right)
{
	const struct summary_group *a = left;
	const struct summary_group *b = right;

	if (a->part.errors != b->part.errors)
		return a->part.errors > b->part.errors ? -1 : 1;
	if (a->part.responses != b->part.responses)
		return a->part.responses > b->part.responses ? -1 : 1;
	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static bool join_group(void *context, void *const *rows, size_t count)
{
	return join_parts(context, rows, count, offsetof(struct summary_group, part));
}

static bool has_labels(const struct summary *summary)
{
	return summary->group_field != NULL && strcmp(summary->group_field, "label") == 0;
}

/* A whole report as one group. */
static bool label_group(struct merge *merge, const struct summary *summary,
    struct summary_group *group, struct error *error)
{
	struct summary_part *part = &group->part;

	*group = (struct summary_group){ summary->label != NULL ? GROUP_VALUE : GROUP_NONE,
		summary->label != NULL ? summary->label : "", { 0 } };
	part->responses = summary->hits[HIT_RESPONSE];
	part->errors = summary->errors;
	part->held_back = summary->hits[HIT_HELD_BACK];
	part->unlisted = summary->hits[HIT_UNLISTED];
	memcpy(part->outcomes, summary->outcomes, sizeof(part->outcomes));
	part->codes = merge_allocate(merge, summary->code_count, sizeof(*part->codes), error);
	if (part->codes == NULL)
		return false;
	for (size_t i = 0; i < summary->code_count; i++)
		part->codes[i] =
		    (struct summary_share){ summary->codes[i].entry, summary->codes[i].count };
	part->code_count = summary->code_count;
	return true;
}

/* The groups of all reports behind each other. */
static bool gather_groups(struct merge *merge, struct error *error)
{
	struct summary *whole = &merge->whole;
	size_t count = 0;

	for (size_t i = 0; i < merge->count; i++)
		count += merge->summaries[i]->group_count + 1;
	whole->groups = merge_allocate(merge, count, sizeof(*whole->groups), error);
	if (whole->groups == NULL)
		return false;
	for (size_t i = 0; i < merge->count; i++) {
		const struct summary *summary = merge->summaries[i];

		if (!merge->by_label || has_labels(summary)) {
			for (size_t j = 0; j < summary->group_count; j++)
				whole->groups[whole->group_count++] = summary->groups[j];
			continue;
		}
		if (!label_group(merge, summary, &whole->groups[whole->group_count++], error))
			return false;
	}
	return true;
}

/* What is beyond the groups that are kept becomes "(other)": the last in the order. */
static void cap_groups(struct summary *whole)
{
	size_t values = 0;

	for (size_t i = 0; i < whole->group_count; i++) {
		struct summary_group *group = &whole->groups[i];

		values += group->kind == GROUP_VALUE;
		if (group->kind == GROUP_VALUE && values > MERGE_GROUPS_MAX) {
			group->kind = GROUP_OTHER;
			group->name = "";
		}
	}
}

bool merge_groups(struct merge *merge, struct error *error)
{
	struct summary *whole = &merge->whole;
	struct joiner joiner = { merge, error };

	if (!merge->by_label && merge->summaries[0]->group_field == NULL)
		return true;
	whole->group_field = merge->by_label ? "label" : merge->summaries[0]->group_field;
	if (!gather_groups(merge, error))
		return false;
	for (int round = 0; round < 2; round++) {
		if (!fold_rows(whole->groups, &whole->group_count, sizeof(*whole->groups),
		        key_group, join_group, &joiner, order_group))
			return error_set_memory(error);
		cap_groups(whole);
	}
	return true;
}

/* ---- the full table ---- */

static void add_responses(
    struct summary *whole, size_t bucket, size_t group, const struct summary_part *part)
{
	for (size_t i = 0; i < part->code_count; i++)
		if (part->codes[i].count > 0)
			whole->rows[whole->row_count++] = (struct summary_row){ bucket, group,
				HIT_RESPONSE, part->codes[i].entry->code, part->codes[i].entry,
				part->codes[i].count };
}

bool merge_table(struct merge *merge, struct error *error)
{
	struct summary *whole = &merge->whole, plain = *whole;
	struct rows totals;
	size_t count = 0;

	if (whole->time.bucket_seconds == 0 && whole->group_field == NULL)
		return true;
	plain.time.bucket_seconds = 0;
	plain.group_field = NULL;
	if (!rows_init(&totals, &plain))
		return error_set_memory(error);
	for (size_t i = 0; i < whole->bucket_count; i++)
		count += whole->buckets[i].part.code_count;
	for (size_t i = 0; i < whole->group_count; i++)
		count += whole->groups[i].part.code_count;
	whole->rows = merge_allocate(merge, count + totals.count, sizeof(*whole->rows), error);
	if (whole->rows == NULL) {
		rows_release(&totals);
		return false;
	}
	for (size_t i = 0; i < whole->bucket_count; i++)
		add_responses(whole, i, SIZE_MAX, &whole->buckets[i].part);
	for (size_t i = 0; i < whole->group_count && whole->time.bucket_seconds == 0; i++)
		add_responses(whole, SIZE_MAX, i, &whole->groups[i].part);
	for (size_t i = 0; i < totals.count; i++)
		if (totals.items[i].counts_as != HIT_RESPONSE)
			whole->rows[whole->row_count++] = totals.items[i];
	rows_release(&totals);
	return true;
}
