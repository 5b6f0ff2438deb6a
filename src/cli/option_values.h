#ifndef JGANNOTATE_CLI_OPTION_VALUES_H
#define JGANNOTATE_CLI_OPTION_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/terminal.h"
#include "match/annotation.h"
#include "match/standing.h"

/*
 * What the command line asks for, as values that were checked one by one. Nothing is opened or
 * built of them here: cli/setup.h does that.
 */

/* A growing list of pointers into argv. */
struct options_list {
	char **items;
	size_t count;
};

enum output_form { OUTPUT_DEFAULT, OUTPUT_LINES, OUTPUT_JSON, OUTPUT_NONE };

enum options_action { ACTION_RUN, ACTION_EXPLAIN, ACTION_HELP, ACTION_VERSION };

enum options_language { LANGUAGE_AUTO, LANGUAGE_EN, LANGUAGE_ZH };

struct options {
	enum options_action action;
	enum output_form output;     /* after parsing never OUTPUT_DEFAULT */
	bool quiet;                  /* -q */
	bool verbose;                /* -v */
	struct options_list reports; /* -r WHAT; -s is the argument "text" */
	const char *only;            /* --only LIST, or NULL; the last one counts */
	const char *errors;          /* --errors LIST, or NULL */
	unsigned add;                /* --add: of enum annotation_column */
	unsigned top;                /* --top, default 20 */
	struct options_list keys;    /* -k arguments, unsplit */
	struct options_list patterns;
	const char *where;
	enum trust trust;                        /* --trust */
	const char *since, *until;               /* --since, --until, unread; or NULL */
	const char *bucket;                      /* --bucket */
	const char *zone;                        /* --tz */
	const char *time_format;                 /* --time-format */
	struct options_list time_keys;           /* --time-key */
	const char *by;                          /* --by */
	struct options_list warnings, criticals; /* thresholds, unread */
	unsigned long min_responses;             /* --min-responses, default 30 */
	const char *baseline;                    /* --baseline */
	bool quiet_if_ok;                        /* --quiet-if-ok */
	bool merge;                              /* --merge */
	const char *label;                       /* --label */
	const char *expected;                    /* --expect */
	const char *every;                       /* --every */
	bool follow;                             /* -F */
	struct {                                 /* -n */
		bool is_asked;
		bool is_number; /* +N: from line N on; else the last N */
		unsigned long count;
	} lines;
	const char *db;               /* --db; NULL: none */
	bool wait;                    /* --wait */
	bool dry_run;                 /* --dry-run */
	bool new_epoch;               /* --new-epoch */
	bool from_now;                /* --from-now */
	bool accept;                  /* --accept */
	unsigned long keep_days;      /* --keep; 0: as usual */
	struct options_list rotated;  /* --rotated GLOB */
	struct options_list catalogs; /* -c, without JGANNOTATE_CATALOG */
	unsigned jobs;                /* -j; 0: as many as this process may use, at most 8 */
	enum color_when color;
	enum options_language language;
	struct options_list operands; /* files; words of --explain */
};

#endif
