#ifndef JGANNOTATE_REPORT_JSON_PARTS_H
#define JGANNOTATE_REPORT_JSON_PARTS_H

#include "base/strbuf.h"
#include "tally/summary.h"

/*
 * The values of the JSON report that exist only where they were asked for; each
 * is null where it was not.
 */
void json_window(struct strbuf *out, const struct summary *summary);   /* "time" */
void json_buckets(struct strbuf *out, const struct summary *summary);  /* "buckets" */
void json_groups(struct strbuf *out, const struct summary *summary);   /* "groups" */
void json_baseline(struct strbuf *out, const struct summary *summary); /* "baseline" */
void json_runs(struct strbuf *out, const struct summary *summary);     /* "runs" */
void json_gaps(struct strbuf *out, const struct summary *summary);     /* "gaps" */
void json_missed(struct strbuf *out, const struct summary *summary);   /* "missed" */

#endif
