/*
 * Owns the way from the counts by bucket and group to a summary's sorted rows. Must not
 * know how they were counted.
 */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "tally/breakdown_parts.h"

/* ---- parts ---- */

/* Codes of a part grow one by one: there are few. */
static bool add_to_part(struct arena *arena, struct summary_part *part,
    const struct part_cell *cell, const struct selection *errors)
{
	struct summary_share *grown;

	if (cell->key.hit_class == HIT_HELD_BACK)
		part->held_back += cell->count;
	if (cell->key.hit_class == HIT_UNLISTED)
		part->unlisted += cell->count;
	if (cell->key.hit_class != HIT_RESPONSE)
		return true;
	part->responses += cell->count;
	part->outcomes[cell->entry->outcome] += cell->count;
	part->errors += selection_has(errors, cell->entry) ? cell->count : 0;
	for (size_t i = 0; i < part->code_count; i++)
		if (part->codes[i].entry == cell->entry) {
			part->codes[i].count += cell->count;
			return true;
		}
	grown = arena_grow(arena, part->codes, part->code_count, 1, sizeof(*grown));
	if (grown == NULL)
		return false;
	part->codes = grown;
	part->codes[part->code_count++] = (struct summary_share){ cell->entry, cell->count };
	return true;
}

/* ---- buckets ---- */

static int compare_starts(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left;
	int64_t b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

/* How many buckets lie from `first` to `last`, both starts; at most `max` + 1 are counted. */
static size_t count_buckets(
    const struct breakdown *breakdown, int64_t first, int64_t last, size_t max)
{
	struct zone zone = { 0 };
	size_t count = 1;

	for (int64_t at = first; at < last && count <= max; count++) {
		int64_t end;

		(void)zone_bucket(&zone, at, breakdown->window->bucket_seconds, &end);
		at = end;
	}
	return count;
}

/* The starts of all buckets, empty ones included where they are not too many; unknown time
 * as SUMMARY_NO_TIME, last. */
static bool list_buckets(const struct breakdown *breakdown, struct summary *summary)
{
	size_t cell_count = HASH_COUNT(breakdown->cells);
	int64_t *starts = malloc((cell_count + 1) * sizeof(*starts));
	size_t known = 0;
	bool has_unknown = false;
	size_t filled;

	if (starts == NULL)
		return false;
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next) {
		if (cell->key.bucket == CLOCK_UNKNOWN)
			has_unknown = true;
		else
			starts[known++] = cell->key.bucket;
	}
	qsort(starts, known, sizeof(*starts), compare_starts);
	filled = known == 0 ? 0
			    : count_buckets(breakdown, starts[0], starts[known - 1],
				  BREAKDOWN_BUCKETS_FILLED);
	if (filled > BREAKDOWN_BUCKETS_FILLED)
		filled = 0;
	summary->buckets = arena_alloc(
	    &summary->arena, (filled > known ? filled : known) + 1, sizeof(*summary->buckets));
	if (summary->buckets != NULL && filled > 0) {
		struct zone zone = { 0 };
		int64_t at = starts[0];

		while (summary->bucket_count < filled) {
			summary->buckets[summary->bucket_count++].start = at;
			(void)zone_bucket(&zone, at, breakdown->window->bucket_seconds, &at);
		}
	} else if (summary->buckets != NULL) {
		for (size_t i = 0; i < known; i++)
			if (i == 0 || starts[i] != starts[i - 1])
				summary->buckets[summary->bucket_count++].start = starts[i];
	}
	if (summary->buckets != NULL && has_unknown)
		summary->buckets[summary->bucket_count++].start = SUMMARY_NO_TIME;
	free(starts);
	return summary->buckets != NULL;
}

static size_t find_bucket(const struct summary *summary, int64_t start)
{
	struct summary_bucket wanted = { .start = start };
	const struct summary_bucket *found;

	if (summary->bucket_count == 0)
		return SIZE_MAX;
	found = bsearch(&wanted, summary->buckets, summary->bucket_count, sizeof(*summary->buckets),
	    summary_lists[SUMMARY_BUCKETS].key);
	return found == NULL ? SIZE_MAX : (size_t)(found - summary->buckets);
}

/* ---- groups ---- */

/* A value is a text that ends at its NUL. */
static char *text_of(struct arena *arena, const struct part_group *group)
{
	char *text = arena_text(arena, group->name, group->length);

	for (size_t i = 0; text != NULL && i < group->length; i++)
		if (text[i] == '\0')
			text[i] = '?';
	return text;
}

/* One row a group number; those of NONE and OTHER may stay empty. */
static struct summary_group *list_groups(
    const struct breakdown *breakdown, struct summary *summary, size_t count)
{
	struct summary_group *groups = arena_alloc(&summary->arena, count, sizeof(*groups));
	bool complete = groups != NULL;

	for (size_t i = 0; i < PART_GROUP_FIRST && complete; i++)
		groups[i] =
		    (struct summary_group){ .kind = i == PART_GROUP_NONE ? GROUP_NONE : GROUP_OTHER,
			    .name = "" };
	for (const struct part_group *group = breakdown->groups; complete && group != NULL;
	     group = group->hh.next) {
		groups[group->number].name = text_of(&summary->arena, group);
		complete = groups[group->number].name != NULL;
	}
	return complete ? groups : NULL;
}

/* Sorts the groups, drops those without hits, and tells `places`, by number, where each is. */
static bool sort_groups(struct summary *summary, const bool *has_hits, size_t *places)
{
	size_t count = summary->group_count;
	struct group_place {
		struct summary_group group;
		size_t number;
	} *sorted = calloc(count + 1, sizeof(*sorted));
	size_t kept = 0;

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		summary_list_sort(&summary_shares, &summary->groups[i].part);
		if (has_hits[i])
			sorted[kept++] = (struct group_place){ summary->groups[i], i };
	}
	/* the group is the first member */
	qsort(sorted, kept, sizeof(*sorted), summary_lists[SUMMARY_GROUPS].order);
	for (size_t i = 0; i < kept; i++) {
		summary->groups[i] = sorted[i].group;
		places[sorted[i].number] = i;
	}
	summary->group_count = kept;
	free(sorted);
	return true;
}

/* ---- all ---- */

static bool fill_parts(const struct breakdown *breakdown, const struct selection *errors,
    struct summary *summary, bool *has_hits)
{
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next) {
		size_t bucket = find_bucket(summary, cell->key.bucket);

		if (bucket != SIZE_MAX &&
		    !add_to_part(&summary->arena, &summary->buckets[bucket].part, cell, errors))
			return false;
		if (summary->groups == NULL)
			continue;
		has_hits[cell->key.group] = true;
		if (!add_to_part(
		        &summary->arena, &summary->groups[cell->key.group].part, cell, errors))
			return false;
	}
	for (size_t i = 0; i < summary->bucket_count; i++)
		summary_list_sort(&summary_shares, &summary->buckets[i].part);
	return true;
}

static bool fill_rows(
    const struct breakdown *breakdown, struct summary *summary, const size_t *places)
{
	summary->rows =
	    arena_alloc(&summary->arena, HASH_COUNT(breakdown->cells), sizeof(*summary->rows));
	if (summary->rows == NULL)
		return false;
	/* rows do not tell why a hit is held back */
	for (const struct part_cell *cell = breakdown->cells; cell != NULL; cell = cell->hh.next)
		summary->rows[summary->row_count++] = (struct summary_row){
			find_bucket(summary, cell->key.bucket),
			summary->groups == NULL ? SIZE_MAX : places[cell->key.group],
			(enum hit_class)cell->key.hit_class, cell->key.code, cell->entry,
			cell->count };
	return summary_list_join(&summary_lists[SUMMARY_ROWS], summary, &summary->arena);
}

bool breakdown_summarize(
    const struct breakdown *breakdown, const struct selection *errors, struct summary *summary)
{
	size_t count = PART_GROUP_FIRST + breakdown->group_count;
	size_t *places = calloc(count, sizeof(*places));
	bool *has_hits = calloc(count, sizeof(*has_hits));
	bool made = places != NULL && has_hits != NULL;

	if (made && breakdown->window->bucket_seconds > 0)
		made = list_buckets(breakdown, summary);
	if (made && breakdown->by != NULL) {
		summary->groups = list_groups(breakdown, summary, count);
		summary->group_count = summary->groups == NULL ? 0 : count;
		summary->group_field = breakdown->by->name;
		made = summary->groups != NULL;
	}
	made = made && fill_parts(breakdown, errors, summary, has_hits) &&
	    (summary->groups == NULL || sort_groups(summary, has_hits, places)) &&
	    fill_rows(breakdown, summary, places);
	free(places);
	free(has_hits);
	return made;
}
