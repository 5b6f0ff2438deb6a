#ifndef JGANNOTATE_TALLY_SUMMARY_H
#define JGANNOTATE_TALLY_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/catalog.h"

/*
 * What was counted, as plain sorted rows: all that a report, a threshold or a
 * database sees. Made by tally_summarize; strings and rows belong to the
 * summary (names of catalog entries to the catalog, which must outlive it).
 * After it was made nothing changes it.
 *
 * Orders: outcomes as in enum outcome; categories and codes by count, largest
 * first, then by name or number.
 */

struct summary_code {
	const struct catalog_entry *entry;
	uint64_t count;         /* responses with this code */
	bool is_error;          /* by --errors */
	const char *first_file; /* where it was first seen; NULL: standard input */
	uint64_t first_line;    /* from 1 */
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
};

struct summary_unlisted {
	uint32_t code;
	uint64_t count;
	const char *text; /* the `content` of the first one; "" when it had none */
	const char *first_file;
	uint64_t first_line;
};

struct summary_number {
	uint32_t code;
	uint64_t count; /* 10 or more */
};

struct summary_catalog {
	const char *name; /* "built-in" or the path */
	uint64_t responses, errors;
};

struct summary {
	const char *version;   /* the program's */
	const char *errors_list; /* LIST of --errors; NULL: the default */
	const char *const *files; /* inputs in order, as named; NULL entry: standard input */
	size_t file_count;

	uint64_t lines, bytes, lines_with_hits;
	/* Every hit is exactly one of the next seven; `hits` is their sum. */
	uint64_t hits;
	uint64_t responses, inner, repeated, held_back, unlisted, elsewhere, other_numbers;
	uint64_t errors; /* of the responses */
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

	const char *const *keys; /* the keys looked for, for "nothing found" */
	size_t key_count;
	size_t pattern_count; /* -e patterns */

	struct {
		uint64_t long_lines, regex_limits, not_a_code, unreadable_files, damaged_files;
	} trouble;
};

/* errors / responses; 0 when there are no responses (look at `responses`). */
double summary_error_rate(const struct summary *summary);

/* Whether the sums hold: hits against its parts, responses against outcomes,
 * codes, categories and catalogs, errors against codes. */
bool summary_is_consistent(const struct summary *summary);

void summary_free(struct summary *summary); /* NULL is allowed */

#endif
