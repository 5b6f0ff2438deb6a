/*
 * Owns the text report's tables of categories, of catalogs, and of what the
 * rate leaves out. Must not know what else stands on the page.
 */
#include <string.h>

#include "report/page.h"
#include "report/table.h"

/* What is worth knowing about a built-in category. */
struct category_note {
	const char *category;
	enum word note;
};

static const struct category_note category_notes[] = {
	{ "risk", WORD_NOTE_RISK },
	{ "platform", WORD_NOTE_PLATFORM },
	{ "captcha", WORD_NOTE_CAPTCHA },
	{ "login", WORD_NOTE_LOGIN },
	{ "verification", WORD_NOTE_VERIFICATION },
	{ "admin", WORD_NOTE_ADMIN },
};

static const char *category_note(const struct summary_category *category, bool chinese)
{
	if (category->source != 0)
		return "";
	for (size_t i = 0; i < sizeof(category_notes) / sizeof(category_notes[0]); i++)
		if (strcmp(category_notes[i].category, category->name) == 0)
			return words_phrase(chinese, category_notes[i].note);
	return "";
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

static const struct table_column category_columns[] = {
	{ .flexible = true, .least = 14 },
	{ .gap = 2, .right = true, .least = 7 },
	{ .gap = 2, .right = true, .least = 8, .optional = true },
	{ .gap = 2, .right = true, .least = 8, .optional = true },
	{ .gap = 2, .right = true, .least = 8 },
	{ .gap = 2, .optional = true },
};

void page_categories(struct page *page)
{
	static const enum word words[] = { WORD_TITLE_CATEGORIES, WORD_ALL, WORD_SUCCESS,
		WORD_NEGATIVE, WORD_ERRORS };
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct table table;

	if (summary->category_count == 0)
		return;
	table_init(&table, category_columns, 6, page->style);
	table_row(&table);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		table_cell(&table, PAGE_BOLD, words_phrase(chinese, words[i]));
	for (size_t i = 0; i < summary->category_count && i < page->style->top; i++) {
		const struct summary_category *row = &summary->categories[i];
		const uint64_t counts[] = { row->count, row->success, row->negative, row->errors };

		strbuf_add_format(&page->scratch, "  %s", row->name);
		table_row(&table);
		table_cell_take(&table, NULL, &page->scratch);
		for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
			table_cell(&table, NULL, words_grouped(counts[c]).text);
		table_cell(&table, NULL, category_note(row, chinese));
	}
	more_add(page, &table, summary->category_count);
	table_write(&table, page->out);
	table_release(&table);
}

static const struct table_column catalog_columns[] = {
	{ .flexible = true, .least = 14 },
	{ .gap = 2, .right = true, .least = 7 },
	{ .gap = 2, .right = true, .least = 8 },
	{ .gap = 2, .right = true, .least = 7 },
};

void page_catalogs(struct page *page)
{
	static const enum word words[] = { WORD_TITLE_CATALOGS, WORD_RESPONSES, WORD_ERRORS,
		WORD_RATE };
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct table table;

	if (page_catalogs_seen(summary) < 2)
		return;
	table_init(&table, catalog_columns, 4, page->style);
	table_row(&table);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		table_cell(&table, PAGE_BOLD, words_phrase(chinese, words[i]));
	for (size_t i = 0; i < summary->catalog_count; i++) {
		const struct summary_catalog *row = &summary->catalogs[i];

		if (row->responses == 0)
			continue;
		strbuf_add_format(&page->scratch, "  %s",
		    i == 0 ? words_phrase(chinese, WORD_BUILT_IN) : row->name);
		table_row(&table);
		table_cell_take(&table, NULL, &page->scratch);
		table_cell(&table, NULL, words_grouped(row->responses).text);
		table_cell(&table, NULL, words_grouped(row->errors).text);
		table_cell(&table, NULL, words_percent(row->errors, row->responses, 2).text);
	}
	table_write(&table, page->out);
	table_release(&table);
}

static const struct table_column uncounted_columns[] = {
	{ .right = true, .least = 8 },
	{ .gap = 2, .least = 4 },
	{ .gap = 2, .flexible = true },
};

/* One row; `page->scratch` holds its text. `code` is NULL where it has none. */
static void uncounted_add(
    struct page *page, struct table *table, uint64_t count, const uint32_t *code)
{
	struct strbuf number = STRBUF_INIT;

	if (code != NULL)
		strbuf_add_format(&number, "%u", *code);
	table_row(table);
	table_cell(table, NULL, words_grouped(count).text);
	table_cell_take(table, NULL, &number);
	table_cell_take(table, NULL, &page->scratch);
	strbuf_release(&number);
}

static void unlisted_add(struct page *page, struct table *table)
{
	const struct summary *summary = page->summary;

	for (size_t i = 0; i < summary->unlisted_count && i < page->style->top; i++) {
		const struct summary_unlisted *row = &summary->unlisted_codes[i];
		bool has_text = row->text != NULL && row->text[0] != '\0';

		words_add(&page->scratch, page->style->chinese,
		    has_text ? WORD_ROW_UNLISTED_TEXT : WORD_ROW_UNLISTED,
		    has_text ? row->text : "", (char *)NULL);
		uncounted_add(page, table, row->count, &row->code);
	}
	more_add(page, table, summary->unlisted_count);
}

static void inner_add(struct page *page, struct table *table)
{
	const struct summary *summary = page->summary;

	for (size_t i = 0; i < summary->inner_count && i < page->style->top; i++) {
		const struct summary_inner *row = &summary->inner_codes[i];

		words_add(&page->scratch, page->style->chinese,
		    row->is_error ? WORD_ROW_INNER_ERROR : WORD_ROW_INNER, row->entry->description,
		    (char *)NULL);
		uncounted_add(page, table, row->count, &row->entry->code);
	}
	more_add(page, table, summary->inner_count);
}

static void held_add(struct page *page, struct table *table)
{
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;

	for (size_t i = 0; i < summary->held_count && i < page->style->top; i++) {
		const struct summary_held *row = &summary->held[i];

		words_add(&page->scratch, chinese, WORD_ROW_HELD,
		    chinese ? row->reason_zh : row->reason, (char *)NULL);
		uncounted_add(page, table, row->count, &row->entry->code);
	}
	more_add(page, table, summary->held_count);
}

/* The most frequent of them: "200 (38,190), 404 (12)". */
static void numbers_add(struct page *page, struct table *table)
{
	const struct summary *summary = page->summary;
	bool chinese = page->style->chinese;
	struct strbuf seen = STRBUF_INIT;

	if (summary->other_numbers == 0)
		return;
	for (size_t i = 0; i < summary->number_count && i < page->style->top; i++)
		strbuf_add_format(&seen, "%s%u (%s)",
		    i > 0 ? words_phrase(chinese, WORD_COMMA) : "", summary->numbers[i].code,
		    words_grouped(summary->numbers[i].count).text);
	words_add(&page->scratch, chinese,
	    summary->other_numbers_capped ? WORD_ROW_NUMBERS_CAPPED : WORD_ROW_NUMBERS,
	    words_grouped(summary->other_numbers_distinct).text, (char *)NULL);
	if (seen.len > 0)
		words_add(&page->scratch, chinese, WORD_MOST_SEEN, seen.data, (char *)NULL);
	uncounted_add(page, table, summary->other_numbers, NULL);
	if (seen.failed)
		page->out->failed = true;
	strbuf_release(&seen);
}

static void plain_add(struct page *page, struct table *table, uint64_t count, enum word word)
{
	if (count == 0)
		return;
	strbuf_add_text(&page->scratch, words_phrase(page->style->chinese, word));
	uncounted_add(page, table, count, NULL);
}

void page_uncounted(struct page *page)
{
	const struct summary *summary = page->summary;
	struct table table;

	if (summary->hits == summary->responses)
		return;
	table_init(&table, uncounted_columns, 3, page->style);
	table_line(&table, PAGE_BOLD, words_phrase(page->style->chinese, WORD_TITLE_UNCOUNTED));
	unlisted_add(page, &table);
	inner_add(page, &table);
	plain_add(page, &table, summary->repeated, WORD_ROW_REPEATED);
	held_add(page, &table);
	plain_add(page, &table, summary->elsewhere, WORD_ROW_ELSEWHERE);
	numbers_add(page, &table);
	table_write(&table, page->out);
	table_release(&table);
}
