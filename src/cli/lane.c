/*
 * Owns the set of outputs that belong together. Must not know threads or inputs.
 */
#include "cli/lane.h"

#include <stdlib.h>

#include "output/annotate.h"
#include "output/hits.h"

struct lane {
	struct writer *writer;
	struct writer *memory; /* the writer, where it is the lane's own; else NULL */
	struct annotate *annotate; /* for lines, else NULL */
	struct hits *hits;         /* for JSON, else NULL */
	struct tally *tally;
};

static bool add_output(struct lane *lane, const struct lane_options *options, struct error *error)
{
	const struct window *window = &options->setup->window;
	struct annotate_options wanted = { options->setup->catalog, options->columns,
		options->color, options->is_terminal, options->setup->only,
		window_is_bounded(window) ? window : NULL };

	if (options->form == OUTPUT_LINES) {
		lane->annotate = annotate_new(&wanted, lane->writer, error);
		return lane->annotate != NULL;
	}
	if (options->form == OUTPUT_JSON) {
		lane->hits = hits_new(options->setup->only, lane->writer, error);
		if (lane->hits != NULL)
			hits_set_window(lane->hits, wanted.window,
			    options->setup->has_by ? &options->setup->by : NULL);
		if (lane->hits != NULL && lane->memory != NULL)
			hits_keep(lane->hits);
		return lane->hits != NULL;
	}
	return true;
}

struct lane *lane_new(
    const struct lane_options *options, struct writer *writer, struct error *error)
{
	struct lane *lane = calloc(1, sizeof(*lane));

	if (lane == NULL) {
		error_set_memory(error);
		return NULL;
	}
	if (writer == NULL)
		writer = lane->memory = writer_new_memory(error);
	lane->writer = writer;
	lane->tally = lane->memory != NULL ? tally_new_part(options->setup->catalog, error)
					   : tally_new(options->setup->catalog, error);
	if (lane->writer == NULL || lane->tally == NULL ||
	    !tally_set_window(lane->tally, &options->setup->window,
		options->setup->has_by ? &options->setup->by : NULL, error) ||
	    !add_output(lane, options, error)) {
		lane_free(lane);
		return NULL;
	}
	return lane;
}

void lane_free(struct lane *lane)
{
	if (lane == NULL)
		return;
	annotate_free(lane->annotate);
	hits_free(lane->hits);
	tally_free(lane->tally);
	writer_free(lane->memory);
	free(lane);
}

size_t lane_sinks(struct lane *lane, struct sink **sinks)
{
	size_t count = 0;

	if (lane->annotate != NULL)
		sinks[count++] = annotate_sink(lane->annotate);
	if (lane->hits != NULL)
		sinks[count++] = hits_sink(lane->hits);
	sinks[count++] = tally_sink(lane->tally);
	return count;
}

const struct tally *lane_tally(const struct lane *lane)
{
	return lane->tally;
}

size_t lane_size(const struct lane *lane)
{
	return tally_size(lane->tally);
}

void lane_begin_input(struct lane *lane, bool has_lines, int64_t carry)
{
	tally_begin_input(lane->tally, has_lines, carry);
}

bool lane_set_heading(struct lane *lane, const char *name, struct error *error)
{
	return lane->annotate == NULL || annotate_set_heading(lane->annotate, name, error);
}

int64_t lane_last_time(const struct lane *lane)
{
	return tally_last_time(lane->tally);
}

void lane_reset(struct lane *lane)
{
	tally_reset(lane->tally);
}

bool lane_merge(struct lane *lane, struct lane *from, uint64_t line_offset, struct error *error)
{
	if (from->hits != NULL && !hits_move(from->hits, lane->writer, line_offset, error))
		return false;
	return writer_move(from->memory, lane->writer, error) &&
	    tally_merge(lane->tally, from->tally, line_offset, error);
}
