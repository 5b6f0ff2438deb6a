#ifndef JGANNOTATE_CLI_FINDING_H
#define JGANNOTATE_CLI_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/option_values.h"
#include "tally/summary.h"

/*
 * The options that decide what is found, as texts. They are kept with what was counted, in a
 * database and in reports: counts that were found in another way are not added to them.
 */
enum {
	FINDING_KEYS,
	FINDING_PATTERNS,
	FINDING_WHERE,
	FINDING_TRUST,
	FINDING_TIME_FORMAT,
	FINDING_TIME_KEYS,
	FINDING_COUNT
};

struct finding {
	const char *values[FINDING_COUNT];          /* "": not given */
	char *keys, *patterns, *time_keys;          /* their own of these */
	struct summary_option given[FINDING_COUNT]; /* those that are not as usual */
	size_t given_count;
};

extern const char *const finding_names[FINDING_COUNT]; /* "--key" */

/* `options` must outlive it. To be released in any case; false (and `error`) when there is no
 * memory. */
bool finding_init(struct finding *finding, const struct options *options, struct error *error);
void finding_release(struct finding *finding);

#endif
