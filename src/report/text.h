#ifndef JGANNOTATE_REPORT_TEXT_H
#define JGANNOTATE_REPORT_TEXT_H

#include "report/page.h"

/*
 * The sections of the text report, each with its empty line in front, or nothing.
 */
#define TEXT_BOLD "1"

void text_codes(struct page *page); /* ERRORS, advice, NO ERROR */
void text_seen(struct page *page);  /* SEEN */
void text_time(struct page *page);  /* OVER TIME */

/* Appends a bar for `count`, where `most` fills `width` columns: in eighths of a character,
 * or in whole '#'. What occurred shows. */
void text_bar_add(struct strbuf *out, double count, double most, unsigned width, bool utf8);

/* Appends a line of columns, one per number up to the last that is not 0; `none` stands for
 * a 0. What occurred shows. */
void text_spark_add(
    struct strbuf *out, const uint64_t *numbers, size_t count, const char *none, bool utf8);

#endif
