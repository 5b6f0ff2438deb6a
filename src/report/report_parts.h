#ifndef JGANNOTATE_REPORT_REPORT_PARTS_H
#define JGANNOTATE_REPORT_REPORT_PARTS_H

#include "report/json_reader.h"
#include "report/report_reader.h"
#include "tally/summary.h"

/*
 * A report as it stands in its file, shared by the part that knows the members
 * (report_schema.c) and those that check them and make a summary of them
 * (report_reader.c, report_rows.c, report_groups.c). Nobody else includes this.
 */
struct report_span {
	int64_t first, last;
};

struct report_outcome_row {
	enum outcome outcome;
	uint64_t count;
	double share;
};

struct report_category_row {
	const char *category;
	uint64_t count, success, negative, errors;
	double share;
};

struct report_code_row { /* of `inner` too, which has the first members only */
	uint32_t code;
	const char *description, *category;
	enum outcome outcome;
	bool is_error;
	uint64_t count;
	const char *notes;
	double share;
	int64_t first, last;
	struct report_line {
		const char *file; /* NULL: standard input, or not known */
		uint64_t line;    /* 0: not known */
	} first_at;
};

struct report_held_row {
	uint32_t code;
	const char *reason;
	uint64_t count;
	bool in_doubt;
};

struct report_unlisted_row {
	uint32_t code;
	uint64_t count;
	const char *text; /* NULL: none */
	int64_t first;
	struct report_line first_at;
};

struct report_number_row {
	uint32_t code;
	uint64_t count;
};

struct report_catalog_row {
	const char *catalog;
	uint64_t responses, errors;
	double rate;
};

/* A row of `buckets` or of `groups`: the first or the next two, then the rest. */
struct report_part_row {
	int64_t start;
	const char *group; /* NULL: none */
	bool other;
	uint64_t responses, errors, held_back, unlisted;
	double rate;
	struct json_list codes; /* report_number_row */
};

struct report_window {
	int64_t since, until;
	const char *zone;
	uint32_t bucket_seconds;
	uint64_t unknown, outside, skipped_bytes;
};

struct report_groups {
	const char *field;
	struct json_list values; /* report_part_row */
};

struct report_gap_row {
	const char *file, *reason;
	uint64_t bytes;
};

struct report_document {
	const char *schema, *version, *catalog_date, *label;
	const char *rules;        /* NULL: several, or not known */
	struct report_span *span; /* NULL: not known */
	struct stamp_zones zones;
	uint64_t lines, bytes, lines_with_hits;
	struct {
		uint64_t total, responses, inner, repeated, held_back, unlisted, elsewhere,
		    other_numbers;
	} hits;
	uint64_t errors;
	double error_rate;
	const char *errors_list;
	struct json_list outcomes, categories, codes, inner, held_back, unlisted;
	struct {
		uint64_t count, distinct;
		bool capped;
		struct json_list top; /* report_number_row */
	} numbers;
	struct json_list catalogs;
	struct report_window *time; /* NULL: not asked for */
	struct json_list buckets;
	struct report_groups *groups; /* NULL: not asked for */
	struct json_list gaps;
	uint64_t late;           /* JSON_NO_COUNT: not asked for */
	struct json_list missed; /* summary_stretch */
	const char *older_until; /* NULL: none */
	struct {
		uint64_t long_lines, regex_limits, not_a_code, unreadable_files, damaged_files;
	} trouble;
};

/* One conversion: from `document` into `summary`. */
struct converter {
	struct summary *summary;
	const char *name; /* of the file */
	const struct report_document *document;
	const struct report_lookup *lookup;
	const struct catalog_entry **by_code; /* entries of its own, sorted by code */
	size_t entry_count;
	struct error *error;
};

#define REPORT_MORE_THAN_TOTAL "the counts are more than their total"
#define REPORT_WRONG_RATE "the share or rate is not that of its counts"

/* Fails for the member `name`, or its row `row` (SIZE_MAX: none). Returns false. */
bool report_fault(struct converter *converter, const char *name, size_t row, const char *reason);

/* Zeros that live as long as the summary; NULL, with the error set, when there is no memory. */
void *report_allocate(struct converter *converter, size_t count, size_t size);

/* Takes `count` from what is left of a total; false when that is less. So no sum overflows. */
bool report_take(uint64_t *left, uint64_t count);

/* Whether `rate` is part/whole as printed; -1 (null) where there is no whole. */
bool report_rate_holds(double rate, uint64_t part, uint64_t whole);

/* The report's entry of a code among responses and inner codes, or NULL. */
const struct catalog_entry *report_entry(const struct converter *converter, uint32_t code);

/* Each fills its part of the summary. The rows come before buckets and groups. */
bool report_rows_make(struct converter *converter); /* lists beside the totals */
bool report_buckets_make(struct converter *converter);
bool report_groups_make(struct converter *converter);

#define REPORT_SCHEMA "jgannotate.report/1"

extern const struct json_shape report_shape; /* struct report_document */

#endif
