#ifndef JGANNOTATE_TALLY_BREAKDOWN_H
#define JGANNOTATE_TALLY_BREAKDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/selection.h"
#include "match/field.h"
#include "stream/sink.h"
#include "tally/count.h"
#include "tally/summary.h"
#include "time/window.h"

/*
 * The hits by bucket, group, class and code: what stands beside the tally's own
 * counts where --bucket or --by ask for it. Not thread safe: one per tally, merged in the
 * order of the input.
 */
#define BREAKDOWN_GROUPS_MAX 10000     /* more groups are one: "(other)" */
#define BREAKDOWN_UNLISTED_MAX 4096    /* more unlisted codes are counted without number */
#define BREAKDOWN_BUCKETS_FILLED 10000 /* where there would be more, empty ones are left out */

struct breakdown;

/* `by` NULL: no groups; window->bucket_seconds 0: no buckets. Both must outlive it, as the
 * catalog of `catalog_size` entries. `is_part`: of one piece, to be merged: keeps all. NULL
 * when there is no memory. */
struct breakdown *breakdown_new(const struct window *window, const struct field_rule *by,
    size_t catalog_size, bool is_part, struct error *error);
void breakdown_free(struct breakdown *breakdown); /* NULL is allowed */

/* Forgets all counts. */
void breakdown_clear(struct breakdown *breakdown);

/* About how many bytes it takes. */
size_t breakdown_size(const struct breakdown *breakdown);

/* Counts a hit of the piece; hit->time may be CLOCK_PENDING in a part. */
bool breakdown_add(struct breakdown *breakdown, const struct piece *piece, const struct hit *hit,
    struct error *error);

/* Adds and empties `from`, whose pending hits have the time `carry`. */
bool breakdown_merge(
    struct breakdown *breakdown, struct breakdown *from, int64_t carry, struct error *error);

/* Calls `take` for each count, in no order, until it returns false. `group` points into the
 * breakdown. False when it did, or when there is no memory. */
bool breakdown_visit(const struct breakdown *breakdown,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error);

/* Adds such a count; `entry` as of a hit. */
bool breakdown_restore(struct breakdown *breakdown, const struct count *count,
    const struct catalog_entry *entry, struct error *error);

/* Fills buckets, groups and rows of the summary, the groups in their order; the rest is
 * summary_sort's. False when there is no memory. */
bool breakdown_summarize(
    const struct breakdown *breakdown, const struct selection *errors, struct summary *summary);

#endif
