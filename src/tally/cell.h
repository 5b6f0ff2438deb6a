#ifndef JGANNOTATE_TALLY_CELL_H
#define JGANNOTATE_TALLY_CELL_H

#include <stdint.h>

#include <uthash.h>

#include "match/clock.h"
#include "match/hit.h"
#include "match/stamp_zones.h"
#include "tally/summary.h"

/*
 * The tally's rows, shared by the part that counts (tally.c) and the part that
 * sorts them into a summary (cell.c). Nobody else includes this.
 */

#define CELL_TEXT_MAX 200

/* No padding: it is hashed and compared as bytes. */
struct cell_key {
	uint32_t code;
	uint8_t hit_class;
	uint8_t reason; /* of a hit held back */
	uint16_t zero;
};

struct cell {
	struct cell_key key;
	uint64_t count;
	const struct catalog_entry *entry;
	const char *first_file;
	uint64_t first_line;
	int64_t first; /* CLOCK_UNKNOWN; in a part also CLOCK_PENDING */
	char *text;    /* the content beside an unlisted code, or NULL */
	UT_hash_handle hh;
};

/* The responses of a catalogued code, of which there may be very many: how many, and when and where
 * they were seen, in the order of the input. No cell is made of them. */
struct seen {
	uint64_t count;
	struct seen *next;
	const char *first_file;
	uint64_t first_line;
	int64_t first, last; /* CLOCK_UNKNOWN; in a part also CLOCK_PENDING */
	uint32_t last_line_start; /* in the piece at hand: its time is asked for at its end */
	bool is_seen;             /* and so linked */
	bool is_touched;          /* by the piece at hand */
};

/* One for each entry of a catalog, by its id; those that were seen are linked. */
struct seen_codes {
	struct seen *by_id;
	struct seen *first;
	size_t count;
};

/* When the hits outside the window were, and in what zones the stamps of their lines stand. */
struct tally_outside {
	int64_t first, last; /* the earliest and the latest; CLOCK_UNKNOWN: there are none */
	struct stamp_zones zones;
};

struct counts {
	uint64_t lines, bytes, lines_with_hits, long_lines;
	uint64_t unknown, outside; /* hits without time, hits outside the window */
	uint64_t pending;          /* of a part: hits counted, whose time the merger knows */
	int64_t first, last;       /* the input's times */
	struct stamp_zones zones;  /* of the lines with hits, and of the ends of the inputs */
	struct tally_outside out;  /* of the hits outside */
	uint64_t hits[HIT_CLASS_COUNT];
	bool is_capped[HIT_CLASS_COUNT]; /* more distinct numbers came than are kept */
};

struct tally_context;

/* Sorts `cell_count` cells, linked by hh.next, and what was seen into a new summary. */
struct summary *cells_summarize(const struct cell *cells, size_t cell_count,
    const struct seen_codes *seen, const struct counts *counts, const struct catalog *catalog,
    const struct tally_context *context, struct error *error);

#endif
