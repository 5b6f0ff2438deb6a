#ifndef JGANNOTATE_TALLY_BREAKDOWN_PARTS_H
#define JGANNOTATE_TALLY_BREAKDOWN_PARTS_H

#include <uthash.h>

#include "tally/breakdown.h"
#include "tally/summary_list.h"

/*
 * A breakdown, shared by the part that counts (breakdown.c) and the part that sorts
 * (breakdown_rows.c). Nobody else includes this.
 */
enum { PART_GROUP_NONE, PART_GROUP_OTHER, PART_GROUP_FIRST };

/* No padding: it is hashed and compared as bytes. */
struct part_key {
	int64_t bucket; /* its start; CLOCK_UNKNOWN; in a part also CLOCK_PENDING */
	uint32_t group;
	uint32_t code; /* 0: any number of the class */
	uint32_t hit_class;
	uint32_t reason; /* of a hit held back: standing.h */
};

struct part_cell {
	struct part_key key;
	const struct catalog_entry *entry; /* or NULL */
	uint64_t count;
	UT_hash_handle hh;
};

struct part_group {
	char *name; /* a NUL behind it, and perhaps in it */
	size_t length;
	uint32_t number;
	UT_hash_handle hh;
};

struct breakdown {
	const struct window *window;
	const struct field_rule *by;
	bool is_part;
	uint64_t seed;
	struct zone zone;
	struct window_cache cache;
	struct part_cell *cells;
	struct part_cell **recent; /* by entry id: where its last response was counted */
	struct part_group *groups;
	size_t group_count;
	size_t name_bytes; /* of all groups */
	size_t unlisted_count;
};

/* The group's number; PART_GROUP_OTHER where no more are kept. */
bool breakdown_reach_group(struct breakdown *breakdown, const char *name, size_t length,
    uint32_t *number, struct error *error);

/* The bucket's start; CLOCK_UNKNOWN or CLOCK_PENDING as `time`. */
int64_t breakdown_bucket(struct breakdown *breakdown, int64_t time);

/* Adds to the cell of the key, whose entry this is. */
bool breakdown_add_count(struct breakdown *breakdown, const struct part_key *wanted,
    const struct catalog_entry *entry, uint64_t count, struct error *error);

#endif
