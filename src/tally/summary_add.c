/*
 * Owns the adding of one summary to another: counts are added, times and windows widened, and
 * lists put behind each other, to be joined once at the end.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tally/summary_list.h"

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

/* No log fills 64 bits, but anybody can write a report. Rows are not checked: they are parts of
 * these. */
static bool add_count(uint64_t *to, uint64_t count, struct error *error)
{
	if (*to > UINT64_MAX - count)
		return error_set(error, ERROR_USAGE,
		    "the numbers in the reports add up to more than %" PRIu64, UINT64_MAX);
	*to += count;
	return true;
}

static bool add_counts(struct summary *into, const struct summary *from, struct error *error)
{
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (!add_count((uint64_t *)((char *)into + counts[i]),
		        *(const uint64_t *)((const char *)from + counts[i]), error))
			return false;
	for (size_t i = 0; i < HIT_CLASS_COUNT; i++)
		into->hits[i] += from->hits[i];
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		into->outcomes[i] += from->outcomes[i];
	/* a sum of what is known alone would be taken for the whole */
	into->lines_unknown = into->lines_unknown || from->lines_unknown;
	if (into->lines_unknown)
		into->lines = into->bytes = into->lines_with_hits = 0;
	return true;
}

/* Which other numbers there were a report does not tell; the same may be in several. */
static void add_distinct(struct summary *into, const struct summary *from)
{
	if (from->hits[HIT_OTHER] == 0)
		return;
	into->other_numbers_capped = from->other_numbers_capped || into->other_numbers_distinct > 0;
	if (from->other_numbers_distinct > into->other_numbers_distinct)
		into->other_numbers_distinct = from->other_numbers_distinct;
}

/* What of two, or NULL: they differ. */
static const char *common(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0 ? a : NULL;
}

static void add_head(struct summary *into, const struct summary *from)
{
	bool is_first = into->file_count == 0;

	into->rules = is_first ? from->rules : common(into->rules, from->rules);
	into->label = is_first ? from->label : common(into->label, from->label);
	if (!is_first)
		return;
	into->errors_list = from->errors_list;
	into->group_field = from->group_field;
	into->time.since = from->time.since;
	into->time.until = from->time.until;
	into->time.bucket_seconds = from->time.bucket_seconds;
}

/* The window: all that any of them has. */
static void add_window(struct summary *into, const struct summary *from)
{
	bool is_open_before = from->time.since == SUMMARY_NO_TIME;
	bool is_open_after = from->time.until == SUMMARY_NO_TIME;

	into->time.is_asked = into->time.is_asked || from->time.is_asked;
	if (is_open_before || into->time.since == SUMMARY_NO_TIME)
		into->time.since = SUMMARY_NO_TIME;
	else if (from->time.since < into->time.since)
		into->time.since = from->time.since;
	if (is_open_after || into->time.until == SUMMARY_NO_TIME)
		into->time.until = SUMMARY_NO_TIME;
	else if (from->time.until > into->time.until)
		into->time.until = from->time.until;
	if (into->time.zone == NULL)
		into->time.zone = from->time.zone;
	stamp_zones_join(&into->zones, &from->zones);
	if (into->first == SUMMARY_NO_TIME)
		into->first = from->first;
	if (from->last != SUMMARY_NO_TIME)
		into->last = from->last;
}

static bool add_files(struct summary *into, const struct summary *from)
{
	const char **files = arena_grow(
	    &into->arena, (void *)into->files, into->file_count, from->file_count, sizeof(*files));

	if (files == NULL)
		return false;
	for (size_t i = 0; i < from->file_count; i++)
		files[into->file_count + i] = from->files[i];
	into->files = files;
	into->file_count += from->file_count;
	return true;
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

static bool add_history(
    struct summary *into, const struct summary_history *from, struct error *error)
{
	bool added = true;

	if (from == NULL)
		return true;
	if (into->history == NULL && summary_history_new(into, true) == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < from->gap_count && added; i++)
		added = summary_history_add_gap(
		    into->history, from->gaps[i].file, from->gaps[i].bytes, from->gaps[i].reason);
	for (size_t i = 0; i < from->missed_count && added; i++)
		added = add_missed(into->history, &from->missed[i]);
	if (from->older_until > into->history->older_until)
		into->history->older_until = from->older_until;
	return (added || error_set_memory(error)) &&
	       add_count(&into->history->late, from->late, error);
}

/* ---- lists ---- */

static size_t find_catalog(const struct summary *summary, const char *name)
{
	size_t i = 0;

	while (i < summary->catalog_count && strcmp(summary->catalogs[i].name, name) != 0)
		i++;
	return i;
}

/* Catalogs stand in the order in which they are first named: there are few. */
static bool add_catalogs(struct summary *into, const struct summary *from)
{
	struct summary_catalog *rows = arena_grow(
	    &into->arena, into->catalogs, into->catalog_count, from->catalog_count, sizeof(*rows));

	if (rows == NULL)
		return false;
	into->catalogs = rows;
	for (size_t i = 0; i < from->catalog_count; i++) {
		const struct summary_catalog *catalog = &from->catalogs[i];
		size_t at = find_catalog(into, catalog->name);

		if (at == into->catalog_count)
			rows[into->catalog_count++] =
			    (struct summary_catalog){ catalog->name, 0, 0 };
		rows[at].responses += catalog->responses;
		rows[at].errors += catalog->errors;
	}
	return true;
}

static bool add_lists(struct summary *into, const struct summary *from)
{
	size_t before = into->category_count;

	if (!add_catalogs(into, from))
		return false;
	for (size_t i = 0; i < SUMMARY_LIST_COUNT; i++)
		if (!summary_list_append(&summary_lists[i], into, from))
			return false;
	for (size_t i = before; i < into->category_count; i++) {
		struct summary_category *category = &into->categories[i];

		if (category->source < from->catalog_count)
			category->source =
			    (unsigned)find_catalog(into, from->catalogs[category->source].name);
	}
	return true;
}

/* ---- the whole ---- */

bool summary_add(struct summary *into, struct summary *from, struct error *error)
{
	bool added;

	add_head(into, from);
	add_distinct(into, from);
	add_window(into, from);
	added = add_counts(into, from, error) && add_history(into, from->history, error) &&
	        ((add_files(into, from) && add_lists(into, from)) || error_set_memory(error));
	arena_join(&into->arena, &from->arena);
	summary_free(from);
	return added;
}
