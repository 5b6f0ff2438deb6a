/*
 * Owns the tables of codes in the text report, and the advice between them.
 * Must not know what else stands on the page.
 */
#include <string.h>

#include "base/utf8.h"
#include "report/page.h"
#include "report/table.h"

#define BAR_WIDTH 10u

static const struct table_column columns[] = {
	{ .least = 6 }, /* the code, indented below the title */
	{ .gap = 2, .optional = true },
	{ .gap = 2, .flexible = true, .least = 24 },
	{ .gap = 2, .right = true, .least = 6 },
	{ .gap = 2, .right = true, .least = 5, .optional = true },
	{ .gap = 2, .optional = true },
};

/* A bar for `count`, where `most` fills the width: in eighths of a character, or
 * in whole '#'. What occurred shows. */
static void bar_add(struct strbuf *out, uint64_t count, uint64_t most, bool utf8)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	unsigned steps = utf8 ? BAR_WIDTH * 8 : BAR_WIDTH;
	unsigned filled = (unsigned)((long double)count / (long double)most * steps + 0.5L);

	if (filled == 0)
		filled = 1;
	if (!utf8) {
		strbuf_add_repeat(out, "#", filled);
		return;
	}
	strbuf_add_repeat(out, "█", filled / 8);
	strbuf_add_text(out, eighths[filled % 8]);
}

static void heading_add(struct page *page, struct table *table)
{
	static const enum word words[] = { WORD_WHO, WORD_SAYS, WORD_COUNT, WORD_SHARE };

	table_row(table);
	table_cell(table, PAGE_BOLD, words_phrase(page->style->chinese, WORD_TITLE_ERRORS));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		table_cell(table, PAGE_BOLD, words_phrase(page->style->chinese, words[i]));
}

static void code_add(struct page *page, struct table *table, const struct summary_code *row,
    uint64_t errors, uint64_t most)
{
	const struct outcome_info *info = outcome_info(row->entry->outcome);

	strbuf_add_format(&page->scratch, "  %u", row->entry->code);
	table_row(table);
	table_cell_take(table, NULL, &page->scratch);
	table_cell(table, info->sgr, page->style->chinese ? info->name_zh : info->name);
	table_cell(table, NULL, row->entry->description);
	table_cell(table, NULL, words_grouped(row->count).text);
	if (!row->is_error)
		return;
	table_cell(table, NULL, words_percent(row->count, errors, 1).text);
	bar_add(&page->scratch, row->count, most, page->style->utf8);
	table_cell_take(table, info->sgr, &page->scratch);
}

/* The rows that are errors, or those that are not; the rest is only counted. */
static void rows_add(struct page *page, struct table *table, bool errors)
{
	const struct summary *summary = page->summary;
	uint64_t most = 0;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];

		if (row->is_error != errors)
			continue;
		if (most < row->count)
			most = row->count;
		if (rows++ < page->style->top)
			code_add(page, table, row, summary->errors, most);
	}
	if (rows <= page->style->top)
		return;
	strbuf_add_text(&page->scratch, "  ");
	words_add(&page->scratch, page->style->chinese, WORD_MORE,
	    words_grouped(rows - page->style->top).text, (char *)NULL);
	table_line_take(table, NULL, 2, &page->scratch);
}

/* One line: what whoever must act can do about these codes. */
static void advice_add(struct page *page, struct table *table, enum outcome outcome)
{
	const struct summary *summary = page->summary;
	const struct outcome_info *info = outcome_info(outcome);
	bool chinese = page->style->chinese;
	const char *name = chinese ? info->name_zh : info->name;
	const char *advice = chinese ? info->advice_zh : info->advice;
	size_t width = utf8_width(name, strlen(name)), widest = 8;
	struct page_codes state = { 0, 0 };
	struct strbuf codes = STRBUF_INIT;

	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].is_error && summary->codes[i].entry->outcome == outcome)
			page_code_add(page, &codes, &state, summary->codes[i].entry->code);
	page_codes_end(page, &codes, &state);
	if (state.all > 0 && advice[0] != '\0') {
		strbuf_add_repeat(&page->scratch, " ", widest > width ? widest - width : 0);
		words_add(
		    &page->scratch, chinese, WORD_ADVICE, name, advice, codes.data, (char *)NULL);
		table_line_take(table, info->sgr, (unsigned)widest + 2, &page->scratch);
	}
	if (codes.failed)
		page->out->failed = true;
	strbuf_release(&codes);
}

void page_codes(struct page *page)
{
	const struct summary *summary = page->summary;
	struct table table;
	size_t errors = 0;

	for (size_t i = 0; i < summary->code_count; i++)
		errors += summary->codes[i].is_error ? 1 : 0;
	if (summary->code_count == 0)
		return;
	strbuf_add_char(page->out, '\n');
	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]), page->style);
	if (errors > 0) {
		heading_add(page, &table);
		rows_add(page, &table, true);
		for (unsigned i = 0; i < OUTCOME_COUNT; i++)
			advice_add(page, &table, (enum outcome)i);
	}
	if (errors < summary->code_count) {
		table_line(
		    &table, PAGE_BOLD, words_phrase(page->style->chinese, WORD_TITLE_NO_ERROR));
		rows_add(page, &table, false);
	}
	table_write(&table, page->out);
	table_release(&table);
}
