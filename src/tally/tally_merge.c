/*
 * Owns the adding of one tally to another, in the order of the input. Must not know how
 * hits are counted.
 */
#include "tally/tally_parts.h"

#include <stdlib.h>

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
	cell->count = add_saturating(cell->count, from->count);
	return true;
}

void tally_add_outside(struct tally *tally, uint64_t count, const struct tally_outside *outside)
{
	struct tally_outside *out = &tally->counts.out;

	if (count == 0)
		return;
	tally->counts.outside = add_saturating(tally->counts.outside, count);
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
	to->lines = add_saturating(to->lines, from->lines);
	to->bytes = add_saturating(to->bytes, from->bytes);
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
	seen->count = add_saturating(seen->count, other->count);
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
