#ifndef JGANNOTATE_CATALOG_SELECTION_H
#define JGANNOTATE_CATALOG_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/catalog.h"

/*
 * Which hits a LIST of --only, --errors, --warning names: outcomes, categories,
 * codes (1 to 9 digits), `error`, `unlisted`, `all`, comma-separated, read from
 * left to right; a leading `-` takes out what the word names ("error,-9003"). A LIST that
 * begins with a taken-out word starts from `all`.
 *
 * A heap object; once made it does not change and threads may share it.
 */
struct selection;

/* Compiles LIST. `errors` is what `error` means (NULL: outcomes other than
 * success and negative). An unknown word is ERROR_USAGE, naming the option
 * (`option`, e.g. "--only"), the word, and the nearest known one; so are an
 * empty list and an empty word. Returns NULL on error. */
struct selection *selection_new(const char *option, const char *list,
    const struct catalog *catalog, const struct selection *errors, struct error *error);

/* The selection that holds every error outcome: the meaning of `error` when
 * --errors was not given. Catalogued codes only. */
struct selection *selection_new_errors(const struct catalog *catalog, struct error *error);

void selection_free(struct selection *selection); /* NULL is allowed */

/* Whether the catalogued code is selected. Constant time. */
bool selection_has(const struct selection *selection, const struct catalog_entry *entry);

/* Whether a code without catalog entry is selected: it was named as a number,
 * or `unlisted`/`all` was named and `is_unlisted` says that it looks like
 * JiGuang's. A `-` after it takes it out again, as above. */
bool selection_has_number(const struct selection *selection, uint32_t code, bool is_unlisted);

#endif
