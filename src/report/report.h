#ifndef JGANNOTATE_REPORT_REPORT_H
#define JGANNOTATE_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "catalog/selection.h"
#include "tally/summary.h"

/*
 * Reports: a summary written in one format. A format is one file
 * report_FORMAT.c and one row of the table in report.c.
 */

struct report_style {
	unsigned width; /* columns, at least 40 */
	bool color;
	bool utf8;              /* block characters may be used; else '#' */
	bool chinese;           /* headings, notes and advice */
	unsigned top;           /* rows per list, at least 1 */
	uint64_t min_responses; /* of fewer a rate says little: it is marked */
	/* For codes that did not occur; may be NULL: none of them is shown, and what is an error
	 * follows from the outcome. */
	const struct catalog *catalog;
	const struct selection *errors;
};

/* Appends the report. Failure of memory is sticky in `out`. */
typedef void report_write_fn(
    struct strbuf *out, const struct summary *summary, const struct report_style *style);

struct report_format {
	const char *name;   /* "text" */
	const char *suffix; /* ".txt" */
	bool is_safe;       /* a terminal may have it: control characters are shown, but colours */
	bool names_slices;  /* it says what it is of: the inputs' digests are needed */
	report_write_fn *write;
};

/* The format of this name, or NULL. */
const struct report_format *report_format_find(const char *name);

/* The format whose suffix `file` ends in, or NULL. */
const struct report_format *report_format_of_file(const char *file);

/* The formats, for help and "did you mean": `count` rows, `name` first. */
const struct report_format *report_formats(size_t *count);

/* The four lines at most of closing totals for standard error; each ends in a newline.
 * When nothing was found they name the lines read and the keys looked for; where nothing could be
 * opened there are none. */
void report_totals(
    struct strbuf *out, const struct summary *summary, const struct report_style *style);

report_write_fn report_text;
report_write_fn report_json;
report_write_fn report_jsonl; /* the same in one line */
report_write_fn report_csv;
report_write_fn report_markdown;
report_write_fn report_html;
report_write_fn report_prometheus;

#endif
