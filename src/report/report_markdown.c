/*
 * Owns the Markdown report, to be pasted into an issue or a chat: tables as GitHub
 * knows them, readable also where nothing renders them. Must not know where it is pasted.
 */
#include "report/advice.h"
#include "report/dates.h"
#include "report/headline.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/sections.h"
#include "report/series.h"
#include "report/text.h"

/* Columns of the line over time. */
#define SPARK_WIDTH 25

static void inputs_add(struct page *page)
{
	const struct summary *summary = page->summary;

	strbuf_add_text(page->out, "### ");
	strbuf_add_text(&page->scratch, page_phrase(page, WORD_REPORT_TITLE));
	if (summary->label != NULL && summary->label[0] != '\0')
		strbuf_add_format(
		    &page->scratch, "%s%s", page_phrase(page, WORD_COMMA), summary->label);
	if (summary->first != SUMMARY_NO_TIME) {
		strbuf_add_text(&page->scratch, page_phrase(page, WORD_COMMA));
		dates_span_add(
		    &page->scratch, page->style->chinese, summary, summary->first, summary->last);
		page_zone_add(page, &page->scratch);
	}
	markdown_take(page);
	strbuf_add_text(page->out, "\n\n");
	page_window_add(page, &page->scratch);
	if (page->scratch.len > 0) {
		markdown_take(page);
		strbuf_add_text(page->out, "\n\n");
	}
	if (page_cst_add(page, page->out))
		strbuf_add_text(page->out, "\n\n");
}

/* Behind the rate, or that there is none. */
static void doubt_add(struct page *page)
{
	if (!headline_doubt(page, &page->scratch))
		return;
	strbuf_add_text(page->out, "\n**");
	markdown_take(page);
	strbuf_add_text(page->out, "**\n");
}

static void headline_add(struct page *page)
{
	static const enum word words[] = { WORD_RESPONSES, WORD_COUNT, WORD_SHARE, WORD_NOTES };
	const struct summary *summary = page->summary;
	bool is_one = page_catalogs_seen(summary) < 2;
	uint64_t counts[HEADLINE_END];

	if (summary->hits[HIT_RESPONSE] == 0) {
		markdown_text(page, page_phrase(page, WORD_NO_RESPONSES));
		strbuf_add_char(page->out, '\n');
		return;
	}
	headline_counts(summary, counts);
	markdown_table(page, "lrrl", words);
	for (unsigned i = 0; i < HEADLINE_END; i++) {
		if (counts[i] == 0 && !headline_rows[i].always)
			continue;
		strbuf_add_format(
		    page->out, "| **%s** ", page_phrase(page, headline_rows[i].label));
		markdown_count(page, counts[i]);
		markdown_rate(page, counts[i], is_one ? summary->hits[HIT_RESPONSE] : 0);
		if (i == HEADLINE_ERRORS) {
			words_add(&page->scratch, page->style->chinese, WORD_OF_RESPONSES,
			    words_grouped(summary->hits[HIT_RESPONSE]).text, (char *)NULL);
			strbuf_add_text(&page->scratch, page_phrase(page, WORD_SEMICOLON));
		}
		headline_note(page, (enum headline)i);
		markdown_cell_take(page);
		markdown_row_end(page);
	}
	if (summary->hits[HIT_UNLISTED] == 0)
		return;
	strbuf_add_format(page->out, "| **%s** ", page_phrase(page, WORD_UNLISTED));
	markdown_count(page, summary->hits[HIT_UNLISTED]);
	markdown_cell(page, "");
	headline_unlisted(page, &page->scratch);
	markdown_cell_take(page);
	markdown_row_end(page);
}

static void code_cells(struct page *page, const struct summary_code *row)
{
	const struct outcome_info *info = outcome_info(row->entry->outcome);

	strbuf_add_format(page->out, "| %u ", row->entry->code);
	markdown_cell(page, page->style->chinese ? info->name_zh : info->name);
	markdown_cell(page, row->entry->description);
	markdown_count(page, row->count);
}

static void error_row(
    struct page *page, const struct series *series, const struct summary_code *row)
{
	uint64_t counts[SPARK_WIDTH];

	code_cells(page, row);
	markdown_cell(page, words_percent(row->count, page->summary->errors, 1).text);
	page_seen_add(page, &page->scratch, row->first);
	markdown_cell_take(page);
	page_seen_add(page, &page->scratch, row->last);
	markdown_cell_take(page);
	if (series->count > 0) {
		series_of_code(series, page->summary, row->entry, counts);
		text_spark_add(&page->scratch, counts, series->count, page->style->utf8 ? "·" : "_",
		    page->style->utf8);
		markdown_cell_take(page);
	}
	markdown_row_end(page);
}

/* What to do, per outcome, and what notes say beyond the descriptions. */
static void advice_add(struct page *page, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct strbuf list = STRBUF_INIT;
	size_t shown = 0;

	if (page_outcome_codes(page, &list, outcome) == 0) {
		strbuf_release(&list);
		return;
	}
	strbuf_add_text(page->out, "- ");
	words_add(&page->scratch, chinese, WORD_ADVICE, chinese ? info->name_zh : info->name,
	    chinese ? info->advice_zh : info->advice, list.data, (char *)NULL);
	markdown_take(page);
	strbuf_add_char(page->out, '\n');
	if (list.failed)
		page->out->failed = true;
	strbuf_release(&list);
	for (size_t i = 0; i < summary->code_count && shown < page->style->top; i++) {
		const struct catalog_entry *entry = summary->codes[i].entry;
		const char *note = advice_note(entry, chinese);

		if (!summary->codes[i].is_error || entry->outcome != outcome || note == NULL)
			continue;
		strbuf_add_format(page->out, "  - %u: ", entry->code);
		markdown_text(page, note);
		strbuf_add_char(page->out, '\n');
		shown++;
	}
}

static void errors_add(struct page *page)
{
	static const enum word words[] = { WORD_CODE, WORD_WHO, WORD_SAYS, WORD_COUNT, WORD_SHARE,
		WORD_FIRST, WORD_LAST, WORD_OVER_TIME };
	const struct summary *summary = page->summary;
	struct series series;
	size_t rows = 0;

	if (summary->errors == 0)
		return;
	if (!series_init(&series, summary, SPARK_WIDTH, 0)) {
		page->out->failed = true;
		return;
	}
	markdown_title(page, page_phrase(page, WORD_ERRORS_CODES));
	markdown_table(page, series.count > 0 ? "rllrrlll" : "rllrrll", words);
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].is_error && rows++ < page->style->top)
			error_row(page, &series, &summary->codes[i]);
	markdown_more(page, rows);
	series_release(&series);
	strbuf_add_char(page->out, '\n');
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		advice_add(page, (enum outcome)i);
}

static void others_add(struct page *page)
{
	static const enum word words[] = { WORD_CODE, WORD_WHO, WORD_SAYS, WORD_COUNT };
	const struct summary *summary = page->summary;
	size_t rows = 0;

	for (size_t i = 0; i < summary->code_count; i++) {
		if (summary->codes[i].is_error || rows++ >= page->style->top)
			continue;
		if (rows == 1) {
			markdown_title(page, page_phrase(page, WORD_NO_ERROR));
			markdown_table(page, "rllr", words);
		}
		code_cells(page, &summary->codes[i]);
		markdown_row_end(page);
	}
	markdown_more(page, rows);
}

static void time_add(struct page *page)
{
	static const enum word words[] = { WORD_FROM, WORD_RESPONSES, WORD_ERRORS, WORD_RATE,
		WORD_OVER_TIME };
	struct series series;

	if (page->summary->bucket_count == 0)
		return;
	if (!series_init(&series, page->summary, PAGE_TIME_ROWS, page->style->min_responses)) {
		page->out->failed = true;
		return;
	}
	strbuf_add_format(&page->scratch, "%s%s", page_phrase(page, WORD_RATE_OVER_TIME),
	    page_phrase(page, WORD_COMMA));
	dates_step_add(&page->scratch, page->style->chinese, series.seconds);
	markdown_title(page, page->scratch.data);
	strbuf_reset(&page->scratch);
	markdown_table(page, "lrrrl", words);
	for (size_t i = 0; i < series.count + (series.has_unknown ? 1 : 0); i++) {
		const struct series_point *point = &series.points[i];

		dates_bucket_add(&page->scratch, page->summary, point->start, series.seconds);
		if (page->scratch.len == 0)
			strbuf_add_text(&page->scratch, page_phrase(page, WORD_TIME_UNKNOWN));
		markdown_cell_take(page);
		markdown_count(page, point->responses);
		markdown_count(page, point->errors);
		page_point_rate(&page->scratch, point);
		markdown_cell_take(page);
		if (i < series.count && !point->is_few)
			text_bar_add(&page->scratch,
			    series_rate(point) < series.most_rate ? series_rate(point)
			                                          : series.most_rate,
			    series.most_rate, 16, page->style->utf8);
		if (page->scratch.len > 0 && point->is_partial)
			strbuf_add_char(&page->scratch, ' ');
		page_point_note(page, &page->scratch, point);
		markdown_cell_take(page);
		markdown_row_end(page);
	}
	if (series.has_unsure) {
		strbuf_add_text(&page->scratch, "~ ");
		page_unsure_add(page, &page->scratch);
		strbuf_add_char(page->out, '\n');
		markdown_take(page);
		strbuf_add_char(page->out, '\n');
	}
	series_release(&series);
}

/* ---- sections ---- */

static void headings_add(struct page *page, const struct sheet_section *section)
{
	for (size_t i = 0; i < section->column_count; i++)
		markdown_cell(page, section->headings[i]);
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
	bool utf8 = page->style->utf8;

	if (column->kind == SHEET_LABEL) {
		strbuf_add_format(page->out, "| **%s** ", cell->text);
		return;
	}
	if (column->kind == SHEET_BAR)
		text_bar_add(
		    &page->scratch, cell->part, cell->whole, column->bar[SHEET_MARKDOWN], utf8);
	if (column->kind == SHEET_SERIES)
		text_spark_add(&page->scratch, cell->numbers, cell->count, utf8 ? "·" : "_", utf8);
	if (page->scratch.len > 0 && cell->text[0] != '\0')
		strbuf_add_char(&page->scratch, ' ');
	strbuf_add_text(&page->scratch, cell->text);
	markdown_cell_take(page);
}

static void table_add(struct page *page, const struct sheet_section *section)
{
	headings_add(page, section);
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next) {
		for (size_t i = 0; i < section->column_count; i++)
			cell_add(page, section->columns[i], &row->cells[i]);
		markdown_row_end(page);
	}
	if (section->more[0] != '\0') {
		markdown_cell(page, section->more);
		markdown_row_end(page);
	}
}

/* A paragraph between `mark`s. */
static void paragraph_add(struct page *page, const char *mark, const char *text)
{
	if (text[0] == '\0')
		return;
	strbuf_add_format(page->out, "\n%s", mark);
	markdown_text(page, text);
	strbuf_add_format(page->out, "%s\n", mark);
}

static void section_add(struct page *page, const struct sheet_section *section)
{
	if (section->title[0] != '\0') {
		strbuf_add_text(&page->scratch, section->title);
		if (section->note[0] != '\0')
			strbuf_add_format(
			    &page->scratch, "%s%s", page_phrase(page, WORD_COMMA), section->note);
		markdown_title(page, page->scratch.data);
		page_reset(page);
	}
	table_add(page, section);
	paragraph_add(page, "", section->foot);
}

static void show(struct page *page, section_fn *add)
{
	struct sheet sheet;

	sheet_init(&sheet, page, SHEET_MARKDOWN);
	add(&sheet);
	for (size_t i = 0; i < sheet.section_count; i++)
		section_add(page, &sheet.sections[i]);
	sheet_release(&sheet);
}

void report_markdown(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct page page = {
		.summary = summary, .style = style, .out = out, .scratch = STRBUF_INIT
	};

	inputs_add(&page);
	headline_add(&page);
	doubt_add(&page);
	errors_add(&page);
	show(&page, section_changes);
	time_add(&page);
	show(&page, section_groups);
	show(&page, section_catalogs);
	others_add(&page);
	show(&page, section_uncounted);
	strbuf_add_char(out, '\n');
	page_closing(&page, &page.scratch);
	markdown_take(&page);
	strbuf_add_char(out, '\n');
	if (page.scratch.failed)
		out->failed = true;
	strbuf_release(&page.scratch);
}
