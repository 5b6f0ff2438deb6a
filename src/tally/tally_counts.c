/*
 * Owns what becomes of a tally's counts: they are added to another tally's, in the order of the
 * input; go to where they are kept, and come back; or become a summary's rows. Must not know how
 * hits are counted.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "match/standing.h"
#include "tally/tally_parts.h"

#define NUMBER_SEEN_MIN 10

/* ---- one tally to another ---- */

static bool merge_cell(
    struct tally *tally, struct cell *from, uint64_t line_offset, struct error *error)
{
	struct cell *cell;

	if (!tally_reach_cell(tally, &from->key, from->entry, &cell, error))
		return false;
	if (cell == NULL)
		return true;
	if (cell->count == 0) {
		cell->first_file = from->first_file;
		cell->first_line = tally->has_lines ? from->first_line + line_offset : 0;
		cell->first = from->first == CLOCK_PENDING ? tally->carry : from->first;
		cell->text = from->text;
		from->text = NULL;
	}
	cell->count += from->count;
	return true;
}

void tally_add_outside(struct tally *tally, uint64_t count, const struct tally_outside *outside)
{
	struct tally_outside *out = &tally->counts.out;

	if (count == 0)
		return;
	tally->counts.outside += count;
	if (out->first == CLOCK_UNKNOWN || outside->first < out->first)
		out->first = outside->first;
	if (out->last == CLOCK_UNKNOWN || outside->last > out->last)
		out->last = outside->last;
	stamp_zones_join(&out->zones, &outside->zones);
}

static void merge_counts(struct tally *tally, const struct tally *other)
{
	const struct counts *from = &other->counts;
	struct counts *to = &tally->counts;

	if (tally->has_open_line && other->has_pieces && !other->begins_with_rest)
		to->lines++;
	to->lines += from->lines;
	to->bytes += from->bytes;
	to->lines_with_hits += from->lines_with_hits;
	to->unknown += from->unknown;
	tally_add_outside(tally, from->outside, &from->out);
	stamp_zones_join(&to->zones, &from->zones);
	if (to->first == CLOCK_UNKNOWN)
		to->first = from->first;
	if (from->last != CLOCK_UNKNOWN)
		to->last = from->last;
	to->long_lines += from->long_lines;
	for (int i = 0; i < HIT_CLASS_COUNT; i++) {
		to->hits[i] += from->hits[i];
		to->is_capped[i] = to->is_capped[i] || from->is_capped[i];
	}
	if (!other->has_pieces)
		return;
	if (!tally->has_pieces)
		tally->begins_with_rest = other->begins_with_rest;
	tally->has_pieces = true;
	tally->has_open_line = other->has_open_line;
}

static void merge_seen(
    struct tally *tally, const struct tally *from, const struct seen *other, uint64_t line_offset)
{
	size_t id = (size_t)(other - from->seen.by_id);
	struct seen *seen = tally_see(tally, catalog_at(tally->catalog, id));
	int64_t last;

	if (seen->count == 0) {
		seen->first_file = other->first_file;
		seen->first_line = tally->has_lines ? other->first_line + line_offset : 0;
		seen->first = other->first == CLOCK_PENDING ? tally->carry : other->first;
	}
	last = other->last == CLOCK_PENDING ? tally->carry : other->last;
	if (last != CLOCK_UNKNOWN)
		seen->last = last;
	seen->count += other->count;
}

static bool merge_cells(
    struct tally *tally, struct tally *from, uint64_t line_offset, struct error *error)
{
	for (struct cell *cell = from->cells; cell != NULL; cell = cell->hh.next)
		if (!merge_cell(tally, cell, line_offset, error))
			return false;
	for (const struct seen *seen = from->seen.first; seen != NULL; seen = seen->next)
		merge_seen(tally, from, seen, line_offset);
	if (tally->carry == CLOCK_UNKNOWN)
		tally->counts.unknown += from->counts.pending;
	return from->breakdown == NULL ||
	       breakdown_merge(tally->breakdown, from->breakdown, tally->carry, error);
}

/* Hits before the first stamp of a part: they have the time of what was before. */
static bool merge_pending(
    struct tally *tally, struct tally *from, uint64_t line_offset, struct error *error)
{
	struct counts *counts = &from->counts;
	uint64_t hits = 0;

	for (int i = 0; i < HIT_CLASS_COUNT; i++)
		hits += counts->hits[i];
	if (tally->carry == CLOCK_UNKNOWN) {
		tally->counts.unknown += hits;
	} else if (!window_holds(tally->window, tally->carry)) {
		struct tally_outside out = { tally->carry, tally->carry, { 0 } };

		tally_add_outside(tally, hits, &out);
	} else if (hits > 0) {
		counts->first = counts->last = tally->carry;
		if (!merge_cells(tally, from, line_offset, error))
			return false;
		merge_counts(tally, from);
	}
	tally_reset(from);
	return true;
}

bool tally_merge(
    struct tally *tally, struct tally *other, uint64_t line_offset, struct error *error)
{
	if (other->pending != NULL && !merge_pending(tally, other->pending, line_offset, error))
		return false;
	if (!merge_cells(tally, other, line_offset, error))
		return false;
	merge_counts(tally, other);
	if (other->piece_last != CLOCK_PENDING) {
		if (other->first_zone.state != STAMP_ZONES_NONE && !tally->has_first_zone) {
			stamp_zones_join(&tally->counts.zones, &other->first_zone);
			tally->has_first_zone = true;
		}
		if (other->last_zone.state != STAMP_ZONES_NONE)
			tally->last_zone = other->last_zone;
		tally->carry = other->piece_last;
	}
	tally_reset(other);
	return true;
}

size_t tally_size(const struct tally *tally)
{
	size_t size = HASH_COUNT(tally->cells) * (sizeof(struct cell) + CELL_TEXT_MAX) +
	              tally->seen.count * sizeof(struct seen);

	if (tally->breakdown != NULL)
		size += breakdown_size(tally->breakdown);
	return size + (tally->pending == NULL ? 0 : tally_size(tally->pending));
}

/* ---- to where counts are kept, and back ---- */

struct visiting {
	bool (*take)(void *context, const struct count *count, struct error *error);
	void *context;
};

/* A reason as it is kept. */
static bool visit(void *context, const struct count *count, struct error *error)
{
	const struct visiting *visiting = context;
	struct count kept = *count;

	kept.reason = standing_reason_number(count->reason);
	return visiting->take(visiting->context, &kept, error);
}

bool tally_visit(const struct tally *tally,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	struct visiting visiting = { take, context };

	return tally->breakdown == NULL ||
	       breakdown_visit(tally->breakdown, visit, &visiting, error);
}

/* What the count's hits were when they were found, as this catalog has it. */
static struct cell_key key_of(const struct count *count, const struct catalog_entry *entry)
{
	struct cell_key key = { count->code, (uint8_t)count->counts_as, 0, 0 };

	if (entry == NULL && count->counts_as < HIT_UNLISTED)
		key.hit_class = HIT_UNLISTED;
	if (key.hit_class == HIT_HELD_BACK)
		key.reason = (uint8_t)standing_reason_of(count->reason);
	return key;
}

/* Whether the count is in the window; hits outside are summed. */
static bool is_inside(struct tally *tally, const struct count *count)
{
	bool has_time = count->time != CLOCK_UNKNOWN;

	if (tally->window == NULL)
		return true;
	if (!has_time && (tally_is_bounded(tally) || tally->window->bucket_seconds > 0))
		tally->counts.unknown += count->count;
	if (!tally_is_bounded(tally))
		return true;
	if (window_holds(tally->window, count->time))
		return true;
	if (has_time)
		tally_add_outside(tally, count->count,
		    &(struct tally_outside){ count->time, count->time, { 0 } });
	return false;
}

static void see_time(struct tally *tally, int64_t time)
{
	struct counts *counts = &tally->counts;

	if (time == CLOCK_UNKNOWN)
		return;
	if (counts->first == CLOCK_UNKNOWN || time < counts->first)
		counts->first = time;
	if (counts->last == CLOCK_UNKNOWN || time > counts->last)
		counts->last = time;
}

/* Where exactly is not kept, and when to the quarter of an hour, at whose end it was at the
 * latest. Counts come run by run, so in no order of time. */
static void see_code(struct seen *seen, int64_t time)
{
	int64_t end;

	if (time == COUNT_NO_TIME)
		return;
	end = time + COUNT_QUARTER_MILLISECONDS - 1;
	if (seen->first == CLOCK_UNKNOWN || time < seen->first)
		seen->first = time;
	if (seen->last == CLOCK_UNKNOWN || end > seen->last)
		seen->last = end;
}

/* What is kept was counted, so it cannot fill 64 bits; but anybody can write a database. */
static bool add_kept(uint64_t *sum, uint64_t kept, struct error *error)
{
	if (kept > INT64_MAX || *sum > INT64_MAX - kept)
		return error_set(error, ERROR_STORE,
		    "the numbers in the database add up to more than %" PRId64, INT64_MAX);
	*sum += kept;
	return true;
}

bool tally_restore(struct tally *tally, const struct count *count, struct error *error)
{
	const struct catalog_entry *entry = NULL;
	struct count kept = *count;
	struct cell_key key;
	struct cell *cell;

	if (!add_kept(&tally->restored, count->count, error))
		return false;
	if (count->counts_as < HIT_UNLISTED || count->counts_as == HIT_ELSEWHERE)
		entry = catalog_find(tally->catalog, count->code);
	if (!is_inside(tally, count))
		return true;
	key = key_of(count, entry);
	kept.counts_as = (enum hit_class)key.hit_class;
	kept.reason = key.reason;
	see_time(tally, count->time);
	if (count->time != COUNT_NO_TIME) /* it ends with its quarter of an hour */
		see_time(tally, count->time + COUNT_QUARTER_MILLISECONDS - 1);
	tally->counts.hits[key.hit_class] += count->count;
	if (tally->breakdown != NULL && !breakdown_restore(tally->breakdown, &kept, entry, error))
		return false;
	if (key.hit_class == HIT_RESPONSE) {
		struct seen *seen = tally_see(tally, entry);

		see_code(seen, count->time);
		seen->count += count->count;
		return true;
	}
	if (entry == NULL && (key.hit_class != HIT_UNLISTED || key.code == 0))
		return true; /* of other numbers only the sum is kept */
	if (!tally_reach_cell(tally, &key, entry, &cell, error))
		return false;
	if (cell != NULL)
		cell->count += count->count;
	return true;
}

bool tally_restore_lines(struct tally *tally, const struct tally_lines *lines, struct error *error)
{
	struct counts *counts = &tally->counts;

	return add_kept(&counts->lines, lines->lines, error) &&
	       add_kept(&counts->bytes, lines->bytes, error) &&
	       add_kept(&counts->lines_with_hits, lines->lines_with_hits, error) &&
	       add_kept(&counts->long_lines, lines->long_lines, error);
}

/* ---- to a summary ---- */

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
	summary_sort(summary);
	drop_empty_categories(summary);
	return tally->breakdown == NULL || breakdown_summarize(tally->breakdown, errors, summary);
}

struct summary *tally_summarize(
    const struct tally *tally, const struct tally_context *context, struct error *error)
{
	struct summary *summary = summary_new();
	struct counts counts = tally->counts;

	stamp_zones_join(&counts.zones, &tally->last_zone);
	counts.lines += tally->has_open_line;
	if (summary != NULL && add_cells(summary, tally, context->errors)) {
		set_totals(summary, &counts, context);
		return summary;
	}
	summary_free(summary);
	error_set_memory(error);
	return NULL;
}
