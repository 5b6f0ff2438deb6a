#ifndef JGANNOTATE_STORE_INTAKE_H
#define JGANNOTATE_STORE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "input/rotated.h"
#include "match/timestamp.h"
#include "store/claims.h"
#include "store/store.h"

/*
 * What is new in a log and its rotated files: found before they are read, checked after it,
 * then written to the database with the counts.
 *
 *     intake_init        which files, which generations they continue, what is new
 *     (read [claim.from, claim.whole.offset) of each file)
 *     intake_check       nobody cut or rewrote them meanwhile; else all is done anew
 *     intake_write       the positions
 */
struct intake {
	struct rotated rotated;
	const struct timestamp_rule *stamps; /* borrowed: what is a time in a line */
	struct claim *claims;                /* of rotated.files, in their order */
	int64_t *last_times; /* before claim.from; the reader sets what is before its end */
	struct generation *generations;
	size_t generation_count;
	bool is_first;         /* nothing was known of this log */
	bool is_missing;       /* after a failed intake_init: there is no such log */
	struct prefix **known; /* of compressed files: the prefixes asked for; else NULL */
	size_t *known_counts;
	/* The front of the plain file that was asked for last, and the prefix. */
	struct intake_front *front;
};

/* `stamps` is borrowed. `from_now`: files of a log that is not known yet are new from their ends
 * on only. False (and `error`, naming the file) when the log or one of its files cannot be read,
 * with nothing to release. */
bool intake_init(struct intake *intake, struct store *store, const struct rotated_search *search,
    const struct timestamp_rule *stamps, bool from_now, struct error *error);
void intake_release(struct intake *intake);

/* Whether no file belongs to two of the logs; it would be counted for each. */
bool intake_check_apart(const struct intake *intakes, size_t count, struct error *error);

/* A descriptor of the file, the intake's, until that of another is asked for; -1: it cannot be
 * reached any more. Where another file has its name by now (`rotated.is_lost`), intake_check will
 * tell. */
int intake_reach(struct intake *intake, size_t file, struct error *error);

/* Whether the file has lines that are not counted, and are to be. */
bool intake_has_news(const struct intake *intake, size_t file);

/* Sets `*is_same` to whether all files still are what intake_init saw. */
bool intake_check(struct intake *intake, bool *is_same, struct error *error);

/* The next gap, from `*at` on, which is 0 at first: of what was the log itself, and went before it
 * was read. False: there are no more. While a file cannot be opened, which may be it, there are
 * none. */
bool intake_next_gap(const struct intake *intake, size_t *at, struct store_gap *gap);

/* Writes where each file stands now. */
bool intake_write(
    const struct intake *intake, struct store *store, int64_t run, struct error *error);

#endif
