#ifndef JGANNOTATE_REPORT_UNCOUNTED_H
#define JGANNOTATE_REPORT_UNCOUNTED_H

#include "report/page.h"

/*
 * What was found but is not in the rate, row by row.
 *
 * `code` is NULL where a row has none; a `count` of 0 is a remark. `text` is to be
 * emptied.
 */
typedef void uncounted_fn(void *arg, uint64_t count, const uint32_t *code, struct strbuf *text);

/* Calls `row` for each row, at most `top` of a kind. */
void uncounted_each(struct page *page, uncounted_fn *row, void *arg);

#endif
