/*
 * Owns the set of outputs that belong together. Must not know threads or inputs.
 */
#include "cli/outputs.h"

#include <stdlib.h>

#include "output/annotate.h"
#include "output/hits.h"

struct outputs {
	struct writer *writer;
	struct writer *memory;     /* the writer, where it is their own; else NULL */
	struct annotate *annotate; /* for lines, else NULL */
	struct hits *hits;         /* for JSON, else NULL */
	struct tally *tally;
};

static bool add_printer(
    struct outputs *outputs, const struct outputs_options *wanted, struct error *error)
{
	const struct setup *setup = wanted->setup;
	const struct window *window = window_is_bounded(&setup->window) ? &setup->window : NULL;
	struct annotate_options options = { setup->catalog, wanted->options->add, wanted->color,
		wanted->is_terminal, setup->only, window };

	if (wanted->options->output == OUTPUT_LINES) {
		outputs->annotate = annotate_new(&options, outputs->writer, error);
		return outputs->annotate != NULL;
	}
	if (wanted->options->output != OUTPUT_JSON)
		return true;
	outputs->hits = hits_new(setup->only, outputs->writer, error);
	if (outputs->hits == NULL)
		return false;
	hits_set_window(outputs->hits, window, setup->has_by ? &setup->by : NULL);
	if (outputs->memory != NULL)
		hits_keep(outputs->hits);
	return true;
}

struct outputs *outputs_new(
    const struct outputs_options *wanted, struct writer *writer, struct error *error)
{
	const struct setup *setup = wanted->setup;
	struct outputs *outputs = calloc(1, sizeof(*outputs));

	if (outputs == NULL) {
		error_set_memory(error);
		return NULL;
	}
	if (writer == NULL)
		writer = outputs->memory = writer_new_memory(error);
	outputs->writer = writer;
	outputs->tally = outputs->memory != NULL ? tally_new_part(setup->catalog, error)
	                                         : tally_new(setup->catalog, error);
	if (outputs->writer == NULL || outputs->tally == NULL ||
	    !tally_set_window(
	        outputs->tally, &setup->window, setup->has_by ? &setup->by : NULL, error) ||
	    !add_printer(outputs, wanted, error)) {
		outputs_free(outputs);
		return NULL;
	}
	return outputs;
}

void outputs_free(struct outputs *outputs)
{
	if (outputs == NULL)
		return;
	annotate_free(outputs->annotate);
	hits_free(outputs->hits);
	tally_free(outputs->tally);
	writer_free(outputs->memory);
	free(outputs);
}

size_t outputs_sinks(struct outputs *outputs, struct sink **sinks)
{
	size_t count = 0;

	if (outputs->annotate != NULL)
		sinks[count++] = annotate_sink(outputs->annotate);
	if (outputs->hits != NULL)
		sinks[count++] = hits_sink(outputs->hits);
	sinks[count++] = tally_sink(outputs->tally);
	return count;
}

struct tally *outputs_tally(const struct outputs *outputs)
{
	return outputs->tally;
}

bool outputs_set_heading(struct outputs *outputs, const char *name, struct error *error)
{
	return outputs->annotate == NULL || annotate_set_heading(outputs->annotate, name, error);
}

bool outputs_merge(
    struct outputs *outputs, struct outputs *from, uint64_t line_offset, struct error *error)
{
	if (from->hits != NULL && !hits_move(from->hits, outputs->writer, line_offset, error))
		return false;
	return writer_move(from->memory, outputs->writer, error) &&
	       tally_merge(outputs->tally, from->tally, line_offset, error);
}
