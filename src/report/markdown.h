#ifndef JGANNOTATE_REPORT_MARKDOWN_H
#define JGANNOTATE_REPORT_MARKDOWN_H

#include "report/page.h"

/*
 * Elements of a Markdown text as GitHub knows it. Text may be anything and is escaped.
 */
void markdown_text(struct page *page, const char *text);

/* Adds the phrase in the page's scratch as text. */
void markdown_take(struct page *page);

void markdown_title(struct page *page, const char *title);

/* A table's first two lines. `columns`: per column 'l' or 'r', how it is aligned. */
void markdown_table(struct page *page, const char *columns, const enum word *words);

/* A row is cells from left to right, then its end. */
void markdown_cell(struct page *page, const char *text);
void markdown_cell_take(struct page *page);
void markdown_count(struct page *page, uint64_t count);
void markdown_rate(struct page *page, uint64_t part, uint64_t whole); /* "" without a whole */
void markdown_row_end(struct page *page);

/* A row "... and N more", where a list of `rows` was cut. */
void markdown_more(struct page *page, size_t rows);

#endif
