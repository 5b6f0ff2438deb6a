#ifndef JGANNOTATE_TALLY_COUNT_H
#define JGANNOTATE_TALLY_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "match/hit.h"
#include "tally/summary.h"

/*
 * One number of a tally, as it is kept between runs: how many hits of a code counted as
 * this, in this bucket and this group. Codes only, never descriptions: another catalog
 * changes nothing.
 */
#define COUNT_NO_TIME SUMMARY_NO_TIME

/* What is kept is counted by quarters of an hour. */
#define COUNT_QUARTER_MILLISECONDS INT64_C(900000)

struct count {
	int64_t time;  /* its bucket's start, milliseconds since 1970; COUNT_NO_TIME: not known */
	uint32_t code; /* 0: any number, where the numbers are not kept */
	enum hit_class counts_as;
	unsigned reason; /* of a hit held back: its number in databases (standing.h); else 0 */
	enum summary_group_kind group_kind;
	const char *group; /* any bytes; GROUP_VALUE only */
	size_t group_length;
	uint64_t count;
};

#endif
