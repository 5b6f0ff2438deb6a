#ifndef JGANNOTATE_OUTPUT_ANNOTATE_H
#define JGANNOTATE_OUTPUT_ANNOTATE_H

#include <stdbool.h>

#include "base/error.h"
#include "catalog/selection.h"
#include "output/writer.h"
#include "stream/sink.h"
#include "time/window.h"

/*
 * The sink that passes the lines on: the input plus annotations, byte for byte;
 * or only the lines with a selected hit.
 */
struct annotate_options {
	const struct catalog *catalog; /* must outlive the sink */
	unsigned columns;              /* of enum annotation_column */
	bool color;
	bool is_terminal;             /* show control characters instead of sending them */
	const struct selection *only; /* NULL: all lines */
	const struct window *window;  /* NULL: of any time */
};

struct annotate;

/* Writer and selection stay the caller's. NULL when there is no memory. */
struct annotate *annotate_new(
    const struct annotate_options *options, struct writer *writer, struct error *error);
void annotate_free(struct annotate *annotate); /* NULL is allowed */

/* Put in front of the next line that is printed, in place of an earlier one that was not: the
 * name of its file, as tail does it. On a terminal only. */
bool annotate_set_heading(struct annotate *annotate, const char *name, struct error *error);

struct sink *annotate_sink(struct annotate *annotate);

/* Whether a hit is in a selection: what --only means, for every output. */
bool annotate_selects(const struct selection *only, const struct hit *hit);

#endif
