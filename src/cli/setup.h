#ifndef JGANNOTATE_CLI_SETUP_H
#define JGANNOTATE_CLI_SETUP_H

#include <stdbool.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/selection.h"
#include "cli/options.h"
#include "match/field.h"
#include "match/key.h"
#include "match/matcher.h"
#include "report/merge.h"
#include "report/report_reader.h"
#include "report/verdict.h"
#include "time/timestamp.h"
#include "time/window.h"

/*
 * What the options ask for, built: catalog, selections, keys, patterns. All that
 * can be wrong with them is found here, before any input is read.
 */
struct setup {
	struct catalog *catalog;
	struct selection *errors;
	struct selection *only; /* NULL: --only was not given */
	struct key_set keys;
	struct matcher *matcher;
	int64_t now;          /* when the times were read: milliseconds since 1970 */
	struct window window; /* --since, --until, --bucket */
	bool since_last;      /* --since last: where it begins is not known yet */
	bool is_rounded;      /* a relative time was rounded down to its quarter */
	struct timestamp_rule stamps;
	struct timestamp_notes *notes; /* what they met */
	struct field_rule by;
	bool has_by;
	uint32_t every;              /* seconds; 0: --every was not given */
	struct verdict *verdict;     /* NULL: no threshold */
	struct summary *before;      /* --baseline FILE, or NULL */
	struct window before_window; /* --baseline SINCE..UNTIL; else open on both sides */
	unsigned before_days;        /* --baseline 7d; else 0 */
	char host[256];              /* the host's name */
};

/* Only the catalog, for --explain. */
bool setup_init_catalog(struct setup *setup, const struct options *options, struct error *error);

/* Everything. Must be released in any case. */
bool setup_init(struct setup *setup, const struct options *options, struct error *error);
/* For --merge: the catalog with the reports' codes, selections, thresholds, baseline. */
bool setup_init_merged(struct setup *setup, const struct options *options,
    const struct summary *summary, struct error *error);

/* For --db, where the window that was asked for is the report's: from now on the setup's has no
 * ends, and counts by quarters of an hour. ERROR_USAGE for what these cannot tell. */
bool setup_count_quarters(struct setup *setup, const struct options *options, struct error *error);

/* Puts the report of before, if one was named, beside the summary. */
bool setup_compare(const struct setup *setup, const struct options *options,
    struct summary *summary, struct error *error);

/* Of a summary whose codes were all outside the window: sets its `fitting_zone` to the --tz in
 * which some of them are not, if it is known. */
void setup_fit_zone(const struct options *options, struct summary *summary);

void setup_release(struct setup *setup);

#endif
