#ifndef JGANNOTATE_TALLY_TALLY_PARTS_H
#define JGANNOTATE_TALLY_TALLY_PARTS_H

#include "tally/breakdown_parts.h"
#include "tally/cell.h"
#include "tally/tally.h"

/*
 * A tally, shared by the part that counts (tally.c) and the part that merges (tally_merge.c).
 * Nobody else includes this.
 */
struct tally {
	struct sink sink;
	const struct catalog *catalog;
	bool is_part; /* keeps all numbers */
	uint64_t seed;
	struct cell *cells;       /* hashed by key, in the order of their first hits */
	struct seen_codes seen;   /* the catalogued codes' responses */
	struct seen **touched;    /* those of the piece at hand */
	size_t touched_count;
	const struct window *window; /* NULL: all times count */
	const struct field_rule *by;
	struct breakdown *breakdown; /* NULL: neither buckets nor groups */
	struct tally *pending; /* of a part with a window: hits whose time the merger knows */
	int64_t carry;         /* the last time of what was merged */
	int64_t piece_last;    /* of a part: what it leaves, as clock_left tells it */
	struct stamp_zones first_zone, last_zone; /* of the first and the last stamp of an input */
	bool has_first_zone;
	bool has_lines;
	size_t kept[HIT_CLASS_COUNT]; /* cells without entry, by class */
	struct counts counts;
	bool has_open_line;   /* the last piece did not end in LF */
	bool begins_with_rest;
	bool has_pieces;
	uint32_t line_end;    /* of the last hit in the piece */
	bool has_line;
};

/* Finds the cell of a key, or makes it. Sets `*cell` to NULL where the number of cells is
 * capped; returns false when there is no memory. */
bool tally_reach_cell(struct tally *tally, const struct cell_key *key,
    const struct catalog_entry *entry, struct cell **cell, struct error *error);

/* The entry's responses, which the caller adds to; at first there are none, of no time. */
struct seen *tally_see(struct tally *tally, const struct catalog_entry *entry);

/* Whether nothing that comes can change what is known of the zones. */
static inline bool tally_zones_are_settled(const struct tally *tally)
{
	return tally->counts.zones.state == STAMP_ZONES_UNLIKE;
}

/* Notes hits that are outside. */
void tally_add_outside(
    struct tally *tally, uint64_t count, const struct tally_outside *outside);

static inline bool tally_is_bounded(const struct tally *tally)
{
	return tally->window != NULL && window_is_bounded(tally->window);
}

#endif
