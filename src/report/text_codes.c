/*
 * Owns the tables of codes in the text report, and the advice between them.
 * Must not know what else stands on the page.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "report/advice.h"
#include "report/dates.h"
#include "report/page.h"
#include "report/series.h"
#include "report/table.h"
#include "report/text.h"

#define BAR_WIDTH 10u

/* Columns of the line over time that stands in place of the bar where there are buckets:
 * the hours of a day, also of one that is begun twice. */
#define SPARK_WIDTH 25

/* What the table of codes is made with. */
struct codes {
	struct page *page;
	struct table *table;
	const struct series *series; /* empty without buckets */
};

static const struct table_column columns[] = {
	{ .least = 6 }, /* the code, indented below the title */
	{ .gap = 2, .optional = true },
	{ .gap = 2, .flexible = true, .least = 24 },
	{ .gap = 2, .right = true, .least = 6 },
	{ .gap = 2, .right = true, .least = 5, .optional = true },
	{ .gap = 2, .optional = true },
};

static void heading_add(const struct codes *codes)
{
	static const enum word words[] = { WORD_WHO, WORD_SAYS, WORD_COUNT, WORD_SHARE };

	table_row(codes->table);
	table_cell(codes->table, TEXT_BOLD, page_phrase(codes->page, WORD_TITLE_ERRORS));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		table_cell(codes->table, TEXT_BOLD, page_phrase(codes->page, words[i]));
	if (codes->series->count == 0)
		return;
	dates_step_add(&codes->page->scratch, codes->page->style->chinese, codes->series->seconds);
	table_cell_take(codes->table, NULL, &codes->page->scratch);
}

/* A bar for the count, or where there are buckets a line over time. */
static void picture_add(const struct codes *codes, const struct summary_code *row, uint64_t most)
{
	struct page *page = codes->page;
	uint64_t counts[SPARK_WIDTH];

	if (codes->series->count == 0) {
		text_bar_add(
		    &page->scratch, (double)row->count, (double)most, BAR_WIDTH, page->style->utf8);
	} else {
		series_of_code(codes->series, page->summary, row->entry, counts);
		text_spark_add(
		    &page->scratch, counts, codes->series->count, " ", page->style->utf8);
	}
	table_cell_take(codes->table, outcome_info(row->entry->outcome)->sgr, &page->scratch);
}

static void code_add(const struct codes *codes, const struct summary_code *row, uint64_t most)
{
	const struct outcome_info *info = outcome_info(row->entry->outcome);
	struct page *page = codes->page;
	struct table *table = codes->table;

	strbuf_add_format(&page->scratch, "  %u", row->entry->code);
	table_row(table);
	table_cell_take(table, NULL, &page->scratch);
	table_cell(table, info->sgr, page->style->chinese ? info->name_zh : info->name);
	table_cell(table, NULL, row->entry->description);
	table_cell(table, NULL, words_grouped(row->count).text);
	if (!row->is_error)
		return;
	table_cell(table, NULL, words_percent(row->count, page->summary->errors, 1).text);
	picture_add(codes, row, most);
}

/* The rows that are errors, or those that are not; the rest is only counted. */
static void rows_add(const struct codes *codes, bool errors)
{
	struct page *page = codes->page;
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
			code_add(codes, row, most);
	}
	if (rows <= page->style->top)
		return;
	strbuf_add_text(&page->scratch, "  ");
	words_add(&page->scratch, page->style->chinese, WORD_MORE,
	    words_grouped(rows - page->style->top).text, (char *)NULL);
	table_line_take(codes->table, NULL, 2, &page->scratch);
}

/* What the notes of an outcome's codes say beyond their descriptions. */
static void notes_add(const struct codes *codes, enum outcome outcome, unsigned indent)
{
	struct page *page = codes->page;
	const struct summary *summary = page->summary;

	for (size_t i = 0, shown = 0; i < summary->code_count && shown < page->style->top; i++) {
		const struct summary_code *row = &summary->codes[i];
		const char *note = advice_note(row->entry, page->style->chinese);
		struct words_number code;

		if (!row->is_error || row->entry->outcome != outcome || note == NULL)
			continue;
		shown++;
		(void)snprintf(code.text, sizeof(code.text), "%u", row->entry->code);
		strbuf_add_repeat(&page->scratch, " ", indent);
		words_add(
		    &page->scratch, page->style->chinese, WORD_NOTE, code.text, note, (char *)NULL);
		table_line_take(codes->table, NULL, indent + 2, &page->scratch);
	}
}

/* What whoever must act can do about these codes. */
static void advice_add(const struct codes *codes, enum outcome outcome)
{
	struct page *page = codes->page;
	const struct outcome_info *info = outcome_info(outcome);
	bool chinese = page->style->chinese;
	const char *name = chinese ? info->name_zh : info->name;
	const char *advice = chinese ? info->advice_zh : info->advice;
	size_t width = utf8_width(name, strlen(name)), widest = 8;
	struct strbuf list = STRBUF_INIT;

	if (page_outcome_codes(page, &list, outcome) > 0 && advice[0] != '\0') {
		strbuf_add_repeat(&page->scratch, " ", widest > width ? widest - width : 0);
		words_add(
		    &page->scratch, chinese, WORD_ADVICE, name, advice, list.data, (char *)NULL);
		table_line_take(codes->table, info->sgr, (unsigned)widest + 2, &page->scratch);
		notes_add(codes, outcome, (unsigned)widest + 2);
	}
	if (list.failed)
		page->out->failed = true;
	strbuf_release(&list);
}

static void errors_add(const struct codes *codes)
{
	heading_add(codes);
	rows_add(codes, true);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		advice_add(codes, (enum outcome)i);
}

void text_codes(struct page *page)
{
	const struct summary *summary = page->summary;
	struct series series;
	struct table table;
	const struct codes codes = { page, &table, &series };
	size_t errors = 0;

	for (size_t i = 0; i < summary->code_count; i++)
		errors += summary->codes[i].is_error ? 1 : 0;
	if (summary->code_count == 0)
		return;
	strbuf_add_char(page->out, '\n');
	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]), page->style);
	if (!series_init(&series, summary, SPARK_WIDTH, 0))
		page->out->failed = true;
	if (errors > 0)
		errors_add(&codes);
	if (errors < summary->code_count) {
		table_line(&table, TEXT_BOLD, page_phrase(page, WORD_TITLE_NO_ERROR));
		rows_add(&codes, false);
	}
	table_write(&table, page->out);
	table_release(&table);
	series_release(&series);
}
