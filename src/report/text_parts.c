/*
 * Owns the text report's tables of what was asked for: times, buckets, groups, the
 * baseline; and its bars. Must not know what else stands on the page.
 */
#include <string.h>

#include "base/utf8.h"
#include "report/dates.h"
#include "report/page.h"
#include "report/series.h"
#include "report/table.h"
#include "report/text.h"

#define TIME_BAR 24

/* Below this width a row does without its year. */
#define TIME_YEAR_LEAST 60

void text_bar_add(struct strbuf *out, double count, double most, unsigned width, bool utf8)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	unsigned steps = utf8 ? width * 8 : width;
	unsigned filled;

	if (count <= 0)
		return;
	filled = (unsigned)(count / most * steps + 0.5);
	if (filled == 0)
		filled = 1;
	if (!utf8) {
		strbuf_add_repeat(out, "#", filled);
		return;
	}
	strbuf_add_repeat(out, "█", filled / 8);
	strbuf_add_text(out, eighths[filled % 8]);
}

void text_spark_add(
    struct strbuf *out, const uint64_t *numbers, size_t count, const char *none, bool utf8)
{
	static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii[] = { ".", ":", "-", "=", "+", "*", "%", "#" };
	uint64_t most = 1;
	size_t used = count;

	for (size_t i = 0; i < count; i++)
		most = numbers[i] > most ? numbers[i] : most;
	while (used > 0 && numbers[used - 1] == 0)
		used--;
	for (size_t i = 0; i < used; i++) {
		unsigned level = (unsigned)((double)numbers[i] / (double)most * 7 + 0.5);

		strbuf_add_text(out, numbers[i] == 0 ? none : utf8 ? blocks[level] : ascii[level]);
	}
}

static void title_add(
    struct page *page, struct table *table, enum word title, const enum word *words, size_t count)
{
	table_row(table);
	table_cell(table, TEXT_BOLD, page_phrase(page, title));
	for (size_t i = 0; i < count; i++)
		table_cell(table, TEXT_BOLD, page_phrase(page, words[i]));
}

static void table_finish(struct page *page, struct table *table)
{
	table_write(table, page->out);
	table_release(table);
}

static void more_add(struct page *page, struct table *table, size_t rows)
{
	if (rows <= page->style->top)
		return;
	strbuf_add_text(&page->scratch, "  ");
	words_add(&page->scratch, page->style->chinese, WORD_MORE,
	    words_grouped(rows - page->style->top).text, (char *)NULL);
	table_line_take(table, NULL, 2, &page->scratch);
}

static const struct table_column seen_columns[] = {
	{ .least = 6 },
	{ .gap = 2, .least = 5 },
	{ .gap = 2, .least = 5, .optional = true },
	{ .gap = 2, .flexible = true },
};

static void seen_row(struct page *page, struct table *table, const struct summary_code *row)
{
	strbuf_add_format(&page->scratch, "  %u", row->entry->code);
	table_row(table);
	table_cell_take(table, NULL, &page->scratch);
	page_seen_add(page, &page->scratch, row->first);
	table_cell_take(table, NULL, &page->scratch);
	page_seen_add(page, &page->scratch, row->last);
	table_cell_take(table, NULL, &page->scratch);
	if (row->first_line > 0)
		strbuf_add_format(&page->scratch, "%s:%llu",
		    row->first_file != NULL ? row->first_file : "-",
		    (unsigned long long)row->first_line);
	else if (row->first_file != NULL)
		strbuf_add_text(&page->scratch, row->first_file);
	table_cell_take(table, NULL, &page->scratch);
}

static bool is_seen(const struct summary_code *row)
{
	return row->is_error && (row->first != SUMMARY_NO_TIME || row->last != SUMMARY_NO_TIME ||
	                            row->first_line > 0 || row->first_file != NULL);
}

/* When each error was first and last seen, and where; nothing where nothing is known. */
void text_seen(struct page *page)
{
	static const enum word words[] = { WORD_FIRST, WORD_LAST, WORD_FIRST_AT };
	const struct summary *summary = page->summary;
	size_t rows = 0;
	struct table table;
	bool any = false;

	for (size_t i = 0; i < summary->code_count; i++)
		any = any || is_seen(&summary->codes[i]);
	if (!any)
		return;
	table_init(&table, seen_columns, 4, page->style);
	/* a database knows no place */
	title_add(page, &table, WORD_TITLE_SEEN, words, summary->is_by_quarter ? 2 : 3);
	for (size_t i = 0; i < summary->code_count; i++)
		if (summary->codes[i].is_error && rows++ < page->style->top)
			seen_row(page, &table, &summary->codes[i]);
	more_add(page, &table, rows);
	table_finish(page, &table);
}

static const struct table_column time_columns[] = {
	{ .least = 12, .flexible = true },
	{ .gap = 1, .right = true, .least = 8 },
	{ .gap = 1, .right = true, .least = 8 },
	{ .gap = 2, .right = true, .least = 6 },
	{ .gap = 2, .optional = true },
};

/* A bar of a rate that is sure to be one; else why it is not. */
static void rate_picture_add(struct page *page, const struct series *series, size_t i)
{
	const struct series_point *point = &series->points[i];
	double rate = series_rate(point);

	if (!point->is_few && i < series->count)
		text_bar_add(&page->scratch, rate < series->most_rate ? rate : series->most_rate,
		    series->most_rate, TIME_BAR, page->style->utf8);
	if (page->scratch.len > 0 && point->is_partial)
		strbuf_add_char(&page->scratch, ' ');
	page_point_note(page, &page->scratch, point);
}

static void counts_add(struct table *table, uint64_t responses, uint64_t errors)
{
	table_cell(table, NULL, words_grouped(responses).text);
	table_cell(table, NULL, words_grouped(errors).text);
	table_cell(table, NULL, responses > 0 ? words_percent(errors, responses, 2).text : "");
}

static void point_row(struct page *page, struct table *table, const struct series *series, size_t i)
{
	const struct series_point *point = &series->points[i];
	struct strbuf start = STRBUF_INIT;

	dates_bucket_add(&start, page->summary, point->start, series->seconds);
	strbuf_add_format(&page->scratch, "  %s",
	    start.len == 0                         ? page_phrase(page, WORD_TIME_UNKNOWN)
	    : page->style->width < TIME_YEAR_LEAST ? start.data + strlen("2026-")
	                                           : start.data);
	table_row(table);
	table_cell_take(table, NULL, &page->scratch);
	if (start.failed)
		page->out->failed = true;
	strbuf_release(&start);
	table_cell(table, NULL, words_grouped(point->responses).text);
	table_cell(table, NULL, words_grouped(point->errors).text);
	page_point_rate(&page->scratch, point);
	table_cell_take(table, NULL, &page->scratch);
	rate_picture_add(page, series, i);
	table_cell_take(table, outcome_info(OUTCOME_FAILED)->sgr, &page->scratch);
}

void text_time(struct page *page)
{
	static const enum word words[] = { WORD_RESPONSES, WORD_ERRORS, WORD_RATE };
	struct series series;
	struct table table;

	if (page->summary->bucket_count == 0)
		return;
	if (!series_init(&series, page->summary, PAGE_TIME_ROWS, page->style->min_responses)) {
		page->out->failed = true;
		return;
	}
	table_init(&table, time_columns, 5, page->style);
	title_add(page, &table, WORD_TITLE_TIME, words, 3);
	if (series.seconds != page->summary->time.bucket_seconds) {
		dates_step_add(&page->scratch, page->style->chinese, series.seconds);
		table_cell_take(&table, NULL, &page->scratch);
	}
	for (size_t i = 0; i < series.count + (series.has_unknown ? 1 : 0); i++)
		point_row(page, &table, &series, i);
	if (series.has_unsure) {
		strbuf_add_text(&page->scratch, "  ~ ");
		page_unsure_add(page, &page->scratch);
		table_line_take(&table, NULL, 4, &page->scratch);
	}
	table_finish(page, &table);
	series_release(&series);
}
