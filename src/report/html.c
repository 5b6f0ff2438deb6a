/*
 * Owns how elements stand in an HTML page. Must not know what the report says.
 */
#include "report/html.h"

#include <string.h>

#include "base/escape.h"

void html_text(struct page *page, const char *text)
{
	escape_html(page->out, text, strlen(text));
}

void html_take(struct page *page)
{
	html_text(page, page->scratch.data);
	page_reset(page);
}

static void open_add(struct page *page, const char *tag, const char *class)
{
	if (class != NULL)
		strbuf_add_format(page->out, "<%s class=\"%s\">", tag, class);
	else
		strbuf_add_format(page->out, "<%s>", tag);
}

void html_element(struct page *page, const char *tag, const char *class, const char *text)
{
	open_add(page, tag, class);
	html_text(page, text);
	strbuf_add_format(page->out, "</%s>", tag);
}

void html_element_take(struct page *page, const char *tag, const char *class)
{
	html_element(page, tag, class, page->scratch.data);
	page_reset(page);
}

void html_count(struct page *page, uint64_t count)
{
	html_element(page, "td", "num", words_grouped(count).text);
}

void html_rate(struct page *page, uint64_t errors, uint64_t responses)
{
	html_element(
	    page, "td", "num", responses > 0 ? words_percent(errors, responses, 2).text : "");
}

void html_table(
    struct page *page, const char *class, const struct html_column *columns, size_t count)
{
	open_add(page, "table", class);
	strbuf_add_text(page->out, "<thead><tr>");
	for (size_t i = 0; i < count; i++)
		html_element(page, "th", columns[i].class,
		    columns[i].word == WORD_END ? "" : page_phrase(page, columns[i].word));
	strbuf_add_text(page->out, "</tr></thead><tbody>\n");
}

void html_table_end(struct page *page)
{
	strbuf_add_text(page->out, "</tbody></table>\n");
}

void html_more(struct page *page, size_t rows)
{
	if (rows <= page->style->top)
		return;
	words_add(&page->scratch, page->style->chinese, WORD_MORE,
	    words_grouped(rows - page->style->top).text, (char *)NULL);
	html_element_take(page, "p", "soft");
}

void html_section(struct page *page, const char *class, const char *title, const char *note)
{
	open_add(page, "section", class);
	strbuf_add_text(page->out, "<h2>");
	html_text(page, title);
	if (note != NULL) {
		strbuf_add_char(page->out, ' ');
		html_element(page, "small", NULL, note);
	}
	strbuf_add_text(page->out, "</h2>\n");
}

void html_section_end(struct page *page)
{
	strbuf_add_text(page->out, "</section>\n");
}

void html_outcome(struct page *page, enum outcome outcome)
{
	const struct outcome_info *info = outcome_info(outcome);

	strbuf_add_format(page->out, "<span class=\"dot o-%s\"></span>", info->name);
	html_text(page, page->style->chinese ? info->name_zh : info->name);
}

/* ---- sections ---- */

/* How the cells of a column look. One that is no `td` stands in the cell of the column before it.
 */
struct look {
	const char *heading_class;
	const char *tag, *class;
};

static const struct look looks[SHEET_KINDS] = {
	[SHEET_WORDS] = { NULL, "td", NULL },
	[SHEET_LABEL] = { NULL, "td", NULL },
	[SHEET_CODE] = { NULL, "td", "code" },
	[SHEET_NUMBER] = { "num", "td", "num" },
	[SHEET_SHARE] = { "num", "td", "num soft" },
	[SHEET_OUTCOME] = { NULL, "td", "who" },
	[SHEET_SAYS] = { NULL, "td", "says" },
	[SHEET_LIST] = { "wide", "td", "soft wide" },
	[SHEET_REMARK] = { NULL, "td", NULL },
	[SHEET_NOTE] = { NULL, "td", "soft" },
	[SHEET_SEEN] = { NULL, "div", "soft" },
	[SHEET_MARK] = { NULL, "span", "mark" },
	[SHEET_BAR] = { NULL, "td", "draw" },
	[SHEET_SERIES] = { NULL, NULL, NULL },
};

static bool is_cell(const struct look *look)
{
	return look->tag != NULL && strcmp(look->tag, "td") == 0;
}

static void headings_add(struct page *page, const struct sheet_section *section)
{
	strbuf_add_text(page->out, "<thead><tr>");
	for (size_t i = 0; i < section->column_count; i++) {
		const struct look *look = &looks[section->columns[i]->kind];

		if (is_cell(look))
			html_element(page, "th", look->heading_class, section->headings[i]);
	}
	strbuf_add_text(page->out, "</tr></thead><tbody>\n");
}

static void look_open(struct page *page, const struct look *look, enum sheet_tone tone)
{
	static const char *const tones[] = { "", "soft", "worse", "better" };
	bool has_class = look->class != NULL;

	if (tone != SHEET_PLAIN)
		strbuf_add_format(page->out, "<%s class=\"%s%s%s\">", look->tag,
		    has_class ? look->class : "", has_class ? " " : "", tones[tone]);
	else
		open_add(page, look->tag, look->class);
}

static void content_add(struct page *page, enum sheet_kind kind, const struct sheet_cell *cell)
{
	if (kind == SHEET_OUTCOME)
		html_outcome(page, cell->outcome);
	else if (kind == SHEET_BAR)
		html_bar(page, cell->part, cell->whole, cell->outcome);
	else if (kind == SHEET_SERIES)
		html_spark(page, cell->numbers, cell->count, cell->outcome);
	else
		html_text(page, cell->text);
}

static void row_add(
    struct page *page, const struct sheet_section *section, const struct sheet_row *row)
{
	strbuf_add_text(page->out, "<tr>");
	for (size_t i = 0; i < section->column_count; i++) {
		enum sheet_kind kind = section->columns[i]->kind;
		const struct sheet_cell *cell = &row->cells[i];
		const struct look *look = &looks[kind];

		if (is_cell(look) && i > 0)
			strbuf_add_text(page->out, "</td>");
		if (is_cell(look) || (look->tag != NULL && cell->text[0] != '\0'))
			look_open(page, look, cell->tone);
		content_add(page, kind, cell);
		if (!is_cell(look) && look->tag != NULL && cell->text[0] != '\0')
			strbuf_add_format(page->out, "</%s>", look->tag);
	}
	strbuf_add_text(page->out, "</td></tr>\n");
}

static void below_add(struct page *page, const char *text)
{
	if (text[0] != '\0')
		html_element(page, "p", "soft", text);
}

void html_sheet_section(struct page *page, const struct sheet_section *section)
{
	html_section(page, section->form->is_long ? "long" : NULL, section->title,
	    section->note[0] != '\0' ? section->note : NULL);
	open_add(page, "table", section->form->css);
	headings_add(page, section);
	for (const struct sheet_row *row = section->rows; row != NULL; row = row->next)
		row_add(page, section, row);
	html_table_end(page);
	below_add(page, section->more);
	below_add(page, section->foot);
	html_section_end(page);
}
