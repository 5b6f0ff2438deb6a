#ifndef JGANNOTATE_CLI_REPORTS_H
#define JGANNOTATE_CLI_REPORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "report/report.h"

/*
 * The arguments of -r: which format goes where.
 */
struct report_target {
	const struct report_format *format;
	const char *file; /* NULL: standard output. Points into the argument. */
};

/* Reads FORMAT, FILE or FORMAT:FILE. Returns false when it is none of them; the format is then
 * NULL, or that behind whose colon no file stands. */
bool report_target_read(struct report_target *target, const char *what);

/* Makes the report and writes it to its file, whole or not at all; without a file it
 * is appended to `out`. */
bool report_target_write(const struct report_target *target, const struct summary *summary,
    const struct report_style *style, struct strbuf *out, struct error *error);

#endif
