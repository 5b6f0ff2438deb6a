/*
 * Owns how titles and tables stand in a Markdown text. Must not know what the report says.
 */
#include "report/markdown.h"

#include <string.h>

#include "base/escape.h"

void markdown_text(struct page *page, const char *text)
{
	escape_markdown(page->out, text, strlen(text));
}

void markdown_take(struct page *page)
{
	markdown_text(page, page->scratch.data);
	page_reset(page);
}

void markdown_title(struct page *page, const char *title)
{
	strbuf_add_text(page->out, "\n#### ");
	markdown_text(page, title);
	strbuf_add_text(page->out, "\n\n");
}

void markdown_table(struct page *page, const char *columns, const enum word *words)
{
	for (size_t i = 0; columns[i] != '\0'; i++) {
		strbuf_add_text(page->out, "| ");
		markdown_text(page, page_phrase(page, words[i]));
		strbuf_add_char(page->out, ' ');
	}
	strbuf_add_text(page->out, "|\n");
	for (size_t i = 0; columns[i] != '\0'; i++)
		strbuf_add_text(page->out, columns[i] == 'r' ? "|--:" : "|:--");
	strbuf_add_text(page->out, "|\n");
}

void markdown_cell(struct page *page, const char *text)
{
	strbuf_add_text(page->out, "| ");
	markdown_text(page, text);
	strbuf_add_char(page->out, ' ');
}

void markdown_cell_take(struct page *page)
{
	markdown_cell(page, page->scratch.data);
	page_reset(page);
}

void markdown_count(struct page *page, uint64_t count)
{
	markdown_cell(page, words_grouped(count).text);
}

void markdown_rate(struct page *page, uint64_t part, uint64_t whole)
{
	markdown_cell(page, whole > 0 ? words_percent(part, whole, 2).text : "");
}

void markdown_row_end(struct page *page)
{
	strbuf_add_text(page->out, "|\n");
}

void markdown_more(struct page *page, size_t rows)
{
	if (rows <= page->style->top)
		return;
	words_add(&page->scratch, page->style->chinese, WORD_MORE,
	    words_grouped(rows - page->style->top).text, (char *)NULL);
	markdown_cell_take(page);
	markdown_row_end(page);
}
