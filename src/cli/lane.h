#ifndef JGANNOTATE_CLI_LANE_H
#define JGANNOTATE_CLI_LANE_H

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
#define LANE_SINKS 2

struct lane_options {
	enum output_form form;
	unsigned columns;
	bool color;
	bool is_terminal;
	const struct setup *setup; /* must outlive the lanes */
};

struct lane;

/* `writer` stays the caller's; NULL: a lane in memory. Returns NULL when there is no
 * memory. */
struct lane *lane_new(
    const struct lane_options *options, struct writer *writer, struct error *error);
void lane_free(struct lane *lane); /* NULL is allowed */

/* Its sinks, at most LANE_SINKS; returns how many. */
size_t lane_sinks(struct lane *lane, struct sink **sinks);

const struct tally *lane_tally(const struct lane *lane);

/* Begins an input; see tally_begin_input. */
void lane_begin_input(struct lane *lane, bool has_lines, int64_t carry);

/* See tally_size. */
size_t lane_size(const struct lane *lane);

/* See annotate_set_heading; for a lane that prints lines, else nothing happens. */
bool lane_set_heading(struct lane *lane, const char *name, struct error *error);

/* See tally_last_time and tally_reset. For a lane that prints nothing. */
int64_t lane_last_time(const struct lane *lane);
void lane_reset(struct lane *lane);

/* Moves what the lane in memory `from` holds behind what `lane` holds. */
bool lane_merge(
    struct lane *lane, struct lane *from, uint64_t line_offset, struct error *error);

#endif
