/*
 * Owns the way of a tally's counts into a summary's rows. Must not know how hits are counted.
 */
#include <stdlib.h>
#include <string.h>

#include "match/standing.h"
#include "tally/tally_parts.h"

#define NUMBER_SEEN_MIN 10

/* Every list has room for all cells (codes, categories, catalogs): a few KiB, once. */
static bool make_room(
    struct summary *summary, size_t codes, size_t cells, const struct catalog *catalog)
{
	struct arena *arena = &summary->arena;

	summary->codes = arena_alloc(arena, codes, sizeof(*summary->codes));
	summary->inner_codes = arena_alloc(arena, cells, sizeof(*summary->inner_codes));
	summary->held = arena_alloc(arena, cells, sizeof(*summary->held));
	summary->unlisted_codes = arena_alloc(arena, cells, sizeof(*summary->unlisted_codes));
	summary->numbers = arena_alloc(arena, cells, sizeof(*summary->numbers));
	summary->categories =
	    arena_alloc(arena, catalog_category_count(catalog), sizeof(*summary->categories));
	summary->catalogs =
	    arena_alloc(arena, catalog_source_count(catalog), sizeof(*summary->catalogs));
	return summary->codes != NULL && summary->inner_codes != NULL && summary->held != NULL &&
	       summary->unlisted_codes != NULL && summary->numbers != NULL &&
	       summary->categories != NULL && summary->catalogs != NULL;
}

static void add_responses(struct summary *summary, const struct catalog_entry *entry,
    const struct seen *seen, const struct selection *errors)
{
	bool is_error = selection_has(errors, entry);
	struct summary_category *category = &summary->categories[entry->category_id];

	summary->codes[summary->code_count++] = (struct summary_code){ entry, seen->count, is_error,
		seen->first_file, seen->first_line, seen->first, seen->last };
	summary->outcomes[entry->outcome] += seen->count;
	category->count += seen->count;
	category->success += entry->outcome == OUTCOME_SUCCESS ? seen->count : 0;
	category->negative += entry->outcome == OUTCOME_NEGATIVE ? seen->count : 0;
	summary->catalogs[entry->source].responses += seen->count;
	if (!is_error)
		return;
	category->errors += seen->count;
	summary->catalogs[entry->source].errors += seen->count;
	summary->errors += seen->count;
}

static bool add_unlisted(struct summary *summary, const struct cell *cell)
{
	const char *found = cell->text == NULL ? "" : cell->text;
	const char *text = arena_text(&summary->arena, found, strlen(found));

	if (text == NULL)
		return false;
	summary->unlisted_codes[summary->unlisted_count++] =
	    (struct summary_unlisted){ cell->key.code, cell->count, text, cell->first_file,
		    cell->first_line, cell->first };
	return true;
}

static bool add_cell(
    struct summary *summary, const struct cell *cell, const struct selection *errors)
{
	switch ((enum hit_class)cell->key.hit_class) {
	case HIT_INNER:
		summary->inner_codes[summary->inner_count++] = (struct summary_inner){ cell->entry,
			cell->count, selection_has(errors, cell->entry) };
		return true;
	case HIT_HELD_BACK:
		summary->held[summary->held_count++] =
		    (struct summary_held){ cell->entry, standing_reason(cell->key.reason, false),
			    standing_reason(cell->key.reason, true), cell->count,
			    cell->entry->collides != COLLIDES_ALWAYS &&
			        !standing_reason_is_mark(cell->key.reason) };
		return true;
	case HIT_UNLISTED:
		return add_unlisted(summary, cell);
	case HIT_OTHER:
		summary->other_numbers_distinct++;
		if (cell->count >= NUMBER_SEEN_MIN)
			summary->numbers[summary->number_count++] =
			    (struct summary_number){ cell->key.code, cell->count };
		return true;
	default: /* repeated and elsewhere have no rows of their own, responses no cells */
		return true;
	}
}

static void drop_empty_categories(struct summary *summary)
{
	while (summary->category_count > 0 &&
	       summary->categories[summary->category_count - 1].count == 0)
		summary->category_count--;
}

static void name_rows(struct summary *summary, const struct catalog *catalog)
{
	summary->category_count = catalog_category_count(catalog);
	summary->catalog_count = catalog_source_count(catalog);
	for (size_t i = 0; i < summary->category_count; i++)
		summary->categories[i].name = catalog_category_name(catalog, i);
	for (size_t i = 0; i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		summary->categories[entry->category_id].source = entry->source;
	}
	for (size_t i = 0; i < summary->catalog_count; i++)
		summary->catalogs[i].name = catalog_source_name(catalog, i);
}

static void set_totals(
    struct summary *summary, const struct counts *counts, const struct tally_context *context)
{
	summary->version = context->version;
	summary->rules = context->rules;
	summary->errors_list = context->errors_list;
	summary->files = context->files;
	summary->file_count = context->file_count;
	summary->keys = context->keys;
	summary->key_count = context->key_count;
	summary->pattern_count = context->pattern_count;
	summary->lines = counts->lines;
	summary->bytes = counts->bytes;
	summary->lines_with_hits = counts->lines_with_hits;
	summary->label = context->label;
	summary->host = context->host;
	summary->finding = context->finding;
	summary->finding_count = context->finding_count;
	summary->first = counts->first;
	summary->last = counts->last;
	summary->zones = counts->zones;
	summary->time.since = context->window == NULL ? SUMMARY_NO_TIME : context->window->since;
	summary->time.until = context->window == NULL ? SUMMARY_NO_TIME : context->window->until;
	summary->time.bucket_seconds =
	    context->window == NULL ? 0 : context->window->bucket_seconds;
	summary->time.is_asked = summary->time.since != SUMMARY_NO_TIME ||
	                         summary->time.until != SUMMARY_NO_TIME ||
	                         summary->time.bucket_seconds > 0;
	summary->time.zone = context->zone;
	summary->time.cst = context->cst;
	summary->time.unknown = counts->unknown;
	summary->time.outside = counts->outside;
	summary->time.outside_first = counts->out.first;
	summary->time.outside_last = counts->out.last;
	summary->time.outside_zones = counts->out.zones;
	summary->time.skipped_bytes = context->skipped_bytes;
	memcpy(summary->hits, counts->hits, sizeof(summary->hits));
	for (int i = 0; i < HIT_CLASS_COUNT; i++)
		summary->hit_count += counts->hits[i];
	summary->other_numbers_capped = counts->is_capped[HIT_OTHER];
	summary->trouble.long_lines = counts->long_lines;
	summary->trouble.regex_limits = context->regex_limits;
	summary->trouble.not_a_code = context->not_a_code;
	summary->trouble.unreadable_files = context->unreadable_files;
	summary->trouble.damaged_files = context->damaged_files;
}

/* Their texts are the caller's. */
static bool set_slices(struct summary *summary, const struct tally_context *context)
{
	size_t count = context->slice_count;

	if (context->slices == NULL)
		return true;
	summary->slices = arena_alloc(&summary->arena, count, sizeof(*summary->slices));
	if (summary->slices == NULL)
		return false;
	if (count > 0)
		memcpy(summary->slices, context->slices, count * sizeof(*summary->slices));
	summary->slice_count = count;
	return true;
}

static bool add_cells(
    struct summary *summary, const struct tally *tally, const struct selection *errors)
{
	const struct seen_codes *seen = &tally->seen;

	if (!make_room(summary, seen->count, HASH_COUNT(tally->cells), tally->catalog))
		return false;
	name_rows(summary, tally->catalog);
	for (const struct seen *one = seen->first; one != NULL; one = one->next)
		add_responses(
		    summary, catalog_at(tally->catalog, (size_t)(one - seen->by_id)), one, errors);
	for (const struct cell *cell = tally->cells; cell != NULL; cell = cell->hh.next)
		if (!add_cell(summary, cell, errors))
			return false;
	if (tally->breakdown != NULL && !breakdown_summarize(tally->breakdown, errors, summary))
		return false;
	if (!summary_sort(summary))
		return false;
	drop_empty_categories(summary);
	return true;
}

struct summary *tally_summarize(
    const struct tally *tally, const struct tally_context *context, struct error *error)
{
	struct summary *summary = summary_new();
	struct counts counts = tally->counts;

	stamp_zones_join(&counts.zones, &tally->last_zone);
	counts.lines += tally->has_open_line;
	if (summary != NULL && add_cells(summary, tally, context->errors) &&
	    set_slices(summary, context)) {
		set_totals(summary, &counts, context);
		return summary;
	}
	summary_free(summary);
	error_set_memory(error);
	return NULL;
}
