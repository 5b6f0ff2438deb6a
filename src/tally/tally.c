/*
 * Owns the counts while they grow. Must not know how they are shown, or where
 * the hits come from.
 *
 * One hash table holds a cell per code, class and reason. A catalogued code's
 * response, by far the commonest, finds its cell without hashing.
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
#include "tally/cell.h"

struct tally {
	struct sink sink;
	const struct catalog *catalog;
	bool is_part; /* keeps all numbers */
	uint64_t seed;
	struct cell *cells;       /* hashed by key, in the order of their first hits */
	struct cell **responses;  /* by entry id: the cell of its responses, or NULL */
	size_t kept[HIT_CLASS_COUNT]; /* cells without entry, by class */
	struct counts counts;
	bool has_open_line;   /* the last piece did not end in LF */
	bool begins_with_rest;
	bool has_pieces;
	uint32_t line_end;    /* of the last hit in the piece */
	bool has_line;
	size_t counted;       /* bytes of the piece whose newlines are in `newlines` */
	uint64_t newlines;
};

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

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
	added->entry = entry;
	HASH_ADD(hh, tally->cells, key, sizeof(added->key), added);
	if (added->hh.tbl == NULL) {
		free(added);
		return error_set_memory(error);
	}
	if (entry == NULL)
		tally->kept[key->hit_class]++;
	if (key->hit_class == HIT_RESPONSE)
		tally->responses[entry->id] = added;
	*cell = added;
	return true;
}

/* Hits come in order: each newline of the piece is looked at once. */
static uint64_t line_of(struct tally *tally, const struct piece *piece, const struct hit *hit)
{
	const char *at = piece->data + tally->counted;
	const char *end = piece->data + hit->line_start;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		tally->newlines++;
		at++;
		tally->counted = (size_t)(at - piece->data);
	}
	return piece->first_line + tally->newlines;
}

/* What is kept of a cell's first hit. */
static bool describe(struct tally *tally, struct cell *cell, const struct piece *piece,
    const struct hit *hit, struct error *error)
{
	uint32_t start;
	uint32_t end;

	cell->first_file = piece->file;
	cell->first_line = line_of(tally, piece, hit);
	if (hit->hit_class != HIT_UNLISTED ||
	    !standing_content(piece->data, hit, &start, &end))
		return true;
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
	if (hit->hit_class == HIT_RESPONSE)
		cell = tally->responses[hit->entry->id];
	if (cell == NULL && !reach_cell(tally, &key, hit->entry, &cell, error))
		return false;
	if (cell == NULL)
		return true;
	if (cell->count == 0 && !describe(tally, cell, piece, hit, error))
		return false;
	cell->count = add_saturating(cell->count, 1);
	return true;
}

/* ---- the sink ---- */

static bool take_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	struct tally *tally = (struct tally *)sink;

	for (size_t i = 0; i < count; i++) {
		if (!tally->has_line || tally->line_end != hits[i].line_end) {
			tally->has_line = true;
			tally->line_end = hits[i].line_end;
			tally->counts.lines_with_hits++;
		}
		if (!count_hit(tally, piece, &hits[i], error))
			return false;
	}
	return true;
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
	tally->has_line = false;
	tally->counted = 0;
	tally->newlines = 0;
	tally->has_open_line = piece->data[piece->length - 1] != '\n';
	tally->counts.lines = add_saturating(tally->counts.lines, piece->newlines);
	tally->counts.bytes = add_saturating(tally->counts.bytes, piece->length);
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

struct tally *tally_new(const struct catalog *catalog, struct error *error)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	if (tally != NULL)
		tally->responses = calloc(catalog_size(catalog) + 1, sizeof(struct cell *));
	if (tally == NULL || tally->responses == NULL) {
		tally_free(tally);
		error_set_memory(error);
		return NULL;
	}
	tally->sink.operations = &tally_operations;
	tally->catalog = catalog;
	tally->seed = seed_make();
	return tally;
}

struct tally *tally_new_part(const struct catalog *catalog, struct error *error)
{
	struct tally *tally = tally_new(catalog, error);

	if (tally != NULL)
		tally->is_part = true;
	return tally;
}

static void drop_cells(struct tally *tally)
{
	struct cell *cell = tally->cells;

	HASH_CLEAR(hh, tally->cells);
	while (cell != NULL) {
		struct cell *next = cell->hh.next;

		if (cell->key.hit_class == HIT_RESPONSE)
			tally->responses[cell->entry->id] = NULL;
		cell_free(cell);
		cell = next;
	}
}

void tally_free(struct tally *tally)
{
	if (tally == NULL)
		return;
	drop_cells(tally);
	free(tally->responses);
	free(tally);
}

struct sink *tally_sink(struct tally *tally)
{
	return &tally->sink;
}

/* ---- merging ---- */

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
		cell->first_line = from->first_line + line_offset;
		cell->text = from->text;
		from->text = NULL;
	}
	cell->count = add_saturating(cell->count, from->count);
	return true;
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

bool tally_merge(
    struct tally *tally, struct tally *other, uint64_t line_offset, struct error *error)
{
	for (struct cell *cell = other->cells; cell != NULL; cell = cell->hh.next)
		if (!merge_cell(tally, cell, line_offset, error))
			return false;
	merge_counts(tally, other);
	drop_cells(other);
	memset(&other->counts, 0, sizeof(other->counts));
	memset(other->kept, 0, sizeof(other->kept));
	other->has_open_line = other->begins_with_rest = other->has_pieces = false;
	return true;
}

uint64_t tally_lines(const struct tally *tally)
{
	return tally->counts.lines;
}

struct summary *tally_summarize(
    const struct tally *tally, const struct tally_context *context, struct error *error)
{
	struct counts counts = tally->counts;

	counts.lines = add_saturating(counts.lines, tally->has_open_line);
	return cells_summarize(tally->cells, HASH_COUNT(tally->cells), &counts, tally->catalog,
	    context, error);
}
