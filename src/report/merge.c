/*
 * Owns the merging of reports: which steps, and what is added without rows. Must not
 * know how lists are folded.
 */
#include "report/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/zone.h"
#include "report/baseline.h"
#include "report/merge_parts.h"

void *merge_allocate(struct merge *merge, size_t count, size_t size, struct error *error)
{
	void *memory = arena_alloc(&merge->whole.arena, count, size);

	if (memory == NULL)
		(void)error_set_memory(error);
	return memory;
}

/* ---- totals ---- */

/* Counts that are plainly added, by where they stand in a summary. */
static const size_t counts[] = {
	offsetof(struct summary, lines),
	offsetof(struct summary, bytes),
	offsetof(struct summary, lines_with_hits),
	offsetof(struct summary, hit_count),
	offsetof(struct summary, errors),
	offsetof(struct summary, time.unknown),
	offsetof(struct summary, time.outside),
	offsetof(struct summary, time.skipped_bytes),
	offsetof(struct summary, trouble.long_lines),
	offsetof(struct summary, trouble.regex_limits),
	offsetof(struct summary, trouble.not_a_code),
	offsetof(struct summary, trouble.unreadable_files),
	offsetof(struct summary, trouble.damaged_files),
};

static void add_counts(struct summary *whole, const struct summary *from)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		merge_add((uint64_t *)((char *)whole + counts[i]),
		    *(const uint64_t *)((const char *)from + counts[i]));
	for (size_t i = 0; i < HIT_CLASS_COUNT; i++)
		merge_add(&whole->hits[i], from->hits[i]);
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		merge_add(&whole->outcomes[i], from->outcomes[i]);
	whole->lines_unknown = whole->lines_unknown || from->lines_unknown;
}

/* Which other numbers there were a report does not tell; the same may be in several. */
static void add_distinct(struct summary *whole, const struct summary *from)
{
	if (from->hits[HIT_OTHER] == 0)
		return;
	whole->other_numbers_capped =
	    from->other_numbers_capped || whole->other_numbers_distinct > 0;
	if (from->other_numbers_distinct > whole->other_numbers_distinct)
		whole->other_numbers_distinct = from->other_numbers_distinct;
}

/* The window: all that any of them has. */
static void add_window(struct summary *whole, const struct summary *from)
{
	bool is_open_before = from->time.since == SUMMARY_NO_TIME;
	bool is_open_after = from->time.until == SUMMARY_NO_TIME;

	whole->time.is_asked = whole->time.is_asked || from->time.is_asked;
	if (is_open_before || whole->time.since == SUMMARY_NO_TIME)
		whole->time.since = SUMMARY_NO_TIME;
	else if (from->time.since < whole->time.since)
		whole->time.since = from->time.since;
	if (is_open_after || whole->time.until == SUMMARY_NO_TIME)
		whole->time.until = SUMMARY_NO_TIME;
	else if (from->time.until > whole->time.until)
		whole->time.until = from->time.until;
	if (whole->time.zone == NULL)
		whole->time.zone = from->time.zone;
	stamp_zones_join(&whole->zones, &from->zones);
	if (whole->first == SUMMARY_NO_TIME)
		whole->first = from->first;
	if (from->last != SUMMARY_NO_TIME)
		whole->last = from->last;
}

/* A stretch that several hosts missed is told once. */
static bool add_missed(struct summary_history *history, const struct summary_stretch *missed)
{
	for (size_t i = 0; i < history->missed_count; i++)
		if (history->missed[i].since == missed->since &&
		    history->missed[i].until == missed->until)
			return true;
	return summary_history_add_missed(history, missed);
}

static bool add_gaps(struct summary *whole, const struct summary *from, struct error *error)
{
	bool added = true;

	if (from->history == NULL)
		return true;
	added = whole->history != NULL || summary_history_new(whole, true) != NULL;
	for (size_t i = 0; i < from->history->gap_count && added; i++) {
		const struct summary_gap *gap = &from->history->gaps[i];

		added = summary_history_add_gap(
		    whole->history, gap->file, gap->bytes, gap->reason);
	}
	if (added) {
		merge_add(&whole->history->late, from->history->late);
		if (from->history->older_until > whole->history->older_until)
			whole->history->older_until = from->history->older_until;
	}
	for (size_t i = 0; i < from->history->missed_count && added; i++)
		added = add_missed(whole->history, &from->history->missed[i]);
	return added || error_set_memory(error);
}

/* The label of all of them, or NULL. */
static const char *common_label(const struct merge *merge)
{
	const char *label = merge->summaries[0]->label;

	for (size_t i = 1; i < merge->count && label != NULL; i++)
		if (merge->summaries[i]->label == NULL ||
		    strcmp(merge->summaries[i]->label, label) != 0)
			label = NULL;
	return label;
}

static bool add_totals(
    struct merge *merge, const struct merge_options *options, struct error *error)
{
	struct summary *whole = &merge->whole;
	const char **files = merge_allocate(merge, merge->count, sizeof(*files), error);

	if (files == NULL)
		return false;
	whole->version = options->version;
	whole->rules = merge->summaries[0]->rules;
	whole->label = options->label != NULL ? options->label : common_label(merge);
	whole->errors_list = merge->summaries[0]->errors_list;
	whole->files = files;
	whole->file_count = merge->count;
	whole->first = whole->last = SUMMARY_NO_TIME;
	whole->time.outside_first = whole->time.outside_last = SUMMARY_NO_TIME;
	if (options->keeps_zone)
		whole->zones.state = STAMP_ZONES_UNLIKE;
	whole->time.since = merge->summaries[0]->time.since;
	whole->time.until = merge->summaries[0]->time.until;
	whole->time.bucket_seconds = merge->summaries[0]->time.bucket_seconds;
	for (size_t i = 0; i < merge->count; i++) {
		files[i] = report_file_name(merge->files[i]);
		add_counts(whole, merge->summaries[i]);
		if (whole->rules != NULL &&
		    (merge->summaries[i]->rules == NULL ||
		        strcmp(whole->rules, merge->summaries[i]->rules) != 0))
			whole->rules = NULL;
		add_distinct(whole, merge->summaries[i]);
		add_window(whole, merge->summaries[i]);
		if (!add_gaps(whole, merge->summaries[i], error))
			return false;
	}
	/* a sum of what is known alone would be taken for the whole */
	if (whole->lines_unknown)
		whole->lines = whole->bytes = whole->lines_with_hits = 0;
	return true;
}

/* ---- the merge ---- */

static void choose_zone(const struct merge *merge)
{
	const char *zone = merge->summaries[0]->time.zone;
	struct error ignored = ERROR_INIT; /* a name of another system's: ours does as well */

	for (size_t i = 1; i < merge->count; i++) {
		const char *other = merge->summaries[i]->time.zone;

		if (zone == NULL || other == NULL || strcmp(zone, other) != 0)
			return;
	}
	if (zone != NULL)
		(void)zone_choose(zone, &ignored);
}

static bool take_files(
    struct merge *merge, struct report_file *const *files, size_t count, struct error *error)
{
	merge->files = calloc(count + 1, sizeof(struct report_file *));
	merge->summaries = arena_alloc(&merge->whole.arena, count, sizeof(struct summary *));
	if (merge->files == NULL || merge->summaries == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < count; i++) {
		merge->files[i] = files[i];
		merge->summaries[i] = report_file_summary(files[i]);
	}
	merge->count = count;
	return true;
}

struct merge *merge_files(struct report_file *const *files, size_t count,
    const struct merge_options *options, struct error *error)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	if (merge == NULL || !take_files(merge, files, count, error)) {
		for (size_t i = 0; i < count; i++)
			report_file_free(files[i]);
		merge_free(merge);
		(void)error_set_memory(error);
		return NULL;
	}
	merge->by_label = options->by_label;
	if (count == 0)
		(void)error_set(error, ERROR_USAGE, "--merge: no report was given");
	else if (merge_check(merge, error)) {
		if (options->choose_zone)
			choose_zone(merge);
		if (add_totals(merge, options, error) && merge_meanings(merge, error) &&
		    merge_lists(merge, error) && merge_buckets(merge, error) &&
		    merge_groups(merge, error) && merge_table(merge, error))
			return merge;
	}
	merge_free(merge);
	return NULL;
}

struct merge *merge_read(const char *const *paths, size_t count,
    const struct merge_options *options, struct error *error)
{
	struct report_file **files = calloc(count + 1, sizeof(struct report_file *));
	struct merge *merge = NULL;
	size_t read = 0;

	if (files == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	while (read < count &&
	       (files[read] = report_file_read(paths[read], &options->lookup, error)) != NULL)
		read++;
	if (read == count)
		merge = merge_files(files, count, options, error);
	else
		while (read > 0)
			report_file_free(files[--read]);
	free(files);
	return merge;
}

void merge_free(struct merge *merge)
{
	if (merge == NULL)
		return;
	for (size_t i = 0; i < merge->count; i++)
		report_file_free(merge->files[i]);
	free(merge->files);
	arena_release(&merge->whole.arena);
	free(merge);
}

struct summary *merge_summary(struct merge *merge)
{
	return &merge->whole;
}

bool merge_fill_catalog(const struct merge *merge, struct catalog *catalog, struct error *error)
{
	static const char *const collides[] = { "no", "yes", "always" };
	struct strbuf text = STRBUF_INIT;
	bool right = true;

	for (size_t i = 0; i < merge->meaning_count; i++) {
		const struct catalog_entry *entry = merge->meanings[i].entry;

		if (!merge->meanings[i].is_weak)
			strbuf_add_format(&text, "%" PRIu32 "\t%s\t%s\t%s\t%s\n", entry->code,
			    entry->description, entry->category, outcome_info(entry->outcome)->name,
			    collides[entry->collides]);
	}
	if (text.failed)
		right = error_set_memory(error);
	else if (text.len > 0)
		right = catalog_parse(catalog, "the merged reports", text.data, text.len, error);
	strbuf_release(&text);
	return right;
}
