/*
 * Owns what the reports for people say, section by section, and in which order each format says it.
 * A section is a form, with its columns as data, and a function that fills it from the summary.
 * Must not know how a format looks.
 */
#include <string.h>

#include "base/utf8.h"
#include "report/sheet.h"

#define COLUMNS(columns_) \
	.columns = (columns_), .column_count = sizeof(columns_) / sizeof((columns_)[0])

static bool is_shown(const struct sheet *sheet, size_t row)
{
	return row < sheet->page->style->top;
}

/* ---- CATEGORIES ---- */

static const struct sheet_column category_columns[] = {
	{ SHEET_WORDS, WORD_CATEGORY, IN_ALL, { .flexible = true, .least = 14 } },
	{ SHEET_NUMBER, WORD_ALL, IN_ALL, { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_SUCCESS, IN_ALL,
	    { .gap = 2, .right = true, .least = 8, .optional = true } },
	{ SHEET_NUMBER, WORD_NEGATIVE, IN_ALL,
	    { .gap = 2, .right = true, .least = 8, .optional = true } },
	{ SHEET_NUMBER, WORD_ERRORS, IN_ALL, { .gap = 2, .right = true, .least = 8 } },
	{ SHEET_REMARK, WORD_NOTES, IN_TEXT, { .gap = 2, .optional = true } },
};

static const struct sheet_form category_form = {
	.title = { WORD_TITLE_CATEGORIES, WORD_CATEGORIES, WORD_CATEGORIES },
	COLUMNS(category_columns),
};

/* What is worth knowing about a built-in category. */
static const char *category_note(const struct sheet *sheet, const struct summary_category *category)
{
	static const struct {
		const char *category;
		enum word note;
	} notes[] = {
		{ "risk", WORD_NOTE_RISK },
		{ "platform", WORD_NOTE_PLATFORM },
		{ "captcha", WORD_NOTE_CAPTCHA },
		{ "login", WORD_NOTE_LOGIN },
		{ "verification", WORD_NOTE_VERIFICATION },
		{ "admin", WORD_NOTE_ADMIN },
	};

	for (size_t i = 0; category->source == 0 && i < sizeof(notes) / sizeof(notes[0]); i++)
		if (strcmp(notes[i].category, category->name) == 0)
			return page_phrase(sheet->page, notes[i].note);
	return "";
}

void section_categories(struct sheet *sheet)
{
	const struct summary *summary = sheet->page->summary;

	if (summary->category_count == 0)
		return;
	sheet_begin(sheet, &category_form, NULL);
	for (size_t i = 0; i < summary->category_count && is_shown(sheet, i); i++) {
		const struct summary_category *row = &summary->categories[i];

		sheet_row(sheet);
		sheet_text(sheet, row->name);
		sheet_count(sheet, row->count);
		sheet_count(sheet, row->success);
		sheet_count(sheet, row->negative);
		sheet_count(sheet, row->errors);
		sheet_text(sheet, category_note(sheet, row));
	}
	sheet_more(sheet, summary->category_count);
}

/* ---- CATALOGS ---- */

static const struct sheet_column catalog_columns[] = {
	{ SHEET_WORDS, WORD_CATALOG, IN_ALL, { .flexible = true, .least = 14 } },
	{ SHEET_NUMBER, WORD_RESPONSES, IN_ALL, { .gap = 2, .right = true, .least = 7 } },
	{ SHEET_NUMBER, WORD_ERRORS, IN_ALL, { .gap = 2, .right = true, .least = 8 } },
	{ SHEET_NUMBER, WORD_RATE, IN_ALL, { .gap = 2, .right = true, .least = 7 } },
};

static const struct sheet_form catalog_form = {
	.title = { WORD_TITLE_CATALOGS, WORD_CATALOGS, WORD_CATALOGS },
	COLUMNS(catalog_columns),
};

void section_catalogs(struct sheet *sheet)
{
	const struct summary *summary = sheet->page->summary;

	if (page_catalogs_seen(summary) < 2)
		return;
	sheet_begin(sheet, &catalog_form, NULL);
	for (size_t i = 0; i < summary->catalog_count; i++) {
		const struct summary_catalog *row = &summary->catalogs[i];

		if (row->responses == 0)
			continue;
		sheet_row(sheet);
		sheet_text(sheet, i == 0 ? page_phrase(sheet->page, WORD_BUILT_IN) : row->name);
		sheet_count(sheet, row->responses);
		sheet_count(sheet, row->errors);
		sheet_share(sheet, row->errors, row->responses, 2);
	}
}
