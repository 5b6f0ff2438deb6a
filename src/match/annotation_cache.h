#ifndef JGANNOTATE_MATCH_ANNOTATION_CACHE_H
#define JGANNOTATE_MATCH_ANNOTATION_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "match/hit.h"

/*
 * Annotations made once and used again: a log repeats few codes under fewer
 * keys. Gives the same bytes as annotation_write. One per thread.
 */
struct annotation_cache;

/* `columns` and `color` as for annotation_write. NULL when there is no memory. */
struct annotation_cache *annotation_cache_new(
    const struct catalog *catalog, unsigned columns, bool color, struct error *error);
void annotation_cache_free(struct annotation_cache *cache); /* NULL is allowed */

/* What is to be inserted for this hit, and where: `*at`. Valid until the next call.
 * Look at `failed`: memory trouble is sticky in it. */
const struct strbuf *annotation_cache_get(
    struct annotation_cache *cache, const char *data, const struct hit *hit, uint32_t *at);

#endif
