/*
 * Owns how a sheet is filled: a section is a form, what its texts are in the page's language, and a
 * list of rows; cells of columns that the format does not show are dropped on the way in. And how a
 * cell is drawn where there are only characters. Must not know what the report says.
 */
#include "report/sheet.h"

#include <string.h>

void sheet_init(struct sheet *sheet, enum sheet_format format, struct strbuf *out,
    const struct summary *summary, const struct report_style *style)
{
	*sheet = (struct sheet){ .format = format, .arena = ARENA_INIT };
	page_init(&sheet->page, out, summary, style);
}

void sheet_release(struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->section_count; i++)
		series_release(&sheet->sections[i].series);
	arena_release(&sheet->arena);
	page_release(&sheet->page);
}

static const char *kept(struct sheet *sheet, const char *text, size_t length)
{
	const char *copy = length > 0 ? arena_text(&sheet->arena, text, length) : "";

	if (copy == NULL)
		sheet->page.out->failed = true;
	return copy != NULL ? copy : "";
}

const char *sheet_keep(struct sheet *sheet)
{
	const char *text = kept(sheet, sheet->page.scratch.data, sheet->page.scratch.len);

	page_reset(&sheet->page);
	return text;
}

static const char *phrase(struct sheet *sheet, enum word word, const char *subject)
{
	if (word == WORD_END)
		return "";
	page_words(&sheet->page, word, subject);
	return sheet_keep(sheet);
}

static bool is_shown(const struct sheet *sheet, const struct sheet_form *form, size_t column)
{
	return (form->columns[column].shown >> form->variant * SHEET_FORMATS &
	           1u << sheet->format) != 0;
}

/* In text the title stands above the first column, and above a drawing what it is of. */
static const char *heading(
    struct sheet *sheet, const struct sheet_section *section, const struct sheet_column *column)
{
	if (sheet->format == SHEET_TEXT && section->column_count == 0)
		return section->title;
	if (sheet->format == SHEET_TEXT && column->kind >= SHEET_BAR)
		return section->note;
	if (sheet->format != SHEET_MARKDOWN && column->kind >= SHEET_REMARK)
		return "";
	return column->heading != WORD_END ? page_phrase(&sheet->page, column->heading) : "";
}

struct sheet_section *sheet_begin(
    struct sheet *sheet, const struct sheet_form *form, const char *subject)
{
	struct sheet_section *section = &sheet->sections[sheet->section_count++];

	*section = (struct sheet_section){
		.form = form, .note = "", .none = "", .more = "", .warning = "", .foot = ""
	};
	section->title = phrase(sheet, form->title[sheet->format], subject);
	if (subject[0] != '\0' && (form->noted & 1u << sheet->format) != 0)
		section->note = phrase(sheet, form->note, subject);
	for (size_t i = 0; i < form->column_count; i++) {
		if (!is_shown(sheet, form, i))
			continue;
		section->headings[section->column_count] =
		    heading(sheet, section, &form->columns[i]);
		section->columns[section->column_count++] = &form->columns[i];
	}
	sheet->end = &section->rows;
	sheet->row = NULL;
	return section;
}

struct series sheet_time(struct sheet *sheet, size_t most, uint64_t least)
{
	struct series series;

	if (!series_init(&series, sheet->page.summary, most, least)) {
		sheet->page.out->failed = true;
		series_release(&series);
	}
	return series;
}

bool sheet_has_room(const struct sheet *sheet, size_t row)
{
	return row < sheet->page.style->top;
}

void sheet_more(struct sheet *sheet, size_t rows)
{
	unsigned top = sheet->page.style->top;

	if (rows > top)
		sheet->sections[sheet->section_count - 1].more =
		    phrase(sheet, WORD_MORE, words_grouped(rows - top).text);
}

struct sheet_row *sheet_row(struct sheet *sheet)
{
	sheet->column = sheet->used = 0;
	sheet->row = arena_alloc(&sheet->arena, 1, sizeof(*sheet->row));
	if (sheet->row == NULL) {
		sheet->page.out->failed = true;
		return sheet->row = &sheet->ignored;
	}
	for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++)
		sheet->row->cells[i] = (struct sheet_cell){ .text = "", .outcome = OUTCOME_COUNT };
	*sheet->end = sheet->row;
	sheet->end = &sheet->row->next;
	return sheet->row;
}

/* The next cell, or one that nobody sees. */
static struct sheet_cell *next_cell(struct sheet *sheet)
{
	const struct sheet_form *form = sheet->sections[sheet->section_count - 1].form;
	size_t column = sheet->column++;

	if (column < form->column_count && is_shown(sheet, form, column))
		return &sheet->row->cells[sheet->used++];
	return &sheet->ignored.cells[0];
}

static struct sheet_cell *cell_add(struct sheet *sheet, const char *text, size_t length)
{
	struct sheet_cell *cell = next_cell(sheet);

	if (cell != &sheet->ignored.cells[0])
		cell->text = kept(sheet, text, length);
	return cell;
}

struct sheet_cell *sheet_text(struct sheet *sheet, const char *text)
{
	return cell_add(sheet, text, strlen(text));
}

struct sheet_cell *sheet_take(struct sheet *sheet)
{
	struct strbuf *scratch = &sheet->page.scratch;
	struct sheet_cell *cell = cell_add(sheet, scratch->data, scratch->len);

	page_reset(&sheet->page);
	return cell;
}

struct sheet_cell *sheet_code(struct sheet *sheet, uint32_t code)
{
	strbuf_add_format(&sheet->page.scratch, "%u", code);
	return sheet_take(sheet);
}

struct sheet_cell *sheet_count(struct sheet *sheet, uint64_t count)
{
	return sheet_text(sheet, words_grouped(count).text);
}

struct sheet_cell *sheet_share(struct sheet *sheet, uint64_t part, uint64_t whole, int decimals)
{
	return sheet_text(sheet, whole > 0 ? words_percent(part, whole, decimals).text : "");
}

struct sheet_cell *sheet_outcome(struct sheet *sheet, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);
	struct sheet_cell *cell =
	    sheet_text(sheet, sheet->page.style->chinese ? info->name_zh : info->name);

	cell->outcome = outcome;
	return cell;
}

struct sheet_cell *sheet_bar(
    struct sheet *sheet, double part, double whole, enum outcome outcome, const char *remark)
{
	struct sheet_cell *cell = sheet_text(sheet, remark);

	cell->part = part;
	cell->whole = whole;
	cell->outcome = outcome;
	return cell;
}

struct sheet_cell *sheet_series(
    struct sheet *sheet, const struct series *series, const struct catalog_entry *entry)
{
	struct sheet_cell *cell = next_cell(sheet);
	uint64_t *numbers = arena_alloc(&sheet->arena, series->count, sizeof(*numbers));

	if (numbers == NULL)
		sheet->page.out->failed = true;
	if (numbers == NULL || series->count == 0)
		return cell;
	series_of_code(series, sheet->page.summary, entry, numbers);
	cell->outcome = entry->outcome;
	cell->numbers = numbers;
	cell->count = series->count;
	return cell;
}

/* ---- drawings made of characters ---- */

/* A bar for `count`, where `most` fills `width` columns: in eighths of a character, or in whole
 * '#'. What occurred shows. */
static void bar_add(struct strbuf *out, double count, double most, unsigned width, bool utf8)
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

/* A line of columns, one per number up to the last that is not 0; `none` stands for a 0. What
 * occurred shows. */
static void series_add(
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

void sheet_draw(struct page *page, enum sheet_format format, const struct sheet_column *column,
    const struct sheet_cell *cell, const char *none)
{
	struct strbuf *out = &page->scratch;
	bool utf8 = page->style->utf8;

	if (column->kind == SHEET_BAR)
		bar_add(out, cell->part, cell->whole, column->bar[format], utf8);
	if (column->kind == SHEET_SERIES)
		series_add(out, cell->numbers, cell->count, none, utf8);
	if (out->len > 0 && cell->text[0] != '\0')
		strbuf_add_char(out, ' ');
	strbuf_add_text(out, cell->text);
}
