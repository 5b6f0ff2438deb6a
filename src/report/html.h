#ifndef JGANNOTATE_REPORT_HTML_H
#define JGANNOTATE_REPORT_HTML_H

#include "report/sheet.h"

/*
 * Elements of an HTML page, and the parts of the HTML report. Tags and classes are
 * ours; text may be anything and is escaped.
 */
void html_text(struct page *page, const char *text);

/* Adds the phrase in the page's scratch as text. */
void html_take(struct page *page);

/* <tag class="...">text</tag>; `class` may be NULL. */
void html_element(struct page *page, const char *tag, const char *class, const char *text);
void html_element_take(struct page *page, const char *tag, const char *class);

/* An outcome's coloured square and name. */
void html_outcome(struct page *page, enum outcome outcome);

/* A section of the sheet, but for the headline. */
void html_section(struct page *page, const struct sheet_section *section);

/* Drawings. */
void html_chart(struct page *page, const struct sheet_section *section);
void html_bar(struct page *page, double part, double whole, enum outcome outcome);
void html_series(struct page *page, const uint64_t *numbers, size_t count, enum outcome outcome);

#endif
