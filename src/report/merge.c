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
#include "report/documents.h"
#include "report/expect.h"
#include "report/merge_check.h"
#include "report/merge_slices.h"
#include "report/report.h"
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
			return error_set(error, ERROR_REPORT,
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
		return error_set(error, ERROR_REPORT,
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

/* Rows that are added before the whole is made compact: some MiB. */
#define ROWS_LEAST 20000

struct merge {
	const struct merge_options *options;
	struct arena arena; /* of the names */
	const char **names; /* of the reports that were added */
	size_t count;
	struct merge_check *check;
	struct merge_slices *slices;
	struct summary *whole; /* of all reports so far; rows that are one may be several */
	size_t rows;           /* that were added since it was made compact */
	size_t rows_most;      /* until it is made so again */
};

struct merge *merge_new(const struct merge_options *options, struct error *error)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	if (merge == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	merge->options = options;
	merge->rows_most = ROWS_LEAST;
	merge->check = merge_check_new(options->by_label);
	merge->slices = merge_slices_new();
	merge->whole = summary_new();
	if (merge->check != NULL && merge->slices != NULL && merge->whole != NULL)
		return merge;
	(void)error_set_memory(error);
	merge_free(merge);
	return NULL;
}

void merge_free(struct merge *merge)
{
	if (merge == NULL)
		return;
	merge_slices_free(merge->slices);
	merge_check_free(merge->check);
	summary_free(merge->whole);
	arena_release(&merge->arena);
	free(merge);
}

static size_t count_rows(const struct summary *report)
{
	size_t rows = report->code_count + report->inner_count + report->held_count +
	              report->unlisted_count + report->category_count + report->number_count;

	for (size_t i = 0; i < report->bucket_count; i++)
		rows += 1 + report->buckets[i].part.code_count;
	for (size_t i = 0; i < report->group_count; i++)
		rows += 1 + report->groups[i].part.code_count;
	return rows;
}

/* Makes one row of those that are one, and leaves all other memory behind: the whole is what is
 * read back from its report. */
static bool make_compact(struct merge *merge, struct error *error)
{
	static const struct report_style style = { .width = 80 };
	struct strbuf text = STRBUF_INIT;
	struct summary *read = NULL;

	if (summary_join(merge->whole))
		report_jsonl(&text, merge->whole, &style);
	if (text.len == 0 || text.failed)
		(void)error_set_memory(error);
	else
		read = report_parse(
		    "the reports so far", text.data, text.len, &merge->options->lookup, error);
	strbuf_release(&text);
	if (read == NULL || !merge_check_entries(merge->check, read, error)) {
		summary_free(read);
		return false;
	}
	summary_free(merge->whole);
	merge->whole = read;
	merge->rows = 0;
	merge->rows_most = ROWS_LEAST + 2 * count_rows(read);
	return true;
}

static bool keep_name(
    struct merge *merge, const struct summary *report, const char **name, struct error *error)
{
	const char **names =
	    arena_grow(&merge->arena, (void *)merge->names, merge->count, 1, sizeof(*names));

	*name = arena_text(&merge->arena, report->files[0], strlen(report->files[0]));
	if (names == NULL || *name == NULL)
		return error_set_memory(error);
	merge->names = names;
	names[merge->count++] = *name;
	return true;
}

static void say(const struct merge *merge, const char *name, const char *what, const char *other)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_add_format(&text, "'%s' %s%s%s%s", name, what, other != NULL ? " '" : "",
	    other != NULL ? other : "", other != NULL ? "': they count once" : "");
	if (merge->options->say != NULL && !text.failed)
		merge->options->say(text.data);
	strbuf_release(&text);
}

/* What keeps somebody from adding it. */
static bool check(struct merge *merge, struct summary *report, bool *is_known, struct error *error)
{
	const char *name, *same_as;

	if (!keep_name(merge, report, &name, error) ||
	    !merge_slices_add(merge->slices, report, name, &same_as, error))
		return false;
	*is_known = same_as != NULL;
	if (*is_known) {
		merge->count--;
		say(merge, name, "is of the same slices as", same_as);
		return true;
	}
	if (report->is_unsealed)
		say(merge, name,
		    "does not say what it is of, as those of version 0.1.0: whether another "
		    "counts the same lines is told by their times alone",
		    NULL);
	return merge_check_add(merge->check, report, name, error) &&
	       (!merge->options->by_label || group_by_label(report, error));
}

bool merge_add(struct merge *merge, struct summary *report, struct error *error)
{
	bool is_known = false;
	bool right = check(merge, report, &is_known, error);

	if (!right || is_known) {
		summary_free(report);
		return right;
	}
	report->file_count = 0; /* its name is kept */
	merge->rows += count_rows(report);
	return summary_add(merge->whole, report, error) &&
	       (merge->rows < merge->rows_most || make_compact(merge, error));
}

/* What a sum of reports is, beside their counts. */
static bool complete(struct merge *merge, struct summary *whole, struct error *error)
{
	const struct merge_options *options = merge->options;

	if (!summary_join(whole) || (cap_groups(whole) && !summary_join(whole)))
		return error_set_memory(error);
	whole->version = options->version;
	if (options->label != NULL)
		whole->label = options->label;
	if (options->keeps_zone)
		whole->zones.state = STAMP_ZONES_UNLIKE;
	whole->files = merge->names;
	whole->file_count = merge->count;
	arena_join(&whole->arena, &merge->arena);
	return merge_slices_end(merge->slices, whole, error) && fill_buckets(whole, error) &&
	       make_table(whole, error);
}

struct summary *merge_finish(struct merge *merge, struct error *error)
{
	struct summary *whole;
	struct error ignored = ERROR_INIT; /* a name of another system's: ours does as well */

	if (merge->count == 0) {
		(void)error_set(error, ERROR_USAGE, "--merge: no report was given");
		return NULL;
	}
	if (merge->options->choose_zone && merge->whole->time.zone != NULL)
		(void)zone_choose(merge->whole->time.zone, &ignored);
	if (!complete(merge, merge->whole, error) ||
	    !expect_check(merge->options->expected, merge->whole, error) ||
	    !merge_check_end(merge->check, merge->whole, error))
		return NULL;
	whole = merge->whole;
	merge->whole = NULL;
	return whole;
}

/* ---- from files ---- */

static bool read_file(struct merge *merge, const char *path, struct error *error)
{
	struct documents *documents = documents_open(path, error);
	enum documents_result result = DOCUMENTS_ERROR;
	const char *text;
	size_t len;

	while (documents != NULL &&
	       (result = documents_next(documents, &text, &len, error)) == DOCUMENTS_READ) {
		struct summary *report = report_parse(
		    documents_name(documents), text, len, &merge->options->lookup, error);

		if (report == NULL || !merge_add(merge, report, error))
			break;
	}
	documents_close(documents);
	return result == DOCUMENTS_END;
}

struct summary *merge_read(const char *const *paths, size_t count,
    const struct merge_options *options, struct error *error)
{
	struct merge *merge = merge_new(options, error);
	struct summary *whole = NULL;
	size_t read = 0;

	while (merge != NULL && read < count && read_file(merge, paths[read], error))
		read++;
	if (merge != NULL && read == count)
		whole = merge_finish(merge, error);
	merge_free(merge);
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
