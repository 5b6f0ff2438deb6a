#ifndef JGANNOTATE_REPORT_REPORT_READER_H
#define JGANNOTATE_REPORT_REPORT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "tally/summary.h"

/*
 * Reads our own JSON reports back, for --merge and --baseline. Strict: what is torn, of
 * another schema, of a wrong type, unknown, missing, or does not add up is an
 * ERROR_REPORT that names file and member.
 *
 * Not in a report, hence empty here: names of inputs (`files` holds the report's own
 * name), keys, patterns, `rows`, `baseline`, times of unlisted codes.
 */

/* What this program knows and a report does not tell. */
struct report_lookup {
	const struct catalog *catalog; /* for notes in Chinese; frozen; may be NULL */
	/* The Chinese of a reason for holding back; NULL where there is none. May be NULL. */
	const char *(*reason_zh)(const char *reason);
};

/* Reads `path` ("-": standard input), at most 256 MiB. A pipe is read to its end. Free the summary
 * with summary_free. Codes are entries of its own, whose `id` means nothing: it does not need the
 * catalog, except that Chinese texts are the catalog's. `files[0]` is the report's name. NULL on
 * error. */
struct summary *report_read(
    const char *path, const struct report_lookup *lookup, struct error *error);

/* The same from memory; `name` stands in messages. */
struct summary *report_parse(const char *name, const char *text, size_t len,
    const struct report_lookup *lookup, struct error *error);

#endif
