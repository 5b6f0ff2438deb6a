/*
 * Owns the text report: the inputs, the sections of the sheet as aligned tables, the closing line.
 * The first column of a table is headed by the section's title. Must not know where the report
 * goes.
 */
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "report/dates.h"
#include "report/sections.h"
#include "report/table.h"

/* What the names of the inputs keep of a line. */
#define HEADER_LEAST 20

#define BOLD "1"

/* Where an item of a list goes on: behind the name of who must act. */
#define ITEM_INDENT 10u

/* The times that the report spans, as exactly as there is room for, and their zone. */
static void times_add(struct page *page, struct strbuf *times)
{
	const struct summary *summary = page->summary;
	int64_t first = summary->first, last = summary->last;
	size_t width = page->style->width;

	/* nothing in it: which window was it? */
	if (first == SUMMARY_NO_TIME && last == SUMMARY_NO_TIME && summary->lines_unknown &&
	    summary->time.since != SUMMARY_NO_TIME && summary->time.until > summary->time.since) {
		first = summary->time.since;
		last = summary->time.until - 1;
	}
	if (first == SUMMARY_NO_TIME && last == SUMMARY_NO_TIME)
		return;
	dates_span_add(times, page->style->chinese, summary, first, last);
	page_zone_add(page, times);
	if (utf8_width(times->data, times->len) + HEADER_LEAST <= width)
		return;
	strbuf_cut(times, 0);
	if (first != SUMMARY_NO_TIME && last != SUMMARY_NO_TIME) {
		dates_days_add(times, page->style->chinese, summary, first, last);
		page_zone_add(page, times);
	}
	if (utf8_width(times->data, times->len) + HEADER_LEAST <= width && times->len > 0)
		return;
	strbuf_cut(times, 0);
	page->names_zone = false;
}

/* The phrase in the page's scratch as a line. */
static void line_take(struct page *page)
{
	if (page->scratch.len > 0)
		strbuf_add_format(page->out, "%s\n", page->scratch.data);
	page_reset(page);
}

/* The inputs, cut to the width, and on the right the time they span, or where they have none
 * the lines read. */
static void header_add(struct page *page)
{
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct strbuf lines = STRBUF_INIT;
	const char *name = words_phrase(chinese, WORD_STDIN);
	size_t width = page->style->width, room, used;

	times_add(page, &lines);
	if (lines.len == 0 && !summary->lines_unknown)
		words_add(
		    &lines, chinese, WORD_LINES, words_grouped(summary->lines).text, (char *)NULL);
	page_news_add(page);
	for (size_t i = 0; i < summary->file_count; i++) {
		name = summary->files[i] == NULL ? words_phrase(chinese, WORD_STDIN)
		                                 : summary->files[i];
		escape_visible(&page->scratch, name, strlen(name));
		if (i + 1 < summary->file_count)
			strbuf_add_text(&page->scratch, ", ");
		if (page->scratch.len > width * 4)
			break; /* more than can be shown */
	}
	if (summary->file_count == 0)
		strbuf_add_text(&page->scratch, name);
	used = utf8_width(lines.data, lines.len) + 2;
	room = width > used ? width - used : 0;
	if (utf8_width(page->scratch.data, page->scratch.len) > room) {
		strbuf_cut(&page->scratch,
		    utf8_fit(page->scratch.data, page->scratch.len, room > 3 ? room - 3 : 0));
		strbuf_add_text(&page->scratch, "...");
	}
	used += utf8_width(page->scratch.data, page->scratch.len);
	strbuf_add(page->out, page->scratch.data, page->scratch.len);
	if (lines.len > 0)
		strbuf_add_repeat(page->out, " ", 2 + (width > used ? width - used : 0));
	strbuf_add(page->out, lines.data, lines.len);
	strbuf_add_char(page->out, '\n');
	page_reset(page);
	page_cst_add(page);
	line_take(page);
	page_window_add(page);
	line_take(page);
	page_missing_add(page);
	line_take(page);
	strbuf_release_into(&lines, page->out);
}

/* ---- sections ---- */

/* The table that is being filled: a section may go on in that of the one before. */
struct text {
	struct page *page;
	struct table table;
	struct table_column columns[TABLE_COLUMNS_MAX];
	unsigned id; /* form->table */
	bool is_open;
};

static void table_close(struct text *text)
{
	if (!text->is_open)
		return;
	table_write(&text->table, text->page->out);
	table_release(&text->table);
	text->is_open = false;
}

static void table_open(struct text *text, const struct sheet_section *section)
{
	table_close(text);
	if (section->form->is_apart)
		strbuf_add_char(text->page->out, '\n');
	for (size_t i = 0; i < section->column_count; i++)
		text->columns[i] = section->columns[i]->text;
	table_init(&text->table, text->columns, section->column_count, text->page->style);
	text->id = section->form->table;
	text->is_open = true;
}

/* A line below the title, or the rows, of a section. */
static void below_add(struct text *text, const char *line, unsigned indent)
{
	if (line[0] == '\0')
		return;
	strbuf_add_format(&text->page->scratch, "  %s", line);
	table_line_take(&text->table, NULL, indent, &text->page->scratch);
}

static void headings_add(struct text *text, const struct sheet_section *section)
{
	bool is_noted = false;

	if ((section->form->bare & IN_TEXT) != 0) {
		if (section->title[0] != '\0')
			table_line(&text->table, BOLD, section->title);
		return;
	}
	table_row(&text->table);
	for (size_t i = 0; i < section->column_count; i++) {
		bool is_drawing = section->columns[i]->kind >= SHEET_BAR;

		table_cell(&text->table, is_drawing ? NULL : BOLD, section->headings[i]);
		is_noted = is_noted || is_drawing;
	}
	if (!is_noted)
		below_add(text, section->note, 4);
}

static const char *color_of(const struct sheet_column *column, const struct sheet_cell *cell)
{
	if (cell->outcome != OUTCOME_COUNT)
		return outcome_info(cell->outcome)->sgr;
	return column->kind == SHEET_LABEL || column->kind == SHEET_FLAG ? BOLD : NULL;
}

static void cell_add(
    struct text *text, const struct sheet_column *column, const struct sheet_cell *cell)
{
	sheet_draw(text->page, SHEET_TEXT, column, cell, " ");
	table_cell_take(&text->table, color_of(column, cell), &text->page->scratch);
}

static void row_add(
    struct text *text, const struct sheet_section *section, const struct sheet_row *row)
{
	struct strbuf *scratch = &text->page->scratch;

	if (row->is_remark) {
		below_add(text, row->cells[section->column_count - 1].text, 2);
		return;
	}
	table_row(&text->table);
	/* below a title names are indented */
	if (section->title[0] != '\0' && !section->columns[0]->text.right) {
		strbuf_add_format(scratch, "  %s", row->cells[0].text);
		table_cell_take(&text->table, NULL, scratch);
	} else {
		cell_add(text, section->columns[0], &row->cells[0]);
	}
	for (size_t i = 1; i < section->column_count; i++)
		cell_add(text, section->columns[i], &row->cells[i]);
}

/* "account: in the JiGuang console: ... (9018)", and below it what a note says. */
static void item_add(struct text *text, const struct sheet_row *row)
{
	struct strbuf *scratch = &text->page->scratch;
	const struct sheet_cell *cells = row->cells;
	size_t width = utf8_width(cells[0].text, strlen(cells[0].text));

	if (row->is_below) {
		strbuf_add_repeat(scratch, " ", ITEM_INDENT);
		page_words(text->page, WORD_NOTE, cells[0].text, cells[1].text);
		table_line_take(&text->table, NULL, ITEM_INDENT + 2, scratch);
		return;
	}
	strbuf_add_repeat(scratch, " ", ITEM_INDENT - 2 > width ? ITEM_INDENT - 2 - width : 0);
	page_words(text->page, WORD_ADVICE, cells[0].text, cells[1].text, cells[2].text);
	table_line_take(&text->table, outcome_info(cells[0].outcome)->sgr, ITEM_INDENT, scratch);
}

static void section_add(struct text *text, const struct sheet_section *section)
{
	struct strbuf *scratch = &text->page->scratch;
	bool is_list = section->form->shape == SHEET_ITEMS;
	unsigned indent;

	if (!text->is_open || section->form->table == 0 || section->form->table != text->id)
		table_open(text, section);
	if (!is_list)
		headings_add(text, section);
	if (section->none[0] != '\0')
		table_line(&text->table, NULL, section->none);
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next)
		if (is_list)
			item_add(text, row);
		else
			row_add(text, section, row);
	if (section->warning[0] != '\0')
		table_line(&text->table, BOLD, section->warning);
	below_add(text, section->more, 2);
	if (section->foot[0] == '\0')
		return;
	strbuf_add_format(scratch, "  %s", section->form->foot_sign);
	indent = (unsigned)scratch->len;
	strbuf_add_text(scratch, section->foot);
	table_line_take(&text->table, NULL, indent, scratch);
}

static void closing_add(struct page *page)
{
	struct table table;

	page_closing(page);
	table_init(&table, NULL, 0, page->style);
	table_line_take(&table, NULL, 2, &page->scratch);
	table_write(&table, page->out);
	table_release(&table);
}

void report_text(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct sheet sheet;
	struct text text = { .page = &sheet.page };

	sheet_init(&sheet, SHEET_TEXT, out, summary, style);
	header_add(&sheet.page);
	sections_add(&sheet);
	for (size_t i = 0; i < sheet.section_count; i++)
		section_add(&text, &sheet.sections[i]);
	table_close(&text);
	closing_add(&sheet.page);
	sheet_release(&sheet);
}
