#ifndef JGANNOTATE_OUTPUT_HITS_H
#define JGANNOTATE_OUTPUT_HITS_H

#include <stdbool.h>

#include "base/error.h"
#include "catalog/selection.h"
#include "output/writer.h"
#include "stream/sink.h"

/*
 * The sink of `-o json`: one JSON object per hit and line of output, of hits of
 * every class; or only of selected ones.
 */
struct hits;

/* `only` may be NULL. Writer and selection stay the caller's. NULL when there is no
 * memory. */
struct hits *hits_new(
    const struct selection *only, struct writer *writer, struct error *error);
void hits_free(struct hits *hits); /* NULL is allowed */

struct sink *hits_sink(struct hits *hits);

/* For pieces whose place in the input is not known yet: objects are kept, and their
 * lines counted from 1, until hits_move writes them with `line_offset` added. */
void hits_keep(struct hits *hits);
bool hits_move(
    struct hits *hits, struct writer *to, uint64_t line_offset, struct error *error);

#endif
