/*
 * Owns the Markdown report, to be pasted into an issue or a chat: the sections of the sheet as
 * tables that GitHub knows, readable also where nothing renders them. Must not know where it is
 * pasted.
 */
#include <string.h>

#include "base/escape.h"
#include "report/dates.h"
#include "report/sections.h"

static void text_add(struct page *page, const char *text)
{
	escape_markdown(page->out, text, strlen(text));
}

static void text_take(struct page *page)
{
	text_add(page, page->scratch.data);
	page_reset(page);
}

static void between_bars(struct page *page, const char *text)
{
	strbuf_add_text(page->out, "| ");
	text_add(page, text);
	strbuf_add_char(page->out, ' ');
}

static void paragraph_take(struct page *page)
{
	if (page->scratch.len == 0)
		return;
	text_take(page);
	strbuf_add_text(page->out, "\n\n");
}

static void inputs_add(struct page *page)
{
	const struct summary *summary = page->summary;

	strbuf_add_text(page->out, "### ");
	page_words(page, WORD_REPORT_TITLE);
	if (summary_owner(summary) != NULL)
		strbuf_add_format(
		    &page->scratch, "%s%s", page_phrase(page, WORD_COMMA), summary_owner(summary));
	if (summary->first != SUMMARY_NO_TIME) {
		page_words(page, WORD_COMMA);
		dates_span_add(
		    &page->scratch, page->style->chinese, summary, summary->first, summary->last);
		page_zone_add(page, &page->scratch);
	}
	paragraph_take(page);
	page_window_add(page);
	paragraph_take(page);
	page_missing_add(page);
	paragraph_take(page);
	page_cst_add(page);
	paragraph_take(page);
}

/* ---- sections ---- */

static void headings_add(struct page *page, const struct sheet_section *section)
{
	for (size_t i = 0; i < section->column_count; i++)
		between_bars(page, section->headings[i]);
	strbuf_add_text(page->out, "|\n");
	for (size_t i = 0; i < section->column_count; i++) {
		enum sheet_kind kind = section->columns[i]->kind;
		bool right = kind == SHEET_CODE || kind == SHEET_NUMBER || kind == SHEET_SHARE;

		strbuf_add_text(page->out, right ? "|--:" : "|:--");
	}
	strbuf_add_text(page->out, "|\n");
}

static void cell_add(
    struct page *page, const struct sheet_column *column, const struct sheet_cell *cell)
{
	if (column->kind == SHEET_LABEL) {
		strbuf_add_format(page->out, "| **%s** ", cell->text);
		return;
	}
	sheet_draw(page, SHEET_MARKDOWN, column, cell, page->style->utf8 ? "·" : "_");
	between_bars(page, page->scratch.data);
	page_reset(page);
}

static void table_add(struct page *page, const struct sheet_section *section)
{
	headings_add(page, section);
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next) {
		for (size_t i = 0; i < section->column_count; i++)
			cell_add(page, section->columns[i], &row->cells[i]);
		strbuf_add_text(page->out, "|\n");
	}
	if (section->more[0] != '\0') {
		between_bars(page, section->more);
		strbuf_add_text(page->out, "|\n");
	}
}

/* What to do, per outcome, and what notes say. */
static void items_add(struct page *page, const struct sheet_section *section)
{
	strbuf_add_char(page->out, '\n');
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next) {
		strbuf_add_text(page->out, row->is_below ? "  - " : "- ");
		if (row->is_below)
			strbuf_add_format(
			    &page->scratch, "%s: %s", row->cells[0].text, row->cells[1].text);
		else
			page_words(page, WORD_ADVICE, row->cells[0].text, row->cells[1].text,
			    row->cells[2].text);
		text_take(page);
		strbuf_add_char(page->out, '\n');
	}
}

static void line_add(struct page *page, const char *mark, const char *text)
{
	strbuf_add_text(page->out, mark);
	text_add(page, text);
	strbuf_add_format(page->out, "%s\n", mark);
}

static void section_add(struct page *page, const struct sheet_section *section)
{
	if (section->title[0] != '\0') {
		strbuf_add_text(&page->scratch, section->title);
		if (section->note[0] != '\0')
			strbuf_add_format(
			    &page->scratch, "%s%s", page_phrase(page, WORD_COMMA), section->note);
		strbuf_add_text(page->out, "\n#### ");
		text_take(page);
		strbuf_add_text(page->out, "\n\n");
	}
	if (section->form->shape == SHEET_ITEMS)
		items_add(page, section);
	else if (section->none[0] == '\0')
		table_add(page, section);
	else
		line_add(page, "", section->none);
	if (section->warning[0] != '\0') {
		strbuf_add_char(page->out, '\n');
		line_add(page, "**", section->warning);
	}
	if (section->foot[0] == '\0')
		return;
	strbuf_add_format(&page->scratch, "%s%s", section->form->foot_sign, section->foot);
	strbuf_add_char(page->out, '\n');
	line_add(page, "", page->scratch.data);
	page_reset(page);
}

void report_markdown(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct sheet sheet;

	sheet_init(&sheet, SHEET_MARKDOWN, out, summary, style);
	inputs_add(&sheet.page);
	sections_add(&sheet);
	for (size_t i = 0; i < sheet.section_count; i++)
		section_add(&sheet.page, &sheet.sections[i]);
	strbuf_add_char(out, '\n');
	page_closing(&sheet.page);
	text_take(&sheet.page);
	strbuf_add_char(out, '\n');
	sheet_release(&sheet);
}
