#ifndef JGANNOTATE_OUTPUT_EXAMPLES_H
#define JGANNOTATE_OUTPUT_EXAMPLES_H

#include "base/error.h"
#include "catalog/catalog.h"
#include "stream/sink.h"

/*
 * The sink of -v: shows on standard error the first lines in which a code was
 * held back, with the reason, so that a user can judge the judgement.
 */
#define EXAMPLES_PER_CODE 3

struct examples;

/* NULL when there is no memory. */
struct examples *examples_new(const struct catalog *catalog, bool chinese, struct error *error);
void examples_free(struct examples *examples); /* NULL is allowed */

struct sink *examples_sink(struct examples *examples);

#endif
