#ifndef JGANNOTATE_CLI_OPTIONS_H
#define JGANNOTATE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "base/terminal.h"

/*
 * The command line as validated values. Nothing is opened or built here; run.c
 * does that. One row of the option table in options.c per option: letter, long
 * name, argument, where it stands in the help, help text, how it is stored.
 * Help is made from that table; a test holds the man page and README to it.
 */

/* A growing list of pointers into argv. */
struct options_list {
	char **items;
	size_t count;
};

enum output_form { OUTPUT_DEFAULT, OUTPUT_LINES, OUTPUT_JSON, OUTPUT_NONE };

enum options_action { ACTION_RUN, ACTION_EXPLAIN, ACTION_HELP, ACTION_VERSION };

enum options_language { LANGUAGE_AUTO, LANGUAGE_EN, LANGUAGE_ZH };

enum options_trust { OPTION_TRUST_NORMAL, OPTION_TRUST_STRICT, OPTION_TRUST_ALL };

/* What --add puts into an annotation: a set of these. */
enum options_add {
	ADD_OUTCOME = 1,
	ADD_CATEGORY = 2,
	ADD_DESCRIPTION = 4,
	ADD_NOTES = 8,
};

struct options {
	enum options_action action;
	enum output_form output;     /* after parsing never OUTPUT_DEFAULT */
	bool quiet;                  /* -q */
	bool verbose;                /* -v */
	struct options_list reports; /* -r WHAT; -s is the argument "text" */
	const char *only;            /* --only LIST, or NULL; the last one counts */
	const char *errors;          /* --errors LIST, or NULL */
	unsigned add;                /* of enum options_add */
	unsigned top;                /* --top, default 20 */
	struct options_list keys;    /* -k arguments, unsplit */
	struct options_list patterns;
	const char *where;
	enum options_trust trust;    /* --trust */
	const char *since, *until;   /* --since, --until, unread; or NULL */
	const char *bucket;          /* --bucket */
	const char *zone;            /* --tz */
	const char *time_format;     /* --time-format */
	const char *by;              /* --by */
	struct options_list warnings, criticals; /* thresholds, unread */
	unsigned long min_responses; /* --min-responses, default 30 */
	const char *baseline;        /* --baseline */
	bool quiet_if_ok;            /* --quiet-if-ok */
	bool merge;                  /* --merge */
	const char *label;           /* --label */
	const char *every;           /* --every */
	bool follow;                 /* -F */
	struct {                     /* -n */
		bool is_asked;
		bool is_number;          /* +N: from line N on; else the last N */
		unsigned long count;
	} lines;
	const char *db;              /* --db; NULL: none */
	bool wait;                   /* --wait */
	bool dry_run;                /* --dry-run */
	bool new_epoch;              /* --new-epoch */
	bool from_now;               /* --from-now */
	unsigned long keep_days;     /* --keep; 0: as usual */
	struct options_list rotated; /* --rotated GLOB */
	struct options_list catalogs; /* -c, without JGANNOTATE_CATALOG */
	unsigned jobs;               /* -j; 0: as many as this process may use, at most 8 */
	enum color_when color;
	enum options_language language;
	struct options_list operands; /* files; words of --explain */
};

/* Reads the command line. On a fault returns false with ERROR_USAGE; the text is
 * the cause with the nearest right spelling, the hint line is
 * "try: jgannotate --help". `options` must be released in any case. argv must
 * outlive it. */
bool options_parse(struct options *options, int argc, char **argv, struct error *error);

void options_release(struct options *options);

/* Whether a threshold was given, also when the command line is faulty: then the
 * exit status is that of a monitoring plugin. */
bool options_have_threshold(const struct options *options);

/* Whether a report is asked for that says what came, or a threshold's line: totals for Prometheus
 * do not. */
bool options_have_reader(const struct options *options);

/* The text of --help: one screen of 80 x 50. */
void options_help(struct strbuf *out);

#endif
