#ifndef JGANNOTATE_TALLY_TALLY_PARTS_H
#define JGANNOTATE_TALLY_TALLY_PARTS_H

#include <uthash.h>

#include "tally/breakdown.h"
#include "tally/summary.h"
#include "tally/tally.h"
#include "time/clock.h"

/*
 * What a tally is made of: tally.c fills it, tally_summary.c reads it.
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
	int64_t first, last;      /* CLOCK_UNKNOWN; in a part also CLOCK_PENDING */
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

struct tally {
	struct sink sink;
	const struct catalog *catalog;
	bool is_part;      /* keeps all numbers */
	uint64_t restored; /* hits that tally_restore added */
	uint64_t seed;
	struct cell *cells;     /* hashed by key, in the order of their first hits */
	struct seen_codes seen; /* the catalogued codes' responses */
	struct seen **touched;  /* those of the piece at hand */
	size_t touched_count;
	const struct window *window; /* NULL: all times count */
	const struct field_rule *by;
	struct breakdown *breakdown; /* NULL: neither buckets nor groups */
	struct tally *pending;       /* of a part with a window: hits whose time the merger knows */
	int64_t carry;               /* the last time of what was merged */
	int64_t piece_last;          /* of a part: what it leaves, as clock_left tells it */
	struct stamp_zones first_zone, last_zone; /* of the first and the last stamp of an input */
	bool has_first_zone;
	bool has_lines;
	size_t kept[HIT_CLASS_COUNT]; /* cells without entry, by class */
	struct counts counts;
	bool has_open_line; /* the last piece did not end in LF */
	bool begins_with_rest;
	bool has_pieces;
	uint32_t line_end; /* of the last hit in the piece */
	bool has_line;
};

#endif
