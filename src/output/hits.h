#ifndef JGANNOTATE_OUTPUT_HITS_H
#define JGANNOTATE_OUTPUT_HITS_H

#include <stdbool.h>

#include "base/error.h"
#include "catalog/selection.h"
#include "match/field.h"
#include "output/writer.h"
#include "stream/sink.h"
#include "time/window.h"

/*
 * The sink of `-o json`: one JSON object per hit and line of output, of hits of
 * every class; or only of selected ones.
 */
struct hits;

/* `only` may be NULL. Writer and selection stay the caller's. NULL when there is no
 * memory. */
struct hits *hits_new(const struct selection *only, struct writer *writer, struct error *error);
void hits_free(struct hits *hits); /* NULL is allowed */

/* Only hits in the window (NULL: at any time); `by` (NULL: none) adds a member `group`. Both
 * must outlive it. */
void hits_set_window(struct hits *hits, const struct window *window, const struct field_rule *by);

struct sink *hits_sink(struct hits *hits);

/* For pieces whose place in the input is not known yet: objects are kept, and their
 * lines counted from 1, until hits_move writes them with `line_offset` added. */
void hits_keep(struct hits *hits);
bool hits_move(struct hits *hits, struct writer *to, uint64_t line_offset, struct error *error);

#endif
