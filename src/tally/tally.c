/*
 * Owns the counts while they grow. Must not know how they are shown, or where
 * the hits come from.
 *
 * One hash table holds a cell per code, class and reason. A catalogued code's
 * response, by far the commonest, has its place by the entry's number.
 */
#include "tally/tally.h"

#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#undef HASH_FUNCTION
#define HASH_FUNCTION(key, length, hash) \
	(hash) = (unsigned)XXH3_64bits_withSeed((key), (length), tally->seed)

#include "base/seed.h"
#include "match/standing.h"
#include "tally/tally_parts.h"

/* ---- cells ---- */

static void cell_free(struct cell *cell)
{
	free(cell->text);
	free(cell);
}

static bool is_capped(const struct tally *tally, const struct cell_key *key, bool has_entry)
{
	return !has_entry && !tally->is_part && tally->kept[key->hit_class] >= TALLY_NUMBERS_MAX;
}

/* Finds the cell of a key, or makes it. Sets `*cell` to NULL where the number of cells is
 * capped; returns false when there is no memory. */
bool tally_reach_cell(struct tally *tally, const struct cell_key *key,
    const struct catalog_entry *entry, struct cell **cell, struct error *error)
{
	struct cell *added;

	HASH_FIND(hh, tally->cells, key, sizeof(*key), *cell);
	if (*cell != NULL || is_capped(tally, key, entry != NULL)) {
		if (*cell == NULL)
			tally->counts.is_capped[key->hit_class] = true;
		return true;
	}
	added = calloc(1, sizeof(*added));
	if (added == NULL)
		return error_set_memory(error);
	added->key = *key;
	added->first = CLOCK_UNKNOWN;
	added->entry = entry;
	HASH_ADD(hh, tally->cells, key, sizeof(added->key), added);
	if (added->hh.tbl == NULL) {
		free(added);
		return error_set_memory(error);
	}
	if (entry == NULL)
		tally->kept[key->hit_class]++;
	*cell = added;
	return true;
}

static uint64_t line_of(const struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	return tally->has_lines ? piece->first_line + hit->line_index : 0;
}

struct seen *tally_see(struct tally *tally, const struct catalog_entry *entry)
{
	struct seen *seen = &tally->seen.by_id[entry->id];

	if (!seen->is_seen) {
		seen->is_seen = true;
		seen->first = seen->last = CLOCK_UNKNOWN;
		seen->next = tally->seen.first;
		tally->seen.first = seen;
		tally->seen.count++;
	}
	return seen;
}

/* Counts a response and notes when and where it is; the time of the last one is asked for at the
 * piece's end. */
static void see(struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	struct seen *seen = tally_see(tally, hit->entry);

	if (seen->count == 0) {
		seen->first_file = piece->file;
		seen->first_line = line_of(tally, piece, hit);
		seen->first =
		    piece->clock == NULL ? CLOCK_UNKNOWN : clock_at(piece->clock, hit->line.start);
	}
	if (!seen->is_touched) {
		seen->is_touched = true;
		tally->touched[tally->touched_count++] = seen;
	}
	seen->last_line_start = hit->line.start;
	seen->count++;
}

static void see_last(struct seen *seen, int64_t time)
{
	if (time != CLOCK_UNKNOWN)
		seen->last = time;
}

static void end_seen(struct tally *tally, const struct piece *piece)
{
	for (size_t i = 0; i < tally->touched_count; i++) {
		struct seen *seen = tally->touched[i];

		seen->is_touched = false;
		if (piece->clock != NULL)
			see_last(seen, clock_at(piece->clock, seen->last_line_start));
	}
	tally->touched_count = 0;
}

/* What is kept of a cell's first hit. */
static bool describe(struct tally *tally, struct cell *cell, const struct piece *piece,
    const struct hit *hit, struct error *error)
{
	const uint32_t start = hit->text.start;
	uint32_t end = hit->text.end;

	if (hit->hit_class != HIT_UNLISTED)
		return true;
	cell->first_file = piece->file;
	cell->first_line = line_of(tally, piece, hit);
	if (piece->clock != NULL)
		cell->first = clock_at(piece->clock, hit->line.start);
	if (end - start > CELL_TEXT_MAX)
		end = start + CELL_TEXT_MAX;
	cell->text = strndup(piece->data + start, end - start);
	return cell->text != NULL || error_set_memory(error);
}

static bool count_hit(
    struct tally *tally, const struct piece *piece, const struct hit *hit, struct error *error)
{
	struct cell_key key = { hit->code, hit->hit_class,
		hit->hit_class == HIT_HELD_BACK ? hit->reason : 0, 0 };
	struct cell *cell = NULL;

	tally->counts.hits[hit->hit_class]++;
	if (tally->breakdown != NULL && !breakdown_add(tally->breakdown, piece, hit, error))
		return false;
	if (hit->hit_class == HIT_RESPONSE) {
		see(tally, piece, hit);
		return true;
	}
	if (!tally_reach_cell(tally, &key, hit->entry, &cell, error))
		return false;
	if (cell == NULL)
		return true;
	if (cell->count == 0 && !describe(tally, cell, piece, hit, error))
		return false;
	cell->count++;
	return true;
}

/* ---- the sink ---- */

static bool reach_pending(struct tally *tally, struct error *error)
{
	if (tally->pending == NULL) {
		tally->pending = tally_new_part(tally->catalog, error);
		if (tally->pending == NULL ||
		    !tally_set_window(tally->pending, tally->window, tally->by, error))
			return false;
	}
	return true;
}

/* The stamp of the hit's own line; NULL: it has none. */
static const struct timestamp *own_stamp(const struct piece *piece, const struct hit *hit)
{
	if (piece->clock == NULL)
		return NULL;
	clock_know(piece->clock, hit->line.start, hit->line.end);
	return clock_own(piece->clock, hit->line.start) == CLOCK_UNKNOWN
	           ? NULL
	           : clock_own_stamp(piece->clock);
}

static void count_outside(struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	struct tally_outside out = { hit->time, hit->time, { 0 } };
	const struct timestamp *stamp = own_stamp(piece, hit);

	if (stamp != NULL)
		out.zones = stamp_zones_of(stamp);
	tally_add_outside(tally, 1, &out);
}

static void note_zone(struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	struct stamp_zones zones;

	if (piece->clock == NULL)
		return;
	zones = clock_own_zone(piece->clock, hit->line.start, hit->line.end);
	stamp_zones_join(&tally->counts.zones, &zones);
}

/* The tally that counts the hit: this one, the one for pending times, or none. */
static bool choose(struct tally *tally, const struct piece *piece, const struct hit *hit,
    struct tally **chosen, struct error *error)
{
	*chosen = tally;
	if (!tally_is_bounded(tally) &&
	    (tally->window == NULL || tally->window->bucket_seconds == 0))
		return true;
	if (hit->time == CLOCK_PENDING && tally_is_bounded(tally)) {
		if (!reach_pending(tally, error))
			return false;
		*chosen = tally->pending;
		return true;
	}
	tally->counts.pending += hit->time == CLOCK_PENDING;
	tally->counts.unknown += hit->time == CLOCK_UNKNOWN;
	if (!tally_is_bounded(tally) || window_holds(tally->window, hit->time))
		return true;
	if (hit->time != CLOCK_UNKNOWN)
		count_outside(tally, piece, hit);
	*chosen = NULL;
	return true;
}

static void count_line(struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	if (tally->has_line && tally->line_end == hit->line.end)
		return;
	tally->has_line = true;
	tally->line_end = hit->line.end;
	tally->counts.lines_with_hits++;
	if (!tally_zones_are_settled(tally))
		note_zone(tally, piece, hit);
	if (!tally_is_bounded(tally) || hit->time == CLOCK_PENDING)
		return;
	if (tally->counts.first == CLOCK_UNKNOWN)
		tally->counts.first = hit->time;
	tally->counts.last = hit->time;
}

static bool take_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	struct tally *tally = (struct tally *)sink;

	for (size_t i = 0; i < count; i++) {
		struct tally *chosen;

		if (!choose(tally, piece, &hits[i], &chosen, error))
			return false;
		if (chosen == NULL)
			continue;
		count_line(chosen, piece, &hits[i]);
		if (!count_hit(chosen, piece, &hits[i], error))
			return false;
	}
	return true;
}

/* The zones of an input's first and last stamp. Who merges a part knows which is its input's
 * first. */
static void note_ends(struct tally *tally, const struct piece *piece, int64_t left)
{
	/* of one whose time cannot be known nobody knows what it stands in */
	tally->last_zone = (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
	if (left != CLOCK_UNKNOWN)
		tally->last_zone = stamp_zones_of_offset(clock_found_stamp(piece->clock));
	if (tally_zones_are_settled(tally) || tally->has_first_zone ||
	    clock_first(piece->clock) == CLOCK_UNKNOWN)
		return;
	tally->has_first_zone = true;
	tally->first_zone = stamp_zones_of_offset(clock_own_stamp(piece->clock));
	if (!tally->is_part)
		stamp_zones_join(&tally->counts.zones, &tally->first_zone);
}

/* The times of the input's lines, where no window asks for those of the hits in it. */
static void end_times(struct tally *tally, const struct piece *piece)
{
	int64_t left;

	end_seen(tally, piece);
	if (piece->clock == NULL)
		return;
	left = clock_left(piece->clock);
	if (left != CLOCK_PENDING) {
		note_ends(tally, piece, left);
		tally->piece_last = left;
	}
	if (tally_is_bounded(tally))
		return;
	if (tally->counts.first == CLOCK_UNKNOWN)
		tally->counts.first = clock_first(piece->clock);
	if (left != CLOCK_PENDING && left != CLOCK_UNKNOWN)
		tally->counts.last = left;
}

static bool take_piece_end(struct sink *sink, const struct piece *piece, struct error *error)
{
	struct tally *tally = (struct tally *)sink;

	(void)error;
	if (tally->has_open_line && !piece->is_rest)
		tally->counts.lines++;
	if (!tally->has_pieces)
		tally->begins_with_rest = piece->is_rest;
	tally->has_pieces = true;
	end_times(tally, piece);
	tally->has_line = false;
	if (tally->pending != NULL) {
		end_seen(tally->pending, piece);
		tally->pending->has_line = false;
	}
	tally->has_open_line = piece->data[piece->length - 1] != '\n';
	tally->counts.lines += piece->newlines;
	tally->counts.bytes += piece->length;
	tally->counts.long_lines += piece->is_cut && !piece->is_damaged;
	return true;
}

static bool flush(struct sink *sink, struct error *error)
{
	(void)sink;
	(void)error;
	return true; /* counts hold nothing back */
}

static const struct sink_operations tally_operations = { take_hits, take_piece_end, flush };

/* What was not counted is not touched: a large catalog costs a part of the tally neither time nor
 * memory. */
static void drop_cells(struct tally *tally)
{
	struct cell *cell = tally->cells;
	struct seen *seen = tally->seen.first;

	HASH_CLEAR(hh, tally->cells);
	while (seen != NULL) {
		struct seen *next = seen->next;

		*seen = (struct seen){ 0 };
		seen = next;
	}
	tally->seen.first = NULL;
	tally->seen.count = 0;
	while (cell != NULL) {
		struct cell *next = cell->hh.next;

		cell_free(cell);
		cell = next;
	}
}

/* Where nobody will ask for the zones they need not be looked for. */
static void begin_zones(struct tally *tally)
{
	bool is_asked = tally->window == NULL || !tally->window->keeps_zone;

	tally->counts.zones.state = is_asked ? STAMP_ZONES_NONE : STAMP_ZONES_UNLIKE;
	tally->first_zone = tally->last_zone = (struct stamp_zones){ 0 };
	tally->has_first_zone = false;
}

void tally_reset(struct tally *tally)
{
	drop_cells(tally);
	if (tally->breakdown != NULL)
		breakdown_clear(tally->breakdown);
	memset(&tally->counts, 0, sizeof(tally->counts));
	memset(tally->kept, 0, sizeof(tally->kept));
	tally->counts.first = tally->counts.last = CLOCK_UNKNOWN;
	tally->piece_last = CLOCK_PENDING;
	tally->carry = CLOCK_UNKNOWN;
	tally->counts.out.first = tally->counts.out.last = CLOCK_UNKNOWN;
	begin_zones(tally);
	tally->restored = 0;
	tally->has_lines = true;
	tally->has_open_line = tally->begins_with_rest = tally->has_pieces = false;
}

struct tally *tally_new(const struct catalog *catalog, struct error *error)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	if (tally != NULL) {
		tally->seen.by_id = calloc(catalog_size(catalog) + 1, sizeof(struct seen));
		tally->touched = calloc(catalog_size(catalog) + 1, sizeof(struct seen *));
	}
	if (tally == NULL || tally->seen.by_id == NULL || tally->touched == NULL) {
		tally_free(tally);
		error_set_memory(error);
		return NULL;
	}
	tally->sink.operations = &tally_operations;
	tally->catalog = catalog;
	tally->seed = seed_make();
	tally_reset(tally);
	return tally;
}

struct tally *tally_new_part(const struct catalog *catalog, struct error *error)
{
	struct tally *tally = tally_new(catalog, error);

	if (tally != NULL)
		tally->is_part = true;
	return tally;
}

void tally_free(struct tally *tally)
{
	if (tally == NULL)
		return;
	tally_free(tally->pending);
	breakdown_free(tally->breakdown);
	if (tally->seen.by_id != NULL)
		drop_cells(tally);
	free(tally->seen.by_id);
	free(tally->touched);
	free(tally);
}

bool tally_set_window(struct tally *tally, const struct window *window, const struct field_rule *by,
    struct error *error)
{
	tally->window = window;
	tally->by = by;
	begin_zones(tally);
	if (window->bucket_seconds == 0 && by == NULL)
		return true;
	tally->breakdown =
	    breakdown_new(window, by, catalog_size(tally->catalog), tally->is_part, error);
	return tally->breakdown != NULL;
}

void tally_begin_input(struct tally *tally, bool has_lines, int64_t carry)
{
	stamp_zones_join(&tally->counts.zones, &tally->last_zone);
	tally->last_zone = (struct stamp_zones){ 0 };
	/* of an input that goes on, it was seen */
	tally->has_first_zone = carry != CLOCK_UNKNOWN;
	tally->carry = carry;
	tally->piece_last = CLOCK_PENDING;
	tally->has_lines = has_lines;
}

int64_t tally_last_time(const struct tally *tally)
{
	return tally->piece_last != CLOCK_PENDING ? tally->piece_last : tally->carry;
}

struct sink *tally_sink(struct tally *tally)
{
	return &tally->sink;
}

uint64_t tally_lines(const struct tally *tally)
{
	return tally->counts.lines;
}

uint64_t tally_bytes(const struct tally *tally)
{
	return tally->counts.bytes;
}
