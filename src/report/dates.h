#ifndef JGANNOTATE_REPORT_DATES_H
#define JGANNOTATE_REPORT_DATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "tally/summary.h"

/*
 * Times as people read them: on the log's own clocks, where all its stamps name one offset and
 * no zone and no times were asked for; else in the chosen zone. The summary says which; NULL is the
 * chosen zone. A report names the zone once: dates_zone_add.
 */

/* Appends "+08:00", or the chosen zone's name. */
void dates_zone_add(struct strbuf *out, const struct summary *summary);

/* Appends "2026-11-22 14:57:00"; nothing where it is not known. */
void dates_add(struct strbuf *out, const struct summary *summary, int64_t time);

/* Appends the label of a bucket of `seconds`: without what is always 0. */
void dates_bucket_add(
    struct strbuf *out, const struct summary *summary, int64_t time, uint32_t seconds);

/* Appends "2026-11-22 00:00:01 to 23:59:58", or one time where both are the same; nothing
 * where neither is known. */
void dates_span_add(
    struct strbuf *out, bool chinese, const struct summary *summary, int64_t first, int64_t last);

/* Appends the quarter of an hour that holds `time`: "2026-11-22 14:45-15:00"; nothing where it is
 * not known. */
void dates_quarter_add(struct strbuf *out, const struct summary *summary, int64_t time);

/* As dates_span_add, of whole quarters of an hour: "2026-11-22 14:45 to 20:15". */
void dates_quarters_add(
    struct strbuf *out, bool chinese, const struct summary *summary, int64_t first, int64_t last);

/* Appends "2026-11-10 to 2026-11-22", or one day; both must be known. */
void dates_days_add(
    struct strbuf *out, bool chinese, const struct summary *summary, int64_t first, int64_t last);

/* Appends "15m", "1h", "1d". */
void dates_step_add(struct strbuf *out, uint32_t seconds);

#endif
