/*
 * Owns the merging of reports: which steps, and what a sum of summaries lacks: the empty buckets
 * between those that there are, groups by label, the rest of too many groups, and the full table,
 * which no report holds. What may not be added merge_check.c knows, and how rows are added the
 * summary.
 */
#include "report/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/zone.h"
#include "report/merge_check.h"
#include "report/rows.h"

/* ---- buckets: with the empty ones between ---- */

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

static bool fill_buckets(struct summary *whole, struct error *error)
{
	struct summary_bucket *filled;
	size_t count;

	if (whole->time.bucket_seconds == 0)
		return true;
	if (!check_starts(whole, error))
		return false;
	count = fill_gaps(whole, NULL);
	if (count == SIZE_MAX)
		return error_set(error, ERROR_USAGE,
		    "--merge: the reports span more than %d buckets of %u seconds",
		    MERGE_BUCKETS_MAX, whole->time.bucket_seconds);
	filled = arena_alloc(&whole->arena, count, sizeof(*filled));
	if (filled == NULL)
		return error_set_memory(error);
	(void)fill_gaps(whole, filled);
	whole->buckets = filled;
	whole->bucket_count = count;
	return true;
}

/* ---- groups ---- */

/* Makes the whole report one group, unless its groups are labels already. */
static bool group_by_label(struct summary *report, struct error *error)
{
	struct summary_group *group;
	struct summary_part *part;

	if (report->group_field != NULL && strcmp(report->group_field, "label") == 0)
		return true;
	group = arena_alloc(&report->arena, 1, sizeof(*group));
	if (group == NULL)
		return error_set_memory(error);
	group->kind = report->label != NULL ? GROUP_VALUE : GROUP_NONE;
	group->name = report->label != NULL ? report->label : "";
	part = &group->part;
	part->responses = report->hits[HIT_RESPONSE];
	part->errors = report->errors;
	part->held_back = report->hits[HIT_HELD_BACK];
	part->unlisted = report->hits[HIT_UNLISTED];
	memcpy(part->outcomes, report->outcomes, sizeof(part->outcomes));
	part->codes = arena_alloc(&report->arena, report->code_count, sizeof(*part->codes));
	if (part->codes == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < report->code_count; i++)
		part->codes[part->code_count++] =
		    (struct summary_share){ report->codes[i].entry, report->codes[i].count };
	report->group_field = "label";
	report->groups = group;
	report->group_count = 1;
	return true;
}

/* What is beyond the groups that are kept becomes "(other)": the last in the order. Whether there
 * are such. */
static bool cap_groups(struct summary *whole)
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
	return values > MERGE_GROUPS_MAX;
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

static bool make_table(struct summary *whole, struct error *error)
{
	struct summary plain = *whole;
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
	whole->rows = arena_alloc(&whole->arena, count + totals.count, sizeof(*whole->rows));
	if (whole->rows == NULL) {
		rows_release(&totals);
		return error_set_memory(error);
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

/* ---- the merge ---- */

/* Of all reports, where they agree. */
static void choose_zone(struct summary *const *reports, size_t count)
{
	const char *zone = reports[0]->time.zone;
	struct error ignored = ERROR_INIT; /* a name of another system's: ours does as well */

	for (size_t i = 1; i < count; i++) {
		const char *other = reports[i]->time.zone;

		if (zone == NULL || other == NULL || strcmp(zone, other) != 0)
			return;
	}
	if (zone != NULL)
		(void)zone_choose(zone, &ignored);
}

/* Adds them up; each becomes NULL once it is the whole's. */
static bool add_reports(struct summary *whole, struct summary **reports, size_t count,
    const struct merge_options *options, struct error *error)
{
	if (options->keeps_zone)
		whole->zones.state = STAMP_ZONES_UNLIKE;
	for (size_t i = 0; i < count; i++) {
		struct summary *report = reports[i];

		if (options->by_label && !group_by_label(report, error))
			return false;
		reports[i] = NULL;
		if (!summary_add(whole, report, error))
			return false;
	}
	if (!summary_join(whole) || (cap_groups(whole) && !summary_join(whole)))
		return error_set_memory(error);
	whole->version = options->version;
	if (options->label != NULL)
		whole->label = options->label;
	return fill_buckets(whole, error) && make_table(whole, error);
}

static bool merge(struct summary *whole, struct summary **reports, size_t count,
    const struct merge_options *options, struct error *error)
{
	if (count == 0)
		return error_set(error, ERROR_USAGE, "--merge: no report was given");
	if (!merge_check(reports, count, options->by_label, error))
		return false;
	if (options->choose_zone)
		choose_zone(reports, count);
	return merge_check_meanings(reports, count, error) &&
	       add_reports(whole, reports, count, options, error);
}

struct summary *merge_reports(struct summary **reports, size_t count,
    const struct merge_options *options, struct error *error)
{
	struct summary *whole = summary_new();

	if (whole == NULL)
		(void)error_set_memory(error);
	else if (merge(whole, reports, count, options, error))
		return whole;
	for (size_t i = 0; i < count; i++)
		summary_free(reports[i]);
	summary_free(whole);
	return NULL;
}

struct summary *merge_read(const char *const *paths, size_t count,
    const struct merge_options *options, struct error *error)
{
	struct summary **reports = calloc(count + 1, sizeof(struct summary *));
	struct summary *whole = NULL;
	size_t read = 0;

	if (reports == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	while (read < count &&
	       (reports[read] = report_read(paths[read], &options->lookup, error)) != NULL)
		read++;
	if (read == count)
		whole = merge_reports(reports, count, options, error);
	else
		while (read > 0)
			summary_free(reports[--read]);
	free(reports);
	return whole;
}

/* ---- its codes ---- */

static int compare_entries(const void *left, const void *right)
{
	const struct catalog_entry *const *a = left;
	const struct catalog_entry *const *b = right;

	return ((*a)->code > (*b)->code) - ((*a)->code < (*b)->code);
}

/* As a catalog's file has them, each once. */
static void write_entries(
    struct strbuf *text, const struct catalog_entry *const *entries, size_t count)
{
	static const char *const collides[] = { "no", "yes", "always" };

	for (size_t i = 0; i < count; i++)
		if (i == 0 || entries[i]->code != entries[i - 1]->code)
			strbuf_add_format(text, "%" PRIu32 "\t%s\t%s\t%s\t%s\n", entries[i]->code,
			    entries[i]->description, entries[i]->category,
			    outcome_info(entries[i]->outcome)->name,
			    collides[entries[i]->collides]);
}

bool merge_fill_catalog(const struct summary *merged, struct catalog *catalog, struct error *error)
{
	const struct catalog_entry **entries =
	    calloc(merged->code_count + merged->inner_count + 1, sizeof(*entries));
	struct strbuf text = STRBUF_INIT;
	size_t count = 0;
	bool right = true;

	if (entries == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < merged->code_count; i++)
		entries[count++] = merged->codes[i].entry;
	for (size_t i = 0; i < merged->inner_count; i++)
		entries[count++] = merged->inner_codes[i].entry;
	qsort(entries, count, sizeof(*entries), compare_entries);
	write_entries(&text, entries, count);
	if (text.failed)
		right = error_set_memory(error);
	else if (text.len > 0)
		right = catalog_parse(catalog, "the merged reports", text.data, text.len, error);
	strbuf_release(&text);
	free(entries);
	return right;
}
