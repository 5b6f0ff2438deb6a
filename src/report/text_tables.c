/*
 * Owns the text report's tables of categories, of catalogs, and of what the
 * rate leaves out. Must not know what else stands on the page.
 */
#include <string.h>

#include "report/page.h"
#include "report/table.h"
#include "report/text.h"
#include "report/uncounted.h"

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

void text_categories(struct page *page)
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
		table_cell(&table, TEXT_BOLD, words_phrase(chinese, words[i]));
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

void text_catalogs(struct page *page)
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
		table_cell(&table, TEXT_BOLD, words_phrase(chinese, words[i]));
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

static void uncounted_row(void *arg, uint64_t count, const uint32_t *code, struct strbuf *text)
{
	struct table *table = arg;
	struct strbuf number = STRBUF_INIT;

	if (count == 0) { /* a remark */
		struct strbuf line = STRBUF_INIT;

		strbuf_add_format(&line, "  %s", text->data);
		line.failed = line.failed || text->failed;
		strbuf_reset(text);
		table_line_take(table, NULL, 2, &line);
		strbuf_release(&line);
		return;
	}
	if (code != NULL)
		strbuf_add_format(&number, "%u", *code);
	table_row(table);
	table_cell(table, NULL, words_grouped(count).text);
	table_cell_take(table, NULL, &number);
	table_cell_take(table, NULL, text);
	strbuf_release(&number);
}

void text_uncounted(struct page *page)
{
	const struct summary *summary = page->summary;
	struct table table;

	if (summary->hit_count == summary->hits[HIT_RESPONSE])
		return;
	table_init(&table, uncounted_columns, 3, page->style);
	table_line(&table, TEXT_BOLD, page_phrase(page, WORD_TITLE_UNCOUNTED));
	uncounted_each(page, uncounted_row, &table);
	table_write(&table, page->out);
	table_release(&table);
}
