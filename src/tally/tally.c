/*
 * Owns the counts while they grow: hits are counted, another tally's are added, kept ones come
 * back. Must not know how they are shown, or where the hits come from.
 *
 * One hash table holds a cell per code, class and reason. A catalogued code's
 * response, by far the commonest, has its place by the entry's number.
 */
#include "tally/tally.h"

#include <inttypes.h>
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

/* Whether nothing that comes can change what is known of the zones. */
static bool zones_are_settled(const struct tally *tally)
{
	return tally->counts.zones.state == STAMP_ZONES_UNLIKE;
}

static bool is_bounded(const struct tally *tally)
{
	return tally->window != NULL && window_is_bounded(tally->window);
}

/* ---- cells ---- */

static bool is_capped(const struct tally *tally, const struct cell_key *key, bool has_entry)
{
	return !has_entry && !tally->is_part && tally->kept[key->hit_class] >= TALLY_NUMBERS_MAX;
}

/* Finds the cell of a key, or makes it. Sets `*cell` to NULL where the number of cells is
 * capped; returns false when there is no memory. */
static bool reach_cell(struct tally *tally, const struct cell_key *key,
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

/* The entry's responses, which the caller adds to; at first there are none, of no time. */
static struct seen *reach_seen(struct tally *tally, const struct catalog_entry *entry)
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
	struct seen *seen = reach_seen(tally, hit->entry);

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

static void end_seen(struct tally *tally, const struct piece *piece)
{
	for (size_t i = 0; i < tally->touched_count; i++) {
		struct seen *seen = tally->touched[i];
		int64_t time = CLOCK_UNKNOWN;

		if (piece->clock != NULL)
			time = clock_at(piece->clock, seen->last_line_start);
		if (time != CLOCK_UNKNOWN)
			seen->last = time;
		seen->is_touched = false;
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
	if (!reach_cell(tally, &key, hit->entry, &cell, error))
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

/* Makes a stretch of time hold another, either of which may be unknown. */
static void widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
	if (from == CLOCK_UNKNOWN)
		return;
	if (*first == CLOCK_UNKNOWN || from < *first)
		*first = from;
	if (*last == CLOCK_UNKNOWN || to > *last)
		*last = to;
}

/* Notes hits that are outside. */
static void add_outside(struct tally *tally, uint64_t count, const struct tally_outside *outside)
{
	struct tally_outside *out = &tally->counts.out;

	if (count == 0)
		return;
	tally->counts.outside += count;
	widen(&out->first, &out->last, outside->first, outside->last);
	stamp_zones_join(&out->zones, &outside->zones);
}

static void count_outside(struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	struct tally_outside out = { hit->time, hit->time, { 0 } };
	const struct timestamp *stamp = own_stamp(piece, hit);

	if (stamp != NULL)
		out.zones = stamp_zones_of(stamp);
	add_outside(tally, 1, &out);
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
	if (!is_bounded(tally) && (tally->window == NULL || tally->window->bucket_seconds == 0))
		return true;
	if (hit->time == CLOCK_PENDING && is_bounded(tally)) {
		if (!reach_pending(tally, error))
			return false;
		*chosen = tally->pending;
		return true;
	}
	tally->counts.pending += hit->time == CLOCK_PENDING;
	tally->counts.unknown += hit->time == CLOCK_UNKNOWN;
	if (!is_bounded(tally) || window_holds(tally->window, hit->time))
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
	if (!zones_are_settled(tally))
		note_zone(tally, piece, hit);
	if (!is_bounded(tally) || hit->time == CLOCK_PENDING)
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
	if (zones_are_settled(tally) || tally->has_first_zone ||
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
	if (is_bounded(tally))
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

		free(cell->text);
		free(cell);
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
	return tally->counts.lines + tally->has_open_line;
}

uint64_t tally_bytes(const struct tally *tally)
{
	return tally->counts.bytes;
}

size_t tally_size(const struct tally *tally)
{
	size_t size = HASH_COUNT(tally->cells) * (sizeof(struct cell) + CELL_TEXT_MAX) +
	              tally->seen.count * sizeof(struct seen);

	if (tally->breakdown != NULL)
		size += breakdown_size(tally->breakdown);
	return size + (tally->pending == NULL ? 0 : tally_size(tally->pending));
}

/* ---- one tally to another ---- */

static bool merge_cell(
    struct tally *tally, struct cell *from, uint64_t line_offset, struct error *error)
{
	struct cell *cell;

	if (!reach_cell(tally, &from->key, from->entry, &cell, error))
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
	add_outside(tally, from->outside, &from->out);
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
	struct seen *seen = reach_seen(tally, catalog_at(tally->catalog, id));
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

		add_outside(tally, hits, &out);
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

/* ---- to where counts are kept, and back ---- */

bool tally_visit(const struct tally *tally,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	return tally->breakdown == NULL || breakdown_visit(tally->breakdown, take, context, error);
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
	if (!has_time && (is_bounded(tally) || tally->window->bucket_seconds > 0))
		tally->counts.unknown += count->count;
	if (!is_bounded(tally))
		return true;
	if (window_holds(tally->window, count->time))
		return true;
	if (has_time)
		add_outside(tally, count->count,
		    &(struct tally_outside){ count->time, count->time, { 0 } });
	return false;
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
	int64_t end;

	if (!add_kept(&tally->restored, count->count, error))
		return false;
	if (count->counts_as < HIT_UNLISTED || count->counts_as == HIT_ELSEWHERE)
		entry = catalog_find(tally->catalog, count->code);
	if (!is_inside(tally, count))
		return true;
	key = key_of(count, entry);
	kept.counts_as = (enum hit_class)key.hit_class;
	kept.reason = key.reason;
	/* when is kept to the quarter of an hour, at whose end it was at the latest; and counts
	 * come run by run, so in no order of time */
	end = count->time == COUNT_NO_TIME ? COUNT_NO_TIME
	                                   : count->time + COUNT_QUARTER_MILLISECONDS - 1;
	widen(&tally->counts.first, &tally->counts.last, count->time, end);
	tally->counts.hits[key.hit_class] += count->count;
	if (tally->breakdown != NULL && !breakdown_restore(tally->breakdown, &kept, entry, error))
		return false;
	if (key.hit_class == HIT_RESPONSE) {
		struct seen *seen = reach_seen(tally, entry);

		widen(&seen->first, &seen->last, count->time, end);
		seen->count += count->count;
		return true;
	}
	if (entry == NULL && (key.hit_class != HIT_UNLISTED || key.code == 0))
		return true; /* of other numbers only the sum is kept */
	if (!reach_cell(tally, &key, entry, &cell, error))
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
