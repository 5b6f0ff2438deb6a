#ifndef JGANNOTATE_REPORT_HTML_H
#define JGANNOTATE_REPORT_HTML_H

#include "report/page.h"
#include "report/series.h"
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

/* A cell with a number, and one with the rate of errors, empty without responses. */
void html_count(struct page *page, uint64_t count);
void html_rate(struct page *page, uint64_t errors, uint64_t responses);

/* A table's beginning. A column whose word is WORD_END has no title. */
struct html_column {
	enum word word;
	const char *class; /* NULL: none */
};
void html_table(
    struct page *page, const char *class, const struct html_column *columns, size_t count);
void html_table_end(struct page *page);

/* "... and N more", where the list was cut. */
void html_more(struct page *page, size_t rows);

/* A section with its title; `note` may be NULL. */
void html_section(struct page *page, const char *class, const char *title, const char *note);
void html_section_end(struct page *page);

/* An outcome's coloured square and name. */
void html_outcome(struct page *page, enum outcome outcome);

/* A section of the sheet that is a table. */
void html_sheet_section(struct page *page, const struct sheet_section *section);

/* Drawings. */
void html_chart(struct page *page);
void html_bar(struct page *page, double part, double whole, enum outcome outcome);
void html_spark(struct page *page, const uint64_t *counts, size_t count, enum outcome outcome);

/* Sections, each whole or not at all. */
void html_hero(struct page *page);
void html_errors(struct page *page);
void html_advice(struct page *page);
void html_others(struct page *page);

#endif
