#ifndef JGANNOTATE_TALLY_SUMMARY_H
#define JGANNOTATE_TALLY_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/zone.h"
#include "catalog/catalog.h"
#include "match/hit.h"
#include "time/timestamp.h"

/*
 * What was counted, as plain sorted rows: all that a report, a threshold or a
 * database sees. Made by tally_summarize; rows, and strings that nobody else owns,
 * lie in the summary's arena (names of catalog entries in the catalog, which must
 * outlive it). After it was made nothing changes it.
 *
 * Orders: outcomes as in enum outcome; categories and codes by count, largest
 * first, then by name or number.
 */

/* Times are milliseconds since 1970-01-01T00:00:00Z, or this. */
#define SUMMARY_NO_TIME INT64_MIN

struct summary_code {
	const struct catalog_entry *entry;
	uint64_t count;         /* responses with this code */
	bool is_error;          /* by --errors */
	const char *first_file; /* where it was first seen; NULL: standard input */
	uint64_t first_line;    /* from 1; 0: not known, where reports were merged */
	/* Times of its first response, and of the last whose time is known, in the order of the
	 * input; from a database the earliest, and the end of the latest quarter of an hour. */
	int64_t first, last;
};

struct summary_category {
	const char *name;
	unsigned source; /* index into the catalogs */
	uint64_t count, success, negative, errors;
};

struct summary_inner {
	const struct catalog_entry *entry;
	uint64_t count;
	bool is_error;
};

struct summary_held {
	const struct catalog_entry *entry;
	const char *reason; /* static text: "other text than JiGuang's beside it" */
	const char *reason_zh;
	uint64_t count;
	bool in_doubt; /* they may well be responses: of a code that not everybody uses, with no
	                * mark of another system beside it */
};

struct summary_unlisted {
	uint32_t code;
	uint64_t count;
	const char *text; /* the `content` of the first one; "" when it had none */
	const char *first_file;
	uint64_t first_line;
	int64_t first; /* time of the first one */
};

struct summary_number {
	uint32_t code;
	uint64_t count; /* 10 or more */
};

struct summary_catalog {
	const char *name; /* "built-in" or the path */
	uint64_t responses, errors;
};

/* Responses of one code within a bucket or a group. */
struct summary_share {
	const struct catalog_entry *entry;
	uint64_t count;
};

/* The counts of one bucket or group. Over all buckets, and over all groups, they add up
 * to those of the summary. */
struct summary_part {
	uint64_t responses, errors, held_back, unlisted;
	uint64_t outcomes[OUTCOME_COUNT]; /* responses */
	struct summary_share *codes;      /* by count, then number */
	size_t code_count;
};

struct summary_bucket {
	int64_t start; /* SUMMARY_NO_TIME: hits whose time is not known, the last row */
	struct summary_part part;
};

enum summary_group_kind {
	GROUP_VALUE,
	GROUP_NONE,  /* the line has no such field */
	GROUP_OTHER, /* those beyond the 10,000 that are kept */
};

struct summary_group {
	enum summary_group_kind kind;
	const char *name; /* any bytes but NUL; "" unless GROUP_VALUE */
	struct summary_part part;
};

/* One line of the full table: bucket x group x class x code, with a count that is not 0. */
struct summary_row {
	size_t bucket; /* index; SIZE_MAX where there are no buckets */
	size_t group;
	enum hit_class counts_as;
	uint32_t code;                     /* 0 with a NULL entry and other numbers: any of them */
	const struct catalog_entry *entry; /* NULL: in no catalog */
	uint64_t count;
};

/* A code against the report of before. Shares are of all responses. */
struct summary_change {
	uint32_t code;
	const char *description;
	enum outcome outcome;
	bool is_error;
	uint64_t count, count_before;
	double share, share_before; /* fractions */
	bool is_new;                /* none before, 5 or more now */
	bool is_vanished;           /* 5 or more before, none now */
};

/* What a summary is compared with: a report; or the median, figure by figure, of the same window
 * on some days before, of those that have responses. */
struct summary_baseline {
	const char *file;  /* as given to --baseline */
	const char *label; /* of the report; "" when it had none */
	int64_t first, last;
	unsigned days;             /* 0: it is no median */
	unsigned days_asked;       /* also those without responses */
	unsigned days_other_rules; /* of these: left out, since other rules made their counts */
	bool is_of_other_rules;    /* no median: other rules made its counts */
	bool is_left_out;          /* and so it is not compared; all counts are 0 */
	uint64_t responses, errors;
	double error_rate; /* 0 without responses; a median's is no errors / responses */
	struct summary_change *changes; /* error codes by the size of the change, then others */
	size_t change_count;
};

/* A run whose counts are in the summary. */
struct summary_run {
	int64_t id, started; /* milliseconds since 1970 */
	bool is_delivered;   /* by the report of an earlier run */
	uint64_t lines;
};

/* A stretch of a log that was lost before it could be counted. */
struct summary_gap {
	const char *file;
	uint64_t bytes; /* 0: not known */
	const char *reason;
};

/* All that was ever counted into a database, whatever the summary is of: these only grow. */
struct summary_total {
	const struct catalog_entry *entry;
	uint64_t count; /* responses */
};

struct summary_totals {
	struct summary_total *codes; /* by number */
	size_t code_count;
	uint64_t classes[HIT_CLASS_COUNT];
	uint64_t lines, bytes, runs, gaps;
	int64_t last_run; /* when it began; SUMMARY_NO_TIME: there was none */
};

/* From one time on, before another. */
struct summary_stretch {
	int64_t since, until;
};

/* What a database knows of the counts. */
struct summary_history {
	struct arena *arena; /* the summary's */
	bool is_merged;      /* read from reports: gaps alone are known */
	int64_t new_since;   /* all is new since that run; SUMMARY_NO_TIME: it is not about news */
	struct summary_run *runs;
	size_t run_count;
	struct summary_gap *gaps;
	size_t gap_count;
	struct summary_totals totals;
	uint64_t late;                    /* hits of a time that was reported before they came */
	struct summary_stretch late_span; /* in which they lie; not known of merged reports */
	struct summary_stretch *missed;   /* what no report has covered */
	size_t missed_count;
	int64_t older_until; /* when the last counts were made that older rules made;
	                      * SUMMARY_NO_TIME: none were */
};

/* What the counts are of: one input, or a range of it. */
struct summary_slice {
	const char *label;   /* --label; NULL: none was given */
	const char *file;    /* as it was named; NULL: standard input */
	uint64_t start, end; /* bytes of it, as they are when decompressed */
	uint64_t bytes;      /* that were read of these: a front before the window was not */
	uint64_t lines;
	const char *digest; /* XXH3-128 of the bytes read; NULL: it was not read to its end */
};

/* An option that decides what is found, where it was not as usual. */
struct summary_option {
	const char *name, *value; /* "--trust", "strict" */
};

/* What was expected, and no slice is of. */
struct summary_missing {
	const char *name; /* a label, a file; "2 of 64 slices" */
};

/* How a window came about. */
enum summary_window {
	SUMMARY_WINDOW_ASKED,   /* as it was typed */
	SUMMARY_WINDOW_ROUNDED, /* relative times, down to the quarter of an hour */
	SUMMARY_WINDOW_FIRST,   /* since the last report, and there was none yet */
	SUMMARY_WINDOW_LAST,    /* since the last report */
	SUMMARY_WINDOW_COVERED, /* the same, but it is empty: there is nothing to report */
};

struct summary {
	struct arena arena;       /* of all that it owns */
	const char *version;      /* the program's */
	const char *rules;        /* by which codes were found; NULL: by several, or not known */
	const char *label;        /* --label; NULL: none was given */
	const char *host;         /* whose it is without a label; NULL: not known */
	const char *errors_list;  /* LIST of --errors; NULL: the default */
	const char *const *files; /* inputs in order, as named; NULL entry: standard input */
	size_t file_count;
	bool is_unsealed;             /* it was read from a report of 0.1.0, which had no seal */
	struct summary_slice *slices; /* NULL: not known, as of a log that is followed */
	size_t slice_count;
	const struct summary_option *finding; /* NULL: not known, as of a database */
	size_t finding_count;
	struct summary_missing *missing; /* --expect: what the counts should be of as well */
	size_t missing_count;

	uint64_t lines, bytes, lines_with_hits; /* all 0 where `lines_unknown` */
	bool lines_unknown;              /* it is of a window of a database, or merged from such */
	uint64_t hits[HIT_CLASS_COUNT];  /* by what they count as: every hit is exactly one */
	uint64_t hit_count;              /* their sum */
	uint64_t errors;                 /* of the responses */
	uint64_t other_numbers_distinct; /* kept at most 4096; more are only summed */
	bool other_numbers_capped;       /* true: more than that */

	uint64_t outcomes[OUTCOME_COUNT]; /* responses */

	struct summary_code *codes;
	size_t code_count;
	struct summary_category *categories; /* only those that occurred */
	size_t category_count;
	struct summary_inner *inner_codes;
	size_t inner_count;
	struct summary_held *held;
	size_t held_count;
	struct summary_unlisted *unlisted_codes;
	size_t unlisted_count;
	struct summary_number *numbers; /* other numbers seen 10 times or more, at most 20 */
	size_t number_count;
	struct summary_catalog *catalogs; /* one per catalog source, in their order */
	size_t catalog_count;

	/* Times of the first and the last line that has one, in the order of the input. */
	int64_t first, last;
	bool is_by_quarter; /* times of codes are known to the quarter of an hour */
	/* What the stamps of the lines with hits, and of the ends of each input, say of their
	 * zones. STAMP_ZONES_ONE is an offset that is a number: people read times in it. Unlike
	 * also where times were asked for, or the zone was chosen. */
	struct stamp_zones zones;

	struct {
		bool is_asked;        /* --since, --until or --bucket was given */
		int64_t since, until; /* SUMMARY_NO_TIME: open */
		enum summary_window window;
		const char *zone;        /* for stamps without one, and for days: "Asia/Shanghai" */
		uint32_t bucket_seconds; /* 0: no buckets */
		int32_t cst;      /* seconds east of UTC as which CST was read; 0: it was not */
		uint64_t unknown; /* hits without time: not in the totals of a window */
		uint64_t outside; /* hits outside the window: in no other count */
		/* The earliest and the latest of those, or SUMMARY_NO_TIME; and what the stamps of
		 * their lines say of their zones. A report does not tell. */
		int64_t outside_first, outside_last;
		struct stamp_zones outside_zones;
		char
		    fitting_zone[ZONE_TEXT_MAX]; /* in which some would not be; "": none is known */
		uint64_t skipped_bytes;          /* not read, since they lie before the window */
	} time;
	struct summary_bucket *buckets; /* by time, empty ones included */
	size_t bucket_count;
	const char *group_field;      /* --by; NULL: no groups */
	struct summary_group *groups; /* by errors, then responses, then name's bytes */
	size_t group_count;
	struct summary_row *rows; /* only with buckets or groups; else made from the totals */
	size_t row_count;
	struct summary_baseline *baseline; /* NULL: none was asked for */
	struct summary_history *history;   /* NULL: no database */

	const char *const *keys; /* the keys looked for, for "nothing found" */
	size_t key_count;
	size_t pattern_count; /* -e patterns */

	struct {
		uint64_t long_lines, regex_limits, not_a_code, unreadable_files, damaged_files;
	} trouble;
};

/* All counts 0, all times unknown. NULL when there is no memory. */
struct summary *summary_new(void);

/* Gives the summary the history of a database, or with `is_merged` of reports; NULL when there is
 * no memory. */
struct summary_history *summary_history_new(struct summary *summary, bool is_merged);

/* Adds a row to the history; false when there is no memory. Texts are copied. */
bool summary_history_add_run(struct summary_history *history, const struct summary_run *run);
bool summary_history_add_total(
    struct summary_history *history, const struct catalog_entry *entry, uint64_t count);
bool summary_history_add_gap(
    struct summary_history *history, const char *file, uint64_t bytes, const char *reason);
bool summary_history_add_missed(
    struct summary_history *history, const struct summary_stretch *missed);

/* Whose log it is: the label, else the host's name; NULL: not known. */
const char *summary_owner(const struct summary *summary);

/* errors / responses; 0 when there are no responses (look at `hits`). */
double summary_error_rate(const struct summary *summary);

/* How many hits make the error rate doubtful, since they were held back but may well be
 * responses; 0: it is not doubtful, for they are no more than a tenth of the responses. */
uint64_t summary_doubt(const struct summary *summary);

/* The codes that are errors, by number: whoever asks about many finds each in a few steps, however
 * many codes there are. False when there is no memory; then, too, it can be released. */
struct summary_errors {
	uint32_t *codes;
	size_t count;
};
bool summary_errors_init(struct summary_errors *errors, const struct summary *summary);
bool summary_errors_have(const struct summary_errors *errors, uint32_t code);
void summary_errors_release(struct summary_errors *errors);

/* Whether the sums hold: hits against its parts, responses against outcomes,
 * codes, categories and catalogs, errors against codes. */
bool summary_is_consistent(const struct summary *summary);

/* The order of groups, as for qsort. */
int summary_group_compare(const void *left, const void *right);

/* Sorts all lists and the codes of all parts, makes one of rows that differ in their count alone,
 * and drops other numbers that are too many to be told. Groups must be in their order: rows name
 * them by it. False when there is no memory. */
bool summary_sort(struct summary *summary);

/* Adds what `from` counts, as if it came later. `from` is freed, and what it owned belongs to
 * `into` from then on. Its rows stand behind those of `into` until summary_join; all that was
 * added had the same --errors, --bucket and --by. Of a new summary the first that is added sets
 * what others must agree in to keep: rules, label. False when there is no memory, and
 * (ERROR_USAGE) where a number does not fit. */
bool summary_add(struct summary *into, struct summary *from, struct error *error);

/* Makes one row of all that are of one code, category, bucket or group; then as summary_sort.
 * Each code must have one entry. False when there is no memory. */
bool summary_join(struct summary *summary);

/* Frees it and all that it owns. NULL is allowed. */
void summary_free(struct summary *summary);

#endif
