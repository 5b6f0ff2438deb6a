#ifndef JGANNOTATE_REPORT_ADVICE_H
#define JGANNOTATE_REPORT_ADVICE_H

#include <stdbool.h>

#include "catalog/catalog.h"

/*
 * What helps whoever must act. What to do per outcome stands in catalog/outcome.h.
 */

/* The notes of a code where they say more than its description, else NULL: in Chinese
 * whenever there are some, since descriptions are English. */
const char *advice_note(const struct catalog_entry *entry, bool chinese);

#endif
