#ifndef JGANNOTATE_CATALOG_OUTCOME_H
#define JGANNOTATE_CATALOG_OUTCOME_H

#include <stdbool.h>

/*
 * Outcomes: who must act on a reply. The order is the order of every report.
 */
enum outcome {
	OUTCOME_SUCCESS,
	OUTCOME_NEGATIVE,
	OUTCOME_REQUEST,
	OUTCOME_AUTH,
	OUTCOME_ACCOUNT,
	OUTCOME_LIMIT,
	OUTCOME_SERVER,
	OUTCOME_FAILED,
	OUTCOME_COUNT
};

/* One row of the outcome table: names and advice in both languages, all
 * static. `sgr` is the terminal colour ("31"), without ESC [ and m. */
struct outcome_info {
	const char *name;
	const char *name_zh;
	const char *advice; /* "correct what our program sends"; "" for success */
	const char *advice_zh;
	const char *sgr;
	bool is_error; /* by default, before --errors */
};

/* The row of an outcome; never NULL. Thread safe. */
const struct outcome_info *outcome_info(enum outcome outcome);

/* Finds an outcome by its English name. Returns false when there is none. */
bool outcome_find(const char *name, enum outcome *outcome);

#endif
