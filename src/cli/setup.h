#ifndef JGANNOTATE_CLI_SETUP_H
#define JGANNOTATE_CLI_SETUP_H

#include <stdbool.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/selection.h"
#include "cli/options.h"
#include "match/key.h"
#include "match/matcher.h"

/*
 * What the options ask for, built: catalog, selections, keys, patterns. All that
 * can be wrong with them is found here, before any input is read.
 */
struct setup {
	struct catalog *catalog;
	struct selection *errors;
	struct selection *only; /* NULL: --only was not given */
	struct key_set keys;
	struct matcher *matcher;
};

/* Only the catalog, for --explain. */
bool setup_init_catalog(
    struct setup *setup, const struct options *options, struct error *error);

/* Everything. Must be released in any case. */
bool setup_init(struct setup *setup, const struct options *options, struct error *error);
void setup_release(struct setup *setup);

#endif
