/*
 * Owns the examples of hits held back: of each code the first few, with what stands around them in
 * their lines. Must not know how they were judged.
 */
#include "output/examples.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "match/standing.h"

/* What is shown of the line, to either side of the number. */
#define REACH 120u

struct examples {
	struct sink sink;
	bool chinese;
	unsigned char *shown; /* by entry id */
};

static uint64_t line_of(const struct piece *piece, const struct hit *hit)
{
	uint64_t line = piece->first_line;

	for (uint32_t at = 0; at < hit->line.start; at++)
		line += piece->data[at] == '\n';
	return line;
}

static void show(const struct examples *examples, const struct piece *piece, const struct hit *hit)
{
	uint32_t start = hit->line.start;
	uint32_t end = hit->line.end;

	if (hit->key.start - start > REACH)
		start = hit->key.start - REACH;
	if (end - hit->value_end > REACH)
		end = hit->value_end + REACH;
	message_print("held back %u, %s: %s:%" PRIu64 ": %.*s", (unsigned)hit->code,
	    standing_reason(hit->reason, examples->chinese),
	    piece->file == NULL ? "-" : piece->file, line_of(piece, hit), (int)(end - start),
	    piece->data + start);
}

static bool take_hits(struct sink *sink, const struct piece *piece, const struct hit *hits,
    size_t count, struct error *error)
{
	struct examples *examples = (struct examples *)sink;

	(void)error;
	for (size_t i = 0; i < count; i++)
		if (hits[i].hit_class == HIT_HELD_BACK &&
		    examples->shown[hits[i].entry->id] < EXAMPLES_PER_CODE) {
			examples->shown[hits[i].entry->id]++;
			show(examples, piece, &hits[i]);
		}
	return true;
}

static bool take_piece_end(struct sink *sink, const struct piece *piece, struct error *error)
{
	(void)sink;
	(void)piece;
	(void)error;
	return true;
}

static bool flush(struct sink *sink, struct error *error)
{
	(void)sink;
	(void)error;
	return true;
}

static const struct sink_operations examples_operations = { take_hits, take_piece_end, flush };

struct examples *examples_new(const struct catalog *catalog, bool chinese, struct error *error)
{
	struct examples *examples = calloc(1, sizeof(*examples));

	if (examples != NULL)
		examples->shown = calloc(catalog_size(catalog) + 1, 1);
	if (examples == NULL || examples->shown == NULL) {
		examples_free(examples);
		error_set_memory(error);
		return NULL;
	}
	examples->sink.operations = &examples_operations;
	examples->chinese = chinese;
	return examples;
}

void examples_free(struct examples *examples)
{
	if (examples == NULL)
		return;
	free(examples->shown);
	free(examples);
}

struct sink *examples_sink(struct examples *examples)
{
	return &examples->sink;
}
