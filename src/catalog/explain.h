#ifndef JGANNOTATE_CATALOG_EXPLAIN_H
#define JGANNOTATE_CATALOG_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "catalog/catalog.h"

/*
 * `--explain`: the catalog as a person reads it. `words` are codes (looked up)
 * or words (searched without regard to case in all columns, English and
 * Chinese); none lists everything. Appends text to `out`, in Chinese where
 * `chinese`, aligned by display width, coloured where `color`. Each word that
 * found nothing is appended to `missing`, one a line. Returns whether every
 * word found something. Memory trouble is sticky in the buffers.
 */
bool explain_words(const struct catalog *catalog, char *const *words, size_t count, bool chinese,
    bool color, struct strbuf *out, struct strbuf *missing);

#endif
