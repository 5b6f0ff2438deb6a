#ifndef JGANNOTATE_CLI_OUTPUTS_H
#define JGANNOTATE_CLI_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "cli/setup.h"
#include "output/writer.h"
#include "stream/sink.h"
#include "tally/tally.h"

/*
 * The outputs of one stream of pieces: printed lines or objects, and the tally.
 * The run has one that writes to standard output; each piece in flight between
 * threads has one in memory, merged into it in the order of the input.
 */
#define OUTPUTS_SINKS 2

struct outputs_options {
	const struct options *options;
	const struct setup *setup;
	bool color;
	bool is_terminal; /* where lines go to */
};

struct outputs;

/* What `wanted` points at must outlive them. `writer` stays the caller's; NULL: outputs in memory.
 * Returns NULL when there is no memory. */
struct outputs *outputs_new(
    const struct outputs_options *wanted, struct writer *writer, struct error *error);
void outputs_free(struct outputs *outputs); /* NULL is allowed */

/* Their sinks, at most OUTPUTS_SINKS; returns how many. */
size_t outputs_sinks(struct outputs *outputs, struct sink **sinks);

/* Theirs. */
struct tally *outputs_tally(const struct outputs *outputs);

/* See annotate_set_heading; where no lines are printed, nothing happens. */
bool outputs_set_heading(struct outputs *outputs, const char *name, struct error *error);

/* Moves what `from`, which is in memory, holds behind what `outputs` holds. */
bool outputs_merge(
    struct outputs *outputs, struct outputs *from, uint64_t line_offset, struct error *error);

#endif
