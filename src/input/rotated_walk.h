#ifndef JGANNOTATE_INPUT_ROTATED_WALK_H
#define JGANNOTATE_INPUT_ROTATED_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "input/rotated_name.h"

/*
 * One walk through the folders of a log, for what has a rotated name.
 */
struct rotated_found {
	int folder;       /* descriptor for openat: the folder it is in; the walk's */
	const char *name; /* in the folder */
	const char *path; /* for messages */
	struct rotated_name order;
	int errnum; /* not 0: it is a folder that cannot be read, and why */
};

/* Takes what was found; returns false (and `error`) to end the walk. */
typedef bool rotated_visit(void *context, const struct rotated_found *found, struct error *error);

struct rotated_walk {
	int folder;         /* the log's folder; may be opened with O_PATH */
	const char *prefix; /* what stands in front of the names in it: "", or up to a slash */
	const char *log;    /* the log's name in it */
	const char *const *patterns; /* globs of other names, relative to the folder or absolute */
	size_t pattern_count;
	rotated_visit *visit;
	void *context;
};

/* Visits the log's folder, archive*, old and backup in it, and the dated folders below any (also
 * YYYY/MM and YYYY/MM/DD); then what fits the patterns. The same file may be visited twice. A
 * symbolic link to a folder is not followed, except where a pattern names it without wildcards.
 * Returns false when visit did or when there is no memory. */
bool rotated_walk(const struct rotated_walk *walk, struct error *error);

/* Whether that is done in the folder that `below` leads to from the log's; `is_late`, as of a name:
 * since later. */
bool rotated_walk_reaches(const char *below, bool *is_late);

#endif
