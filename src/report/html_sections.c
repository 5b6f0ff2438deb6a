/*
 * Owns the sections of the HTML report that speak of codes, groups and changes. Must
 * not know in what order they stand.
 */
#include <stdio.h>
#include <string.h>

#include "report/advice.h"
#include "report/dates.h"
#include "report/html.h"

#define SPARK_POINTS 50

#define COLUMNS(columns) (columns), sizeof(columns) / sizeof((columns)[0])

/* When and where it was seen: "2026-11-22 14:57:00 to 20:03:00, first in api.log:4". */
static void seen_add(struct page *page, const struct summary_code *row)
{
	if (page->summary->is_by_quarter)
		dates_quarters_add(
		    &page->scratch, page->style->chinese, page->summary, row->first, row->last);
	else
		dates_span_add(
		    &page->scratch, page->style->chinese, page->summary, row->first, row->last);
	if (row->first_line > 0)
		strbuf_add_format(&page->scratch, "%s%s %s:%llu",
		    page->scratch.len > 0 ? page_phrase(page, WORD_COMMA) : "",
		    page_phrase(page, WORD_FIRST_AT),
		    row->first_file != NULL ? row->first_file : "-",
		    (unsigned long long)row->first_line);
	if (page->scratch.len > 0)
		html_element_take(page, "div", "soft");
}

static void code_cells(struct page *page, const struct summary_code *row)
{
	strbuf_add_format(
	    page->out, "<tr><td class=\"code\">%u</td><td class=\"who\">", row->entry->code);
	html_outcome(page, row->entry->outcome);
	strbuf_add_text(page->out, "</td><td class=\"says\">");
	html_text(page, row->entry->description);
	if (row->is_error)
		seen_add(page, row);
	strbuf_add_text(page->out, "</td>");
	html_count(page, row->count);
}

static void error_row(
    struct page *page, const struct series *series, const struct summary_code *row, uint64_t most)
{
	uint64_t counts[SPARK_POINTS];

	code_cells(page, row);
	html_element(
	    page, "td", "num soft", words_percent(row->count, page->summary->errors, 1).text);
	strbuf_add_text(page->out, "<td class=\"draw\">");
	html_bar(page, (double)row->count, (double)most, row->entry->outcome);
	if (series->count > 0) {
		series_of_code(series, page->summary, row->entry, counts);
		html_spark(page, counts, series->count, row->entry->outcome);
	}
	strbuf_add_text(page->out, "</td></tr>\n");
}

void html_errors(struct page *page)
{
	static const struct html_column columns[] = { { WORD_CODE, NULL }, { WORD_WHO, NULL },
		{ WORD_SAYS, NULL }, { WORD_COUNT, "num" }, { WORD_SHARE, "num" },
		{ WORD_END, NULL } };
	const struct summary *summary = page->summary;
	struct series series;
	uint64_t most = 0;
	size_t rows = 0;

	if (summary->errors == 0)
		return;
	if (!series_init(&series, summary, SPARK_POINTS, 0)) {
		page->out->failed = true;
		return;
	}
	html_section(page, "long", page_phrase(page, WORD_ERRORS_CODES), NULL);
	html_table(page, "codes", COLUMNS(columns));
	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		if (!row->is_error)
			continue;
		most = row->count > most ? row->count : most;
		if (rows++ < page->style->top)
			error_row(page, &series, row, most);
	}
	html_table_end(page);
	html_more(page, rows);
	html_section_end(page);
	series_release(&series);
}

static void notes_add(struct page *page, enum outcome outcome)
{
	const struct summary *summary = page->summary;
	size_t shown = 0;

	for (size_t i = 0; i < summary->code_count && shown < page->style->top; i++) {
		const struct catalog_entry *entry = summary->codes[i].entry;
		const char *note = advice_note(entry, page->style->chinese);

		if (!summary->codes[i].is_error || entry->outcome != outcome || note == NULL)
			continue;
		if (shown++ == 0)
			strbuf_add_text(page->out, "<ul>");
		strbuf_add_format(page->out, "<li><b>%u</b> ", entry->code);
		html_text(page, note);
		strbuf_add_text(page->out, "</li>");
	}
	if (shown > 0)
		strbuf_add_text(page->out, "</ul>");
}

static void advice_add(struct page *page, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);
	bool chinese = page->style->chinese;
	struct strbuf list = STRBUF_INIT;

	if (page_outcome_codes(page, &list, outcome) > 0) {
		strbuf_add_format(page->out, "<li class=\"o-%s\"><p><b>", info->name);
		html_text(page, chinese ? info->name_zh : info->name);
		strbuf_add_text(page->out, "</b> ");
		html_text(page, chinese ? info->advice_zh : info->advice);
		strbuf_add_char(page->out, ' ');
		html_element(page, "span", "soft", list.data);
		strbuf_add_text(page->out, "</p>");
		notes_add(page, outcome);
		strbuf_add_text(page->out, "</li>\n");
	}
	if (list.failed)
		page->out->failed = true;
	strbuf_release(&list);
}

void html_advice(struct page *page)
{
	if (page->summary->errors == 0)
		return;
	html_section(page, NULL, page_phrase(page, WORD_ADVICE_TITLE), NULL);
	strbuf_add_text(page->out, "<ul class=\"advice\">\n");
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		advice_add(page, (enum outcome)i);
	strbuf_add_text(page->out, "</ul>\n");
	html_section_end(page);
}

void html_others(struct page *page)
{
	static const struct html_column columns[] = { { WORD_CODE, NULL }, { WORD_WHO, NULL },
		{ WORD_SAYS, NULL }, { WORD_COUNT, "num" } };
	const struct summary *summary = page->summary;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		if (summary->codes[i].is_error || rows++ >= page->style->top)
			continue;
		if (rows == 1) {
			html_section(page, "long", page_phrase(page, WORD_NO_ERROR), NULL);
			html_table(page, NULL, COLUMNS(columns));
		}
		code_cells(page, &summary->codes[i]);
		strbuf_add_text(page->out, "</tr>\n");
	}
	if (rows == 0)
		return;
	html_table_end(page);
	html_more(page, rows);
	html_section_end(page);
}
