#ifndef JGANNOTATE_REPORT_HTML_H
#define JGANNOTATE_REPORT_HTML_H

#include "report/sheet.h"

/*
 * Elements and drawings of the HTML report, appended to the page. Tags and classes are ours; text
 * may be anything and is escaped. Failure of memory is sticky in the page's `out`.
 */
void html_text(struct page *page, const char *text);

/* Adds the phrase in the page's scratch as text. */
void html_take(struct page *page);

/* <tag class="...">text</tag>; `class` may be NULL. html_open is its beginning alone. */
void html_element(struct page *page, const char *tag, const char *class, const char *text);
void html_element_take(struct page *page, const char *tag, const char *class);
void html_open(struct page *page, const char *tag, const char *class);

/* An outcome's coloured square and name. */
void html_outcome(struct page *page, enum outcome outcome);

/* The error rate at each point of the section's series, with volumes, marks and a legend. */
void html_chart(struct page *page, const struct sheet_section *section);
void html_bar(struct page *page, double part, double whole, enum outcome outcome);
void html_series(struct page *page, const uint64_t *numbers, size_t count, enum outcome outcome);

/* The style sheet: report.css, byte for byte, compiled in by the build (embed.cmake). A NUL that
 * the length does not count follows the text. */
extern const char html_style_text[];
extern const size_t html_style_length;

#endif
